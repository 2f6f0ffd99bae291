//! What the language of phrases does.

use super::{read::LONGEST, *};

const SLOTS: [&str; 3] = ["customer", "item", "deadline"];

fn read(source: &str) -> Result<Template, Vec<Mistake>> {
    Template::parse(source, |name| SLOTS.iter().position(|slot| *slot == name).and_then(|at| u16::try_from(at).ok()))
}

fn check(source: &str, values: [Option<&str>; 3], expected: &str) {
    let template = read(source).unwrap_or_else(|mistakes| panic!("{source}: {mistakes:?}"));
    assert_eq!(template.fill(&values), expected, "{source} with {values:?}");
}

#[test]
fn every_mark_does_what_the_table_says() {
    let thanks = "[{{customer}}, ]thank you for telling me[ about {{item}}].";
    check(thanks, [None; 3], "Thank you for telling me.");
    check(thanks, [Some("Ana"), Some("the late van"), None], "Ana, thank you for telling me about the late van.");
    check(thanks, [None, Some("the late van"), None], "Thank you for telling me about the late van.");
    check("I'll call by {{deadline}}.", [None; 3], "I'll call by ____.");
    check("I'll look at the {{item|order}} now.", [None; 3], "I'll look at the order now.");
    check("I'll look at the {{item|order}} now.", [None, Some("invoice"), None], "I'll look at the invoice now.");
    check(r"A \[b\] \{c\} \| \\ d.", [None; 3], r"A [b] {c} | \ d.");
    check(r"Close it with {{item|a \}}}.", [None; 3], "Close it with a }.");
}

#[test]
fn sentences_begin_with_a_capital_and_values_end_none() {
    check("{{item|it}} is late. {{customer|we}} know.", [None; 3], "It is late. We know.");
    check("{{item|it}} is late. [{{customer}}, ]we know.", [None, Some("the van"), None], "The van is late. We know.");
    check("I asked {{customer}} about it.", [Some("Acme Inc."), None, None], "I asked Acme Inc. about it.");
    check("I asked {{customer}}.", [Some("Acme Inc."), None, None], "I asked Acme Inc.");
    check("Call me at 9 a.m. or noon. thanks.", [None; 3], "Call me at 9 a.m. or noon. Thanks.");
    check("It was I. {{customer|we}} know.", [None; 3], "It was I. We know.");
    check("I asked J. {{customer|who}} knows.", [None; 3], "I asked J. who knows.");
    check("“{{customer|friend}}, hello.”", [None; 3], "“Friend, hello.”");
    check("See help.{{customer}} for it.", [Some("example"), None, None], "See help.example for it.");
    check("{{item|it}} is late.", [None, Some("“(the van)”"), None], "“(The van)” is late.");
    check("Thanks.[ {{customer}}, I owe you one.]", [Some("émile"), None, None], "Thanks. Émile, I owe you one.");
}

#[test]
fn a_clause_takes_its_space_with_it() {
    check("Thank you [about {{item}}] now.", [None; 3], "Thank you now.");
    check("Thank you [about {{item}}].", [None; 3], "Thank you.");
    check("[{{customer}},] thank you.", [None; 3], "Thank you.");
}

#[test]
fn a_word_is_not_said_twice() {
    check("By {{deadline}}.", [None, None, Some("by Friday")], "By Friday.");
    check("It's your {{item|order}}.", [None, Some("the order"), None], "It's your order.");
    check("It's {{item|it}}.", [None, Some("the order"), None], "It's the order.");
    let call = "I'll call by {{deadline}}.";
    for (value, expected) in [
        ("by Friday", "I'll call by Friday."),
        ("By Friday", "I'll call by Friday."),
        ("in two hours", "I'll call in two hours."),
        ("on Friday at noon", "I'll call on Friday at noon."),
        ("before lunch", "I'll call before lunch."),
        ("In Flames", "I'll call by In Flames."),
        ("in", "I'll call by in."),
        ("tomorrow", "I'll call by tomorrow."),
    ] {
        check(call, [None, None, Some(value)], expected);
    }
    check("By {{deadline}}, you hear from me.", [None, None, Some("in an hour")], "In an hour, you hear from me.");
    check("Wait until {{deadline}}.", [None, None, Some("after lunch")], "Wait after lunch.");
    check("{{item}} {{deadline}}.", [None, Some("Stand by"), Some("in an hour")], "Stand by in an hour.");
    check("The {{item}}.", [None, Some("at noon"), None], "The at noon.");
}

#[test]
fn mistakes_say_where_they_are_and_what_would_be_right() {
    for (source, at, what) in [
        ("Hi {{customer.", 3..5, "a slot that never ends"),
        ("Hi {customer}.", 3..4, "a single opening brace"),
        ("Hi [there].", 3..10, "a clause without a slot"),
        ("Hi [{{item}}", 3..4, "a clause that never ends"),
        ("Hi ] you.", 3..4, "a closing bracket without an opening one"),
        ("[a {{item}} [b {{item}}] c].", 12..13, "a clause inside a clause"),
        ("Hi {{nobody}}.", 3..13, "the slot `nobody` is not declared"),
        ("Hi {{Customer}}.", 3..15, "`Customer` is not a slot's name"),
        ("Hi {{item| }}.", 3..13, "a fallback with no words, or with space around them"),
        ("Hi {{item|}}.", 3..12, "a fallback with no words, or with space around them"),
        ("Hi {{item| you}}.", 3..16, "a fallback with no words, or with space around them"),
        (r"Hi \n.", 3..4, "a backslash that escapes nothing"),
    ] {
        let mistakes = read(source).expect_err(source);
        let first = mistakes.first().expect("a mistake");
        assert_eq!((&first.at, first.what.as_str()), (&at, what), "{source}");
        assert!(!first.hint.is_empty());
    }
}

#[test]
fn a_template_is_so_long_and_no_longer() {
    assert!(read(&"a".repeat(LONGEST)).is_ok());
    for length in [LONGEST + 1, 2 * LONGEST] {
        assert_eq!(read(&"a".repeat(length)).expect_err("too long").first().map(|one| one.at.clone()), Some(0..length));
    }
}

#[test]
fn a_page_can_fill_a_phrase_from_its_pieces_and_see_what_was_filled() {
    let template = read("[{{customer}}, ]the {{item|order}} by {{deadline}}.").unwrap();
    let clause = Piece::Clause(vec![Piece::Slot(0, None), Piece::Text(", ")]);
    assert_eq!(
        template.pieces(),
        [
            clause,
            Piece::Text("the "),
            Piece::Slot(1, Some("order")),
            Piece::Text(" by "),
            Piece::Slot(2, None),
            Piece::Text(".")
        ]
    );
    assert_eq!(template.fixed_words(), ", the order by .");
    let (words, marks) = template.fill_marked(&[Some("Ana"), None, None]);
    assert_eq!(words, "Ana, the order by ____.");
    let marks: Vec<(u16, &str)> = marks.into_iter().map(|(slot, at)| (slot, &words[at])).collect();
    assert_eq!(marks, [(0, "Ana"), (1, "order"), (2, BLANK)]);
}

#[test]
fn required_slots_are_those_that_leave_a_blank() {
    let template = read("[{{customer}}, ]the {{item|order}} by {{deadline}}.").unwrap();
    assert_eq!(template.slots(), [0, 1, 2]);
    assert_eq!(template.required(), [2]);
}

#[test]
fn values_are_data_and_fit_a_sentence() {
    for (typed, words) in [
        ("  Dr\u{a0}Matt \n", "Dr Matt"),
        ("the late van.", "the late van"),
        ("the \t late\n\nvan", "the late van"),
        ("Acme Inc.", "Acme Inc."),
        ("5 p.m.", "5 p.m."),
        ("{{ customer }} %s", "{{ customer }} %s"),
        ("a\u{202e}b\u{200b}c\u{1b}[31m", "abc[31m"),
        ("👩\u{200d}⚕️ نور", "👩\u{200d}⚕️ نور"),
        ("\u{fe0f}, late", "late"),
        ("...", ""),
    ] {
        assert_eq!(Value::read(typed), Value { words: words.into(), cut: false }, "{typed:?}");
    }
    let long = Value::read(&"é".repeat(300));
    assert_eq!((long.words.chars().count(), long.cut), (200, true));
}

#[test]
fn an_emoji_code_goes_whole_and_what_only_has_colons_stays() {
    for (typed, expected) in [
        ("Ana :heart:", "Ana"),
        (":wave: Ana", "Ana"),
        (":smile:", ""),
        (":+1: :wave::skin-tone-3: Ana", "Ana"),
        ("Ana:heart:", "Ana"),
        ("Ana <:party_parrot:123456>", "Ana"),
        ("Ana <a:dance:99> Lee", "Ana Lee"),
        ("Ana :heart:, the first", "Ana, the first"),
        ("at 10:30:15", "at 10:30:15"),
        ("at 10:30: sharp", "at 10:30: sharp"),
        ("a ratio of 3:1", "a ratio of 3:1"),
        ("Ana:heart::heart:", "Ana"),
        ("Ana :größe:", "Ana"),
        ("José:tada:!", "José"),
        ("Ana :100:", "Ana"),
        ("a:b:c", "a:b:c"),
    ] {
        let read = Value::read(typed).words;
        assert_eq!(read, expected, "{typed:?}");
        assert_eq!(Value::read(&read).words, read, "{typed:?} again");
    }
}

#[test]
fn the_full_stop_of_a_name_stays_and_others_go() {
    for (typed, expected) in
        [(".NET", ".NET"), (".env file", ".env file"), ("... Ana", "Ana"), ("..Ana", "Ana"), (". Ana", "Ana")]
    {
        assert_eq!(Value::read(typed).words, expected, "{typed:?}");
    }
    let template = Template::parse("{{item}} it is. [About {{item}}.]", |_| Some(0)).unwrap();
    let line = template.fill(&[Some(".NET")]);
    assert_eq!(line, ".NET it is. About .NET.");
    assert_eq!(untidy(&line), None);
}

#[test]
fn a_word_with_a_capital_inside_keeps_its_first_letter_and_so_does_a_ligature() {
    for (value, expected) in [
        ("iPhone", "iPhone is here. iPhone."),
        ("eBay order", "eBay order is here. eBay order."),
        ("the van", "The van is here. The van."),
        ("\u{fb01}ne van", "\u{fb01}ne van is here. \u{fb01}ne van."),
        ("\u{e9}mile", "\u{c9}mile is here. \u{c9}mile."),
    ] {
        let template = Template::parse("{{item}} is here. {{item}}.", |_| Some(0)).unwrap();
        assert_eq!(template.fill(&[Some(value)]), expected);
    }
}

#[test]
fn untidy_lines_are_named() {
    for (line, what) in [
        ("", "nothing is left of it"),
        (" A.", "there is a space at its edge"),
        ("Now, and  then.", "there are two spaces in a row"),
        ("Now .", "there is a space before a punctuation mark"),
        ("Now, then.,", "there are two punctuation marks in a row"),
        (", now.", "it begins with a punctuation mark"),
        ("Now", "it does not end with a full stop, a question mark or an exclamation mark"),
    ] {
        assert_eq!(untidy(line), Some(what), "{line:?}");
    }
    for mark in [".", ",", ";", ":", "?", "!"] {
        assert!(untidy(&format!("A{mark}{mark} b.")).is_some(), "{mark}");
    }
    for line in ["A b.", "“A?”", "A ____ b!"] {
        assert_eq!(untidy(line), None, "{line:?}");
    }
}
