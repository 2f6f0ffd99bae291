//! What the words of an ask mean in a book.

use std::borrow::Cow;

use super::{
    super::{
        book::Phrasebook,
        careful::{Grave, Matter},
        english::is_function_word,
        model::{Command, Topic, fold},
        names,
        phrase::{Value, clean},
    },
    choice::{Choice, Which},
    marks::{Marked, is_setting},
    tokens::{Token, tokens},
    wish::{Guess, Wish},
};
use crate::bytes::add;

/// As many topics are offered where it is not sure which one is meant.
const CHOICES: usize = 3;

/// The words of an ask.
#[derive(Clone)]
pub(super) struct Words<'a> {
    tokens: Vec<Token<'a>>,
}

impl<'a> Words<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        Self { tokens: tokens(text) }
    }

    /// Puts a word before all others.
    pub(super) fn put_first(&mut self, word: &'a str) {
        self.tokens.insert(0, Token::word(word));
    }

    /// The grave matter of which the words speak, or may. What fills a blank by name does not count, nor does a topic's
    /// own id: whoever types that wants the topic. So does who types another name of it and nothing else, unless the topic
    /// is one of the matter's; and `list` or `search` is a word of ours. `careful death` names the matter itself.
    pub(super) fn grave<'b>(&self, book: &'b Phrasebook, command: Option<&'b Command>) -> Option<Grave<'b>> {
        let first = self.tokens.first()?.mark();
        if let ("careful", [_, id]) = (&*first, &*self.tokens)
            && let Some(matter) = book.careful.named(&id.mark())
        {
            return Some(Grave::Told(matter));
        }
        let from = usize::from(matches!(&*first, "list" | "search"));
        let grave = book.careful.look(&self.free(book, from))?;
        let typed = Words { tokens: self.tokens.iter().skip(from).cloned().collect() };
        match typed.by_name(book, command) {
            Some((topic, taken)) if typed.joined(taken) == *topic.id => book.careful.look(&typed.free(book, taken)),
            Some((topic, taken)) if taken == typed.tokens.len() => {
                Some(grave.matter()).filter(|matter| matter.fits(&topic.dotted())).map(Grave::Told)
            }
            _ => {
                let id = usize::from(typed.clone().by_id(book, command).is_some());
                book.careful.look(&typed.free(book, id))
            }
        }
    }

    fn free(&self, book: &Phrasebook, from: usize) -> String {
        let mut words = String::new();
        for token in self.tokens.iter().skip(from) {
            if !token.name.is_some_and(|name| book.has_slot(&name.to_lowercase())) {
                add(&mut words, &[token.name.unwrap_or_default(), " ", &token.value, " "]);
            }
        }
        words
    }

    /// `/saywell recover …`: the command is the first word.
    pub(super) fn take_command<'b>(&mut self, book: &'b Phrasebook) -> Option<&'b Command> {
        let first = self.tokens.first()?;
        let command = book.command(&first.mark())?;
        self.tokens.remove(0);
        Some(command)
    }

    /// What they mean, where they speak of no grave matter but perhaps of this one.
    pub(super) fn wish<'b>(
        mut self,
        book: &'b Phrasebook,
        command: Option<&'b Command>,
        perhaps: Option<&'b Matter>,
    ) -> Wish<'b> {
        let Some(first) = self.tokens.first() else { return Wish::List(command, String::new(), String::new()) };
        let command = command.or_else(|| self.command_of_help(book));
        match &*first.mark() {
            "help" => {
                let is_named =
                    |command: &Command| self.tokens.get(1).is_some_and(|token| *token.mark() == *command.name);
                let left = self.left(1 + usize::from(command.is_some_and(is_named)));
                return Wish::Help(command, left);
            }
            "list" => return Wish::List(command, self.words_from(1), self.left_slots()),
            "sources" | "source" => {
                let id = self.tokens.get(1).map(|token| fold(&token.value).into_owned()).filter(|id| !id.is_empty());
                return Wish::Sources(id, self.left(2));
            }
            "search" => {
                let (query, left) = (self.words_from(1), self.left_slots());
                let is_empty = query.is_empty();
                return if is_empty { Wish::List(command, query, left) } else { Wish::Search(command, query, left) };
            }
            "random" => {
                self.tokens.remove(0);
                let after = self.marks(|name| command.is_none_or(|command| command.has_slot(name)));
                return Wish::Random(command, after.choice());
            }
            _ => {}
        }
        self.join_spaced_slots(|name| command.is_some_and(|command| command.has_slot(name)));
        if let Some((topic, choice)) = self.by_id(book, command) {
            return Wish::Phrase { topic, choice, guessed: None };
        }
        let named = match self.by_name(book, command) {
            Some((topic, taken)) => Some((topic, None, taken)),
            None => self.by_slip(book, command).map(|(topic, guess, taken)| (topic, Some(guess), taken)),
        };
        let mut own = None;
        if let Some((topic, guessed, taken)) = named {
            let is_slot = |name: &str| topic.slot(name).is_some();
            let mut after = self.after(taken).marks(is_slot);
            after.take_phrase(book, topic);
            let called = guessed.is_none() && self.joined(taken) == *topic.id;
            own = Some(topic).filter(|_| called);
            // "billing is too high" describes something; "billing Dr Matt" names somebody. Where the words sound grave,
            // "billing Ken Burns" does, and "delay Ana collapsed" does not.
            let may_name = perhaps.is_none() || after.ends_in_capital();
            if may_name && after.is_name(book, || names::Context { shouted: self.is_shouted(), called }) {
                if after.help {
                    self.tokens.drain(..taken);
                    self.tokens.retain(|token| token.mark() != "help");
                    return Wish::Help(book.command(&topic.command), self.left(0));
                }
                return Wish::Phrase { topic, choice: after.choice(), guessed };
            }
        }
        self.by_search(book, command, own, perhaps)
    }

    /// `help recover` is about that command.
    fn command_of_help<'b>(&self, book: &'b Phrasebook) -> Option<&'b Command> {
        let [first, second, ..] = &*self.tokens else { return None };
        if first.mark() == "help" { book.command(&second.mark()) } else { None }
    }

    /// A full id: `recover.billing`, `billing.hoped-for` under its command, `recover.billing.hoped-for`.
    fn by_id<'b>(&mut self, book: &'b Phrasebook, command: Option<&'b Command>) -> Option<(&'b Topic, Choice)> {
        let first = self.tokens.first().filter(|token| token.is_word())?;
        let dotted = first.value.trim_end_matches(['.', ',', '!', '?']);
        if !dotted.contains('.') {
            return None;
        }
        let dotted = dotted.to_lowercase();
        let prefixed = command.map(|command| format!("{}.{dotted}", command.name));
        let (topic, place) = [Some(dotted), prefixed].into_iter().flatten().find_map(|id| {
            book.topic(&id)
                .map(|topic| (topic, None))
                .or_else(|| book.phrase(&id).map(|(topic, place)| (topic, Some(place))))
        })?;
        self.tokens.remove(0);
        let after = Words { tokens: std::mem::take(&mut self.tokens) }.marks(|name| topic.slot(name).is_some());
        let mut choice = after.choice();
        if let Some(place) = place {
            let other = std::mem::replace(&mut choice.which, Which::Place(place));
            choice.unused.extend(other.word());
        }
        Some((topic, choice))
    }

    /// The longest run of first words that is an id or an alias, and how many words that were.
    fn by_name<'b>(&self, book: &'b Phrasebook, command: Option<&'b Command>) -> Option<(&'b Topic, usize)> {
        (1..=self.leading_words(5)).rev().find_map(|length| {
            let name = self.joined(length);
            let topic = match command {
                Some(command) => command.named(&name),
                None => {
                    // Without a command a name has to be one topic's alone.
                    let mut named = book.commands.iter().filter_map(|command| command.named(&name));
                    named.next().filter(|_| named.next().is_none())
                }
            };
            topic.map(|topic| (topic, length))
        })
    }

    fn by_slip<'b>(&self, book: &'b Phrasebook, command: Option<&'b Command>) -> Option<(&'b Topic, Guess, usize)> {
        (1..=self.leading_words(3)).rev().find_map(|length| {
            let typed = self.joined(length);
            if length == 1 && is_function_word(&typed) {
                return None;
            }
            let (topic, name) = book.slip(command, &typed)?;
            Some((topic, Guess::Slip(self.typed(length), name.into()), length))
        })
    }

    /// What the words describe. Who began with a topic's own id means that topic, if it is the best that is found. What may
    /// be grave is sure of no topic that is not fit for that.
    fn by_search<'b>(
        &self,
        book: &'b Phrasebook,
        command: Option<&'b Command>,
        own: Option<&Topic>,
        perhaps: Option<&'b Matter>,
    ) -> Wish<'b> {
        let query = self.words_from(0);
        if query.is_empty() {
            return Wish::List(command, query, self.left_slots());
        }
        if let (None, Some((topic, choice, described))) = (perhaps, self.marked_description(book, command)) {
            return Wish::Phrase { topic, choice, guessed: Some(Guess::Search(described)) };
        }
        let found = book.find(command, &query);
        let mut topics = found.hits.iter().map(|hit| hit.topic);
        let Some(first) = topics.clone().next() else {
            return match perhaps {
                Some(matter) => Wish::Perhaps(command, query, matter, Vec::new(), self.left_slots()),
                None => Wish::Lost(command, query, self.left_slots()),
            };
        };
        let sure = found.sure || own.is_some_and(|own| std::ptr::eq(own, first));
        match perhaps {
            Some(matter) if !(sure && matter.fits(&first.dotted())) => {
                let topics = topics.by_ref().take(CHOICES - 1).collect();
                Wish::Perhaps(command, query, matter, topics, self.left_slots())
            }
            _ if sure => {
                let choice = Choice { values: self.named(|name| first.slot(name).is_some()), ..Choice::default() };
                Wish::Phrase { topic: first, choice, guessed: Some(Guess::Search(query)) }
            }
            _ => Wish::Several(command, query, topics.take(CHOICES).collect(), self.left_slots()),
        }
    }

    /// *Late delivery short*: a description that is sure without the marks at its end, which then say which phrase is wanted.
    /// *Waiting for a reply* goes on describing.
    fn marked_description<'b>(
        &self,
        book: &'b Phrasebook,
        command: Option<&'b Command>,
    ) -> Option<(&'b Topic, Choice, String)> {
        let is_free = |token: &Token<'_>| token.name.is_none() && !token.is_closing_mark();
        let end = 1 + self.tokens.iter().rposition(is_free)?;
        let (described, marks) = self.tokens.split_at_checked(end)?;
        let goes_on = described.last().is_some_and(|last| is_function_word(&last.mark()));
        if goes_on || marks.iter().all(|mark| mark.name.is_some()) {
            return None;
        }
        let described = Self { tokens: described.to_vec() }.words_from(0);
        let found = book.find(command, &described);
        let topic = found.hits.first().filter(|_| found.sure)?.topic;
        let fits = |mark: &Token<'_>| mark.number().is_none_or(|number| (1..=topic.phrases.len()).contains(&number));
        if !marks.iter().all(fits) {
            return None;
        }
        let said = self.tokens.iter().zip(0..).filter(|(token, at)| *at >= end || token.name.is_some());
        let said = Self { tokens: said.map(|(token, _)| token.clone()).collect() };
        Some((topic, said.marks(|name| topic.slot(name).is_some()).choice(), described))
    }

    /// Whether everything is in capitals, so that they tell nothing.
    fn is_shouted(&self) -> bool {
        let mut letters = self.tokens.iter().flat_map(|token| token.value.chars()).filter(|c| c.is_alphabetic());
        letters.clone().count() > 3 && letters.all(char::is_uppercase)
    }

    fn leading_words(&self, most: usize) -> usize {
        self.tokens.iter().take(most).take_while(|token| token.is_word()).count()
    }

    /// The first words, as they are shown.
    fn typed(&self, length: usize) -> String {
        clean(&self.first(length))
    }

    /// The first words, as names are looked up.
    fn joined(&self, length: usize) -> Cow<'_, str> {
        match self.tokens.first() {
            Some(first) if length == 1 => fold(&first.value),
            _ => fold(&self.first(length)).into_owned().into(),
        }
    }

    fn first(&self, length: usize) -> String {
        let mut words = String::with_capacity(64);
        for token in self.tokens.iter().take(length) {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(&token.value);
        }
        words
    }

    fn words_from(&self, from: usize) -> String {
        let words: Vec<&str> = self
            .tokens
            .iter()
            .skip(from)
            .filter(|token| token.name.is_none())
            .map(|token| token.value.as_ref())
            .collect();
        Value::read(&words.join(" ")).words
    }

    /// What was typed and is not used, slots and all.
    fn left(&self, from: usize) -> String {
        Self::as_typed(self.tokens.iter().skip(from))
    }

    /// The `name=value` that an answer without slots has no use for.
    fn left_slots(&self) -> String {
        Self::as_typed(self.tokens.iter().filter(|token| token.name.is_some()))
    }

    fn as_typed<'t>(tokens: impl Iterator<Item = &'t Token<'a>>) -> String
    where
        'a: 't,
    {
        let typed = |token: &Token<'_>| match token.name {
            Some(name) => format!("{name}={}", token.value),
            None => token.value.to_string(),
        };
        let words: Vec<String> = tokens.map(typed).collect();
        Value::read(&words.join(" ")).words
    }

    fn after(&self, taken: usize) -> Self {
        Self { tokens: self.tokens.get(taken..).unwrap_or_default().to_vec() }
    }

    fn named(&self, is_slot: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
        let named = Self { tokens: self.tokens.iter().filter(|token| token.name.is_some()).cloned().collect() };
        named.marks(is_slot).choice.values
    }

    /// `customer = Ana`, `customer: Ana` and `--customer Ana` are the slot `customer`, if there is one.
    fn join_spaced_slots(&mut self, is_slot: impl Fn(&str) -> bool) {
        let mut at = 0;
        while at < self.tokens.len() {
            let Some(token) = self.tokens.get(at) else { break };
            let empty = token.value.is_empty() && !token.quoted;
            let name = token.name.filter(|_| empty).or_else(|| token.flag());
            let name = name.filter(|name| is_setting(name) || is_slot(&name.to_lowercase()));
            let is_value = |next: &Token<'_>| next.name.is_none() && next.flag().is_none();
            if name.is_some() && self.tokens.get(at + 1).is_some_and(is_value) {
                let next = self.tokens.remove(at + 1);
                if let Some(token) = self.tokens.get_mut(at) {
                    token.name = name;
                    token.value = next.value;
                    token.quoted = next.quoted;
                }
            }
            at += 1;
        }
    }

    /// What follows the topic, sorted.
    fn marks(mut self, is_slot: impl Fn(&str) -> bool) -> Marked {
        self.join_spaced_slots(&is_slot);
        Marked::read(&self.tokens, is_slot)
    }
}
