//! Every sentence of our own that a person may read in an answer, a function an occasion. The phrases themselves are in
//! `phrasebook/`.

use std::time::Duration;

use super::{
    careful::Matter,
    check::{Finding, Made, Review, Rule, Unknown},
    model::{Article, Command, Phrase, Step, Tone, Topic, fold},
    phrase::{self, BLANK, Value},
};

pub(super) const ANOTHER: &str = "Another";
pub(crate) const FILL: &str = "Fill in";
pub(crate) const SHARE: &str = "Share";
pub(super) const PLAY: &str = "Whole play";
pub(super) const LETTER: &str = "As a letter";

pub(crate) const UMBRELLA_ABOUT: &str = "The right words for a hard customer moment";
pub(crate) const UMBRELLA_HINT: &str = "[recover billing | search refund | list | help]";
pub(crate) const TOPIC_OPTION: &str = "A topic, or a few words about what happened; without it you get the menu";
pub(crate) const UMBRELLA_OPTION: &str = "recover billing, search refund, list, sources, help, or a few words";
pub(crate) const FILL_OPTION: &str = "What goes into the blanks: Ana, or customer=Ana item=\"the late van\"";
pub(crate) const SHOW_OPTION: &str = "More than one phrase, or the reason behind it";
pub(crate) const SHOW_CHOICES: [(&str, &str); 3] =
    [("every phrase", "all"), ("the whole play, in order", "steps"), ("the reason and the source", "why")];
pub(crate) const SHARE_OPTION: &str = "For everyone here instead of for you alone";
pub(crate) const CHECK_ABOUT: &str = "What would hurt in a draft, why, and what to say instead; only you see it";
pub(crate) const CHECK_HINT: &str = "[your draft | rules]";
pub(crate) const CHECK_MESSAGE: &str = "Check this draft";
pub(crate) const DRAFT: &str = "Your draft";
pub(crate) const DRAFT_OPTION: &str = "What you're about to send; without it you get a form with room for it";
pub(crate) const DRAFT_EXAMPLE: &str = "Hello Ana, I'm sorry that the van was late.";
pub(super) const DRAFT_FORM: &str = "Paste a draft";
pub(crate) const REVIEW: &str = "Check";
pub(crate) const DONE: &str = "Done";
pub(crate) const BACK: &str = "Back";
pub(crate) const CHOOSE: &str = "Choose one";
pub(crate) const USE: &str = "Use this one";
pub(crate) const WHY: &str = "Why";
pub(crate) const INSTEAD_OF: &str = "Instead of";
pub(crate) const SOURCE: &str = "Source";
pub(crate) const TIP: &str = "Do";
pub(crate) const AVOID: &str = "Avoid";
pub(crate) const SHARED_BY: &str = "Shared by";
pub(crate) const HELP_ABOUT: &str = "What can be typed";
pub(crate) const MORE_IN_PRIVATE: &str = "Why it works, and more";
pub(crate) const TYPE_WHAT_HAPPENED: &str = "Type what happened, such as: late delivery";
pub(crate) const MINE: &str = "Only for me";
pub(crate) const COPY: &str = "Copy";
pub(crate) const ELSEWHERE: &str = "Say it in a chat";
pub(crate) const REPLY_WITH: &str = "Reply with the words, each after its name, or send this with the words in it:";
pub(crate) const SEND_WITH: &str = "Copy this, put the words in, and send it:";
pub(crate) const REPLY_WITH_DRAFT: &str = "Reply with your draft, or send it after this:";
pub(crate) const OLD_BUTTON: &str = "This button is from an older version of Saywell, which can no longer tell what it \
                                     meant. Type the command again, and the new buttons will work.";

pub(crate) const NO_SERVICE: &str = "Saywell is not answering just now. Please try again in a minute.";

pub(crate) const TOO_LATE: &str = "It took too long for this form to have an answer. Type the command again, with the \
                                   words in it: customer=\"Ana\".";

pub(crate) fn and_more(left_out: usize) -> String {
    format!("… and {left_out} more, for which there is no room here.")
}

/// `A bill higher than hoped · 1 of 6, Acknowledge`.
pub(super) fn heading(title: &str, step: Step, position: usize, of: usize) -> String {
    format!("{title} · {position} of {of}, {}", step.label())
}

/// What stands on the button that goes on to a step.
pub(super) const fn next(step: Step) -> &'static str {
    match step {
        Step::Acknowledge => "Next: Acknowledge",
        Step::Own => "Next: Own",
        Step::Explore => "Next: Explore",
        Step::MakeRight => "Next: Make right",
        Step::Exceed => "Next: Exceed",
        Step::FollowUp => "Next: Follow up",
    }
}

/// What stands before a line among several: `2. Own (Only if you have asked)`.
pub(crate) fn label(number: usize, step: Option<Step>, conditions: impl Iterator<Item: AsRef<str>>) -> String {
    let mut label = format!("{number}.");
    label.extend(step.into_iter().flat_map(|step| [" ", step.label()]));
    for condition in conditions {
        label.extend([" (", condition.as_ref().trim_end_matches('.'), ")"]);
    }
    label
}

/// What has to be known before a phrase is said.
pub(crate) fn conditions(phrase: &Phrase) -> impl Iterator<Item = String> + use<> {
    let only_if = phrase.only_if.as_ref().map(|condition| format!("Only if {condition}."));
    let needs = phrase.needs.as_ref().map(|needed| format!("Needs {needed}."));
    let speaker = phrase.speaker.as_ref().map(|speaker| format!("For the {speaker} to say."));
    only_if.into_iter().chain(needs).chain(speaker)
}

/// A whole play as one message: the greeting, a paragraph a line, the signature.
pub(super) fn letter(lines: &[&str], name: Option<&str>, signature: Option<&str>) -> String {
    let greeting = name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
    let end = format!("{REGARDS}\n{}", signature.unwrap_or(BLANK));
    let parts = std::iter::once(&*greeting).chain(lines.iter().copied()).chain([&*end]);
    parts.collect::<Vec<_>>().join("\n\n")
}

/// What stands above the signature.
pub(crate) const REGARDS: &str = "Kind regards,";

pub(super) fn no_letter() -> String {
    "There is no letter for this topic, so here is every phrase.".into()
}

pub(super) fn no_such_step(step: Step, topic: &Topic) -> String {
    let steps: Vec<&str> = topic.steps().map(Step::label).collect();
    if steps.is_empty() {
        format!("This topic has no steps, so “{}” was not used.", step.label())
    } else {
        format!("This topic has no step “{}”. It has {}.", step.label(), listed(&steps, "and"))
    }
}

pub(super) fn none_short() -> String {
    "No phrase here is short, so any may come.".into()
}

pub(super) fn not_in_a_letter(words: &[&str]) -> String {
    format!("A letter has its own lines, so {} was not used.", listed(words, "and"))
}

/// Another word of a kind of which one was typed already, or a setting that there is not.
pub(super) fn not_used(typed: &str) -> String {
    let (name, value) = typed.split_once('=').unwrap_or_default();
    let right = match &*name.to_lowercase() {
        "tone" if fold(value).parse::<Tone>().is_err() => {
            listed(&Tone::ALL.iter().map(|tone| tone.word()).collect::<Vec<_>>(), "or")
        }
        "step" if fold(value) != "any" && fold(value).parse::<Step>().is_err() => {
            listed(&Step::ALL.iter().map(|step| step.word()).collect::<Vec<_>>(), "or")
        }
        "n" if value.parse::<usize>().is_err() => "a number".to_owned(),
        _ if typed.starts_with("--") => return left(&Value::read(typed).words),
        _ => return format!("“{}” was not used: the first of its kind counts.", Value::read(typed).words),
    };
    format!("“{}” was not used: it is {right}.", Value::read(typed).words)
}

/// One blank, filled twice.
pub(super) fn filled_again(name: &str, before: &str) -> String {
    format!("“{name}={before}” was not used: the last one counts.")
}

/// What is of no use for an answer.
pub(crate) fn left(words: &str) -> String {
    format!("“{words}” was not used.")
}

pub(super) fn took_slip(typed: &str, name: &str) -> String {
    format!("Taking “{typed}” as “{name}”.")
}

pub(super) fn took_search(query: &str, topic: &Topic) -> String {
    format!("Taking “{query}” as /{} {}.", topic.command, topic.id)
}

pub(super) fn cut(name: &str) -> String {
    format!("The words for “{name}” were cut at {} characters.", Value::LONGEST)
}

pub(super) fn no_such_slot(name: &str, topic: &Topic) -> String {
    if topic.slots.is_empty() {
        format!("There is no blank called “{name}” here, nor any other.")
    } else {
        format!("There is no blank called “{name}” here. There is {}.", names(topic))
    }
}

pub(super) fn unused(names: &[&str]) -> String {
    format!("This phrase has no blank for {}.", listed(names, "or"))
}

pub(super) fn nothing_to_fill(words: &str) -> String {
    format!("These phrases have no blanks, so “{words}” was left out.")
}

pub(super) fn left_over(words: &str) -> String {
    format!("The name is filled in already, so “{words}” was left out.")
}

pub(super) fn only_so_many(asked: usize, there: usize, nearest: usize) -> String {
    format!("There is no number {asked}: there are {there}, and this is number {nearest}.")
}

pub(super) fn no_such_tone() -> String {
    "No phrase here has that tone, so any may come.".into()
}

pub(super) fn no_play() -> String {
    "These phrases have no order of their own, so here they all are.".into()
}

pub(super) fn fill_before_sharing(blanks: &[&str]) -> String {
    format!("Not shared yet: fill in {} first.", listed(blanks, "and"))
}

pub(super) fn too_many(wait: Duration) -> String {
    format!("That was a lot at once. Please try again in {} seconds.", wait.as_secs() + 1)
}

pub(super) fn menu(command: &Command) -> String {
    format!("{} Pick a topic, or type /{} and a few words.", command.about, command.name)
}

pub(super) fn commands() -> String {
    "The right words for a hard customer moment. Pick a command, or search with /saywell search and a few words.".into()
}

pub(super) fn several(query: &str) -> String {
    format!("“{query}” fits more than one topic. Which is it?")
}

pub(super) fn perhaps(query: &str) -> String {
    format!("“{query}” may be a grave matter. Which is it?")
}

/// The question whether a grave matter is meant.
pub(crate) fn is_it(matter: &Matter) -> String {
    let title = &matter.title;
    let mut letters = title.chars();
    // *GDPR* stays as it is.
    let first = letters.next().filter(|_| letters.next().is_none_or(|second| !second.is_uppercase()));
    let first: String = first.into_iter().flat_map(char::to_lowercase).collect();
    let rest = if first.is_empty() { &**title } else { title.get(first.len()..).unwrap_or_default() };
    format!("Is it about {first}{rest}?")
}

pub(super) fn perhaps_detail() -> &'static str {
    "Who should answer then, and the little that is fit to be said"
}

pub(super) fn lost(query: &str) -> String {
    format!("Nothing here fits “{query}”. Perhaps one of these?")
}

pub(super) fn found(query: &str) -> String {
    format!("Found for “{query}”, best first.")
}

/// What a grave matter asks of whoever writes about it.
pub(crate) fn careful(matter: &Matter) -> String {
    format!("{}: {}", matter.title, matter.who)
}

pub(super) fn quoted(line: &str) -> String {
    format!("“{line}”")
}

pub(super) fn sources() -> String {
    "The articles that the phrases are drawn from. They do not always agree, and every phrase says which one stands behind it.".into()
}

pub(super) fn no_such_source(id: &str) -> String {
    format!("There is no source “{id}”. These are the ones there are.")
}

pub(super) fn by(article: &Article) -> String {
    match &article.published {
        Some(day) => format!("By {}, {day}. School: {}.", article.author, article.school),
        None => format!("By {}. School: {}.", article.author, article.school),
    }
}

pub(super) fn phrases_drawn(count: usize) -> String {
    match count {
        1 => "One phrase is drawn from it.".into(),
        _ => format!("{count} phrases are drawn from it, in these topics."),
    }
}

pub(super) fn check_about() -> String {
    "Paste what you're about to send, and see what would hurt, why, and what to say instead. Only you see it, and it is not kept.".into()
}

pub(super) fn check_usage() -> Vec<(String, &'static str)> {
    vec![
        ("/check your draft".into(), "what would hurt, why, and what is missing"),
        ("/check rules".into(), "every rule, with its reason"),
        ("/check rules=-you-first your draft".into(), "without a rule"),
        ("/check school=thanks your draft".into(), "with thanks in place of sorry, where an article advises that"),
    ]
}

pub(super) fn too_long(most: usize) -> String {
    format!("That is more than can be reviewed at once: at most {most} characters.")
}

pub(super) fn no_such_rule(unknown: &Unknown) -> String {
    format!(
        "There is no “{}”, so every rule was used. There is {}.",
        Value::read(&unknown.name).words,
        unknown.known.join(", ")
    )
}

/// What there is to say of a draft in one line.
pub(crate) fn findings(review: &Review<'_>) -> String {
    match (review.total, review.language) {
        (0, _) if review.size.words == 0 => "There is no draft: no words of your own were found.".into(),
        (0, Some(language)) => format!("This seems to be {language}; only English can be checked."),
        (0, None) => format!("I found nothing of what I know ({} kinds, English).", review.kinds),
        (1, _) => "One thing to look at again.".into(),
        (total, _) => format!("{total} things to look at again."),
    }
}

pub(super) fn finding(finding: &Finding<'_>) -> String {
    let instead = match (&finding.rewrite, &finding.rule.instead) {
        (Some(words), _) => format!(" Instead: “{words}”."),
        (None, Some(words)) => format!(" For example: “{words}”"),
        (None, None) => String::new(),
    };
    format!("“{}”: {}. {}{instead}", Value::read(&finding.words).words, finding.rule.name, finding.rule.why)
}

/// The draft with every rewrite in its place, as much of it as an answer can hold.
pub(super) fn after(after: &str) -> String {
    /// No more characters are shown.
    const MOST: usize = 1_200;
    let shown: String = after.chars().take(MOST).collect();
    let more = if shown.len() < after.len() { " …" } else { "" };
    format!("With those words changed:\n{}{more}", phrase::clean(&shown))
}

/// How long a draft is and how it reads, and what it was taken for, with how to say otherwise: that it is about a problem,
/// or that it is not. Of a grave matter nothing is taken.
pub(crate) fn size(review: &Review<'_>, [yes, no]: [&str; 2]) -> String {
    let size = &review.size;
    if review.matter.is_some() {
        format!("{size}.")
    } else if review.moves.is_empty() {
        format!("{size}. Taken as not about a problem; {yes} if it is.")
    } else {
        format!("{size}. Taken as about a problem; {no} if it is not.")
    }
}

pub(super) fn more_findings(more: usize) -> String {
    format!("And {more} more.")
}

pub(super) fn moves(moves: &[Made<'_>]) -> String {
    let line = |Made { step, made, line }: &Made<'_>| {
        let paste = line.as_ref().map_or(String::new(), |line| format!(" “{line}”"));
        if *made { format!("✓ {}", step.name) } else { format!("○ {}: {}{paste}", step.name, step.advice) }
    };
    moves.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn rules() -> String {
    "The rules for drafts".into()
}

pub(super) fn rule(rule: &Rule) -> String {
    let school = rule.school.as_ref().map_or(String::new(), |school| format!(", only with school={school}"));
    format!("{} ({}{school}): {}", rule.name, rule.id, rule.why)
}

const ONE_ALONE: &str = "one phrase, for you alone";
const CHECK_ALONE: &str = "what would hurt in it, for you alone";
const FOR_ALL: &str = "for everyone in the channel";

/// What something that can be typed does in a terminal, where there is nobody else; nothing where it does nothing there.
pub(crate) fn in_terminal(what: &'static str) -> Option<&'static str> {
    match what {
        ONE_ALONE => Some("one phrase"),
        CHECK_ALONE => Some("what would hurt in it"),
        FOR_ALL => None,
        what => Some(what),
    }
}

/// What can be typed after a command, with what it does: shown at this topic of it; blanks and steps at the first that has
/// them.
pub(super) fn usage(command: &Command, topic: &Topic) -> Vec<(String, &'static str)> {
    let name = &command.name;
    let at = |topic: &Topic, more: &str| format!("/{name} {}{more}", topic.id);
    let mut topics = command.topics.iter();
    let named = topics.clone().find_map(|topic| Some((topic, topic.slots.get(topic.name_slot()?)?)));
    let named = named.map(|(topic, slot)| (at(topic, &format!(" {}", slot.example)), "with a name"));
    let filled = topics.clone().find_map(|topic| Some((topic, topic.slots.first()?)));
    let filled =
        filled.map(|(topic, slot)| (at(topic, &format!(" {}=\"{}\"", slot.name, slot.example)), "with a blank filled"));
    let letter = topics.clone().find(|topic| !topic.letter.is_empty());
    let letter = letter.map(|topic| (at(topic, " letter"), "the whole play as one message, ready to paste"));
    let mut usage = vec![(format!("/{name}"), "the topics"), (at(topic, ""), ONE_ALONE)];
    usage.extend(named.into_iter().chain(filled));
    usage.extend([(at(topic, " 2"), "the second phrase"), (at(topic, " all"), "every phrase")]);
    if let Some(play) = topics.find(|topic| topic.is_play()) {
        let second = play.steps().nth(1).map(|step| (at(play, &format!(" {step}")), "a step of the play"));
        usage.extend(second.into_iter().chain([(at(play, " steps"), "the whole play, in order")]));
    }
    usage.extend(letter);
    usage.push((at(topic, " short"), "a phrase of few words"));
    usage.extend([
        (at(topic, " why"), "with the reason and the source"),
        (at(topic, " share"), FOR_ALL),
        (format!("/{name} a few words"), "finds the topic that fits"),
        (format!("/{name} random"), "any phrase"),
    ]);
    usage
}

/// What the umbrella command adds.
pub(super) fn umbrella_usage(topic: &Topic) -> Vec<(String, &'static str)> {
    vec![
        ("/saywell list".into(), "the commands"),
        (format!("/saywell {} {}", topic.command, topic.id), "the same, without a command of its own"),
        ("/saywell search refund".into(), "searches everything"),
        ("/saywell check your draft".into(), CHECK_ALONE),
        ("/saywell sources".into(), "the articles behind the phrases"),
    ]
}

fn names(topic: &Topic) -> String {
    let names: Vec<&str> = topic.slots.iter().map(|slot| &*slot.name).collect();
    listed(&names, "and")
}

/// `a, b and c`.
pub(crate) fn listed(names: &[&str], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., one] => format!("{} {last} {one}", first.join(", ")),
    }
}
