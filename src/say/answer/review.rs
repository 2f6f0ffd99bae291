//! Answers about drafts: a review, the rules.

use std::borrow::Cow;

use super::{
    super::{ask::Draft, book::Phrasebook, check, model::Topic, words},
    document::{Answer, Button, ButtonKind},
    menus::entry_with_command,
};

/// The review of a draft; for nobody but the person who wrote it.
pub(super) fn draft<'b>(book: &'b Phrasebook, draft: &Draft) -> Answer<'b> {
    if draft.text.trim().is_empty() {
        return Answer {
            heading: "/check".into(),
            text: vec![words::check_about().into()],
            usage: words::check_usage(),
            buttons: vec![Button { kind: ButtonKind::Draft, label: words::DRAFT_FORM, ask: draft.settings() }],
            found: true,
            ..Answer::default()
        };
    }
    if draft.text.chars().count() > check::LONGEST {
        return Answer { heading: words::too_long(check::LONGEST).into(), ..Answer::default() };
    }
    let (options, notes) = match check::Options::read(&book.check, draft.rules.as_deref(), draft.school.as_deref()) {
        Ok(options) => (options, Vec::new()),
        Err(unknown) => (check::Options::default(), vec![words::no_such_rule(&unknown)]),
    };
    let options = match draft.problem.as_deref() {
        Some(word) => options.about_a_problem(word == "yes"),
        None => options,
    };
    let review = book.review(&draft.text, &options);
    let mut text: Vec<Cow<'b, str>> =
        review.findings.iter().take(TOLD).map(|finding| words::finding(finding).into()).collect();
    if review.total > text.len() {
        text.push(words::more_findings(review.total - text.len()).into());
    }
    if !review.moves.is_empty() {
        text.push(words::moves(&review.moves).into());
    }
    if let Some(after) = &review.after {
        text.push(words::after(after).into());
    }
    if review.size.words > 0 {
        text.push(words::size(&review, ["start with `problem=yes`", "start with `problem=no`"]).into());
    }
    let helps = review.findings.iter().take(TOLD).map(|finding| &finding.rule.help);
    let missing = review.moves.iter().filter(|step| !step.made).map(|step| &step.step.help);
    let mut topics: Vec<&Topic> = Vec::new();
    for topic in helps.chain(missing).filter_map(|help| book.topic(help)) {
        if !topics.iter().any(|known| known.id == topic.id && known.command == topic.command) {
            topics.push(topic);
        }
    }
    Answer {
        heading: words::findings(&review).into(),
        notes: review.matter.map(words::careful).into_iter().chain(notes).collect(),
        text,
        entries: topics.into_iter().map(entry_with_command).collect(),
        found: true,
        ..Answer::default()
    }
}

/// The most findings that are told in one answer.
const TOLD: usize = 8;

/// Every rule, with its reason.
pub(super) fn rules(book: &Phrasebook) -> Answer<'_> {
    let rule = |rule: &'_ check::Rule| words::rule(rule).into();
    Answer {
        heading: words::rules().into(),
        text: book.check.rules.iter().map(rule).collect(),
        usage: words::check_usage(),
        found: true,
        ..Answer::default()
    }
}
