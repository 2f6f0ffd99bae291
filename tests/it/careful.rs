//! Grave matters: told by the words of `careful.toml`, under any command, in a search and in a draft.

use saywell::say::{
    answer::{Answer, answer},
    ask::Ask,
    book::{Fault, Phrasebook, Source},
    check::Options,
};

use crate::harness::{book, sources};

fn asked(command: &str, text: &str) -> Answer<'static> {
    answer(book(), &Ask { command: command.into(), text: text.into() }, 1)
}

fn rows() -> Vec<(String, String)> {
    let rows = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/careful.tsv")).unwrap();
    let rows = rows.lines().filter_map(|row| row.split_once('\t'));
    rows.map(|(matter, text)| (matter.to_owned(), text.to_owned())).collect()
}

#[test]
fn grave_words_are_told_by_their_matter_and_look_alikes_are_not() {
    let mut wrong = Vec::new();
    for (expected, text) in rows() {
        let found = book().careful.matter(&text).map_or("-", |matter| &*matter.id);
        let told = if expected == "-" { found == "-" } else { found != "-" };
        if !told {
            wrong.push(format!("{expected} but {found}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
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
    Phrasebook::parse(&sources)
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
            matter("words = [\"strike\"]\nflag = [\"died on strike\"]\npass = [\"x\"]"),
            5,
            "the example is found as `death`",
        ),
        (
            matter("topics = [\"recover.nothing\"]\nwords = [\"strike\"]\nflag = [\"strike\"]\npass = [\"x\"]"),
            4,
            "there is no topic `recover.nothing`",
        ),
        ("[part]\npeople = []\n".to_owned(), 2, "the part `people` has 0 words"),
        ("[mater.x]\n".to_owned(), 1, "unknown key `mater`"),
    ] {
        let faults = laid_over(&text).unwrap_err();
        let first = faults.iter().find(|fault| fault.file == "ours/careful.toml").expect("a fault in the file");
        assert_eq!((first.line, &*first.what), (place, expected), "{text}");
        assert!(!first.hint.is_empty());
    }
}
