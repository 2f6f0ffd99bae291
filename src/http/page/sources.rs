//! The articles: what each says, and what is drawn from it.

use askama::Template;

use super::{Frame, card, render};
use crate::{
    say::book::{Article, Phrasebook, Topic},
    view::{ArticleView, SourceView, SourcesView},
};

#[derive(Template)]
#[template(path = "sources.html", config = "src/askama.toml")]
struct Sources<'a> {
    frame: Frame,
    articles: Vec<(&'a ArticleView<'a>, usize)>,
}

#[derive(Template)]
#[template(path = "source.html", config = "src/askama.toml")]
struct Source<'a> {
    frame: Frame,
    view: &'a SourceView<'a>,
    topics: Vec<Drawn<'a>>,
}

/// A topic, with its phrases that are drawn from the article.
struct Drawn<'a> {
    topic: &'a Topic,
    phrases: Vec<(String, Vec<card::Run>)>,
}

pub(super) fn list(book: &Phrasebook, view: &SourcesView<'_>) -> String {
    let count = |article: &Article| {
        let phrases = book.topics().flat_map(|topic| &topic.phrases);
        phrases.filter(|phrase| book.article_of(phrase).is_some_and(|one| one.id == article.id)).count()
    };
    let articles = view.sources.iter().map(|article| (article, book.article(article.id).map_or(0, count))).collect();
    let description = "The articles that the phrases are drawn from, and what each of them advises.";
    render(&Sources { frame: Frame::new("Sources", description, "/sources"), articles })
}

pub(super) fn article(book: &Phrasebook, view: &SourceView<'_>) -> String {
    let drawn = |dotted: String, ids: &[String]| {
        let topic = book.topic(&dotted)?;
        let phrases = ids.iter().filter_map(|id| {
            let phrase = book.phrase(id).and_then(|(topic, place)| topic.phrases.get(place))?;
            Some((format!("/phrases/{id}"), card::runs(phrase, &vec![None; topic.slots.len()])))
        });
        Some(Drawn { topic, phrases: phrases.collect() })
    };
    let topics = view.topics.iter();
    let article = &view.article;
    render(&Source {
        frame: Frame::new(
            format!("{}, {}", article.title, article.author),
            article.advice,
            format!("/sources/{}", article.id),
        ),
        view,
        topics: topics
            .filter_map(|topic| drawn(format!("{}.{}", topic.command, topic.topic), &topic.phrases))
            .collect(),
    })
}
