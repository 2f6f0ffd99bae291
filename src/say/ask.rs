//! What a person typed, and what it means.
//!
//! ```text
//! ask     = [command] [topic] { word | slot | mark }
//! topic   = id | alias | a few words              in a full id the command comes first: recover.billing.hoped-for
//! slot    = name ("=" | ":") value                value = word | quoted words
//! mark    = number | all | steps | letter | short | why | share | step | tone      anywhere after the topic
//! step    = acknowledge | own | explore | make right | exceed | follow up          also step=own, step=any
//! command = help | list [words] | random | search words | sources [id]       in place of a topic
//! check   = "check" { rules=… | school=… | problem=yes | problem=no } ( rules | draft )         the draft word for word, to its end
//! ```
//!
//! Words that are none of these are a name if they look like one (`say/names`), and go to the slot that takes names.
//! Otherwise the whole text is a description, and is searched for. Quotes
//! may be straight, curly, low or angled, and inside them a backslash makes a quote stand for itself; dashes, capitals,
//! white space of every kind and a trailing full stop do not matter; a mention becomes the name it shows.
//! Buttons carry the same language, so whatever a button does could have been typed.

use std::borrow::Cow;

use super::{
    book::Phrasebook,
    careful::Matter,
    english::is_function_word,
    model::{Command, Step, Tone, Topic, UMBRELLA, fold},
    names,
    phrase::{Value, clean, emoji_code, is_slot_name, without_codes},
};

/// What was typed: the command without its slash, and everything after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Ask {
    /// The command, `recover`; the umbrella's name where there is none.
    pub command: String,
    /// The words after it.
    pub text: String,
}

impl Ask {
    /// The longest text that is looked at, in bytes; more than any chat platform's command line holds.
    pub const LONGEST: usize = 16 * 1024;

    /// An ask of the umbrella command.
    #[must_use]
    pub fn umbrella(text: impl Into<String>) -> Self {
        Self { command: UMBRELLA.into(), text: text.into() }
    }
}

/// What an ask means in a given book.
#[derive(Debug, Clone)]
pub enum Wish<'b> {
    /// How to use a command, or the whole.
    Help(Option<&'b Command>),
    /// The topics of a command, or the commands; of the topics, those that the words begin or describe.
    List(Option<&'b Command>, String),
    /// Any phrase, of a command or of all.
    Random(Option<&'b Command>, Choice),
    /// A search over a command or over everything.
    Search(Option<&'b Command>, String),
    /// The articles, or one of them.
    Sources(Option<String>),
    /// Phrases of a topic.
    Phrase {
        /// The topic.
        topic: &'b Topic,
        /// Which of its phrases, filled with what.
        choice: Choice,
        /// What was taken for the topic, where it was not its name.
        guessed: Option<Guess>,
    },
    /// Several words that fit more than one topic, best first.
    Several(Option<&'b Command>, String, Vec<&'b Topic>),
    /// The review of a draft.
    Check(Draft),
    /// The rules for drafts.
    Rules,
    /// Words of a grave matter, whatever else they fit.
    Careful(&'b Matter),
    /// Words that fit nothing.
    Lost(Option<&'b Command>, String),
}

/// A draft to be reviewed, with the settings that stood before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The words as they were typed.
    pub text: String,
    /// Which rules to use.
    pub rules: Option<String>,
    /// A school whose advice is wanted too.
    pub school: Option<String>,
    /// `yes` or `no`: whether it is about a problem, where somebody says so.
    pub problem: Option<String>,
}

/// How words were understood that are nobody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// A slip of the keyboard: what was typed, and the name that was meant.
    Slip(String, String),
    /// Several words, searched.
    Search(String),
}

/// Which phrases of a topic, how, and filled with what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Which.
    pub which: Which,
    /// From which step of a play.
    pub step: At,
    /// Only phrases that sound like this, where there are any.
    pub tone: Option<Tone>,
    /// Only phrases of few words, where there are any.
    pub short: bool,
    /// The phrases of a letter by their places, in order, where somebody has chosen them.
    pub letter: Option<Vec<usize>>,
    /// With the reason and the source.
    pub why: bool,
    /// For everyone in the room.
    pub share: bool,
    /// Slots by name, in the order in which they were given, cleaned.
    pub values: Vec<(String, Value)>,
    /// A name that followed the topic, for the slot that takes names.
    pub rest: Option<Value>,
    /// What was typed and cannot be used, word for word.
    pub unused: Vec<String>,
}

/// From which step of a play a phrase is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum At {
    /// Its first.
    #[default]
    Start,
    /// This one.
    Step(Step),
    /// Any of them, by chance.
    Any,
}

/// Which phrases of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// One, by chance.
    #[default]
    Any,
    /// The one with this number, from 1.
    Number(usize),
    /// The one at this place of the topic, from 0: named by its id.
    Place(usize),
    /// Every one.
    All,
    /// The play, in order.
    Steps,
    /// The whole play as one message.
    Letter,
}

impl Ask {
    /// What this means in a book. Total: whatever is typed means something.
    #[must_use]
    pub fn wish<'b>(&self, book: &'b Phrasebook) -> Wish<'b> {
        if let Some(draft) = self.draft() {
            return match &*fold(draft) {
                "rules" | "list" => Wish::Rules,
                "help" => Wish::Check(Draft::default()),
                _ => Wish::Check(Draft::read(draft)),
            };
        }
        let mut end = self.text.len().min(Self::LONGEST);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let text = self.text.get(..end).unwrap_or_default();
        let name = self.command.trim().trim_start_matches('/');
        let mut words = Words { tokens: tokens(text) };
        let command = match book.command(name) {
            Some(command) => Some(command),
            None => {
                let folded = fold(name);
                match book.command(&folded) {
                    Some(command) => Some(command),
                    None if folded == UMBRELLA || folded.is_empty() => words.take_command(book),
                    None => {
                        // A command that the book no longer has.
                        words.tokens.insert(0, Token::word(name));
                        words.take_command(book)
                    }
                }
            }
        };
        match words.matter(book, command) {
            Some(matter) => Wish::Careful(matter),
            None => words.wish(book, command),
        }
    }
}

impl Ask {
    /// What stands after `/check` or `/saywell check`, untouched: it is somebody's draft.
    fn draft(&self) -> Option<&str> {
        let command = fold(&self.command);
        if command == CHECK {
            return Some(&self.text);
        }
        let text = self.text.trim_start_matches(|c| is_space(c) || c == '/');
        let (first, rest) = text.split_at_checked(CHECK.len())?;
        let is_check = first.eq_ignore_ascii_case(CHECK) && rest.chars().next().is_none_or(is_space);
        (is_check && (command == UMBRELLA || command.is_empty())).then_some(rest)
    }
}

/// As many topics are offered where it is not sure which one is meant.
const CHOICES: usize = 3;

/// The command that reviews drafts.
pub const CHECK: &str = "check";

/// What its one field is called, in forms and among options.
pub const DRAFT: &str = "draft";

impl Draft {
    /// Takes the settings off that stand before a draft.
    fn read(typed: &str) -> Self {
        let mut draft = Self::default();
        let mut rest = typed.trim_matches(is_space);
        loop {
            let (word, after) = rest.split_at(rest.find(is_space).unwrap_or(rest.len()));
            let setting = match word.split_once('=') {
                Some(("rules", value)) => draft.rules.replace(value.to_owned()),
                Some(("school", value)) => draft.school.replace(value.to_owned()),
                Some(("problem", value @ ("yes" | "no"))) => draft.problem.replace(value.to_owned()),
                _ => break,
            };
            if setting.is_some() {
                break;
            }
            rest = after.trim_start_matches(is_space);
        }
        rest.clone_into(&mut draft.text);
        draft
    }

    /// The ask that a draft can be added to, with the same settings.
    pub(super) fn settings(&self) -> String {
        let mut ask = CHECK.to_owned();
        for (name, value) in [("rules", &self.rules), ("school", &self.school), ("problem", &self.problem)] {
            if let Some(value) = value {
                ask.extend([" ", name, "=", value]);
            }
        }
        ask
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token<'a> {
    /// What stands before `=` or `:`.
    name: Option<&'a str>,
    value: Cow<'a, str>,
    quoted: bool,
    /// Somebody was mentioned by it: `@ana`.
    mention: bool,
}

impl<'a> Token<'a> {
    fn word(word: &'a str) -> Self {
        Self { name: None, value: Cow::Borrowed(word), quoted: false, mention: false }
    }

    fn is_word(&self) -> bool {
        self.name.is_none() && !self.quoted
    }

    /// The word as a mark or a name is read: no dashes before it, no punctuation around it, no capitals.
    fn mark(&self) -> Cow<'_, str> {
        if self.is_word() { fold(&self.value) } else { Cow::Borrowed("") }
    }

    fn number(&self) -> Option<usize> {
        let digits = self.is_word().then(|| self.value.trim_matches(['-', '–', '—', '#', '.', ',', '!', '?', ')']))?;
        (digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
    }
}

#[derive(Clone)]
struct Words<'a> {
    tokens: Vec<Token<'a>>,
}

impl Words<'_> {
    /// The grave matter of which the words speak. What fills a blank by name does not count, nor does a topic's own id:
    /// whoever types that wants the topic.
    fn matter<'b>(&self, book: &'b Phrasebook, command: Option<&'b Command>) -> Option<&'b Matter> {
        book.careful.matter(&self.free(book, 0))?;
        let own = match self.by_name(book, command) {
            Some((topic, taken)) if fold(&self.typed(taken)) == *topic.id => taken,
            _ => usize::from(self.clone().by_id(book, command).is_some()),
        };
        book.careful.matter(&self.free(book, own))
    }

    fn free(&self, book: &Phrasebook, from: usize) -> String {
        let mut words = String::new();
        for token in self.tokens.iter().skip(from) {
            if !token.name.is_some_and(|name| book.has_slot(&name.to_lowercase())) {
                words.extend([token.name.unwrap_or_default(), " ", &token.value, " "]);
            }
        }
        words
    }

    /// `/saywell recover …`: the command is the first word.
    fn take_command<'b>(&mut self, book: &'b Phrasebook) -> Option<&'b Command> {
        let first = self.tokens.first()?;
        let command = book.command(&first.mark())?;
        self.tokens.remove(0);
        Some(command)
    }

    fn wish<'b>(mut self, book: &'b Phrasebook, command: Option<&'b Command>) -> Wish<'b> {
        let Some(first) = self.tokens.first() else { return Wish::List(command, String::new()) };
        let command = command.or_else(|| self.command_of_help(book));
        match &*first.mark() {
            "help" => return Wish::Help(command),
            "list" => return Wish::List(command, self.words_from(1)),
            "sources" | "source" => {
                return Wish::Sources(
                    self.tokens.get(1).map(|token| fold(&token.value).into_owned()).filter(|id| !id.is_empty()),
                );
            }
            "search" => {
                let query = self.words_from(1);
                return if query.is_empty() { Wish::List(command, query) } else { Wish::Search(command, query) };
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
            let after = self.after(taken).marks(is_slot);
            let called = guessed.is_none() && fold(&self.typed(taken)) == *topic.id;
            own = Some(topic).filter(|_| called);
            // "billing is too high" describes something; "billing Dr Matt" names somebody.
            let context = names::Context { shouted: self.is_shouted(), called };
            if after.is_name(book, context) {
                if after.help {
                    return Wish::Help(book.command(&topic.command));
                }
                return Wish::Phrase { topic, choice: after.choice(), guessed };
            }
        }
        self.by_search(book, command, own)
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
                Some(command) => command.topic(&name),
                None => {
                    // Without a command a name has to be one topic's alone.
                    let mut named = book.commands.iter().filter_map(|command| command.topic(&name));
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

    /// What the words describe. Who began with a topic's own id means that topic, if it is the best that is found.
    fn by_search<'b>(&self, book: &'b Phrasebook, command: Option<&'b Command>, own: Option<&Topic>) -> Wish<'b> {
        let query = self.words_from(0);
        if query.is_empty() {
            return Wish::List(command, String::new());
        }
        let found = book.find(command, &query);
        let Some(first) = found.hits.first() else { return Wish::Lost(command, query) };
        if found.sure || own.is_some_and(|own| std::ptr::eq(own, first.topic)) {
            let choice = Choice { values: self.named(|name| first.topic.slot(name).is_some()), ..Choice::default() };
            return Wish::Phrase { topic: first.topic, choice, guessed: Some(Guess::Search(query)) };
        }
        Wish::Several(command, query, found.hits.iter().take(CHOICES).map(|hit| hit.topic).collect())
    }

    /// Whether everything is in capitals, so that they tell nothing.
    fn is_shouted(&self) -> bool {
        let mut letters = self.tokens.iter().flat_map(|token| token.value.chars()).filter(|c| c.is_alphabetic());
        letters.clone().count() > 3 && letters.all(char::is_uppercase)
    }

    fn leading_words(&self, most: usize) -> usize {
        self.tokens.iter().take(most).take_while(|token| token.is_word()).count()
    }

    fn typed(&self, length: usize) -> String {
        let words: Vec<&str> = self.tokens.iter().take(length).map(|token| token.value.as_ref()).collect();
        clean(&words.join(" "))
    }

    fn joined(&self, length: usize) -> Cow<'_, str> {
        match self.tokens.first() {
            Some(first) if length == 1 => fold(&first.value),
            _ => fold(&self.typed(length)).into_owned().into(),
        }
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

    fn after(&self, taken: usize) -> Self {
        Self { tokens: self.tokens.get(taken..).unwrap_or_default().to_vec() }
    }

    fn named(&self, is_slot: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
        let named = Self { tokens: self.tokens.iter().filter(|token| token.name.is_some()).cloned().collect() };
        named.marks(is_slot).choice.values
    }

    /// `customer = Ana` and `customer: Ana` are the slot `customer`, if there is one.
    fn join_spaced_slots(&mut self, is_slot: impl Fn(&str) -> bool) {
        let mut at = 0;
        while at < self.tokens.len() {
            let Some(token) = self.tokens.get(at) else { break };
            let empty = token.value.is_empty() && !token.quoted;
            let open = token.name.is_some_and(|name| empty && is_slot(&name.to_lowercase()));
            if open && self.tokens.get(at + 1).is_some_and(|next| next.name.is_none()) {
                let next = self.tokens.remove(at + 1);
                if let Some(token) = self.tokens.get_mut(at) {
                    token.value = next.value;
                    token.quoted = next.quoted;
                }
            }
            at += 1;
        }
    }

    /// Marks, slots and words left over, of what follows the topic.
    fn marks(mut self, is_slot: impl Fn(&str) -> bool) -> Marked {
        self.join_spaced_slots(&is_slot);
        let mut marked = Marked::default();
        let mut tokens = self.tokens.as_slice();
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
}

/// What follows a topic, sorted.
#[derive(Debug, Default)]
struct Marked {
    choice: Choice,
    /// How to use it was asked.
    help: bool,
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
        let words: Vec<String> = std::iter::once(self.first).chain(self.more).collect();
        (self.name, Value::read(&words.join(" ")))
    }
}

impl Marked {
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
            _ if token.quoted => self.rest.push((token.value.clone().into_owned(), true)),
            // A mention may show several words.
            _ => self.rest.extend(token.value.split_whitespace().map(|word| (word.to_owned(), token.mention))),
        }
        Some(1)
    }

    /// `n=2`, `tone=warm`, `step=own`, or a slot.
    fn setting(&mut self, typed: &str, token: &Token<'_>, is_slot: impl Fn(&str) -> bool) {
        let name = typed.to_lowercase();
        let value = fold(&token.value);
        let Choice { which, step, tone, unused, .. } = &mut self.choice;
        let given = format!("{typed}={}", token.value);
        let known = match (name.as_str(), &*value) {
            ("n", number) => number.parse().map(|number| only(which, Which::Number(number), &given, unused)).is_ok(),
            ("tone", word) => word.parse().map(|word| only(tone, Some(word), &given, unused)).is_ok(),
            ("step", "any") => {
                only(step, At::Any, &given, unused);
                true
            }
            ("step", word) => word.parse().map(|word| only(step, At::Step(word), &given, unused)).is_ok(),
            _ if token.value.is_empty() && !is_slot(&name) => {
                self.open = false;
                self.rest.push((typed.to_owned(), false));
                return;
            }
            _ => {
                self.open = !token.quoted;
                self.values.push(GivenValue { name, first: token.value.clone().into_owned(), more: Vec::new() });
                return;
            }
        };
        if !known {
            unused.push(given);
        }
    }

    /// Whether what is left over is a name, or nothing is.
    fn is_name(&self, book: &Phrasebook, context: names::Context) -> bool {
        let words: Vec<names::Word<'_>> =
            self.rest.iter().map(|(word, quoted)| names::Word { word, quoted: *quoted }).collect();
        words.is_empty() || names::is_name(&words, context, |word| book.knows(word))
    }

    /// The choice, with what is left over for the slot that takes names.
    fn choice(mut self) -> Choice {
        let words: Vec<&str> = self.rest.iter().map(|(word, _)| word.as_str()).collect();
        let quoted = self.rest.iter().any(|(_, quoted)| *quoted);
        let words = words.join(" ");
        let name = names::without_for(&words);
        let rest = Value::read(&if quoted { name.to_owned() } else { names::written(name) });
        self.choice.rest = Some(rest).filter(|value| !value.words.is_empty());
        self.choice
    }
}

/// Of what can be said once only the first counts; another one is not used.
fn only<T: Default + PartialEq>(place: &mut T, value: T, typed: &str, unused: &mut Vec<String>) {
    if *place == T::default() {
        *place = value;
    } else if *place != value {
        unused.push(typed.to_owned());
    }
}

impl Which {
    /// As it is typed.
    fn word(self) -> Option<String> {
        match self {
            Self::Any | Self::Place(_) => None,
            Self::Number(number) => Some(number.to_string()),
            Self::All => Some("all".into()),
            Self::Steps => Some("steps".into()),
            Self::Letter => Some("letter".into()),
        }
    }
}

impl Choice {
    /// Takes a mark, if the word is one.
    fn mark(&mut self, word: &str) -> bool {
        let Self { which, step, tone, unused, .. } = self;
        match word {
            "all" => only(which, Which::All, word, unused),
            "steps" => only(which, Which::Steps, word, unused),
            "letter" | "email" | "reply" => only(which, Which::Letter, word, unused),
            "short" => self.short = true,
            "why" => self.why = true,
            "share" => self.share = true,
            _ => match (word.parse(), word.parse()) {
                (Ok(named), _) => only(step, At::Step(named), word, unused),
                (_, Ok(named)) => only(tone, Some(named), word, unused),
                _ => return false,
            },
        }
        true
    }

    /// The ask that means this again, for a button: `recover.billing 3 customer="Dr Matt"`.
    #[must_use]
    pub fn ask(topic: &Topic, phrase: Option<&str>, mark: &str, values: &[(&str, &str)]) -> String {
        // Longer than most: written once, never moved.
        let mut text = String::with_capacity(128);
        text.extend([&*topic.command, ".", &*topic.id]);
        if let Some(phrase) = phrase {
            text.extend([".", phrase]);
        }
        if !mark.is_empty() {
            text.extend([" ", mark]);
        }
        for (name, value) in values {
            push_slot(&mut text, name, value);
        }
        text
    }
}

/// Adds what was entered in a field of a form: to `check` a draft, word for word; to anything else a slot. An empty
/// field adds nothing, nor does one whose name no slot can have.
pub fn enter(ask: &mut String, field: &str, value: &str) {
    if value.trim().is_empty() || !is_slot_name(field) {
        return;
    }
    if ask.split(' ').next() == Some(CHECK) {
        ask.extend([" ", value]);
    } else {
        push_slot(ask, field, value);
    }
}

/// Adds a slot to an ask: ` customer="Dr Matt"`.
pub fn push_slot(ask: &mut String, name: &str, value: &str) {
    ask.extend([" ", name, "=\""]);
    // A quote inside a value would end it. Most values have none, and no letters among which there could be one.
    if value.bytes().all(|b| b.is_ascii() && b != b'\\' && b != b'"') {
        ask.push_str(value);
    } else {
        for c in value.chars() {
            if c == '\\' || DOUBLE_QUOTES.contains(&c) {
                ask.push('\\');
            }
            ask.push(c);
        }
    }
    ask.push('"');
}

/// Cuts a text into words, quoted words and `name=value`.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut unclosed = [false; 2];
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if let (Some(Token { name: name @ None, value: Cow::Borrowed(word), quoted: false, .. }), Some(after)) =
            (tokens.last_mut(), after_sign(rest))
            && is_name(word)
        {
            *name = Some(word);
            *word = "";
            rest = after.trim_start_matches(is_space);
            continue;
        }
        let (token, after) = token(rest, &mut unclosed);
        let says_nothing = matches!(&*token.value, "" | "=" | ":") || token.value.chars().all(is_dash);
        if !(says_nothing && token.name.is_none()) {
            tokens.push(token);
        }
        rest = after.trim_start_matches(is_space);
    }
    tokens
}

/// What follows the sign of "customer = Ana", "customer =Ana" or "customer : Ana"; ":smile:" is a word.
fn after_sign(text: &str) -> Option<&str> {
    let colon = || text.strip_prefix(':').filter(|after| after.is_empty() || after.starts_with(is_space));
    text.strip_prefix('=').or_else(colon)
}

fn token<'a>(text: &'a str, unclosed: &mut [bool; 2]) -> (Token<'a>, &'a str) {
    if let Some((value, rest)) = quoted(text, unclosed) {
        return (Token { name: None, value: Cow::Owned(value), quoted: true, mention: false }, rest);
    }
    if let Some((value, rest)) = mention(text) {
        return (Token { name: None, value, quoted: false, mention: text.starts_with("<@") }, rest);
    }
    let end = text.find(is_space).unwrap_or(text.len());
    let sign = text.get(..end).and_then(|word| word.find(['=', ':']));
    if let Some(sign) = sign
        && let (Some(name), Some(value)) = (text.get(..sign), text.get(sign + 1..))
        && is_name(name)
        && !value.starts_with("//")
        && text.get(sign..end).is_none_or(|rest| emoji_code(rest, true).is_none())
    {
        let (value, quoted, rest) = match (quoted(value, unclosed), mention(value)) {
            (Some((value, rest)), _) => (Cow::Owned(value), true, rest),
            // A mention that shows nothing leaves the slot empty; the next word is not its value.
            (None, Some((value, rest))) => (value.clone(), value.is_empty(), rest),
            (None, None) => {
                let end = value.find(is_space).unwrap_or(value.len());
                let (value, rest) = value.split_at(end);
                (Cow::Borrowed(without_at(value)), false, rest)
            }
        };
        return (Token { name: Some(name), value, quoted, mention: false }, rest);
    }
    let (word, rest) = text.split_at(end);
    let name = without_at(word);
    let value = if name.contains(':') { without_codes(name).into() } else { name.into() };
    (Token { value, mention: name.len() < word.len(), ..Token::word(name) }, rest)
}

fn without_at(word: &str) -> &str {
    word.strip_prefix('@').filter(|name| !name.is_empty()).unwrap_or(word)
}

/// Quotes that close one another.
const DOUBLE_QUOTES: &[char] = &['"', '“', '”', '„', '«', '»'];
const SINGLE_QUOTES: &[char] = &['\'', '‘', '’', '‚', '`'];

/// Words in quotes, and what follows. A quote that is never closed is a character like any other; `unclosed` remembers
/// for each kind that no later one is either, so that a text full of them is not read to its end for each.
fn quoted<'a>(text: &'a str, unclosed: &mut [bool; 2]) -> Option<(String, &'a str)> {
    let points = ['.', ',', ';', '!', '?'];
    let open = text.chars().next()?;
    let mut kinds = [DOUBLE_QUOTES, SINGLE_QUOTES].into_iter().zip(unclosed);
    let (quotes, unclosed) = kinds.find(|(quotes, unclosed)| !**unclosed && quotes.contains(&open))?;
    let mut value = String::new();
    let mut rest = text.get(open.len_utf8()..)?;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        let escaped = rest.chars().next().filter(|next| c == '\\' && (*next == '\\' || quotes.contains(next)));
        if let Some(next) = escaped {
            value.push(next);
            rest = rest.get(next.len_utf8()..)?;
        } else if quotes.contains(&c) && (rest.is_empty() || rest.starts_with(|c| is_space(c) || points.contains(&c))) {
            return Some((value, rest.trim_start_matches(points)));
        } else {
            value.push(c);
        }
    }
    *unclosed = true;
    None
}

/// Chat markup for a person, a channel or a link, as the words that it shows: `<@U1|pat>` is `pat`. One that shows none
/// is left out, since an id is nobody's name.
fn mention(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('<')?;
    let first = inner.chars().next()?;
    let end = inner.find('>')?;
    let (inner, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
    let is_link = inner.starts_with("https://") || inner.starts_with("http://") || inner.starts_with("mailto:");
    if !matches!(first, '@' | '#' | '!') && !is_link {
        return None;
    }
    let shown = match inner.split_once('|') {
        Some((_, label)) => label,
        None if is_link => inner,
        None => "",
    };
    Some((Cow::Borrowed(shown.trim_start_matches(['@', '#', '!'])), rest))
}

fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// White space, and the invisible characters that chat clients put in its place.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
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
}
