//! The phrasebook that is shipped: every phrase in every way it can be filled, what there must be, and what it covers.

use std::{collections::HashSet, fs, path::Path};

use proptest::prelude::*;
use saywell::{
    say::{
        answer::answer,
        ask::{Ask, Choice},
        book::{Phrase, Phrasebook, Source, Step, Topic},
        check::{self},
        phrase::{BLANK, Value},
    },
    shelf::built_in,
};

use crate::harness::{book, sources};

#[test]
fn every_file_is_compiled_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("phrasebook");
    let inside: HashSet<String> = built_in().into_iter().map(|source| source.name).collect();
    for folder in ["", "en"] {
        for entry in fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.strip_prefix(&root).unwrap().to_str().unwrap();
            assert!(entry.is_dir() || inside.contains(name), "{name}");
        }
    }
}

// ---- every phrase, every subset of its slots -----------------------------------------------------------------------

/// What people are called and what they write, as it comes.
const VALUES: [&str; 12] = [
    "Ana",
    "invoice",
    "the late van",
    "Dr. Matt",
    "josé núñez müller",
    "émile",
    "e\u{301}mile ñandú",
    "jose\u{301} nun\u{303}ez",
    "שרה כהן",
    "نور الدين",
    "Ana שרה 240",
    "👩\u{200d}⚕️ O’Brien-Łukasz",
];

#[test]
fn every_subset_of_slots_reads_as_clean_sentences() {
    for (topic, phrase) in phrases() {
        let slots = phrase.say.slots();
        for subset in 0..1_u32 << slots.len() {
            for kind in 0..=VALUES.len() {
                // The last round mixes all kinds in one sentence.
                let value =
                    |place: usize| VALUES[if kind < VALUES.len() { kind } else { (place * 3 + 1) % VALUES.len() }];
                let mut values = vec![None; topic.slots.len()];
                for (place, slot) in slots.iter().enumerate().filter(|(place, _)| subset >> place & 1 == 1) {
                    values[usize::from(*slot)] = Some(value(place));
                }
                let line = phrase.say.fill(&values);
                let place = || format!("{} with {values:?}: {line}", topic.phrase_id(phrase));
                assert_eq!(unclean(&line), None, "{}", place());
                let open = phrase.say.required().iter().any(|slot| values[usize::from(*slot)].is_none());
                assert_eq!(line.contains(BLANK), open, "{}", place());
                for value in values.iter().flatten() {
                    let last = value.rsplit(' ').next().unwrap().to_lowercase();
                    assert!(line.to_lowercase().contains(&last), "{last} is missing: {}", place());
                }
            }
        }
    }
}

#[test]
fn hostile_values_are_shown_as_they_are_or_cut_and_nothing_in_them_acts() {
    let long = "x".repeat(4_000);
    let hostile = [
        "{{customer}}",
        "{{x|y}}",
        "[a]",
        "[ about {{item}}]",
        "%s %n",
        "<!channel>",
        "<@U123>",
        "&lt;!here&gt;",
        "\\[",
        "${7*7}",
        "None",
        "a\u{0}\u{1b}[31mb",
        "a\u{202e}b\u{2066}c",
        "x\r\nSet-Cookie: b",
        "x\u{2028}b\u{85}c\u{9b}d",
        "\u{feff}\u{200b}a",
        &long,
    ];
    for (topic, phrase) in phrases() {
        for typed in hostile {
            let value = Value::read(typed);
            assert_eq!(value.cut, typed.len() == long.len());
            let line = phrase.say.fill(&vec![Some(&*value.words); topic.slots.len()]);
            let place = || format!("{} with {typed:?}: {line}", topic.phrase_id(phrase));
            assert!(line.chars().count() <= 1_900, "{}", place());
            assert!(!line.chars().any(acts), "{}", place());
            if !phrase.say.slots().is_empty() {
                assert!(line.to_lowercase().contains(&value.words.to_lowercase()), "{}", place());
            }
        }
    }
}

proptest! {
    #[test]
    fn a_phrase_filled_with_anything_is_short_and_blank_only_where_something_is_missing(
        number: prop::sample::Index, typed in prop::collection::vec(prop::option::of(any::<String>()), 9),
    ) {
        let (topic, phrase) = number.get(&phrases().collect::<Vec<_>>()).to_owned();
        let read: Vec<Option<String>> = typed.iter().map(|typed| Some(Value::read(typed.as_ref()?).words)).collect();
        let values: Vec<Option<&str>> =
            read.iter().take(topic.slots.len()).map(|words| words.as_deref().filter(|words| !words.is_empty())).collect();
        let line = phrase.say.fill(&values);
        prop_assert!(line.chars().count() <= 1_900 && !line.contains(acts), "{line:?}");
        let missing = phrase.say.required().iter().any(|slot| values[usize::from(*slot)].is_none());
        let typed = values.iter().flatten().any(|words| words.contains('_'));
        prop_assert!(typed || line.contains(BLANK) == missing, "{line:?}");
    }
}

#[test]
fn hostile_values_come_through_the_front_door_as_they_were_typed() {
    for typed in ["{{customer}}", "[a]", "%s", "<!channel>", "<@U123>", "a\u{202e}\u{7}b", "say \"hi\" there", "\\"] {
        let value = Value::read(typed).words;
        let topic = book().topic("recover.billing").unwrap();
        let ask = Ask::umbrella(Choice::ask(topic, Some("hard-news"), "", &[("customer", typed)]));
        let answer = answer(book(), &ask, 0);
        let expected = format!("I'm sorry your bill came in higher than you expected, {value}. ");
        assert!(answer.lines[0].words.starts_with(&expected), "{typed:?}: {}", answer.lines[0].words);
    }
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What is wrong with a filled line, if anything. Written apart from the reader's own check, so that it checks that too.
fn unclean(line: &str) -> Option<&'static str> {
    let points = [',', ';', ':', '.', '?', '!'];
    let chars: Vec<char> = line.chars().collect();
    let pair = |wanted: &dyn Fn(char, char) -> bool| chars.windows(2).any(|pair| wanted(pair[0], pair[1]));
    if line.trim() != line || line.is_empty() {
        Some("space at its edge")
    } else if pair(&|a, b| a == ' ' && (b == ' ' || points.contains(&b))) {
        Some("a space too many")
    } else if pair(&|a, b| points.contains(&a) && points.contains(&b)) || points.contains(&chars[0]) {
        Some("a mark too many")
    } else if ["{", "}", "[", "]", "|", "\\", "None", "  "].iter().any(|mark| line.contains(mark)) {
        Some("the language of phrases shows")
    } else if !line.ends_with(['.', '?', '!']) {
        Some("no end")
    } else if sentences(line).iter().any(|sentence| sentence.starts_with(char::is_lowercase)) {
        Some("a sentence without a capital")
    } else {
        None
    }
}

/// The sentences of a line, without what ends them.
fn sentences(line: &str) -> Vec<String> {
    line.replace("Dr. ", "Dr ")
        .split_inclusive(['.', '?', '!'])
        .map(|sentence| sentence.trim_matches([' ', '.', '?', '!', '"', '“', '”']).to_owned())
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

fn phrases() -> impl Iterator<Item = (&'static Topic, &'static Phrase)> {
    book().topics().flat_map(|topic| topic.phrases.iter().map(move |phrase| (topic, phrase)))
}

// ---- what there must be --------------------------------------------------------------------------------------------

const TOPICS: [(&str, usize, &str); 6] = [
    (
        "recover",
        4,
        "billing complaint mistake delay outage misunderstanding not-our-fault recurring runaround impossible public \
         make-good check-in parting",
    ),
    (
        "apology",
        4,
        "sincere thank-you ownership empathy short forgiveness personal-promise deadline reminder from-the-manager",
    ),
    ("opener", 4, "thought-leader award family milestone new-role follow-up new-idea reconnect guarded"),
    ("power", 3, "hot-topic year-ahead priority"),
    ("explore", 3, "problem pattern do-better my-part more-value mindset blind-spot"),
    (
        "avoid",
        3,
        "minimizing brushing-off blaming you-first cross-examining proving-right hitting-back dodging half-apology policy \
         not-my-job filing-away overpromising",
    ),
];

#[test]
fn every_command_has_its_topics_and_every_topic_enough_phrases() {
    for (command, least, topics) in TOPICS {
        for topic in topics.split_whitespace() {
            let name = format!("{command}.{topic}");
            let count = book().topic(&name).unwrap_or_else(|| panic!("{name} is gone")).phrases.len();
            assert!(count >= least, "{name} has {count} phrases");
        }
    }
    assert!(book().size() > 200, "{} phrases", book().size());
}

#[test]
fn every_recover_topic_is_a_play_in_step_order_that_begins_with_the_feeling_and_ends_with_care() {
    for topic in &book().command("recover").unwrap().topics {
        let steps: Vec<Step> =
            topic.phrases.iter().map(|phrase| phrase.step.unwrap_or_else(|| panic!("{}", phrase.id))).collect();
        assert!(steps.is_sorted(), "{}: {steps:?}", topic.id);
        assert_eq!(steps.first(), Some(&Step::Acknowledge), "{}", topic.id);
        assert_eq!(steps.last(), Some(&Step::FollowUp), "{}", topic.id);
    }
}

#[test]
fn our_own_phrases_are_a_minority_of_the_book_and_of_every_topic() {
    let own = |topic: &Topic| {
        topic.phrases.iter().filter(|phrase| &*book().article_of(phrase).unwrap().id == "saywell").count()
    };
    for topic in book().topics() {
        let is_beyond = BEYOND.contains(&&*topic.dotted());
        assert!(is_beyond || own(topic) * 2 < topic.phrases.len(), "{}", topic.dotted());
    }
    let all: usize = book().topics().map(own).sum();
    assert!(all * 5 < book().size(), "{all} of {}", book().size());
}

#[test]
fn every_phrase_is_short_enough_to_say_in_one_breath_or_two() {
    for (topic, phrase) in phrases() {
        let full = ["apology.sincere", "apology.forgiveness", "apology.from-the-manager"];
        let most = if full.contains(&&*topic.dotted()) { 5 } else { 4 };
        let line = phrase.say.fill(&[]);
        assert!(sentences(&line).len() <= most, "{}: {line}", topic.phrase_id(phrase));
        assert!(line.split_whitespace().count() <= 50, "{}: {line}", topic.phrase_id(phrase));
    }
}

#[test]
fn every_topic_is_plain_english() {
    for topic in book().topics() {
        let lines: Vec<String> = topic.phrases.iter().map(|phrase| phrase.say.fill(&[])).collect();
        let ease = reading_ease(&lines.join(" "));
        assert!(ease >= 60.0, "{} has a Flesch reading ease of {ease:.0}", topic.dotted());
    }
}

#[expect(clippy::cast_precision_loss, reason = "ratios of small counts")]
fn reading_ease(text: &str) -> f64 {
    let words: Vec<&str> = text.split_whitespace().collect();
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let count = words.len() as f64;
    206.835 - 1.015 * count / sentences(text).len() as f64 - 84.6 * syllables as f64 / count
}

/// Groups of vowels, without a silent `e` at the end.
fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(char::is_ascii_lowercase).collect();
    let groups = word.split(|c| !"aeiouy".contains(c)).filter(|group| !group.is_empty()).count();
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    groups.saturating_sub(usize::from(silent)).max(1)
}

#[test]
fn no_two_phrases_of_a_topic_say_the_same() {
    let words = |phrase: &Phrase| -> HashSet<String> {
        let words = phrase.say.fill(&[]).to_lowercase();
        words
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    for topic in book().topics() {
        let sets: Vec<_> = topic.phrases.iter().map(words).collect();
        let mut reasons = HashSet::new();
        for (at, a) in sets.iter().enumerate() {
            assert!(reasons.insert(&topic.phrases[at].why), "{} gives one reason twice", topic.dotted());
            for (other, b) in sets.iter().enumerate().skip(at + 1) {
                let alike = a.intersection(b).count() * 10 >= a.union(b).count() * 6;
                assert!(!alike, "{}: {} and {}", topic.dotted(), topic.phrases[at].id, topic.phrases[other].id);
            }
        }
    }
}

#[test]
fn every_avoid_phrase_names_the_line_that_it_replaces_and_no_other_phrase_does() {
    for (topic, phrase) in phrases() {
        assert_eq!(phrase.instead_of.is_some(), &*topic.command == "avoid", "{}", topic.phrase_id(phrase));
    }
}

// ---- what it covers ------------------------------------------------------------------------------------------------

/// Every example line and move of the articles: its number in the brief, what it does, and the topics (`recover.billing`),
/// the phrases (`recover.billing.hoped-for`) and the steps that every topic of a command has (`recover.*:acknowledge`)
/// which make it.
const MOVES: [(u8, &str, &str); 37] = [
    (
        1,
        "thanks by name for raising it, values the view, starts now",
        "apology.thank-you.start-now recover.complaint.straight-to-me",
    ),
    (2, "apologises for one's own part and gives one's word", "apology.ownership.my-word"),
    (
        3,
        "money, misunderstanding, real or perceived",
        "recover.billing.line-by-line recover.misunderstanding.who-said-what recover.complaint",
    ),
    (4, "two ideas, but first: best teacher", "opener.award.best-teacher"),
    (5, "a follow-up, but first: off to college, a colleague said", "opener.family.off-to-college"),
    (
        6,
        "a training idea, but first: the website says a new committee",
        "opener.thought-leader.new-committee opener.new-role.leaves-out",
    ),
    (
        7,
        "what you asked me to look into, but first: half marathon",
        "opener.milestone.half-marathon opener.follow-up.answer-ready",
    ),
    (8, "the guarded customer with crossed arms", "opener.guarded.whats-up"),
    (9, "a hot topic among top customers: how do you handle it", "power.hot-topic.how-handling"),
    (10, "the most exciting project of the year ahead", "power.year-ahead.out-of-bed"),
    (11, "what matters most today from where they sit", "power.priority.your-chair"),
    (12, "the full, personal apology that asks to be forgiven", "apology.sincere.full apology.forgiveness.either-way"),
    (
        13,
        "a missed deadline: their boss may know; assume nothing",
        "apology.deadline.tell-your-boss recover.delay.harder-for-you",
    ),
    (14, "never trivialise", "avoid.minimizing"),
    (15, "own it; never dodge or blame", "avoid.dodging avoid.blaming"),
    (16, "an accident that may not be ours at all", "recover.not-our-fault.either-way"),
    (17, "start with an apology, become ally and resource", "recover.*:acknowledge recover.complaint.same-side"),
    (
        18,
        "explore: chronic, or more widespread",
        "explore.pattern.real-number explore.pattern.who-else recover.recurring.whole-trail",
    ),
    (19, "explore: where the company can do better", "explore.do-better.harder-than-needed"),
    (20, "explore: where I can do better", "explore.my-part.leave-us-out"),
    (21, "explore: more value for this client", "explore.more-value.glad-you-stayed"),
    (
        22,
        "exceed: fix, two apologies, more than the loss, a reason to come back",
        "recover.make-good.fix-first recover.make-good.two-sorries recover.make-good.wallet-away recover.make-good.for-your-trouble recover.make-good.next-one-on-us",
    ),
    (23, "an unanswered complaint travels far in public", "recover.public.hold-me-to-it"),
    (24, "the long relationship outranks the issue", "recover.check-in.next-month recover.*:follow-up"),
    (
        25,
        "the two-word apology as empathy, whoever is to blame",
        "apology.empathy.fault-can-wait apology.short.two-words",
    ),
    (26, "personal attention to the solution", "apology.personal-promise.who-finishes recover.runaround.a-person"),
    (27, "we messed up an order", "recover.mistake.had-to-find-it"),
    (28, "the fear of being filed away", "avoid.filing-away recover.runaround.not-a-drawer"),
    (
        29,
        "beyond our control: say sorry, let go",
        "recover.impossible.every-way recover.impossible.out-of-ways recover.parting.wish-you-well",
    ),
    (
        30,
        "sorry the price ended above hope; reminded without blame",
        "recover.billing.hoped-for apology.reminder.low-end",
    ),
    (31, "the blaming speech and its tag questions", "avoid.blaming.sense-that-day avoid.cross-examining"),
    (32, "a sentence that starts with 'you'", "avoid.you-first"),
    (33, "ignored feelings grow: acknowledge them", "recover.billing.not-easy-news recover.complaint.the-whole-thing"),
    (34, "a thought changes the tone", "avoid.proving-right.more-listening explore.mindset.drop-the-case"),
    (35, "kindly refer to a better fit", "recover.parting.better-hands recover.parting.a-better-fit"),
    (36, "ask a trusted coworker about blind spots", "explore.blind-spot.spinach"),
    (37, "'I did everything right' as a trap", "avoid.proving-right.another-day explore.mindset.missing-page"),
];

#[test]
fn every_move_of_the_articles_is_in_the_book() {
    for (at, (number, what, places)) in (1..).zip(&MOVES) {
        assert_eq!(at, *number);
        for place in places.split(' ') {
            assert!(holds(place), "row {number} ({what}): {place} is gone");
        }
    }
}

fn holds(place: &str) -> bool {
    if let Some((command, step)) = place.split_once(".*:") {
        let step: Step = step.parse().unwrap();
        let topics = &book().command(command).unwrap().topics;
        return topics.iter().all(|topic| topic.phrases.iter().any(|phrase| phrase.step == Some(step)));
    }
    book().topic(place).is_some() || book().phrase(place).is_some()
}

/// Where nobody has said anything no date, sum or other fact is said: `{{deadline|Friday}}` would promise one.
#[test]
fn no_words_to_fall_back_on_are_a_fact() {
    let facts = "monday tuesday wednesday thursday friday saturday sunday january february march april june july august \
                 september october november december today tonight tomorrow yesterday morning noon afternoon evening \
                 midnight days week weeks month months hour hours minute minutes year years dollars euros pounds \
                 percent discount two three four five six seven eight nine ten hundred";
    let facts: Vec<&str> = facts.split_whitespace().collect();
    let mut seen = 0;
    for source in sources() {
        for slot in source.text.split("{{").skip(1).filter_map(|after| after.split_once("}}")) {
            let Some((name, words)) = slot.0.split_once('|') else { continue };
            seen += 1;
            let is_fact = |word: &str| facts.contains(&&*word.to_lowercase());
            let told = words.contains(|c: char| c.is_ascii_digit() || "$€£%".contains(c))
                || words.split(|c: char| !c.is_alphanumeric()).any(is_fact);
            assert!(!told, "{}: {name} falls back on “{words}”", source.name);
        }
    }
    assert!(seen > 80, "only {seen} fallbacks were looked at");
    for words in ["Friday", "the end of March", "9:30", "$240", "two days", "20 percent"] {
        let said = format!("You'll have it by {{{{deadline|{words}}}}}, and");
        let sources: Vec<Source> = sources()
            .into_iter()
            .map(|source| match &*source.name {
                "en/recover.toml" => {
                    let text = source.text.replacen("say = \"", &format!("say = \"{said} "), 1);
                    Source { text: text.into(), ..source }
                }
                _ => source,
            })
            .collect();
        let faults = Phrasebook::parse(&sources, &[]).err().unwrap_or_default();
        let expected = format!("“{words}” would be said where nobody has said it");
        assert!(faults.iter().any(|fault| *fault.what == *expected), "{words}: {faults:?}");
    }
}

/// Topics that go beyond the articles: nobody there says anything of them.
const BEYOND: [&str; 2] = ["apology.condolence", "explore.language"];

/// Topics for grave matters hold the few lines that are fit, with who should take over; they are no letters to send on.
const CAREFUL: [&str; 3] = ["apology.condolence", "recover.data-breach", "recover.threat"];

#[test]
fn every_topic_has_a_short_line_in_each_of_its_first_two_steps() {
    let mut missing = Vec::new();
    for topic in book().topics().filter(|topic| !topic.command.contains("avoid")) {
        let steps: Vec<Option<Step>> =
            if topic.is_play() { topic.steps().take(2).map(Some).collect() } else { vec![None] };
        for step in steps {
            if !topic.phrases.iter().any(|phrase| phrase.step == step && phrase.is_short()) {
                missing.push(format!("{} {step:?}", topic.dotted()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_play_is_a_letter_that_could_be_sent_and_makes_every_move() {
    let mut faults = Vec::new();
    for topic in book().topics().filter(|topic| topic.is_play()) {
        let count = topic.slots.len();
        for filled in 0..1_u32 << count {
            let values: String = topic
                .slots
                .iter()
                .enumerate()
                .filter(|(bit, _)| filled >> bit & 1 == 1)
                .flat_map(|(_, slot)| [" ", &*slot.name, "=\"", &*slot.example, "\""])
                .collect();
            let ask = Ask::umbrella(format!("{} letter{values}", topic.dotted()));
            let letter = answer(book(), &ask, 0).letter.unwrap_or_else(|| panic!("{} has no letter", topic.dotted()));
            let words = letter.split_whitespace().count();
            if !(44..=120).contains(&words) {
                faults.push(format!("{}: {words} words", topic.dotted()));
            }
            let review = book().review(&letter, &check::Options::default());
            for finding in &review.findings {
                faults.push(format!("{}: {} in “{}”", topic.dotted(), finding.rule.id, finding.words));
            }
            if letter.matches("Dr. Matt").count() > 1 {
                faults.push(format!("{}: the name stands twice", topic.dotted()));
            }
            if filled + 1 == 1 << count && !CAREFUL.contains(&&*topic.dotted()) {
                let missing: Vec<&str> = review.moves.iter().filter(|one| !one.made).map(|one| &*one.step.id).collect();
                if !missing.is_empty() {
                    faults.push(format!("{} does not {missing:?}: {letter}", topic.dotted()));
                }
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
