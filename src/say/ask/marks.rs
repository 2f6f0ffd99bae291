//! What follows a topic: marks, values for slots, and words left over.

use super::{
    super::{
        book::Phrasebook,
        model::{Topic, fold},
        names,
        phrase::Value,
    },
    choice::{At, Choice, Which, only},
    tokens::Token,
};

/// Whether something is set by this name that is no slot.
pub(super) fn is_setting(name: &str) -> bool {
    ["n", "tone", "step"].iter().any(|setting| name.eq_ignore_ascii_case(setting))
}

/// What follows a topic, sorted.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) choice: Choice,
    /// How to use it was asked.
    pub(super) help: bool,
    values: Vec<GivenValue>,
    /// Words that are neither marks nor values, and whether each was in quotes or a mention.
    rest: Vec<(String, bool)>,
    /// The last value was not in quotes, so that the words after it belong to it.
    open: bool,
}

/// A value for a slot: `customer=Dr Matt` is its first word and those that go on from it.
#[derive(Debug)]
struct GivenValue {
    name: String,
    first: String,
    more: Vec<String>,
}

impl GivenValue {
    fn read(self) -> (String, Value) {
        let words = self.more.iter().fold(self.first, |words, more| words + " " + more);
        (self.name, Value::read(&words))
    }
}

impl Marked {
    /// Marks, slots and words left over, of what follows the topic.
    pub(super) fn read(mut tokens: &[Token<'_>], is_slot: impl Fn(&str) -> bool) -> Self {
        let mut marked = Self::default();
        while let Some(taken) = marked.take(tokens, &is_slot) {
            tokens = tokens.get(taken..).unwrap_or_default();
        }
        // What stands at the very end is a mark even after a value that goes on: customer=Dr Matt why.
        for value in &mut marked.values {
            let is_mark = |word: &String| Choice::default().mark(&fold(word));
            let end = value.more.iter().rposition(|word| !is_mark(word)).map_or(0, |last| last + 1);
            for mark in value.more.drain(end..) {
                marked.choice.mark(&fold(&mark));
            }
        }
        marked.choice.values = std::mem::take(&mut marked.values).into_iter().map(GivenValue::read).collect();
        marked
    }

    /// Takes the next words, and says how many; none where nothing is left.
    fn take(&mut self, tokens: &[Token<'_>], is_slot: impl Fn(&str) -> bool) -> Option<usize> {
        let token = tokens.first()?;
        if let Some(name) = token.name {
            self.setting(name, token, is_slot);
            return Some(1);
        }
        if self.open {
            if let Some(value) = self.values.last_mut() {
                value.more.push(token.value.clone().into_owned());
            }
            return Some(1);
        }
        if let Some(number) = token.number() {
            only(&mut self.choice.which, Which::Number(number), &token.value, &mut self.choice.unused);
            return Some(1);
        }
        let two = tokens.get(1).filter(|next| token.is_word() && next.is_word());
        if let Some(next) = two
            && self.choice.mark(&format!("{}-{}", token.mark(), next.mark()))
        {
            return Some(2);
        }
        match &*token.mark() {
            "help" => self.help = true,
            mark if self.choice.mark(mark) => {}
            _ if token.flag().is_some() && token.value.starts_with("--") => {
                self.choice.unused.push(token.value.clone().into_owned());
            }
            _ if token.quoted => self.rest.push((token.value.clone().into_owned(), true)),
            // A mention may show several words.
            _ => self.rest.extend(token.value.split_whitespace().map(|word| (word.to_owned(), token.mention))),
        }
        Some(1)
    }

    /// `n=2`, `tone=warm`, `step=own`, or a slot.
    fn setting(&mut self, typed: &str, token: &Token<'_>, is_slot: impl Fn(&str) -> bool) {
        let name = typed.to_lowercase();
        match name.as_str() {
            name if is_setting(name) => self.narrow(name, &fold(&token.value), format!("{typed}={}", token.value)),
            _ if token.value.is_empty() && !is_slot(&name) => {
                self.open = false;
                self.rest.push((typed.to_owned(), false));
            }
            _ => {
                self.open = !token.quoted;
                self.values.push(GivenValue { name, first: token.value.clone().into_owned(), more: Vec::new() });
            }
        }
    }

    /// Chooses among the phrases; what was given is not used where there is no such number, tone or step.
    fn narrow(&mut self, name: &str, value: &str, given: String) {
        let Choice { which, step, tone, unused, .. } = &mut self.choice;
        let known = match (name, value) {
            ("n", number) => number.parse().map(|number| only(which, Which::Number(number), &given, unused)).is_ok(),
            ("tone", word) => word.parse().map(|word| only(tone, Some(word), &given, unused)).is_ok(),
            (_, "any") => {
                only(step, At::Any, &given, unused);
                true
            }
            (_, word) => word.parse().map(|word| only(step, At::Step(word), &given, unused)).is_ok(),
        };
        if !known {
            unused.push(given);
        }
    }

    /// A phrase of the topic that is called by its id, `hoped-for`, is wanted; one of another topic is of no use.
    pub(super) fn take_phrase(&mut self, book: &Phrasebook, topic: &Topic) {
        let id_of = |topic: &Topic, word: &str| topic.phrases.iter().position(|phrase| *phrase.id == *word);
        let is_id = |word: &str| word.contains('-') && book.topics().any(|topic| id_of(topic, word).is_some());
        let Some(at) = self.rest.iter().position(|(word, quoted)| !quoted && is_id(&fold(word))) else { return };
        let (word, _) = self.rest.remove(at);
        match id_of(topic, &fold(&word)) {
            Some(place) => {
                let other = std::mem::replace(&mut self.choice.which, Which::Place(place));
                self.choice.unused.extend(other.word());
            }
            None => self.choice.unused.push(word),
        }
    }

    /// Whether the last word that is left over has a capital, or nothing is left over.
    pub(super) fn ends_in_capital(&self) -> bool {
        let last = self.rest.last().and_then(|(words, _)| words.split_whitespace().next_back());
        last.is_none_or(|word| word.starts_with(char::is_uppercase))
    }

    /// Whether what is left over is a name, or nothing is.
    pub(super) fn is_name(&self, book: &Phrasebook, context: impl FnOnce() -> names::Context) -> bool {
        if self.rest.is_empty() {
            return true;
        }
        let words: Vec<names::FollowingWord<'_>> =
            self.rest.iter().map(|(word, quoted)| names::FollowingWord { word, quoted: *quoted }).collect();
        names::is_name(&words, context(), |word| book.knows(word))
    }

    /// The choice, with what is left over for the slot that takes names.
    pub(super) fn choice(mut self) -> Choice {
        if self.rest.is_empty() {
            return self.choice;
        }
        let words: Vec<&str> = self.rest.iter().map(|(word, _)| word.as_str()).collect();
        let quoted = self.rest.iter().any(|(_, quoted)| *quoted);
        let words = words.join(" ");
        let name = names::name_in(&words);
        let rest = Value::read(&if quoted { name } else { names::written(&name) });
        self.choice.rest = Some(rest).filter(|value| !value.words.is_empty());
        self.choice
    }
}
