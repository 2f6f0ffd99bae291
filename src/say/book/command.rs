//! A command as its files have it, all layers together.

use std::{collections::HashSet, ops::Range, sync::Arc};

use indexmap::IndexMap;
use toml::{Spanned, de::DeValue};

use super::{
    super::{find::closest, model::Slot, phrase::is_slot_name},
    file::{CommandFile, PhraseEntry, SlotEntry, TopicEntry, longest},
    reader::{KEBAB, Reader, is_kebab, take},
    reserved::{KEYWORDS, OWN},
    source::Source,
};

/// Names that no slot may have, since `name=value` in a URL means something else there.
const NOT_SLOTS: [&str; 18] = [
    "all", "command", "format", "help", "id", "letter", "limit", "list", "n", "offset", "q", "random", "seed", "short",
    "source", "step", "steps", "tone",
];

/// So many slots a table may have.
const MOST_SLOTS: usize = 64;

/// A command as the files have it, all layers together.
pub(super) struct RawCommand<'s> {
    pub(super) source: &'s Source,
    pub(super) title: Option<String>,
    pub(super) about: Option<String>,
    pub(super) order: Option<u16>,
    pub(super) slots: IndexMap<String, RawSlot<'s>>,
    pub(super) topics: IndexMap<String, RawTopic<'s>>,
}

pub(super) struct RawSlot<'s> {
    pub(super) source: &'s Source,
    pub(super) key: Range<usize>,
    pub(super) slot: Arc<Slot>,
    pub(super) used: bool,
}

/// A topic as its files have it. Where one extends another its parts come from several files, so each knows its own.
pub(super) struct RawTopic<'s> {
    /// The uppermost file.
    pub(super) source: &'s Source,
    pub(super) key: Range<usize>,
    pub(super) title: String,
    pub(super) when: String,
    pub(super) tip: String,
    pub(super) avoid: String,
    pub(super) aliases: Vec<Named<'s>>,
    pub(super) questions: Vec<Box<str>>,
    pub(super) letter: Vec<Named<'s>>,
    pub(super) related: Vec<Named<'s>>,
    pub(super) slots: IndexMap<String, RawSlot<'s>>,
    pub(super) phrases: Vec<RawPhrase<'s>>,
    /// Whether something of it stands in the lowest layer.
    pub(super) from_lowest: bool,
    extend: bool,
    hide: Vec<Spanned<String>>,
}

/// A name that stands in a file.
pub(super) type Named<'s> = (&'s Source, Spanned<String>);

pub(super) struct RawPhrase<'s> {
    pub(super) source: &'s Source,
    pub(super) at: Range<usize>,
    pub(super) entry: PhraseEntry,
}

impl RawPhrase<'_> {
    fn id(&self) -> &str {
        self.entry.id.as_ref().map_or("", |id| id.get_ref())
    }
}

impl RawTopic<'_> {
    /// Lays a topic that extends this one over it: what it says goes before, and what it does not say stays.
    fn lay_over(&mut self, upper: Self) {
        let hidden: HashSet<&str> = upper.hide.iter().map(|id| id.get_ref().as_str()).collect();
        let own: HashSet<&str> = upper.phrases.iter().map(RawPhrase::id).collect();
        self.phrases.retain(|phrase| !hidden.contains(phrase.id()) && !own.contains(phrase.id()));
        self.letter.retain(|(_, id)| !hidden.contains(id.get_ref().as_str()));
        let lower = std::mem::replace(self, upper);
        for (text, below) in [
            (&mut self.title, lower.title),
            (&mut self.when, lower.when),
            (&mut self.tip, lower.tip),
            (&mut self.avoid, lower.avoid),
        ] {
            if text.is_empty() {
                *text = below;
            }
        }
        self.from_lowest |= lower.from_lowest;
        add(&mut self.aliases, lower.aliases);
        add(&mut self.related, lower.related);
        self.questions.extend(lower.questions);
        self.phrases.extend(lower.phrases);
        if self.letter.is_empty() {
            self.letter = lower.letter;
        }
        for (name, slot) in lower.slots {
            self.slots.entry(name).or_insert(slot);
        }
    }
}

impl<'s> Reader<'s> {
    /// A command from all its files, lowest layer first.
    pub(super) fn command(&mut self, name: &str, sources: &[&'s Source]) -> Option<RawCommand<'s>> {
        let Some(source) = sources.iter().find(|source| !source.has_questions()).copied() else {
            for source in sources {
                let hint = "name it after a command that is there: recover.questions";
                self.fault(source, 0..0, format!("questions for `{name}`, which is no command"), hint);
            }
            return None;
        };
        let mut command = RawCommand {
            source,
            title: None,
            about: None,
            order: None,
            slots: IndexMap::new(),
            topics: IndexMap::new(),
        };
        // Those of one layer come after the topics that they are about.
        let mut sources = sources.to_vec();
        sources.sort_by_key(|source| (source.layer, source.has_questions()));
        for source in sources {
            if source.has_questions() {
                self.questions(source, &mut command);
            } else {
                self.lay_over(name, source, &mut command);
            }
        }
        Some(command)
    }

    /// Reads a file of a command over those of lower layers.
    fn lay_over(&mut self, name: &str, source: &'s Source, command: &mut RawCommand<'s>) {
        if OWN.contains(&name) || self.reserved.contains(&name) {
            let hint = "the service has a path or a word of that name: rename the file";
            self.fault(source, 0..0, format!("`{name}` is a reserved name"), hint);
        } else if !is_kebab(name, 31) || name.starts_with(|c: char| c.is_ascii_digit()) {
            let hint = "a file is named after its command: lower-case letters, digits and single dashes, at most 31, a letter first";
            self.fault(source, 0..0, format!("`{name}` cannot be a command"), hint);
        }
        let mut document = self.document(source);
        let slots = take(&mut document, "slot");
        let topics = take(&mut document, "topic");
        let head: CommandFile = self.record(source, Spanned::new(0..0, DeValue::Table(document))).unwrap_or_default();
        let whole = 0..0;
        let title = head.title.map(|title| self.text(source, &whole, Some(title), "title", longest::COMMAND_TITLE));
        let about = head.about.map(|about| self.text(source, &whole, Some(about), "about", longest::ABOUT));
        let slots = self.slots(source, slots);
        let topics = self.topics(source, topics);
        command.title = title.or(command.title.take());
        command.about = about.or(command.about.take());
        command.order = head.order.or(command.order);
        command.slots.extend(slots);
        for (id, topic) in topics {
            if let Some(other) = command.topics.get(&id).filter(|other| other.source.layer == source.layer) {
                let hint = format!("{} has it already, in the same folder: leave it there or here", other.source.name);
                self.fault(source, topic.key.clone(), format!("the topic `{id}` is there twice"), hint);
            }
            match command.topics.get_mut(&id) {
                Some(below) if topic.extend => {
                    self.can_extend(&topic, below);
                    below.lay_over(topic);
                }
                below => {
                    if topic.extend && below.is_none() {
                        self.nothing_below(&id, &topic, command.topics.keys().map(String::as_str));
                    }
                    command.topics.insert(id, topic);
                }
            }
        }
    }

    /// Sees to it that what is hidden is there, and that enough is left.
    fn can_extend(&mut self, topic: &RawTopic<'s>, below: &RawTopic<'s>) {
        let known: HashSet<&str> = below.phrases.iter().map(RawPhrase::id).collect();
        for hidden in &topic.hide {
            let id = hidden.get_ref().as_str();
            if !known.contains(id) && !self.has_enough() {
                let near = closest(id, known.iter().copied());
                let hint = near.map_or_else(|| "name phrases of the topic below".to_owned(), did_you_mean);
                self.fault(topic.source, hidden.span(), format!("there is no phrase `{id}` to hide"), hint);
            }
        }
        let mut left = known;
        for hidden in &topic.hide {
            left.remove(hidden.get_ref().as_str());
        }
        left.extend(topic.phrases.iter().map(RawPhrase::id));
        self.enough_phrases(topic.source, &topic.key, left.len());
    }

    fn nothing_below<'a>(&mut self, id: &str, topic: &RawTopic<'s>, topics: impl Iterator<Item = &'a str>) {
        let near = closest(id, topics);
        let hint = near.map_or_else(|| "take `extend` away, and say all of it".to_owned(), did_you_mean);
        self.fault(topic.source, topic.key.clone(), format!("there is no topic `{id}` below to extend"), hint);
    }

    fn slots(&mut self, source: &'s Source, slots: Option<Spanned<DeValue<'s>>>) -> IndexMap<String, RawSlot<'s>> {
        let mut read = IndexMap::new();
        for (number, (key, value)) in self.table(source, slots, "slot").into_iter().enumerate() {
            let at = key.span();
            // Every phrase looks its blanks up among them, and every topic takes over the command's.
            if number == MOST_SLOTS {
                let hint = format!("{MOST_SLOTS} is the most in one place: take away what no phrase needs");
                self.fault(source, at, "too many slots", hint);
                break;
            }
            let name = key.into_inner().into_owned();
            if !is_slot_name(&name) {
                let hint = "lower-case letters, digits and underscores, at most 32, a letter first: customer";
                self.fault(source, at.clone(), format!("`{name}` is not a slot's name"), hint);
            } else if NOT_SLOTS.contains(&name.as_str()) || KEYWORDS.contains(&name.as_str()) {
                let hint = "the word means something else in a command or in a URL: choose another name";
                self.fault(source, at.clone(), format!("`{name}` cannot be a slot"), hint);
            }
            let Some(entry) = self.record::<SlotEntry>(source, value) else { continue };
            let ask = self.text(source, &at, entry.ask, "ask", longest::ASK);
            let example = self.text(source, &at, entry.example, "example", longest::EXAMPLE);
            let takes_name = entry.takes_name;
            let slot =
                Arc::new(Slot { name: name.as_str().into(), ask: ask.into(), example: example.into(), takes_name });
            read.insert(name, RawSlot { source, key: at, slot, used: false });
        }
        read
    }

    fn topics(&mut self, source: &'s Source, topics: Option<Spanned<DeValue<'s>>>) -> IndexMap<String, RawTopic<'s>> {
        let mut read = IndexMap::new();
        for (key, value) in self.table(source, topics, "topic") {
            if self.has_enough() {
                break;
            }
            let at = key.span();
            let id = key.into_inner().into_owned();
            if !is_kebab(&id, 32) || id.bytes().all(|b| b.is_ascii_digit()) {
                self.fault(source, at.clone(), format!("`{id}` is not an id"), KEBAB);
            } else if KEYWORDS.contains(&id.as_str()) {
                let hint = "the word means something after a command: choose another id";
                self.fault(source, at.clone(), format!("`{id}` cannot be a topic"), hint);
            }
            match self.topic(source, at, value) {
                Some(topic) => {
                    read.insert(id, topic);
                }
                None => self.unread.push(format!("{}.{id}", source.stem())),
            }
        }
        read
    }

    fn topic(&mut self, source: &'s Source, key: Range<usize>, value: Spanned<DeValue<'s>>) -> Option<RawTopic<'s>> {
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            self.fault(source, key, "a topic is a table", "write [topic.name], then its keys below");
            return None;
        };
        let slots = take(&mut table, "slot");
        let slots = self.slots(source, slots);
        let extend = table.get("extend").is_some_and(|extend| matches!(extend.get_ref(), DeValue::Boolean(true)));
        let phrases = take(&mut table, "phrase");
        let phrases = self.phrases(source, &key, phrases, extend);
        let entry: TopicEntry = self.record(source, Spanned::new(span, DeValue::Table(table)))?;
        if let Some(first) = entry.hide.first().filter(|_| !extend) {
            let hint = "add extend = true: without it the topic below is replaced whole";
            self.fault(source, first.span(), "`hide` in a topic that extends none", hint);
        }
        let questions = entry.questions.into_iter();
        let questions =
            questions.map(|asked| self.text(source, &key, Some(asked), "questions", longest::QUESTION).into());
        let questions = questions.collect();
        // What a topic that extends another does not say is said below.
        let mut text = |value: Option<Spanned<String>>, name, most| match value {
            None if extend => String::new(),
            value => self.text(source, &key, value, name, most),
        };
        let named = |names: Vec<Spanned<String>>| names.into_iter().map(|name| (source, name)).collect();
        Some(RawTopic {
            title: text(entry.title, "title", longest::TITLE),
            when: text(entry.when, "when", longest::WHEN),
            tip: text(entry.tip, "tip", longest::TIP),
            avoid: text(entry.avoid, "avoid", longest::AVOID),
            aliases: named(entry.aliases),
            questions,
            letter: named(entry.letter),
            related: named(entry.related),
            from_lowest: source.layer == 0,
            source,
            key,
            slots,
            phrases,
            extend,
            hide: entry.hide,
        })
    }

    fn phrases(
        &mut self,
        source: &'s Source,
        key: &Range<usize>,
        phrases: Option<Spanned<DeValue<'s>>>,
        extend: bool,
    ) -> Vec<RawPhrase<'s>> {
        let at = phrases.as_ref().map_or(key.clone(), Spanned::span);
        let phrases: Vec<_> = match phrases.map(Spanned::into_inner) {
            None => Vec::new(),
            Some(DeValue::Array(phrases)) => phrases.into_iter().collect(),
            Some(_) => {
                self.fault(source, at, "phrases are a list", "write [[topic.name.phrase]] in double brackets");
                return Vec::new();
            }
        };
        if !extend {
            self.enough_phrases(source, key, phrases.len());
        }
        let read = phrases.into_iter().filter_map(|phrase| {
            let at = phrase.span();
            self.record(source, phrase).map(|entry| RawPhrase { source, at, entry })
        });
        read.collect()
    }

    fn enough_phrases(&mut self, source: &Source, key: &Range<usize>, phrases: usize) {
        if phrases < 2 {
            let many = if phrases == 0 { "no phrase" } else { "one phrase" };
            let what = format!("{many} is too few for *Another*");
            self.fault(source, key.clone(), what, "write at least two phrases a topic");
        }
    }
}

/// Adds the names that are not there yet.
fn add<'s>(names: &mut Vec<Named<'s>>, below: Vec<Named<'s>>) {
    let known: HashSet<String> = names.iter().map(|(_, name)| name.get_ref().clone()).collect();
    names.extend(below.into_iter().filter(|(_, name)| !known.contains(name.get_ref())));
}

fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}
