//! Pages for a browser.

use askama::Template;

use super::api::view::{Content, IndexView, PhraseView};

/// A page: a heading and what stands below it.
#[derive(Template, Default)]
#[template(path = "page.html", config = "src/askama.toml")]
struct Page {
    title: String,
    paragraphs: Vec<String>,
    phrases: Vec<Said>,
    links: Vec<Link>,
}

/// A phrase on a page.
struct Said {
    words: String,
    step: &'static str,
    why: String,
    source: String,
    source_title: String,
    id: String,
}

/// A link with what stands beside it.
struct Link {
    path: String,
    label: String,
    detail: String,
}

/// The first page as plain text.
#[derive(Template)]
#[template(path = "help.txt", config = "src/askama.toml")]
struct Help<'a> {
    view: &'a IndexView<'a>,
}

/// What `GET /` says to someone with a terminal.
#[must_use]
pub fn help(view: &IndexView<'_>) -> String {
    Help { view }.render().unwrap_or_default()
}

/// A resource as a page.
#[must_use]
pub fn content(content: &Content<'_>) -> String {
    let page = match content {
        Content::Index(view) => Page {
            title: "Saywell".into(),
            paragraphs: vec!["The right words for a hard customer moment.".into()],
            links: view
                .commands
                .iter()
                .map(|command| link(format!("/{}", command.name), command.title, command.about))
                .chain([link("/sources".into(), "Sources", "The articles behind the phrases")])
                .collect(),
            ..Page::default()
        },
        Content::Command(view) => Page {
            title: format!("/{}", view.name),
            paragraphs: vec![view.about.to_owned()],
            links: view
                .topics
                .iter()
                .map(|topic| link(format!("/{}/{}?all", topic.command, topic.id), topic.title, topic.when))
                .collect(),
            ..Page::default()
        },
        Content::Phrase(view) => Page {
            title: view.title.to_owned(),
            paragraphs: view.notes.clone(),
            phrases: vec![said(view)],
            links: vec![link(
                format!("/{}/{}?all", view.command, view.topic),
                "Every phrase of the topic",
                &format!("Tip: {} Avoid: {}", view.tip, view.avoid),
            )],
        },
        Content::Phrases(view) => Page {
            title: view.title.to_owned(),
            paragraphs: view.notes.clone(),
            phrases: view.phrases.iter().map(said).collect(),
            links: vec![link(format!("/{}", view.command), &format!("/{}", view.command), "The other topics")],
        },
        Content::Search(view) => Page {
            title: "Search".into(),
            paragraphs: vec![format!("{} found.", view.total)],
            links: view
                .hits
                .iter()
                .map(|hit| link(hit.path.clone(), hit.title, hit.phrase.as_ref().map_or("", |phrase| &phrase.text)))
                .collect(),
            ..Page::default()
        },
        Content::Sources(view) => Page {
            title: "Sources".into(),
            links: view
                .sources
                .iter()
                .map(|article| link(format!("/sources/{}", article.id), article.title, article.advice))
                .collect(),
            ..Page::default()
        },
        Content::Rules(view) => Page {
            title: "The rules for drafts".into(),
            paragraphs: vec!["Send a draft to this address with POST to have it reviewed.".into()],
            links: view
                .rules
                .iter()
                .map(|rule| {
                    link(rule.help.clone(), rule.name, &format!("{} ({}, {})", rule.why, rule.id, rule.severity))
                })
                .collect(),
            ..Page::default()
        },
        Content::Review(view) => Page {
            title: "The review of a draft".into(),
            paragraphs: view
                .findings
                .iter()
                .map(|finding| format!("“{}”: {}. {}", finding.words, finding.name, finding.why))
                .chain(view.findings.is_empty().then(|| "Nothing here would hurt.".to_owned()))
                .collect(),
            links: view
                .moves
                .iter()
                .filter(|step| step.made == Some(false))
                .map(|step| link(step.help.clone(), step.name, step.advice))
                .collect(),
            ..Page::default()
        },
        Content::Source(view) => Page {
            title: view.article.title.to_owned(),
            paragraphs: vec![
                format!("By {}. School: {}.", view.article.author, view.article.school),
                view.article.advice.to_owned(),
            ],
            links: view
                .topics
                .iter()
                .map(|drawn| link(format!("/{}/{}?all", drawn.command, drawn.topic), drawn.title, ""))
                .collect(),
            ..Page::default()
        },
    };
    page.render().unwrap_or_default()
}

/// An error as a page that helps.
#[must_use]
pub fn problem(title: &str, detail: &str, near: &[String]) -> String {
    let page = Page {
        title: title.to_owned(),
        paragraphs: vec![detail.to_owned()],
        links: near.iter().map(|path| link(path.clone(), path, "")).collect(),
        ..Page::default()
    };
    page.render().unwrap_or_default()
}

fn link(path: String, label: &str, detail: &str) -> Link {
    Link { path, label: label.to_owned(), detail: detail.to_owned() }
}

fn said(view: &PhraseView<'_>) -> Said {
    Said {
        words: view.text.clone(),
        step: view.step.map_or("", crate::say::book::Step::label),
        why: view.why.to_owned(),
        source: view.source.id.to_owned(),
        source_title: view.source.title.to_owned(),
        id: view.id.clone(),
    }
}
