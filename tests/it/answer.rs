//! What every kind of answer holds, from its heading to its buttons, over two small commands.

use std::{fmt::Write as _, time::Duration};

use saywell::say::{
    answer::{Answer, Audience, answer},
    ask::Ask,
    book::{Phrasebook, Source},
};

/// The whole answer, a line a part.
fn shown(answer: &Answer<'_>) -> String {
    let mut text = format!("# {}\n", answer.heading);
    for note in &answer.notes {
        writeln!(text, "! {note}").unwrap();
    }
    for line in &answer.lines {
        writeln!(text, "“{}” {} {}, {}", line.words, line.place + 1, line.topic.phrase_id(line.phrase), line.article)
            .unwrap();
        for (slot, value) in &line.slots {
            let blank = if line.blanks.contains(slot) { ", a blank" } else { "" };
            writeln!(text, "  {} = {}{blank}", slot.name, value.as_deref().unwrap_or("-")).unwrap();
        }
    }
    for part in &answer.text {
        writeln!(text, "{part}").unwrap();
    }
    for (typed, what) in &answer.usage {
        writeln!(text, "{typed}: {what}").unwrap();
    }
    for entry in &answer.entries {
        writeln!(text, "* {}: {} → {}", entry.label, entry.detail, entry.ask).unwrap();
    }
    for one in &answer.buttons {
        let form = if answer.draft() == Some(one) { "…" } else { "" };
        writeln!(text, "[{}{form}] → {}", one.label, one.ask).unwrap();
    }
    let marks = [
        (answer.topic.map_or("", |topic| &topic.tip), answer.topic.is_some()),
        (answer.command(), answer.topic.is_some()),
        ("for the room", answer.audience == Audience::Room),
        ("with the reason", answer.why),
        ("by chance", answer.chance().is_some()),
        ("not found", !answer.found),
    ];
    let marks: Vec<&str> = marks.into_iter().filter(|(_, is_set)| *is_set).map(|(mark, _)| mark).collect();
    if !marks.is_empty() {
        writeln!(text, "({})", marks.join("; ")).unwrap();
    }
    text
}

/// The page has the asks too: what is typed stands after `>`.
#[test]
fn every_kind_of_answer_is_as_it_stands_on_the_page() {
    let files = [
        ("sources.toml", include_str!("../fixtures/sources.toml")),
        ("mend.toml", include_str!("../fixtures/mend.toml")),
        ("thank/sources.toml", include_str!("../fixtures/thank/sources.toml")),
        ("thank/thank.toml", include_str!("../fixtures/thank/thank.toml")),
        ("thank/check.toml", include_str!("../fixtures/thank/check.toml")),
    ];
    let sources = files.map(|(name, text)| Source { name: name.into(), layer: 0, text: text.into() });
    let book = Phrasebook::parse(&sources, &[]).unwrap();
    let page = include_str!("../fixtures/answers.txt");
    let mut expected = String::new();
    for typed in page.lines().filter_map(|line| line.strip_prefix("> /")) {
        let (command, text) = typed.split_once(' ').unwrap_or((typed, ""));
        let ask = Ask { command: command.into(), text: text.into() };
        write!(expected, "> /{typed}\n{}\n", shown(&answer(&book, &ask, 0))).unwrap();
    }
    assert!(page == expected, "the page would be:\n{expected}");
}

#[test]
fn who_asks_too_much_is_told_how_long_to_wait() {
    let answer = Answer::too_many(Duration::from_millis(2_100));
    assert_eq!(answer.heading, "That was a lot at once. Please try again in 3 seconds.");
}

#[test]
fn an_emoji_code_is_no_name_and_leaves_nothing_behind() {
    use crate::harness::book;
    let said = |text: &str| {
        let ask = Ask { command: "apology".into(), text: text.into() };
        let got = answer(book(), &ask, 0);
        (
            got.topic.map(|topic| topic.id.to_string()),
            got.lines.first().map(|line| line.words.clone()).unwrap_or_default(),
        )
    };
    let plain = said("sincere 1 Ana");
    for text in [
        "sincere 1 Ana :heart:",
        "sincere 1 :wave: Ana",
        "sincere 1 Ana <:party:123456>",
        "sincere 1 customer=\"Ana :heart:\"",
    ] {
        assert_eq!(said(text), plain, "{text}");
    }
    assert_eq!(said("sincere 1 :smile:"), said("sincere 1"));
    assert_eq!(said(":wave: sincere 1"), said("sincere 1"));
}
