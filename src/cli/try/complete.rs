//! What Tab completes: commands, topics, blanks, and the words that may follow a topic.

use rustyline::{Context, Helper, completion::Completer, highlight::Highlighter, hint::Hinter, validate::Validator};

use crate::say::{
    ask::CHECK,
    book::{Command, Phrasebook, Step, Tone, Topic, UMBRELLA, fold},
};

pub(super) struct Completion<'b> {
    pub(super) book: &'b Phrasebook,
}

impl Completer for Completion<'_> {
    type Candidate = String;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = line.get(..cursor).unwrap_or(line);
        let start = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
        let (done, typed) = before.split_at(start);
        Ok((start, beginning_with(typed, candidates(self.book, done))))
    }
}

impl Hinter for Completion<'_> {
    type Hint = String;
}
impl Highlighter for Completion<'_> {}
impl Validator for Completion<'_> {}
impl Helper for Completion<'_> {}

/// Those that begin so, each once.
fn beginning_with(typed: &str, candidates: Vec<String>) -> Vec<String> {
    let typed = typed.to_lowercase();
    candidates.into_iter().filter(|one| one.starts_with(&typed)).collect()
}

/// All that may stand after these words. A blank waits for its value, any other word for a space.
fn candidates(book: &Phrasebook, done: &str) -> Vec<String> {
    let mut words = done.split_whitespace();
    let Some(first) = words.next() else { return commands(book, "/") };
    let name = fold(first.trim_start_matches('/'));
    let rest: Vec<&str> = words.collect();
    match (book.command(&name), &*name, &*rest) {
        (Some(command), _, _) => after_command(command, &rest),
        (None, CHECK, []) => spaced(["rules"]).chain(["problem=", "school=", "rules="].map(str::to_owned)).collect(),
        (None, UMBRELLA, []) => commands(book, ""),
        (None, UMBRELLA, [command, rest @ ..]) => {
            book.command(&fold(command)).map_or_else(Vec::new, |command| after_command(command, rest))
        }
        _ => Vec::new(),
    }
}

/// The commands of the book and those of our own.
fn commands(book: &Phrasebook, slash: &str) -> Vec<String> {
    let own =
        if slash.is_empty() { &[CHECK, "help", "list", "random", "search", "sources"][..] } else { &[CHECK, UMBRELLA] };
    let names = book.commands.iter().map(|command| &*command.name).chain(own.iter().copied());
    names.map(|name| format!("{slash}{name} ")).collect()
}

fn after_command(command: &Command, words: &[&str]) -> Vec<String> {
    let Some((first, more)) = words.split_first() else { return topics(command) };
    command.topic(&fold(first)).map_or_else(Vec::new, |topic| after_topic(topic, more))
}

fn topics(command: &Command) -> Vec<String> {
    let ids = command.topics.iter().map(|topic| &*topic.id);
    spaced(ids.chain(["help", "list", "random", "search"])).collect()
}

/// The blanks that are still open, and the words that say which phrases are wanted.
fn after_topic(topic: &Topic, words: &[&str]) -> Vec<String> {
    let is_given =
        |name: &str| words.iter().any(|word| word.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')));
    let blanks = topic.slots.iter().filter(|slot| !is_given(&slot.name)).map(|slot| format!("{}=", slot.name));
    let marks = ["all", "short", "why", "share"].into_iter();
    let marks = marks.chain(topic.is_play().then_some("steps")).chain((!topic.letter.is_empty()).then_some("letter"));
    let marks = marks.chain(topic.steps().map(Step::word)).chain(Tone::ALL.iter().map(|tone| tone.word()));
    blanks.chain(spaced(marks.filter(|mark| !words.contains(mark)))).collect()
}

fn spaced<'w>(words: impl IntoIterator<Item = &'w str>) -> impl Iterator<Item = String> {
    words.into_iter().map(|word| format!("{word} "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::tests::book;

    #[test]
    fn commands_topics_blanks_and_marks_are_completed() {
        let check = |typed: &str, expected: &[&str]| {
            let start = typed.rfind(' ').map_or(0, |space| space + 1);
            let (done, last) = typed.split_at(start);
            assert_eq!(beginning_with(last, candidates(book(), done)), expected, "{typed}");
        };
        check("/rec", &["/recover "]);
        check("/s", &["/saywell "]);
        check("/saywell rec", &["recover "]);
        check("/recover bil", &["billing "]);
        check("/recover li", &["list "]);
        check("/saywell recover bil", &["billing "]);
        check("/recover billing cust", &["customer="]);
        check("/recover billing customer=Ana cust", &[]);
        check("/recover billing le", &["letter "]);
        check("/recover billing step", &["steps "]);
        check("/recover BILLING ow", &["own "]);
        check("/check ru", &["rules ", "rules="]);
        check("late deli", &[]);
    }
}
