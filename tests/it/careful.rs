//! Grave matters: told by the words of `careful.toml`, under any command, in a search and in a draft.

use saywell::say::{
    answer::{Answer, answer},
    ask::{Ask, Wish},
    book::{Fault, Phrasebook, Source},
    check::Options,
};

use std::collections::BTreeMap;

use crate::{
    harness::{book, sources},
    running::Running,
};

fn asked(command: &str, text: &str) -> Answer<'static> {
    answer(book(), &Ask { command: command.into(), text: text.into() }, 1)
}

fn rows() -> Vec<(String, String)> {
    let rows = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/careful.tsv")).unwrap();
    let rows = rows.lines().filter_map(|row| row.split_once('\t'));
    rows.map(|(matter, text)| (matter.to_owned(), text.to_owned())).collect()
}

/// What somebody gets who speaks of a grave matter, or seems to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Got {
    /// Who should answer, and nothing else.
    Told,
    /// The matter as one of a few choices.
    Offered,
    /// A line of a topic that is fit for a grave matter.
    Fit,
    /// Other topics to choose from.
    Choice,
    /// A line of another topic.
    Breezy,
}

fn got(command: &str, text: &str) -> Got {
    match (Ask { command: command.into(), text: text.into() }).wish(book()) {
        Wish::Careful(_) => Got::Told,
        Wish::Perhaps(..) => Got::Offered,
        Wish::Phrase { topic, .. } if book().careful.matters().any(|matter| matter.fits(&topic.dotted())) => Got::Fit,
        Wish::Several(..) | Wish::Lost(..) => Got::Choice,
        _ => Got::Breezy,
    }
}

#[test]
fn who_speaks_of_a_grave_matter_is_told_or_asked_and_look_alikes_are_not_stopped() {
    let mut kinds: BTreeMap<String, BTreeMap<Got, Vec<String>>> = BTreeMap::new();
    for (kind, text) in rows() {
        for command in ["recover", "apology", "saywell"] {
            kinds.entry(kind.clone()).or_default().entry(got(command, &text)).or_default().push(text.clone());
        }
    }
    let none = Vec::new();
    for (kind, got) in &kinds {
        let all: usize = got.values().map(Vec::len).sum();
        let of = |one: Got| got.get(&one).unwrap_or(&none);
        if kind == "-" {
            assert!(of(Got::Told).len() * 50 <= all, "stopped of {all}: {:?}", of(Got::Told));
            assert!(of(Got::Offered).len() * 7 <= all, "asked of {all}: {:?}", of(Got::Offered));
        } else {
            assert!(of(Got::Breezy).is_empty(), "{kind}: a line of another topic: {:?}", of(Got::Breezy));
            assert!(of(Got::Choice).len() * 50 <= all, "{kind}: neither told nor asked: {:?}", of(Got::Choice));
            assert!(of(Got::Told).len() * 3 >= all * 2, "{kind}: told only {} of {all}", of(Got::Told).len());
        }
    }
    assert_eq!(kinds.len(), book().careful.matters().count() + 1, "a kind has no row");
}

#[test]
fn what_may_be_grave_is_asked_before_any_other_topic_is_taken_as_meant() {
    for (command, text) in [
        ("recover", "she doesn't see the point anymore"),
        ("recover", "billing he will come down and sort me out"),
        ("recover", "the hot sauce burned his tongue, he loved it"),
        ("opener", "he's gone"),
        ("saywell", "recover a regular lawyer from hill street"),
        ("saywell", "search the judge liked it"),
    ] {
        let got = asked(command, text);
        assert!(got.found && got.lines.is_empty(), "/{command} {text}: {}", got.heading);
        let first = &got.entries[0];
        assert!(first.label.starts_with("Is it about ") && first.label.ends_with('?'), "/{command} {text}: {first:?}");
        assert!(text.contains("search") || got.entries.len() <= 3, "/{command} {text}: {:?}", got.entries);
        let pressed = answer(book(), &Ask::umbrella(first.ask.clone()), 1);
        assert!(pressed.found && pressed.text.len() > 1, "{first:?}: {pressed:?}");
        assert!(first.label.to_lowercase().contains(&pressed.heading.to_lowercase()), "{first:?}: {pressed:?}");
    }
}

#[test]
fn a_topic_that_is_fit_for_what_may_be_grave_is_given_at_once_and_so_is_one_called_by_its_id() {
    for (command, text, topic) in [
        ("recover", "sent his invoice with card details to another guest", "data-breach"),
        ("recover", "threat", "threat"),
        ("recover", "billing", "billing"),
    ] {
        let got = asked(command, text);
        assert_eq!(got.lines.first().map(|line| &*line.topic.id), Some(topic), "/{command} {text}: {}", got.heading);
    }
}

#[test]
fn a_name_that_sounds_grave_is_a_name_and_a_name_with_what_happened_is_none() {
    for (text, name) in
        [("billing Ken Burns", "Ken Burns"), ("delay mrs Judge", "Mrs Judge"), ("billing for Ana Wound", "Ana Wound")]
    {
        let got = asked("recover", text);
        let filled = got.values.iter().flatten().any(|value| value == name);
        assert!(filled, "{text}: {} {:?}", got.heading, got.values);
    }
    for text in ["billing Maria died", "delay Ana collapsed", "billing mr Ruiz killed", "late Ken burned"] {
        let got = asked("recover", text);
        assert!(got.lines.is_empty() && got.values.is_empty(), "{text}: {} {:?}", got.heading, got.values);
    }
}

#[test]
fn over_http_and_for_assistants_a_search_says_what_may_be_meant() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off")]);
    let path = "/search?q=she+doesn%27t+see+the+point+anymore";
    let json = service.get(&format!("/v1{path}")).json();
    assert_eq!((&json["perhaps"]["id"], &json["matter"]), (&"threat".into(), &serde_json::Value::Null), "{json}");
    assert!(service.get(path).text().starts_with("Is it about a threat to somebody's safety? "));
    let page = service.get(&path.replace("/search", "/search.html"));
    let page = page.text();
    assert!(page.contains("Is it about a threat to somebody&#39;s safety?"), "{page}");
}

#[test]
fn a_grave_matter_comes_first_under_any_command_and_in_a_search_and_no_other_topic_is_offered() {
    for (command, text) in [
        ("recover", "my husband passed away"),
        ("recover", "billing her husband passed away"),
        ("recover", "billing \u{201c}her husband passed away\u{201d}"),
        ("recover", "note: her husband passed away"),
        ("opener", "passed away"),
        ("saywell", "search passed away"),
        ("saywell", "recover he passed away"),
        ("saywell", "passed away"),
        ("recover", "list passed away"),
    ] {
        let got = asked(command, text);
        assert_eq!(got.heading, "A death", "/{command} {text}");
        assert!(got.found && got.lines.is_empty() && got.buttons.is_empty(), "/{command} {text}");
        assert!(got.text.len() > 1 && got.text[0].starts_with("One person answers"), "/{command} {text}");
        assert!(
            got.entries.iter().all(|entry| entry.ask == "apology.condolence"),
            "/{command} {text}: {:?}",
            got.entries
        );
    }
}

#[test]
fn another_name_of_a_topic_speaks_of_no_grave_matter_but_of_its_own() {
    for (command, text) in [("avoid", "prosecutor"), ("avoid", "list prosecutor"), ("recover", "list lost-customer")] {
        let got = asked(command, text);
        let stopped = got.text.first().is_some_and(|text| text.starts_with("One person answers"));
        assert!(!stopped && got.found, "/{command} {text}: {}", got.heading);
    }
    assert_eq!(asked("apology", "list mourning").heading, asked("apology", "mourning").heading);
    assert!(asked("recover", "avoid the prosecutor called").lines.is_empty());
}

#[test]
fn what_fills_a_blank_by_name_speaks_of_no_grave_matter() {
    for text in ["billing customer=\"Dr Death\"", "billing item=\"the funeral flowers\"", "recover.billing Ana"] {
        assert!(!asked("recover", text).lines.is_empty(), "{text}");
    }
}

#[test]
fn a_draft_about_a_grave_matter_gets_its_note_first_and_the_same_findings() {
    let draft = "I'm sorry, but you should have read the terms. I know that your husband passed away.";
    let told = book().review(draft, &Options::default());
    assert_eq!(told.matter.map(|matter| &*matter.id), Some("death"));
    let plain = book().review("I'm sorry, but you should have read the terms.", &Options::default());
    assert_eq!(told.total, plain.total);
    assert!(plain.matter.is_none());
    let got = asked("check", draft);
    assert!(got.notes[0].starts_with("A death: "), "{:?}", got.notes);
}

/// The shipped book with a `careful.toml` of one's own over it.
fn laid_over(text: &str) -> Result<Phrasebook, Vec<Fault>> {
    let mut sources = sources();
    sources.push(Source { name: "ours/careful.toml".into(), layer: 1, text: text.to_owned().into() });
    Phrasebook::parse(&sources, &[])
}

fn matter(rest: &str) -> String {
    format!("[matter.strike]\ntitle = \"A strike\"\nwho = \"The press office answers.\"\n{rest}")
}

#[test]
fn a_file_laid_over_ours_adds_a_matter_and_leaves_ours() {
    let words = "words = [\"{people} ... on strike\"]\nflag = [\"our staff are on strike\"]\npass = [\"strike one\"]\n";
    let head = "harmless = [\"passed away the hours\"]\n[part]\npeople = [\"staff\", \"drivers\"]\n";
    let book = laid_over(&format!("{head}{}topics = [\"recover.delay\"]\n", matter(words))).unwrap();
    let found = |text: &str| book.careful.matter(text).map(|matter| &*matter.id);
    assert_eq!(found("the drivers went on strike"), Some("strike"));
    assert_eq!(found("her husband died"), Some("death"));
    assert_eq!(found("passed away the hours"), None);
    let got = answer(&book, &Ask::umbrella("drivers on strike"), 1);
    assert_eq!(got.entries.iter().map(|entry| entry.ask.as_str()).collect::<Vec<_>>(), ["recover.delay"]);
}

#[test]
fn what_is_wrong_in_a_file_of_grave_matters_is_said_with_its_place() {
    for (text, place, expected) in [
        (matter(""), 1, "`words` is missing"),
        (matter("words = [\"Strike\"]\nflag = [\"strike\"]\npass = [\"x\"]"), 4, "`Strike` is not a word"),
        (matter("words = [\"{people} strike\"]\nflag = [\"strike\"]\npass = [\"x\"]"), 4, "there is no part `people`"),
        (matter("words = [\"strike\"]\nflag = [\"walkout\"]\npass = [\"x\"]"), 5, "the example is not found"),
        (
            matter("words = [\"strike\"]\nflag = [\"strike\"]\npass = [\"strike\"]"),
            6,
            "the look-alike is found as `strike`",
        ),
        (
            matter("words = [\"strike\"]\nflag = [\"passed away on strike\"]\npass = [\"x\"]"),
            5,
            "the example is found as `death`",
        ),
        (
            matter("topics = [\"recover.nothing\"]\nwords = [\"strike\"]\nflag = [\"strike\"]\npass = [\"x\"]"),
            4,
            "there is no topic `recover.nothing`",
        ),
        ("[part]\npeople = []\n".to_owned(), 2, "the part `people` has 0 words"),
        (
            matter("words = [\"strike\"]\nhints = [\"walkout\"]\nflag = [\"walkout\"]\npass = [\"x\"]"),
            6,
            "the example is only offered",
        ),
        (
            matter("words = [\"strike\"]\nflag = [\"strike\"]\noffer = [\"strike\"]\npass = [\"x\"]"),
            6,
            "the example is told",
        ),
        (
            matter("words = [\"strike\"]\nhints = [\"walkout\"]\nflag = [\"strike\"]\npass = [\"walkout\"]"),
            7,
            "the look-alike is found as `strike`",
        ),
        ("[mater.x]\n".to_owned(), 1, "unknown key `mater`"),
    ] {
        let faults = laid_over(&text).unwrap_err();
        let first = faults.iter().find(|fault| fault.file == "ours/careful.toml").expect("a fault in the file");
        assert_eq!((first.line, &*first.what), (place, expected), "{text}");
        assert!(!first.hint.is_empty());
    }
}
