//! The page for drafts: a field to paste one into, its review, and the rules.

use askama::Template;

use super::{Frame, render};
use crate::{
    http::api::check::{ReviewView, RuleView, rules},
    say::book::Phrasebook,
};

#[derive(Template)]
#[template(path = "check.html", config = "src/askama.toml")]
struct Check<'a> {
    frame: Frame,
    review: Option<&'a ReviewView<'a>>,
    rules: Vec<RuleView<'a>>,
}

/// The field, then what there is to say about the draft that was in it, then the rules.
pub(super) fn page(book: &Phrasebook, review: Option<&ReviewView<'_>>) -> String {
    let description = "What would hurt in a draft, why, and what to say instead.";
    render(&Check { frame: Frame::new("Check a draft", description, "/check"), review, rules: rules(book).rules })
}
