//! What a resource holds, as JSON and as plain text.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::path::base,
    say::words,
    view::{
        CommandView, IndexView, LetterView, PhraseView, PhrasesView, RulesView, SearchView, SourceView, SourcesView,
    },
};

/// What a resource holds; written as JSON without a wrapper.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Content<'b> {
    /// The service and its commands.
    Index(IndexView<'b>),
    /// A command and its topics.
    Command(CommandView<'b>),
    /// One phrase.
    Phrase(Box<PhraseView<'b>>),
    /// Several phrases of a topic.
    Phrases(PhrasesView<'b>),
    /// A whole play as one message.
    Letter(LetterView<'b>),
    /// What a search found.
    Search(SearchView<'b>),
    /// The articles.
    Sources(SourcesView<'b>),
    /// An article and what is drawn from it.
    Source(SourceView<'b>),
    /// The rules for drafts.
    Rules(RulesView<'b>),
}

/// The first page as plain text: what `GET /` says to someone with a terminal.
#[derive(Template)]
#[template(path = "help.txt", config = "src/askama.toml")]
struct Help<'a> {
    view: &'a IndexView<'a>,
    base: &'static str,
}

impl Content<'_> {
    /// What was asked and cut, not used or not there.
    #[must_use]
    pub(crate) fn notes(&self) -> &[String] {
        match self {
            Self::Phrase(view) => &view.notes,
            Self::Phrases(view) => &view.notes,
            Self::Letter(view) => &view.notes,
            _ => &[],
        }
    }

    /// The words, for a terminal or a pipe: no more than was asked for, and a newline.
    #[must_use]
    pub(crate) fn text(&self, why: bool) -> String {
        let mut out = String::new();
        match self {
            Self::Index(view) => out.push_str(&Help { view, base: base() }.render().unwrap_or_default()),
            Self::Command(view) => {
                for topic in &view.topics {
                    let _ = writeln!(out, "{:<18} {}", topic.id, topic.when);
                }
            }
            Self::Phrase(view) => {
                write_conditions(&mut out, &view.conditions);
                view.write_text(&mut out, why);
            }
            Self::Phrases(view) => {
                for (phrase, number) in view.phrases.iter().zip(1..) {
                    let step = phrase.step.filter(|_| view.play);
                    // With the reason they come below the words.
                    let conditions: &[String] = if why { &[] } else { &phrase.conditions };
                    if step.is_some() {
                        let _ = write!(out, "{}: ", words::label(number, step, conditions.iter()));
                    } else if why {
                        let _ = write!(out, "{number}. ");
                    } else {
                        write_conditions(&mut out, conditions);
                    }
                    phrase.write_text(&mut out, why);
                }
            }
            Self::Letter(view) => {
                write_conditions(&mut out, &view.conditions);
                let _ = writeln!(out, "{}", view.text);
            }
            Self::Search(view) => {
                view.matter.iter().for_each(|matter| matter.write_text(&mut out));
                view.perhaps.iter().for_each(|matter| matter.write_question(&mut out));
                for hit in &view.hits {
                    let words = hit.phrase.as_ref().map_or(hit.title, |phrase| &phrase.text);
                    let _ = writeln!(out, "{:<34} {words}", hit.path);
                }
                if view.hits.is_empty() && view.matter.is_none() {
                    out.push_str("Nothing was found.\n");
                }
            }
            Self::Sources(view) => view.sources.iter().for_each(|article| article.write_text(&mut out)),
            Self::Rules(view) => view.write_text(&mut out),
            Self::Source(view) => {
                view.article.write_text(&mut out);
                for drawn in &view.topics {
                    let path = format!("/{}/{}", drawn.command, drawn.topic);
                    let _ = writeln!(out, "  {path:<28} {} ({})", drawn.title, drawn.phrases.len());
                }
            }
        }
        out
    }
}

/// What has to be known before words are said, a line each.
fn write_conditions(out: &mut String, conditions: &[String]) {
    for condition in conditions {
        let _ = writeln!(out, "({condition})");
    }
}
