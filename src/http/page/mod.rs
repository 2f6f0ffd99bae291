//! Pages for a browser: compiled templates over the same content that programs get, one file a kind of page. They know
//! no requests: who asks for what, `browser` and `api` read.
//!
//! They are useful without a script. Ours adds what needs one: search while someone types, blanks that fill at once,
//! copying with one key. What it knows of a phrase stands in the page (`data-pieces`), so that names never leave the
//! browser.

mod card;
pub(crate) mod check;
pub(crate) mod docs;
mod home;
pub(crate) mod install;
mod letter;
mod search;
mod sources;
mod topic;

use std::hash::{BuildHasher as _, Hasher as _};

use askama::Template;

use super::{
    api::content::Content,
    assets::{self, Assets},
    path::with_links,
};
use crate::say::book::Phrasebook;

/// What every page has around it.
struct Frame {
    /// Its title, without our name.
    title: String,
    /// What it holds, for previews in chat.
    description: String,
    /// Its address proper.
    path: String,
    /// The words that were searched for.
    query: String,
    assets: &'static Assets,
}

impl Frame {
    fn new(title: impl Into<String>, description: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
            path: path.into(),
            query: String::new(),
            assets: assets::all(),
        }
    }

    /// Whether this is the page, or below the page, that a link in the head leads to.
    fn is_at(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// What a page depends on besides the book and the address.
pub(crate) struct Visit {
    /// How this service is called from where the reader is, `https://words.example.com`, with the base if there is one.
    pub origin: String,
    /// Days since 1970: it picks the line of the day.
    pub today: u64,
}

impl Visit {
    /// A number that changes when pages change though the book has not: another day, or another style or script.
    #[must_use]
    pub(crate) fn edition(&self) -> u64 {
        let mut hasher = foldhash::fast::FixedState::with_seed(self.today).build_hasher();
        hasher.write(assets::all().style.path.as_bytes());
        hasher.write(assets::all().script.path.as_bytes());
        hasher.write(assets::all().desk.path.as_bytes());
        hasher.finish()
    }
}

/// A resource as a page.
#[must_use]
pub(crate) fn content(book: &Phrasebook, content: &Content<'_>, visit: &Visit) -> String {
    match content {
        Content::Index(_) => home::index(book, visit),
        Content::Command(view) => home::command(view),
        Content::Phrase(view) => topic::phrase(book, view, visit),
        Content::Phrases(view) => topic::topic(book, view, visit),
        Content::Letter(view) => letter::letter(book, view),
        Content::Search(view) => search::results(book, view),
        Content::Sources(view) => sources::list(book, view),
        Content::Source(view) => sources::article(book, view),
        Content::Rules(_) => check::blank(book),
    }
}

/// An error.
#[derive(Template)]
#[template(path = "problem.html", config = "src/askama.toml")]
struct ProblemPage<'a> {
    frame: Frame,
    detail: &'a str,
    near: &'a [String],
}

/// An error as a page that helps.
#[must_use]
pub(crate) fn problem(title: &str, detail: &str, near: &[String]) -> String {
    let title = title.get(..1).unwrap_or_default().to_owned() + &title.get(1..).unwrap_or_default().to_lowercase();
    render(&ProblemPage { frame: Frame::new(title, detail, ""), detail, near })
}

/// A template of ours writes to memory and has no filter that can fail.
fn render(page: &impl Template) -> String {
    with_links(page.render().unwrap_or_default())
}
