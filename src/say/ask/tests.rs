//! What an ask means.

use super::{super::find::tests::book, *};

fn check(command: &str, text: &str, expected: &str) {
    let book = book(&[
        ("opener", &[("award", &["prize"], "hello")]),
        ("recover", &[("delay", &["late", "delivery"], "hello"), ("billing", &["invoice", "fork"], "hello")]),
    ]);
    let ask = Ask { command: command.into(), text: text.into() };
    let meant = match ask.wish(&book) {
        Wish::Phrase { topic, choice, guessed } => {
            let how = match guessed {
                None => "named",
                Some(Guess::Slip(..)) => "slip",
                Some(Guess::Search(_)) => "search",
            };
            let rest = choice.rest.map(|value| format!(" {}", value.words)).unwrap_or_default();
            format!("{how} {}{rest}", topic.id)
        }
        Wish::Lost(..) => "lost".into(),
        other => format!("{other:?}"),
    };
    assert_eq!(meant, expected, "/{command} {text}");
}

#[test]
fn words_after_a_topic_are_a_name_only_where_they_look_like_one() {
    for (command, text, expected) in [
        ("recover", "late delivery", "search delay"),
        ("saywell", "recover late delivery", "search delay"),
        ("saywell", "late delivery", "search delay"),
        ("saywell", "late", "named delay"),
        ("saywell", "late 2 why", "named delay"),
        ("saywell", "late customer=\"Dr Matt\"", "named delay"),
        ("saywell", "recover.delay Dr Matt", "named delay Dr Matt"),
        ("saywell", "invioce Dr Matt", "slip billing Dr Matt"),
        ("saywell", "invioce", "slip billing"),
        ("recover", "invioce Dr Matt", "slip billing Dr Matt"),
        ("recover", "for xyzzy", "lost"),
        ("saywell", "xyzzy plugh", "lost"),
    ] {
        check(command, text, expected);
    }
}
