//! A phrasebook that is wrong says where, what, and what would be right; and folders lie over one another.

use saywell::{
    chat::ALL,
    say::book::{Later, Phrasebook, Source},
    shelf::reserved,
};

const MEND: &str = include_str!("../fixtures/mend.toml");
const OURS: &str = include_str!("../fixtures/sources.toml");

fn source(name: &str, layer: usize, text: impl Into<String>) -> Source {
    Source { name: name.into(), layer, text: text.into().into() }
}

fn faults(sources: &[Source]) -> Vec<String> {
    Phrasebook::parse(sources, &reserved()).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// `mend.toml` with one thing replaced has these faults, each `line:column: what; hint`.
fn check(rows: &[(&str, &str, &[&str])]) {
    for (from, to, expected) in rows {
        assert_eq!(MEND.matches(from).count(), 1, "{from} is there once");
        let sources = [source("sources.toml", 0, OURS), source("mend.toml", 0, MEND.replace(from, to))];
        let expected: Vec<String> = expected.iter().map(|fault| format!("mend.toml:{fault}")).collect();
        assert_eq!(faults(&sources), expected, "{from} => {to}");
    }
}

#[test]
fn the_small_book_of_these_tests_is_whole() {
    assert_eq!(faults(&[source("sources.toml", 0, OURS), source("mend.toml", 0, MEND)]), [""; 0]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_template_that_does_not_read_shows_the_very_mark() {
    check(&[
        (
            "We lost it.",
            "We lost it, {{item}}.",
            &[
                "41:20: the slot `item` is not declared; declare it with [slot.item] and an `ask` and an `example`, or use a declared one",
            ],
        ),
        ("We lost it.", "We lost {{customer.", &["41:16: a slot that never ends; close it with }}"]),
        (
            "We lost it.",
            "We lost {customer}.",
            &[
                "41:16: a single opening brace; a slot is written {{name}}; write \\{ for a brace that is meant to be seen",
                "41:25: a closing brace without an opening one; write \\} for a brace that is meant to be seen",
            ],
        ),
        (
            "We lost it.",
            "We lost [it].",
            &[
                "41:16: a clause without a slot; a clause comes and goes with its slots: put one inside, or take the brackets away",
            ],
        ),
        (
            "We lost it.",
            "We lost [{{customer}}.",
            &["41:16: a clause that never ends; close it with ], or write \\[ for a bracket that is meant to be seen"],
        ),
        (
            "We lost it.",
            "We lost it].",
            &["41:18: a closing bracket without an opening one; write \\] for a bracket that is meant to be seen"],
        ),
        (
            "We lost it.",
            "We lost it}.",
            &["41:18: a closing brace without an opening one; write \\} for a brace that is meant to be seen"],
        ),
        (
            "We lost it.",
            "We [lost [{{customer}}] it].",
            &[
                "41:17: a clause inside a clause; clauses do not nest: close the first with ] before this one",
                "41:34: a closing bracket without an opening one; write \\] for a bracket that is meant to be seen",
            ],
        ),
        (
            "We lost it.",
            "We lost {{Customer}}.",
            &[
                "41:16: `Customer` is not a slot's name; a name is lower-case letters, digits and underscores, and begins with a letter: {{customer}}",
            ],
        ),
        (
            "We lost it.",
            "We lost {{customer| }}.",
            &[
                "41:16: a fallback with no words, or with space around them; write {{item|the words}}; leave the bar out where there is nothing to fall back on",
            ],
        ),
        (
            "We lost it.",
            "We lost {{customer|a[b}}.",
            &[
                "41:16: `[` inside a fallback; a fallback is plain words; put a backslash before a mark that is meant to be seen",
            ],
        ),
        (
            "We lost it.",
            "We lost[ {{customer|you}}].",
            &[
                "41:17: a fallback inside a clause can never be seen; the clause is there only when its slots are filled: leave the fallback out",
            ],
        ),
        (
            "We lost it.",
            "We lost it",
            &[
                "41:7: it does not end with a full stop, a question mark or an exclamation mark; filled in one of its ways it reads “We lost it”",
            ],
        ),
        (
            "We lost it.",
            "We  lost it.",
            &[
                "41:7: `say` has spaces or characters that cannot be seen; write it on one line, with single spaces and without invisible characters",
            ],
        ),
        (
            "We lost it.",
            "We lost it, [{{customer}}].",
            &["41:7: there are two punctuation marks in a row; filled in one of its ways it reads “We lost it,.”"],
        ),
        (
            "\"We lost it.\"",
            "'We \\lost it.'",
            &[
                "41:11: a backslash that escapes nothing; a backslash may stand before [ ] { } | and \\; write \\\\ for the character itself",
            ],
        ),
        ("\"We lost it.\"", "\"\"", &["41:7: `say` is empty; say it in words, or take the entry away"]),
        (
            "\"We lost it.\"",
            "\"We \\u202elost it.\"",
            &[
                "41:7: `say` has spaces or characters that cannot be seen; write it on one line, with single spaces and without invisible characters",
            ],
        ),
        (
            "\"We lost it.\"",
            "\"\"\"We\nlost {{it}}.\"\"\"",
            &[
                "41:7: `say` has spaces or characters that cannot be seen; write it on one line, with single spaces and without invisible characters",
                "42:6: the slot `it` is not declared; declare it with [slot.it] and an `ask` and an `example`, or use a declared one",
            ],
        ),
        (
            "\"We lost it.\"",
            "42",
            &[
                "41:7: invalid type: integer `42`, expected a string; docs/phrasebook.md describes the format key by key",
            ],
        ),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_name_that_is_wrong_or_taken_or_nobodys_is_named() {
    check(&[
        (
            "id = \"soon\"",
            "id = \"sorry\"",
            &["26:1: the phrase `sorry` is there twice; it stands at line 20 already: give this one an id of its own"],
        ),
        (
            "[\"missing\"]",
            "[\"slow\"]",
            &["34:12: the alias `slow` is given twice; `late` has it already: leave it there or here"],
        ),
        (
            "[\"missing\"]",
            "[\"missing\", \"late\"]",
            &[
                "34:23: the alias `late` hides a topic; `late` is a topic of its own, and the alias would hide it: take the alias away",
            ],
        ),
        (
            "[\"missing\"]",
            "[\"missing\", \"missing\"]",
            &["34:23: the alias `missing` is given twice; `lost` has it already: leave it there or here"],
        ),
        (
            "[\"missing\"]",
            "[\"42\"]",
            &[
                "34:12: `42` is not an alias; lower-case letters and digits with single dashes between them: not-our-fault",
            ],
        ),
        (
            "[\"missing\"]",
            "[\"Missing!\"]",
            &[
                "34:12: `Missing!` is not an alias; lower-case letters and digits with single dashes between them: not-our-fault",
            ],
        ),
        (
            "[\"missing\"]",
            "[\"steps\"]",
            &["34:12: `steps` cannot be an alias; the word means something after a command: choose another"],
        ),
        (
            "[\"missing\"]",
            "\"missing\"",
            &[
                "34:11: invalid type: string \"missing\", expected a sequence; docs/phrasebook.md describes the format key by key",
            ],
        ),
        (
            "why = \"It owns up.\"\nsource = \"ours\"",
            "why = \"It owns up.\"\nsource = \"hours\"",
            &["43:10: there is no source `hours`; did you mean `ours`? Otherwise add it to sources.toml"],
        ),
        (
            "why = \"It owns up.\"\nsource = \"ours\"",
            "why = \"It owns up.\"\nsource = \"zebra\"",
            &["43:10: there is no source `zebra`; sources.toml has none of that id: add it there"],
        ),
        (
            "{{day|time}}",
            "Monday",
            &["16:18: the slot `day` is used by no phrase of the topic; use it, or take it away"],
        ),
        ("id = \"own\"\n", "", &["39:1: `id` is missing; add id = \"…\""]),
        (
            "id = \"own\"\nsay = \"We lost it.\"\nwhy = \"It owns up.\"\nsource = \"ours\"\nstep = \"own\"\n\n\
             [[topic.lost.phrase]]\nid = \"hear\"",
            "say = \"We lost it.\"\nwhy = \"It owns up.\"\nsource = \"ours\"\nstep = \"own\"\n\n[[topic.lost.phrase]]",
            &["39:1: `id` is missing; add id = \"…\"", "45:1: `id` is missing; add id = \"…\""],
        ),
        (
            "id = \"own\"",
            "id = \"Own it\"",
            &[
                "40:6: `Own it` is not an id; lower-case letters and digits with single dashes between them: not-our-fault",
            ],
        ),
        ("mend.lost", "mend.lots", &["14:12: there is no topic `mend.lots`; did you mean `mend.lost`?"]),
        ("mend.lost", "lost", &["14:12: there is no topic `lost`; write it as command.topic"]),
        (
            "[topic.lost]",
            "[topic.late]",
            &[
                "32:8: duplicate key; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
                "33:1: duplicate key; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
                "34:1: duplicate key; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
                "35:1: duplicate key; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
                "36:1: duplicate key; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
                "37:1: duplicate key; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
            ],
        ),
        (
            "[slot.customer]",
            "[slot.customer",
            &[
                "4:15: unclosed table, expected `]`; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
            ],
        ),
        (
            "[slot.customer]",
            "[slot.Customer]",
            &[
                "4:7: `Customer` is not a slot's name; lower-case letters, digits and underscores, at most 32, a letter first: customer",
                "4:7: the slot `Customer` is used by no phrase of the file; use it, or take it away",
                "22:30: the slot `customer` is not declared; declare it with [slot.customer] and an `ask` and an `example`, or use a declared one",
                "48:21: the slot `customer` is not declared; declare it with [slot.customer] and an `ask` and an `example`, or use a declared one",
            ],
        ),
        (
            "[slot.customer]",
            "[slot.format]\nask=\"a?\"\nexample=\"b\"\n[slot.customer]",
            &[
                "4:7: `format` cannot be a slot; the word means something else in a command or in a URL: choose another name",
                "4:7: the slot `format` is used by no phrase of the file; use it, or take it away",
            ],
        ),
    ]);
}

#[test]
fn a_key_that_is_missing_unknown_or_of_the_wrong_kind_is_named() {
    check(&[
        (
            "Too late",
            "It was much too late, later than anybody had ever thought it could get",
            &["9:9: `title` is 70 characters long; chat platforms have room for 60 here"],
        ),
        ("Too late", "So late that there is room for just this many letters and no", &[]),
        ("title = \"Too late\"\n", "", &["8:8: `title` is missing; add title = \"…\""]),
        ("tip = \"Call before they do.\"\nav", "av", &["8:8: `tip` is missing; add tip = \"…\""]),
        (
            "tip = \"Call before they do.\"",
            "tipp = \"Call before they do.\"",
            &[
                "8:8: `tip` is missing; add tip = \"…\"",
                "12:1: unknown key `tipp`; did you mean `tip`? The keys here are extend, hide, title, aliases, questions, letter, when, tip, avoid, related, slot, phrase",
            ],
        ),
        (
            "tip = \"Call before they do.\"",
            "colour = \"Call before they do.\"",
            &[
                "8:8: `tip` is missing; add tip = \"…\"",
                "12:1: unknown key `colour`; the keys here are extend, hide, title, aliases, questions, letter, when, tip, avoid, related, slot, phrase",
            ],
        ),
        (
            "why = \"It owns up.\"",
            "wy = \"It owns up.\"",
            &[
                "39:1: `why` is missing; add why = \"…\"",
                "42:1: unknown key `wy`; did you mean `why`? The keys here are id, say, why, source, step, tone, instead_of, only_if, needs, speaker",
            ],
        ),
        (
            "source = \"ours\"\nstep = \"own\"",
            "step = \"own\"",
            &["39:1: `source` is missing; add the id of the article that it is drawn from: source = \"…\""],
        ),
        (
            "step = \"own\"",
            "",
            &[
                "39:1: a phrase of a play without a step; add step = \"acknowledge\" (own, explore, make-right, exceed, follow-up)",
            ],
        ),
        (
            "step = \"own\"",
            "step = \"ownn\"",
            &[
                "44:8: unknown variant `ownn`, expected one of `acknowledge`, `own`, `explore`, `make-right`, `exceed`, `follow-up`; did you mean `own`?",
            ],
        ),
        (
            "tone = \"warm\"",
            "tone = \"loud\"",
            &[
                "52:8: unknown variant `loud`, expected one of `warm`, `direct`, `formal`; docs/phrasebook.md describes the format key by key",
            ],
        ),
        (
            "tip = \"Look.\"",
            "tip = \"Look.",
            &[
                "36:13: invalid basic string, expected `\"`; the files are TOML 1.1: strings in quotes, lists in brackets, each key once",
            ],
        ),
        ("title = \"Mend\"\n", "", &["1:1: `title` is missing; add title = \"…\" at the top of the file"]),
        (
            "title = \"Mend\"",
            "titel = \"Mend\"",
            &[
                "1:1: unknown key `titel`; did you mean `title`? The keys here are title, about, order, slot, topic",
                "1:1: `title` is missing; add title = \"…\" at the top of the file",
            ],
        ),
    ]);
}

#[test]
fn many_faults_are_reported_at_once_and_in_order() {
    let many = include_str!("../fixtures/broken/many.toml");
    let found = faults(&[source("sources.toml", 0, OURS), source("many.toml", 0, many)]);
    let expected = [
        "many.toml:2:9: `about` is empty; say it in words, or take the entry away",
        "many.toml:3:1: unknown key `colour`; the keys here are title, about, order, slot, topic",
        "many.toml:5:7: `example` is missing; add example = \"…\"",
        "many.toml:8:7: `seed` cannot be a slot; the word means something else in a command or in a URL: choose another name",
        "many.toml:8:7: the slot `seed` is used by no phrase of the file; use it, or take it away",
        "many.toml:12:8: `title` is missing; add title = \"…\"",
        "many.toml:13:1: unknown key `titel`; did you mean `title`? The keys here are extend, hide, title, aliases, questions, letter, when, tip, avoid, related, slot, phrase",
        "many.toml:14:19: `One` is not an alias; lower-case letters and digits with single dashes between them: not-our-fault",
        "many.toml:14:26: `share` cannot be an alias; the word means something after a command: choose another",
        "many.toml:16:7: `tip` has spaces or characters that cannot be seen; write it on one line, with single spaces and without invisible characters",
        "many.toml:18:12: there is no topic `many.tow`; did you mean `many.two`?",
        "many.toml:20:1: a phrase of a play without a step; add step = \"acknowledge\" (own, explore, make-right, exceed, follow-up)",
        "many.toml:22:11: a slot that never ends; close it with }}",
        "many.toml:24:10: there is no source `our`; did you mean `ours`? Otherwise add it to sources.toml",
        "many.toml:26:1: `why` is missing; add why = \"…\"",
        "many.toml:27:6: `a b` is not an id; lower-case letters and digits with single dashes between them: not-our-fault",
        "many.toml:28:11: a clause without a slot; a clause comes and goes with its slots: put one inside, or take the brackets away",
        "many.toml:28:19: the slot `nobody` is not declared; declare it with [slot.nobody] and an `ask` and an `example`, or use a declared one",
        "many.toml:28:31: a single opening brace; a slot is written {{name}}; write \\{ for a brace that is meant to be seen",
        "many.toml:28:33: a closing brace without an opening one; write \\} for a brace that is meant to be seen",
        "many.toml:35:7: invalid type: integer `3`, expected a string; docs/phrasebook.md describes the format key by key",
        "many.toml:37:10: phrases are a list; write [[topic.name.phrase]] in double brackets",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_file_must_have_the_name_of_a_command() {
    for (name, expected) in [
        (
            "slack.toml",
            "slack.toml:1:1: `slack` is a reserved name; the service has a path or a word of that name: rename the file",
        ),
        (
            "en/Mend.toml",
            "en/Mend.toml:1:1: `Mend` cannot be a command; a file is named after its command: lower-case letters, digits and single dashes, at most 31, a letter first",
        ),
        (
            "2nd.toml",
            "2nd.toml:1:1: `2nd` cannot be a command; a file is named after its command: lower-case letters, digits and single dashes, at most 31, a letter first",
        ),
    ] {
        let text = MEND.replace("related = [\"mend.lost\"]", "");
        assert_eq!(faults(&[source("sources.toml", 0, OURS), source(name, 0, text)]), [expected]);
    }
    let empty = faults(&[source("none.toml", 0, "title = \"None\"\nabout = \"Nothing.\"")]);
    assert_eq!(empty, ["none.toml:1:1: a command without topics; add [topic.name] with its phrases"]);
}

#[test]
fn no_command_has_the_name_of_a_platform() {
    for kind in ALL {
        let text = MEND.replace("related = [\"mend.lost\"]", "");
        let found = faults(&[source("sources.toml", 0, OURS), source(&format!("{}.toml", kind.name), 0, text)]);
        assert!(found.concat().contains("` is a reserved name"), "{}: {found:?}", kind.name);
    }
}

#[test]
fn a_group_of_synonyms_is_two_words_or_more_each_once() {
    let check = |layer, groups: &str, expected: &[&str]| {
        let sources =
            [source("sources.toml", 0, OURS), source("mend.toml", 0, MEND), source("en/synonyms.toml", layer, groups)];
        let expected: Vec<String> = expected.iter().map(|fault| format!("en/synonyms.toml:{fault}")).collect();
        assert_eq!(faults(&sources), expected, "{groups}");
    };
    check(1, "groups = [\"late overdue past-due\", \"late tardy\"]", &[]);
    check(0, "", &["1:1: `groups` is missing; add groups = [\"angry furious livid\", …]"]);
    check(
        0,
        "groups = [\"late\"]\ngruops = []",
        &[
            "1:11: a group of one; write the words that mean the same, or take the group away",
            "2:1: unknown key `gruops`; did you mean `groups`? The keys here are groups, kind",
        ],
    );
    let hint = "lower-case letters and digits; words that belong together are joined by dashes, four at most: on-hold";
    check(0, "groups = [\"late Overdue\"]", &[&format!("1:11: `Overdue` is not a synonym; {hint}")]);
    check(0, "groups = [\"late a-b-c-d-e\"]", &[&format!("1:11: `a-b-c-d-e` is not a synonym; {hint}")]);
    check(0, "groups = [\"late late\"]", &["1:11: `late` is there twice; once is enough in a group"]);
    check(1, "kind.customer = \"\"\"guest\ntenant\"\"\"", &[]);
    check(0, "kind.customer = \"guest Tenant\"", &[&format!("1:17: `Tenant` is not a synonym; {hint}")]);
    check(0, "kind.customer = \"guest guest\"", &["1:17: `guest` is there twice; once is enough in a group"]);
}

#[test]
fn a_phrase_that_could_outgrow_a_chat_message_is_refused() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let slots = names.map(|name| format!("[topic.late.slot.{name}]\nask = \"Which?\"\nexample = \"x\"\n")).concat();
    let say = names.map(|name| format!("{{{{{name}}}}} ")).concat();
    let text = MEND.replace("[topic.late.slot.day]", &format!("{slots}[topic.late.slot.day]"));
    let text = text.replace("on {{day|time}} now", &format!("{say}{{{{day}}}}"));
    let found = faults(&[source("sources.toml", 0, OURS), source("mend.toml", 0, text)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("mend.toml:58:7: the phrase can grow to 2"), "{found:?}");
}

#[test]
fn a_phrase_is_filled_in_many_ways_before_it_is_believed() {
    let names = ["a", "b", "c", "d", "e"];
    let filled = |say: &str| {
        let slots = names.into_iter().filter(|name| say.contains(&format!("{{{{{name}}}}}")));
        let slots = slots.map(|name| format!("[topic.lost.slot.{name}]\nask = \"Which?\"\nexample = \"x\"\n"));
        let text = MEND.replace("We lost it.", say) + &slots.collect::<String>();
        faults(&[source("sources.toml", 0, OURS), source("mend.toml", 0, text)]).join("\n")
    };
    for (say, read) in [
        // Wrong with two slots of four only, with the last two of five, and with the second of five missing.
        ("Look[ at {{a}},][ or {{b}} too][ or {{c}} then][; {{d}}] now.", "Look at Ana Lee,; Ana Lee now."),
        ("Look[ at {{a}},][ or {{b}} too][; {{c}}] now, {{d}} and {{e}}.", "Look at Ana Lee,; Ana Lee now"),
        ("{{a}}, {{b}} or {{c}} look[ at {{d}},][; {{e}}] now.", "look at Ana Lee,; Ana Lee now."),
    ] {
        assert!(filled(say).contains(read), "{say}: {}", filled(say));
    }
}

#[test]
fn an_article_with_faults_is_named_too() {
    let text = "[Ours]\ntitle = \"Ours\"\nauthor = \"Us\"\npublished = \"March 2013\"\nurl = \"javascript:alert(1)\"\nschool = \"tests\"\nadvise = \"Test.\"\n";
    assert_eq!(
        faults(&[source("sources.toml", 0, text)]),
        [
            "sources.toml:1:2: `Ours` is not an id; lower-case letters and digits with single dashes between them: not-our-fault",
            "sources.toml:1:2: `advice` is missing; add advice = \"…\"",
            "sources.toml:4:13: `March 2013` is not a day; write it as 2013-03-02, or leave the key out",
            "sources.toml:5:7: `javascript:alert(1)` is not an address; write it as https://example.com/article, or leave the key out",
            "sources.toml:7:1: unknown key `advise`; did you mean `advice`? The keys here are title, author, published, url, school, advice",
        ]
    );
}

#[test]
fn a_fault_is_drawn_with_the_line_it_is_in() {
    let sources = [source("sources.toml", 0, OURS), source("mend.toml", 0, MEND.replace("mend.lost", "mend.lots"))];
    let faults = Phrasebook::parse(&sources, &reserved()).unwrap_err();
    let drawn = faults[0].draw(&sources, false);
    for part in
        ["there is no topic `mend.lots`", "mend.toml:14:12", "related = [\"mend.lots\"]", "did you mean `mend.lost`?"]
    {
        assert!(drawn.contains(part), "{drawn}");
    }
    let text = MEND.replace("We lost it.", "We lost {{item}} there.");
    let faults =
        Phrasebook::parse(&[source("sources.toml", 0, OURS), source("mend.toml", 0, text.clone())], &reserved())
            .unwrap_err();
    assert_eq!(&text[faults[0].at.clone()], "{{item}}");
}

// ---- layers --------------------------------------------------------------------------------------------------------

/// A folder laid over the small book.
fn laid(upper: &[(&str, &str)]) -> Result<Phrasebook, Vec<String>> {
    let mut sources = vec![source("sources.toml", 0, OURS), source("mend.toml", 0, MEND)];
    sources.extend(upper.iter().map(|(name, text)| source(&format!("upper/{name}"), 1, *text)));
    Phrasebook::parse(&sources, &reserved()).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

#[test]
fn a_book_made_to_be_slow_is_refused_before_it_is_read() {
    // Three bytes each, and a table; the time would be seconds.
    let text = format!("[topic.a]\nphrase = [{}]\n", "{},".repeat(2_000_001));
    let told = faults(&[source("sources.toml", 0, OURS), source("mend.toml", 0, text)]);
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert!(told.starts_with("mend.toml:2:") && told.contains("more than 2500000 keys, texts, signs"), "{told}");
}

#[test]
fn of_many_keys_that_nobody_knows_the_first_are_told() {
    let lines: Vec<String> = (0..50_000).map(|number| format!("a{number}.b = 1\n")).collect();
    let told = faults(&[source("sources.toml", 0, OURS), source("mend.toml", 0, lines.concat())]);
    assert_eq!(told.len(), saywell::say::book::Fault::MOST);
    assert!(told[0].starts_with("mend.toml:1:1: unknown key `a0`"), "{}", told[0]);
}

/// A topic of two phrases.
fn topic(id: &str, aliases: &str, source: &str) -> String {
    format!(
        "[topic.{id}]\ntitle = \"New\"\naliases = [{aliases}]\nwhen = \"Now.\"\ntip = \"Do.\"\navoid = \"Not.\"\n\
         [[topic.{id}.phrase]]\nid = \"a\"\nsay = \"New one.\"\nwhy = \"One.\"\nsource = \"{source}\"\n\
         [[topic.{id}.phrase]]\nid = \"b\"\nsay = \"New two.\"\nwhy = \"Two.\"\nsource = \"{source}\"\n"
    )
}

#[test]
fn an_upper_topic_replaces_the_one_below_and_the_rest_stays() {
    let book = laid(&[("mend.toml", &topic("lost", "\"gone\"", "ours"))]).unwrap();
    let mend = book.command("mend").unwrap();
    assert_eq!(mend.title.as_ref(), "Mend");
    assert_eq!(mend.topics.iter().map(|topic| &*topic.id).collect::<Vec<_>>(), ["late", "lost"]);
    assert_eq!(mend.topic("gone").unwrap().phrases[0].say.fill(&[]), "New one.");
    assert!(mend.topic("missing").is_none(), "the aliases of the replaced topic went with it");
    assert_eq!(
        mend.topic("slow").unwrap().phrases[0].say.fill(&[Some("Friday"), Some("Ana")]),
        "I'm sorry it's late, Ana."
    );
}

#[test]
fn an_upper_folder_adds_topics_commands_and_sources() {
    let new = topic("found", "", "theirs");
    let other = format!("title = \"Other\"\nabout = \"Other.\"\n{}", topic("thing", "", "theirs"));
    let theirs = "[theirs]\ntitle = \"Theirs\"\nauthor = \"They\"\nschool = \"tests\"\nadvice = \"Try.\"\n";
    let book = laid(&[("mend.toml", &new), ("other.toml", &other), ("sources.toml", theirs)]).unwrap();
    assert_eq!(book.command("mend").unwrap().topics.len(), 3);
    let phrase = &book.topic("other.thing").unwrap().phrases[0];
    assert_eq!(book.article_of(phrase).unwrap().author.as_ref(), "They");
    assert_eq!(book.articles.len(), 2);
}

#[test]
fn a_topic_has_a_name_that_can_be_typed_and_is_no_number() {
    let kebab = "lower-case letters and digits with single dashes between them: not-our-fault";
    for id in ["Found", "42"] {
        let faults = laid(&[("mend.toml", &topic(id, "", "ours"))]).unwrap_err();
        assert_eq!(faults, [format!("upper/mend.toml:1:8: `{id}` is not an id; {kebab}")]);
    }
}

#[test]
fn a_command_of_an_upper_folder_alone_needs_its_own_title() {
    let faults = laid(&[("other.toml", &topic("thing", "", "ours"))]).unwrap_err();
    assert_eq!(
        faults,
        [
            "upper/other.toml:1:1: `title` is missing; add title = \"…\" at the top of the file",
            "upper/other.toml:1:1: `about` is missing; add about = \"…\" at the top of the file",
        ]
    );
}

#[test]
fn a_name_belongs_to_the_uppermost_folder_that_gives_it() {
    let book = laid(&[("mend.toml", &topic("found", "\"slow\"", "ours"))]).unwrap();
    let mend = book.command("mend").unwrap();
    assert_eq!(mend.topic("slow").unwrap().id.as_ref(), "found");
    assert_eq!(mend.topic("late").unwrap().aliases, ["waiting".into()], "it is no longer an alias below");
    assert_eq!(mend.topic("waiting").unwrap().id.as_ref(), "late");

    let book = laid(&[("mend.toml", &topic("slow", "", "ours"))]).unwrap();
    assert_eq!(
        book.command("mend").unwrap().topic("slow").unwrap().id.as_ref(),
        "slow",
        "a topic takes an alias below"
    );

    let faults = laid(&[("mend.toml", &topic("found", "\"late\"", "ours"))]).unwrap_err();
    assert!(faults[0].starts_with("upper/mend.toml:3:12: the alias `late` hides a topic"), "{faults:?}");
}

#[test]
fn a_slot_below_may_be_left_without_a_phrase_by_the_folder_above() {
    let both = topic("late", "", "ours") + &topic("lost", "", "ours");
    assert!(laid(&[("mend.toml", &both)]).is_ok());
    let with_slot = format!("[slot.extra]\nask = \"Which?\"\nexample = \"x\"\n{both}");
    let faults = laid(&[("mend.toml", &with_slot)]).unwrap_err();
    assert_eq!(
        faults,
        ["upper/mend.toml:1:7: the slot `extra` is used by no phrase of the file; use it, or take it away"]
    );
}

#[test]
fn a_topic_that_extends_keeps_what_it_does_not_say_and_puts_its_own_first() {
    let upper = "[topic.late]\nextend = true\nhide = [\"soon\"]\naliases = [\"tardy\", \"slow\"]\n\
        [topic.late.slot.hour]\nask = \"When?\"\nexample = \"five\"\n\
        [[topic.late.phrase]]\nid = \"ours\"\nsay = \"Here at {{hour}}.\"\nwhy = \"W.\"\nsource = \"ours\"\n\
        [[topic.late.phrase]]\nid = \"more\"\nsay = \"Soon.\"\nwhy = \"W.\"\nsource = \"ours\"\n";
    let book = laid(&[("mend.toml", upper)]).unwrap();
    let late = book.topic("mend.late").unwrap();
    let ids: Vec<&str> = late.phrases.iter().map(|phrase| &*phrase.id).collect();
    assert_eq!(ids, ["ours", "more", "sorry"]);
    assert_eq!((&*late.title, &*late.when, &*late.tip), ("Too late", "A date has gone by.", "Call before they do."));
    assert_eq!(late.aliases, ["tardy".into(), "slow".into(), "waiting".into()]);
    let slots: Vec<&str> = late.slots.iter().map(|slot| &*slot.name).collect();
    assert_eq!(slots, ["hour", "customer"], "the slot of the hidden phrase went with it");
    assert_eq!(book.topic("mend.lost").unwrap().phrases.len(), 2);

    let replaced = "[topic.late]\nextend = true\ntitle = \"Tardy\"\n[[topic.late.phrase]]\n\
        id = \"sorry\"\nsay = \"Sorry.\"\nwhy = \"W.\"\nsource = \"ours\"\n";
    let book = laid(&[("mend.toml", replaced)]).unwrap();
    let late = book.topic("mend.late").unwrap();
    assert_eq!((&*late.title, late.phrases.len()), ("Tardy", 2));
    assert_eq!(late.phrases[late.place("sorry").unwrap()].say.fill(&[]), "Sorry.");
}

#[test]
fn a_letter_goes_on_without_the_phrases_that_are_hidden() {
    let lower = MEND
        .replace("id = \"hear\"", "id = \"hear\"\n")
        .replace("avoid = \"Shrugs.\"", "avoid = \"Shrugs.\"\nletter = [\"hear\", \"own\"]");
    let upper = "[topic.lost]\nextend = true\nhide = [\"hear\"]\n[[topic.lost.phrase]]\nid = \"ours\"\n\
        step = \"acknowledge\"\nsay = \"Oh.\"\nwhy = \"W.\"\nsource = \"ours\"\n";
    let letter = |upper: &str| {
        let sources = [
            source("sources.toml", 0, OURS),
            source("mend.toml", 0, lower.clone()),
            source("upper/mend.toml", 1, upper),
        ];
        let book = Phrasebook::parse(&sources, &reserved()).unwrap();
        let lost = book.topic("mend.lost").unwrap();
        lost.letter.iter().map(|place| lost.phrases[*place as usize].id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(letter(upper), ["own"]);
    assert_eq!(letter(&upper.replace("hide", "letter = [\"ours\", \"own\"]\nhide")), ["ours", "own"]);
}

#[test]
fn a_topic_that_cannot_extend_says_why() {
    let phrase = "[[topic.late.phrase]]\nid = \"ours\"\nsay = \"Oh.\"\nwhy = \"W.\"\nsource = \"ours\"\n";
    let check = |upper: String, expected: &str| {
        let faults = laid(&[("mend.toml", &upper)]).unwrap_err();
        assert_eq!(faults, [format!("upper/mend.toml:{expected}")], "{upper}");
    };
    check(
        format!("[topic.late]\nextend = true\nhide = [\"son\"]\n{phrase}"),
        "3:9: there is no phrase `son` to hide; did you mean `soon`?",
    );
    check(
        "[topic.late]\nextend = true\nhide = [\"soon\"]\n".to_owned(),
        "1:8: one phrase is too few for *Another*; write at least two phrases a topic",
    );
    check(
        format!("[topic.lat]\nextend = true\n{}", phrase.replace("late", "lat")),
        "1:8: there is no topic `lat` below to extend; did you mean `late`?",
    );
    check(
        format!("[topic.late]\nextend = true\n{phrase}step = \"own\"\n"),
        "3:1: a step in a topic that is no play; the phrases below have no steps: take it away",
    );
    check(
        format!("[topic.lost]\nextend = true\n{}", phrase.replace("late", "lost")),
        "3:1: a phrase of a play without a step; add step = \"acknowledge\" (own, explore, make-right, exceed, follow-up)",
    );
    let whole = topic("late", "", "ours").replace("[topic.late]\n", "[topic.late]\nhide = [\"soon\"]\n");
    check(
        whole,
        "2:9: `hide` in a topic that extends none; add extend = true: without it the topic below is replaced whole",
    );
}

#[test]
fn questions_stand_below_the_topic_that_they_are_about() {
    let check = |text: &str, expected: &[&str]| {
        let expected: Vec<String> = expected.iter().map(|fault| format!("upper/en/mend.questions:{fault}")).collect();
        let found = laid(&[("en/mend.questions", text)]).err().unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    };
    check("# What people ask.\n\n[late]\nwhere is my zebra\r\n", &[]);
    check(
        "no topic yet\n\n  [lat]\na\n",
        &[
            "1:1: a question of no topic; write the topic's id in brackets, [billing], in a line before it",
            "3:3: there is no topic `lat` in this command; did you mean `late`?",
        ],
    );
    check(
        "[late]\na\u{200b}b\n",
        &[
            "2:1: `question` has spaces or characters that cannot be seen; write it on one line, with single spaces and without invisible characters",
        ],
    );
    check(
        &format!("[late]\n {}\n", "x".repeat(121)),
        &["2:2: `question` is 121 characters long; chat platforms have room for 120 here"],
    );
    check(
        &format!("[late]\n{}", "a\n".repeat(100_000)),
        &["100001:1: the file has more than 100000 lines; take away what nobody needs"],
    );
    assert_eq!(
        laid(&[("mned.questions", "[late]\na\n")]).unwrap_err(),
        [
            "upper/mned.questions:1:1: questions for `mned`, which is no command; name it after a command that is there: recover.questions"
        ]
    );
}

#[test]
fn questions_go_to_the_topic_as_it_is_in_their_layer() {
    fn asked(_: &[u8]) -> Vec<Source> {
        vec![source("mend.questions", 0, "[late]\nwhere is my zebra\n[lost]\nthe yak has gone\n")]
    }
    let later = Later { packed: b"asked", unpack: asked, lowest: b"the rest" };
    let phrase = "[[topic.late.phrase]]\nid = \"new\"\nsay = \"Now.\"\nwhy = \"It is short.\"\nsource = \"ours\"\n";
    let extended = format!("[topic.late]\nextend = true\n{phrase}");
    let replaced = topic("late", "", "ours");
    let ours = ("mend.questions", "[late]\nany walrus today\n");
    for (upper, zebra, walrus) in [
        (vec![], true, false),
        (vec![("mend.toml", &*extended)], true, false),
        (vec![("mend.toml", &*replaced)], false, false),
        (vec![ours, ("mend.toml", &*replaced)], false, true),
        (vec![ours], true, true),
    ] {
        let mut sources = vec![source("sources.toml", 0, OURS), source("mend.toml", 0, MEND)];
        sources.extend(upper.iter().map(|(name, text)| source(&format!("upper/{name}"), 1, *text)));
        let first = Phrasebook::parse_on_known(&sources, &reserved(), Some(later)).unwrap();
        let none = Phrasebook::parse_on_known(&sources, &reserved(), None).unwrap();
        let other =
            Phrasebook::parse_on_known(&sources, &reserved(), Some(Later { packed: b"told", ..later })).unwrap();
        assert!(first.hash != none.hash && first.hash != other.hash);
        sources.extend(asked(&[]));
        let read = Phrasebook::parse(&sources, &reserved()).unwrap();
        for book in [first, read] {
            let finds = |question: &str| book.find(None, question).hits.first().map(|hit| hit.topic.dotted());
            assert_eq!(finds("zebra").as_deref(), zebra.then_some("mend.late"), "{upper:?}");
            assert_eq!(finds("walrus").as_deref(), walrus.then_some("mend.late"), "{upper:?}");
            assert_eq!(finds("yak").as_deref(), Some("mend.lost"), "{upper:?}");
        }
    }
}

#[test]
fn two_files_of_one_folder_cannot_hold_one_topic() {
    let one = topic("late", "", "ours");
    let faults = laid(&[("a/mend.toml", &one), ("b/mend.toml", &one)]).unwrap_err();
    assert_eq!(
        faults,
        [
            "upper/b/mend.toml:1:8: the topic `late` is there twice; upper/a/mend.toml has it already, in the same folder: leave it there or here"
        ]
    );
}

#[test]
fn the_fingerprint_changes_with_any_word_and_not_with_the_order_of_files() {
    let (ours, mend) = (source("sources.toml", 0, OURS), source("mend.toml", 0, MEND));
    let hash = |sources: &[Source]| Phrasebook::parse(sources, &reserved()).unwrap().hash;
    assert_eq!(hash(&[ours.clone(), mend.clone()]), hash(&[mend.clone(), ours.clone()]));
    let changed = source("mend.toml", 0, MEND.replace("We lost it.", "We lost it!"));
    assert_ne!(hash(&[ours.clone(), mend]), hash(&[ours, changed]));
}
