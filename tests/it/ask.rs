//! What people type, and what they get.

use std::collections::HashSet;

use proptest::prelude::*;
use saywell::say::{
    answer::{Answer, Audience, ButtonKind, answer, choose},
    ask::{Ask, At, Choice, Guess, Which, Wish, enter},
    book::{Phrase, Step, fold},
    phrase::{Value, clean},
};

use crate::harness::book;

/// `/recover billing 2` as a platform hands it over.
fn ask(typed: &str) -> Ask {
    let (command, text) = typed.trim_start_matches('/').split_once(' ').unwrap_or((typed, ""));
    Ask { command: command.trim_start_matches('/').into(), text: text.into() }
}

/// What is understood, on one line: topic, which phrase, values, marks, then the notes.
fn understood(ask: &Ask) -> String {
    let name = |command: Option<&saywell::say::book::Command>| command.map_or("all".into(), |one| one.name.to_string());
    let answer = answer(book(), ask, 0);
    let mut line = match ask.wish(book()) {
        Wish::Help(command, _) => format!("help {}", name(command)),
        Wish::List(command, ..) => format!("menu {}", name(command)),
        Wish::Random(command, choice) => format!("random {}{}", name(command), given(&choice.values)),
        Wish::Search(command, query, _) => format!("search {}: {query}", name(command)),
        Wish::Sources(id, _) => format!("sources {}", id.unwrap_or_default()),
        Wish::Several(command, query, topics, _) => {
            format!("several {}: {query}: {}", name(command), topics.first().unwrap().dotted())
        }
        Wish::Perhaps(command, query, matter, ..) => format!("perhaps {} {}: {query}", matter.id, name(command)),
        Wish::Check(draft) => format!("check {}", draft.text),
        Wish::Rules => "rules".into(),
        Wish::Careful(matter) => format!("careful {}", matter.id),
        Wish::Lost(command, query, _) => format!("lost {}: {query}", name(command)),
        Wish::Phrase { topic, choice, .. } => {
            let which = match choice.which {
                Which::Any => "any".to_owned(),
                Which::Number(_) | Which::Place(_) => answer.lines[0].phrase.id.to_string(),
                Which::All => "all".into(),
                Which::Steps => "steps".into(),
                Which::Letter => "letter".into(),
            };
            let mut line = format!("{} {which}", topic.dotted());
            for (slot, value) in topic.slots.iter().zip(choose(book(), topic, &choice, 0).values) {
                if let Some(value) = value {
                    line.extend([" ", &slot.name, "=", &value]);
                }
            }
            for (mark, set) in [(" why", answer.why), (" to the room", answer.audience == Audience::Room)] {
                line.push_str(if set { mark } else { "" });
            }
            line
        }
    };
    for note in &answer.notes {
        line.extend([" / ", note]);
    }
    if !answer.found {
        line.push_str(" / not found");
    }
    line.trim_end().to_owned()
}

fn given(values: &[(String, Value)]) -> String {
    values.iter().flat_map(|(name, value)| [" ", name, "=", &value.words]).collect()
}

fn check(rows: &[(&str, &str)]) {
    for (typed, expected) in rows {
        assert_eq!(understood(&ask(typed)), *expected, "{typed}");
    }
}

#[test]
fn everything_that_the_design_says_can_be_typed() {
    check(&[
        ("/recover", "menu recover"),
        ("/recover billing", "recover.billing any"),
        ("/recover billing Dr Matt", "recover.billing any customer=Dr Matt"),
        (
            "/recover billing customer=\"Dr Matt\" item=invoice deadline:Friday",
            "recover.billing any customer=Dr Matt item=invoice deadline=Friday",
        ),
        ("/recover billing 2", "recover.billing not-easy-news"),
        ("/recover billing all", "recover.billing all"),
        ("/recover billing steps", "recover.billing steps"),
        ("/recover billing why", "recover.billing any why"),
        ("/recover billing share", "recover.billing any to the room"),
        ("/recover billing Dr Matt share", "recover.billing any customer=Dr Matt to the room"),
        ("/recover billing 2 why Dr Matt share", "recover.billing not-easy-news customer=Dr Matt why to the room"),
        ("/recover invoice", "recover.billing any"),
        ("/recover biling", "recover.billing any / Taking “biling” as “billing”."),
        ("/recover help", "help recover"),
        ("/recover random", "random recover"),
        ("/recover random customer=Ana", "random recover customer=Ana"),
        ("/saywell", "menu all"),
        ("/saywell recover billing", "recover.billing any"),
        ("/saywell recover billing 2 Ana", "recover.billing not-easy-news customer=Ana"),
        ("/saywell recover", "menu recover"),
        ("/saywell billing", "recover.billing any"),
        ("/saywell search refund", "search all: refund"),
        ("/recover search refund", "search recover: refund"),
        ("/saywell list", "menu all"),
        ("/saywell help", "help all"),
        ("/saywell sources", "sources"),
        ("/saywell sources right-or-happy", "sources right-or-happy"),
        ("/saywell sources right-or-happy now", "sources right-or-happy / “now” was not used."),
        ("/saywell help recover", "help recover"),
        ("/recover help recover", "help recover"),
        ("/saywell help me item=bill", "help all / “me item=bill” was not used."),
        (
            "/saywell sources nobody",
            "sources nobody / There is no source “nobody”. These are the ones there are. / not found",
        ),
        ("/saywell search", "menu all"),
    ]);
    let guessed = understood(&ask("/recover they were charged twice customer=Ana"));
    assert!(guessed.contains("recover.wrong-charge"), "{guessed}");
    for typed in ["/recover angry about the bill", "/saywell recover angry about the bill"] {
        let answer = understood(&ask(typed));
        assert!(
            answer.starts_with("several recover: ") || answer.starts_with("recover.billing any / Taking “"),
            "{answer}"
        );
    }
}

#[test]
fn whatever_chat_clients_make_of_it_means_the_same() {
    check(&[
        ("/Recover BILLING Dr Matt", "recover.billing any customer=Dr Matt"),
        ("/recover billing.", "recover.billing any"),
        ("/recover  billing \u{a0}Dr\u{a0}Matt ", "recover.billing any customer=Dr Matt"),
        ("/recover billing\u{200b} Ana", "recover.billing any customer=Ana"),
        ("/recover not our fault", "recover.not-our-fault any"),
        ("/recover Not – our — fault!", "recover.not-our-fault any"),
        ("/recover not‑our‑fault", "recover.not-our-fault any"),
        ("/recover — billing – steps", "recover.billing steps"),
        ("/recover billing —steps", "recover.billing steps"),
        ("/recover billing --share", "recover.billing any to the room"),
        ("/recover billing #2.", "recover.billing not-easy-news"),
        ("/recover billing customer=“Dr Matt”", "recover.billing any customer=Dr Matt"),
        ("/recover billing customer=„Dr Matt“", "recover.billing any customer=Dr Matt"),
        ("/recover billing customer=«Dr Matt»", "recover.billing any customer=Dr Matt"),
        ("/recover billing customer=»Dr Matt«", "recover.billing any customer=Dr Matt"),
        ("/recover billing customer=‘Dr Matt’", "recover.billing any customer=Dr Matt"),
        (
            "/recover billing customer='Dr Matt', item='March bill'.",
            "recover.billing any customer=Dr Matt item=March bill",
        ),
        ("/recover billing customer='O’Neill'", "recover.billing any customer=O’Neill"),
        ("/recover billing customer=\"say \\\"hi\\\" \\\\\"", "recover.billing any customer=say \"hi\" \\"),
        ("/recover billing “Dr Matt”", "recover.billing any customer=Dr Matt"),
        ("/recover billing \"all\"", "recover.billing any customer=all"),
        ("/recover billing \"Dr Matt", "recover.billing any customer=\"Dr Matt"),
        ("/recover billing customer = Ana", "recover.billing any customer=Ana"),
        ("/recover billing customer: Ana", "recover.billing any customer=Ana"),
        ("/recover billing customer : Ana", "recover.billing any customer=Ana"),
        ("/recover billing customer =Ana item= invoice", "recover.billing any customer=Ana item=invoice"),
        ("/recover billing Ana item=March bill", "recover.billing any customer=Ana item=March bill"),
        ("/recover billing Customer=Ana", "recover.billing any customer=Ana"),
        ("/recover billing customer=Dr Matt item=invoice", "recover.billing any customer=Dr Matt item=invoice"),
        (
            "/recover billing customer=Dr Matt item=March bill why",
            "recover.billing any customer=Dr Matt item=March bill why",
        ),
        ("/recover billing item=invoice, customer=Ana.", "recover.billing any customer=Ana item=invoice"),
        (
            "/recover billing customer=Ana customer=Bo",
            "recover.billing any customer=Bo / “customer=Ana” was not used: the last one counts.",
        ),
        ("/recover billing deadline=10:30", "recover.billing any deadline=10:30"),
        ("/recover billing item=https://example.com/a=b", "recover.billing any item=https://example.com/a=b"),
        ("/recover billing <@U123|pat>", "recover.billing any customer=pat"),
        ("/recover billing @pat", "recover.billing any customer=pat"),
        ("/recover billing customer=@pat", "recover.billing any customer=pat"),
        ("/recover billing customer=<@U123|pat> item=bill", "recover.billing any customer=pat item=bill"),
        ("/recover billing <@U123>", "recover.billing any"),
        ("/recover billing customer=<@U123> why", "recover.billing any why"),
        ("/recover billing customer=\"\" Ana", "recover.billing any customer=Ana"),
        ("/recover billing <https://example.com|Ana Lee>", "recover.billing any customer=Ana Lee"),
        ("/recover billing <http://example.com|Ana Lee>", "recover.billing any customer=Ana Lee"),
        ("/recover billing <mailto:ana@example.com>", "recover.billing any customer=mailto:ana@example.com"),
        (
            "/recover billing customer = \"Dr Matt\" bill",
            "recover.billing any customer=Dr Matt / The name is filled in already, so “Bill” was left out.",
        ),
        ("/recover billing deadline = 2", "recover.billing any deadline=2"),
        ("/recover billing deadline: all", "recover.billing any deadline=all"),
        ("/recover billing 12345", "recover.billing any / Taking “billing 12345” as /recover billing."),
        ("/recover billing Re: Ana", "recover.billing any customer=Re Ana"),
        ("/recover billing Dr – Matt", "recover.billing any customer=Dr Matt"),
        ("/recover billing José Núñez", "recover.billing any customer=José Núñez"),
        ("/recover billing שרה", "recover.billing any customer=שרה"),
        ("//recover billing", "recover.billing any"),
    ]);
}

#[test]
fn ids_and_the_umbrella_reach_everything() {
    check(&[
        ("/saywell recover.billing", "recover.billing any"),
        ("/saywell recover.billing.hoped-for Ana", "recover.billing hoped-for customer=Ana"),
        ("/saywell Recover.Billing.Hoped-For.", "recover.billing hoped-for"),
        ("/recover billing.hoped-for share", "recover.billing hoped-for to the room"),
        ("/recover recover.billing.hoped-for", "recover.billing hoped-for"),
        ("/apology recover.billing.hoped-for", "recover.billing hoped-for"),
        ("/saywell /recover billing", "recover.billing any"),
        ("/saywell apology sincere Ana", "apology.sincere any customer=Ana"),
        ("/saywell RANDOM", "random all"),
    ]);
}

#[test]
fn what_does_not_fit_is_named_back_and_a_phrase_comes_all_the_same() {
    check(&[
        (
            "/recover billing 99",
            "recover.billing go-or-stop / There is no number 99: there are 13, and this is number 13.",
        ),
        ("/recover billing 0", "recover.billing hoped-for / There is no number 0: there are 13, and this is number 1."),
        ("/recover billing n=3", "recover.billing too-much"),
        (
            "/recover billing n=0",
            "recover.billing hoped-for / There is no number 0: there are 13, and this is number 1.",
        ),
        ("/apology short n=two", "apology.short any / “n=two” was not used: it is a number."),
        ("/apology short 7", "apology.short tell-me / There is no number 7: there are 6, and this is number 6."),
        (
            "/apology short steps",
            "apology.short steps / These phrases have no order of their own, so here they all are.",
        ),
        ("/recover billing tone=warm", "recover.billing any"),
        ("/recover billing tone=formal", "recover.billing any / No phrase here has that tone, so any may come."),
        (
            "/apology short Ana colour=light blue",
            "apology.short any customer=Ana / There is no blank called “colour” here. There is customer.",
        ),
        (
            "/recover billing 2 item=invoice deadline=Friday",
            "recover.billing not-easy-news item=invoice deadline=Friday",
        ),
        ("/apology short customer=Ana and a long tail", "apology.short any customer=Ana and a long tail"),
        (
            "/apology short customer=\"Ana\" Bo",
            "apology.short any customer=Ana / The name is filled in already, so “Bo” was left out.",
        ),
        ("/apology deadline 5 share", "apology.deadline broken-date / Not shared yet: fill in deadline first."),
        ("/apology deadline all share", "apology.deadline all / Not shared yet: fill in deadline first."),
        ("/apology deadline 5 deadline=noon share", "apology.deadline broken-date deadline=noon to the room"),
        ("/recover xqzzt", "lost recover: xqzzt / not found"),
        ("/saywell xqzzt", "lost all: xqzzt / not found"),
        ("/recover ???", "menu recover"),
        ("/recover customer=Ana", "menu recover / “customer=Ana” was not used."),
        ("/recover .", "menu recover"),
    ]);
    let long = format!("/recover billing É{}", "é".repeat(300));
    let cut = format!(
        "recover.billing any customer={} / The words for “customer” were cut at 200 characters.",
        "É".to_owned() + &"é".repeat(199)
    );
    assert_eq!(understood(&ask(&long)), cut);
}

#[test]
fn a_line_as_long_as_chat_has_them_is_read_to_its_end_and_a_longer_one_is_cut() {
    let far = format!("/recover billing {} customer=Ana", " ".repeat(8_000));
    assert_eq!(understood(&ask(&far)), "recover.billing any customer=Ana");
    for pad in ["", "x"] {
        let longer = format!("/recover billing {pad}{} deadline=Friday", "é".repeat(9_000));
        let read = understood(&ask(&longer));
        assert!(read.starts_with("recover.billing any customer=") && !read.contains("deadline=Friday"), "{read}");
    }
}

#[test]
fn an_empty_field_of_a_form_adds_nothing_nor_does_one_that_is_no_slot() {
    let mut asked = "recover.billing".to_owned();
    for (field, value) in [("customer", " "), ("not a slot", "Ana"), ("", "Ana")] {
        enter(&mut asked, field, value);
        assert_eq!(asked, "recover.billing", "{field:?} {value:?}");
    }
    enter(&mut asked, "customer", "Ana \"Bo\"");
    assert_eq!(understood(&Ask::umbrella(&asked)), "recover.billing any customer=Ana \"Bo\"");
    enter(&mut asked, "part_2", "x");
    assert!(asked.ends_with(" part_2=\"x\""), "{asked}");
    let mut draft = "check".to_owned();
    enter(&mut draft, "text", "You should.");
    assert_eq!(draft, "check You should.");
}

#[test]
fn a_blank_stays_a_blank_for_the_person_who_asks() {
    let answer = answer(book(), &ask("/apology deadline 5"), 0);
    assert_eq!(answer.lines[0].blanks[0].name.as_ref(), "deadline");
    assert!(answer.lines[0].words.contains("The new one is ____, and"), "{}", answer.lines[0].words);
}

#[test]
fn another_walks_through_every_phrase_of_a_step_once_and_keeps_what_was_filled_in() {
    for topic in book().topics() {
        let values: String =
            topic.slots.iter().flat_map(|slot| [" ", &*slot.name, "=\"", &*slot.example, " «x»\""]).collect();
        for first in 1..=topic.phrases.len() {
            let mut seen = HashSet::new();
            let mut ask = Ask::umbrella(format!("{} {first}{values}", topic.dotted()));
            let step = topic.phrases[first - 1].step;
            let same = topic.phrases.iter().filter(|phrase| phrase.step == step).count();
            for turn in 1..=same {
                let answer = answer(book(), &ask, 7);
                let [line] = &answer.lines[..] else { panic!("{ask:?}") };
                assert!(
                    seen.insert(&line.phrase.id),
                    "{} comes twice from {first}: {}",
                    line.phrase.id,
                    topic.dotted()
                );
                let filled = line.slots.iter().all(|(slot, value)| *value == Some(format!("{} «x»", slot.example)));
                assert!(filled, "{ask:?}: {:?}", line.slots);
                assert_eq!(line.phrase.step, step);
                let Some(another) = another(&answer) else {
                    assert_eq!((turn, same), (1, 1), "a line alone in its step has no other");
                    continue;
                };
                ask = Ask::umbrella(another);
            }
            assert!(seen.contains(&answer(book(), &ask, 7).lines[0].phrase.id));
        }
    }
}

fn another(answer: &Answer<'_>) -> Option<String> {
    answer.buttons.iter().find(|one| one.kind == ButtonKind::Another).map(|one| one.ask.clone())
}

#[test]
fn a_play_begins_at_its_beginning_and_next_leads_through_its_steps_with_what_was_filled_in() {
    for topic in book().topics().filter(|topic| topic.is_play()) {
        let steps: Vec<_> = topic.steps().collect();
        for seed in 0..9 {
            let mut ask = Ask::umbrella(format!("{} customer=Ana", topic.dotted()));
            for (step, number) in steps.iter().zip(1..) {
                let answer = answer(book(), &ask, seed);
                assert_eq!(answer.lines[0].phrase.step, Some(*step), "{ask:?}");
                let place = format!("{} · {number} of {}, {}", topic.title, steps.len(), step.label());
                assert_eq!(answer.heading, place);
                assert!(
                    number == 1 || topic.slot("customer").is_none() || ask.text.contains("customer=\"Ana\""),
                    "{ask:?}"
                );
                let next = answer.buttons.iter().find(|one| one.kind == ButtonKind::Next);
                assert_eq!(next.is_some(), number < steps.len(), "{ask:?}");
                ask = next.map_or(ask, |next| Ask::umbrella(next.ask.clone()));
            }
        }
    }
}

#[test]
fn a_bare_ask_begins_with_a_whole_line_that_anybody_can_say_as_it_stands() {
    let is_so = |phrase: &Phrase| {
        let free = phrase.only_if.is_none() && phrase.needs.is_none() && phrase.speaker.is_none();
        free && phrase.say.required().is_empty() && !phrase.is_short()
    };
    let mut begun = 0;
    for topic in book().topics() {
        let first: Vec<_> = topic.phrases.iter().filter(|phrase| phrase.step == topic.first_step()).collect();
        if first.iter().filter(|phrase| is_so(phrase)).count() < 2 {
            continue;
        }
        begun += 1;
        let asked = |marks: &str, seed| answer(book(), &Ask::umbrella(format!("{}{marks}", topic.dotted())), seed);
        let lines: HashSet<_> = (0..20).map(|seed| asked("", seed).lines[0].phrase.id.clone()).collect();
        assert!(lines.len() > 1, "{} has one line to begin with", topic.dotted());
        for id in lines {
            assert!(topic.phrases.iter().any(|phrase| phrase.id == id && is_so(phrase)), "{} {id}", topic.dotted());
        }
        let short = asked(" short", 3);
        assert!(short.lines[0].phrase.is_short() || !short.notes.is_empty(), "{}", topic.dotted());
    }
    assert!(begun > 55, "{begun} topics have two such lines");
}

#[test]
fn by_chance_every_phrase_of_a_topic_comes_up_and_one_seed_gives_one_phrase() {
    for topic in book().topics() {
        let ask = Ask::umbrella(format!("{} step=any", topic.dotted()));
        let by_seed = |seed| answer(book(), &ask, seed).lines[0].phrase.id.clone();
        let all: HashSet<_> = (0..topic.phrases.len() as u64).map(by_seed).collect();
        assert_eq!(all.len(), topic.phrases.len(), "{}", topic.dotted());
        assert_eq!(by_seed(u64::MAX), by_seed(u64::MAX));
    }
    let topics = book().topics().count();
    let random = |seed| answer(book(), &ask("/saywell random"), seed).topic.unwrap().dotted();
    assert_eq!((0..topics as u64).map(random).collect::<HashSet<_>>().len(), topics);
}

#[test]
fn every_entry_and_every_move_leads_to_something() {
    let everywhere =
        ["saywell", "saywell sources", "saywell help", "recover", "saywell search refund", "recover late angry bill"];
    let topics = book().topics().map(|topic| format!("saywell {}", topic.dotted()));
    for typed in everywhere.map(str::to_owned).into_iter().chain(topics) {
        let first = answer(book(), &ask(&typed), 3);
        let asks = first.entries.iter().map(|entry| &entry.ask).chain(first.buttons.iter().map(|one| &one.ask));
        for text in asks {
            let then = answer(book(), &Ask::umbrella(text), 3);
            let waits = text.ends_with("share") && then.lines.iter().any(|line| !line.blanks.is_empty());
            assert!(then.found && (waits || then.notes.is_empty()), "{typed}, then {text}: {:?}", then.notes);
        }
    }
}

// ---- laws ----------------------------------------------------------------------------------------------------------

/// What might be typed: words that mean something, in any order, between anything at all.
fn typed() -> impl Strategy<Value = String> {
    let telling = prop::sample::select(vec![
        "recover",
        "billing",
        "biling",
        "not our fault",
        "steps",
        "all",
        "why",
        "share",
        "2",
        "0",
        "99999",
        "random",
        "help",
        "search",
        "sources",
        "list",
        "customer=",
        "customer:",
        "item=\"",
        "tone=warm",
        "n=0",
        "=",
        ":",
        "—",
        "\"",
        "“",
        "'",
        "\\",
        "<@U1|",
        "<@U1>",
        ">",
        "@",
        "recover.billing",
        "recover.billing.hoped-for",
        ".",
        "..",
        "{{customer}}",
        "[a]",
        "\u{202e}",
        "\u{a0}",
        "\u{0}",
        "\n",
    ]);
    let part = prop_oneof![telling.prop_map(str::to_owned), any::<String>(), "[a-z]{1,12}"];
    let gap = prop::sample::select(vec!["", " ", "  "]);
    prop::collection::vec((part, gap), 0..12)
        .prop_map(|parts| parts.into_iter().map(|(part, gap)| part + gap).collect::<String>())
}

fn acts(text: &str) -> bool {
    let bidi = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().any(|c| c.is_control() || bidi(c))
}

proptest! {
    #[test]
    fn whatever_is_typed_gets_an_answer_that_can_be_read(command in typed(), text in typed(), seed: u64) {
        let commands = ["saywell", "recover", "avoid", &command];
        for command in commands {
            let ask = Ask { command: command.into(), text: text.clone() };
            let answer = answer(book(), &ask, seed);
            prop_assert!(!answer.heading.is_empty());
            let holds = answer.lines.len() + answer.text.len() + answer.entries.len() + answer.usage.len();
            prop_assert!(holds > 0);
            let words = answer.lines.iter().map(|line| &line.words).chain(&answer.notes);
            for text in words.map(String::as_str).chain([&*answer.heading]) {
                prop_assert!(!acts(text) && !text.trim().is_empty(), "{text:?}");
            }
            for one in &answer.buttons {
                prop_assert!(self::answer(book(), &Ask::umbrella(&one.ask), seed).found);
            }
        }
    }

    #[test]
    fn a_printed_choice_is_read_as_the_same_choice(
        topic in 0..50_usize, place in 0..8_usize, values in prop::collection::vec(prop_oneof![typed(), any::<String>()], 9),
        share: bool,
    ) {
        let topic = book().topics().nth(topic % book().topics().count()).unwrap();
        let place = place % topic.phrases.len();
        let values: Vec<Value> = values.iter().map(|value| Value::read(value)).collect();
        let given: Vec<(&str, &str)> =
            topic.slots.iter().zip(&values).map(|(slot, value)| (&*slot.name, &*value.words)).collect();
        let ask = Ask::umbrella(Choice::ask(topic, Some(&topic.phrases[place].id), if share { "share" } else { "" }, &given));
        let Wish::Phrase { topic: read, choice, guessed } = ask.wish(book()) else { panic!("{ask:?}") };
        prop_assert_eq!(read.dotted(), topic.dotted());
        let read: Vec<(&str, &str)> =
            choice.values.iter().map(|(name, value)| (name.as_str(), value.words.as_str())).collect();
        prop_assert_eq!(read, given);
        prop_assert_eq!(guessed, None);
        prop_assert_eq!(
            Choice { values: Vec::new(), ..choice },
            Choice { which: Which::Place(place), share, ..Choice::default() }
        );
    }

    #[test]
    fn reading_twice_is_reading_once(text in prop_oneof![typed(), any::<String>(), "[.,;:!?… a-cIJ\u{200d}–]{0,12}"]) {
        let clean_text = clean(&text);
        prop_assert!(!acts(&clean_text), "{clean_text:?}");
        prop_assert_eq!(clean(&clean_text), &*clean_text);
        let value = Value::read(&text);
        prop_assert!(value.words.chars().count() <= Value::LONGEST);
        let again = Value { words: value.words.clone(), cut: false };
        prop_assert_eq!(Value::read(&value.words), again);
        let once = fold(&text);
        prop_assert_eq!(fold(&once), &*once);
    }
}

#[test]
fn words_after_a_topic_are_a_name_only_where_they_look_like_one() {
    for (typed, name) in [
        ("ana", Some("Ana")),
        ("dr matt", Some("Dr Matt")),
        ("rose", Some("Rose")),
        ("for mark", Some("Mark")),
        ("José García", Some("José García")),
        ("ana maria lopez", Some("Ana Maria Lopez")),
        ("O'Brien", Some("O'Brien")),
        ("Ana Black", Some("Ana Black")),
        ("Baker family", Some("Baker family")),
        ("the okonkwo family", Some("the Okonkwo family")),
        ("the Bakers", Some("the Bakers")),
        ("team Ortega", Some("team Ortega")),
        ("good morning señora ruiz", Some("Señora Ruiz")),
        ("thx bye Kwame", Some("Kwame")),
        ("hi there ana", Some("Ana")),
        ("nonna pina", Some("Nonna Pina")),
        ("tanaka sensei", Some("Tanaka Sensei")),
        ("sister agnes", Some("Sister Agnes")),
        ("dr priya + sam", Some("Dr Priya and Sam")),
        ("Rob & Mei", Some("Rob & Mei")),
        ("mrs. o'brien-lee", Some("Mrs. O'Brien-Lee")),
        ("davey mccall", Some("Davey McCall")),
        ("J. K.", Some("J. K.")),
        ("j.p. okonkwo", Some("J.P. Okonkwo")),
        ("omar al-rashid", Some("Omar Al-Rashid")),
        ("mohammed bin rashid", Some("Mohammed bin Rashid")),
        ("анна иванова", Some("Анна Иванова")),
        ("李雷", Some("李雷")),
        ("MARIA GONZALEZ", Some("Maria Gonzalez")),
        ("TJ Watts", Some("TJ Watts")),
        ("ana 🎉", Some("Ana")),
        ("ana b", Some("Ana B")),
        ("Mr Ruiz is angry", None),
        ("mr black", Some("Mr Black")),
        ("numb lip", None),
        ("wet dog", None),
        ("Broken Crown", None),
        ("nurse was rude", None),
        ("coach seat torn", None),
        ("the whole team", None),
        ("good riddance", None),
        ("welcome pack missing", None),
        ("happy birthday cake ruined", None),
        ("family room dirty", None),
        ("see you in court", None),
        ("😡 late again", None),
        ("A and B mixed", None),
        ("“lost package”", Some("lost package")),
        ("charged twice", None),
        ("is too high", None),
        ("refund", None),
        ("late and angry", None),
        ("again", None),
        ("LOST PACKAGE", None),
    ] {
        let ask = Ask { command: "recover".into(), text: format!("billing {typed}") };
        let given = match ask.wish(book()) {
            Wish::Phrase { choice, guessed: None, .. } => choice.rest.map(|rest| rest.words),
            _ => None,
        };
        assert_eq!(given.as_deref(), name, "{typed}");
    }
}

#[test]
fn a_phrase_called_by_its_id_after_its_topic_is_given_and_is_nobodys_name() {
    for (text, id, unused) in [
        ("delay date-i-checked", Some("recover.delay.date-i-checked"), ""),
        ("delay Date-I-Checked Ana", Some("recover.delay.date-i-checked"), ""),
        ("late date-i-checked", Some("recover.delay.date-i-checked"), ""),
        ("delay 2 date-i-checked", Some("recover.delay.date-i-checked"), "2"),
        ("delay hoped-for", None, "hoped-for"),
    ] {
        let got = answer(book(), &Ask { command: "recover".into(), text: text.into() }, 0);
        let line = &got.lines[0];
        assert_eq!((&*line.topic.command, &*line.topic.id), ("recover", "delay"), "{text}");
        assert!(id.is_none_or(|id| line.topic.phrase_id(line.phrase) == id), "{text}: {}", line.phrase.id);
        assert!(!line.words.contains("-I-") && !line.words.contains("-For"), "{text}: {}", line.words);
        assert_eq!(got.notes.iter().any(|note| note.contains(unused)), !unused.is_empty(), "{text}: {:?}", got.notes);
    }
}

#[test]
fn a_mark_at_the_end_of_a_description_counts_as_one() {
    for (text, check) in [
        ("late delivery short", (|choice| choice.short) as fn(&Choice) -> bool),
        ("late delivery letter", |choice| choice.which == Which::Letter),
        ("late delivery 2", |choice| choice.which == Which::Number(2)),
        ("late delivery customer=Ana own", |choice| choice.step == At::Step(Step::Own) && choice.values.len() == 1),
        ("late delivery short customer=Ana why", |choice| choice.short && choice.why && choice.values.len() == 1),
    ] {
        for (command, text) in [("recover", text.to_owned()), ("saywell", format!("recover {text}"))] {
            match (Ask { command: command.into(), text: text.clone() }).wish(book()) {
                Wish::Phrase { topic, choice, guessed: Some(Guess::Search(query)) } => {
                    assert_eq!((&*topic.id, &*query), ("delay", "late delivery"), "{text}");
                    assert!(check(&choice), "{text}: {choice:?}");
                }
                wish => panic!("{text}: {wish:?}"),
            }
        }
    }
    for text in
        ["still waiting for a reply", "late delivery 412", "kept waiting in room 2", "nobody came to the letter"]
    {
        let wish = (Ask { command: "recover".into(), text: text.into() }).wish(book());
        let plain = match &wish {
            Wish::Phrase { choice, .. } => choice.which == Which::Any,
            _ => true,
        };
        assert!(plain, "{text}: {wish:?}");
    }
}

/// What strangers type after a topic (docs/proof.md): names in every dress, and descriptions. A name goes to whoever is
/// spoken to, a description to nobody.
#[test]
fn names_and_descriptions_after_a_topic_are_told_apart() {
    let (mut all, mut wrong) = (0, String::new());
    for row in include_str!("../fixtures/tails.tsv").lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let (command, topic) = cells[1].split_once('.').unwrap();
        let asked = Ask { command: command.into(), text: format!("{topic} {}", cells[2]) };
        let answer = answer(book(), &asked, 0);
        let taken =
            answer.fields().iter().find(|(slot, _)| slot.takes_name).and_then(|(_, value)| value.map(str::to_owned));
        all += 1;
        let plain = |name: &str| name.replace('.', "").to_lowercase();
        if plain(taken.as_deref().unwrap_or_default()) != plain(cells[3]) {
            wrong.extend(["\n", cells[1], " ", cells[2], &format!(" → {taken:?}, not {:?}", cells[3])]);
        }
    }
    let many = wrong.lines().skip(1).count();
    assert!(many * 100 <= all * 3, "{many} of {all} are wrong:{wrong}");
}
