//! What a search found.

use askama::Template;

use super::{Frame, render};
use crate::{
    say::book::{Phrasebook, Topic},
    view::{HitView, SearchView},
};

#[derive(Template)]
#[template(path = "search.html", config = "src/askama.toml")]
struct Results<'a> {
    frame: Frame,
    view: &'a SearchView<'a>,
    topics: Vec<&'a Topic>,
    phrases: Vec<&'a HitView<'a>>,
    /// Where the next ones are.
    more: Option<String>,
}

pub(super) fn results(book: &Phrasebook, view: &SearchView<'_>) -> String {
    let asked = &view.asked;
    let title = if asked.words.is_empty() { "Search".to_owned() } else { format!("Search: {}", asked.words) };
    let mut frame = Frame::new(title, "Find the right words for a hard customer moment.", "/search");
    frame.query.clone_from(&asked.words);
    let (phrases, topics): (Vec<_>, Vec<_>) = view.hits.iter().partition(|hit| hit.phrase.is_some());
    let topic = |hit: &HitView<'_>| book.topic(&format!("{}.{}", hit.command, hit.topic));
    let shown = asked.offset + view.hits.len();
    render(&Results {
        frame,
        view,
        topics: topics.into_iter().filter_map(topic).collect(),
        phrases,
        more: (shown < view.total).then(|| further(view, shown)),
    })
}

fn further(view: &SearchView<'_>, offset: usize) -> String {
    let asked = &view.asked;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", &asked.words);
    if let Some(command) = asked.command {
        query.append_pair("command", command);
    }
    format!("/search?{}", query.append_pair("offset", &offset.to_string()).finish())
}
