//! From files to a book, or to every fault that they hold.
//!
//! Each file is read entry by entry, so that one bad entry hides no other. A command is read from all its files, later
//! layers laid over earlier ones, checked and lowered to the model before the next one is begun, so that only one is held
//! as it stands in the files. What refers to other commands is checked at the end.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
    sync::{Arc, OnceLock},
};

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    super::{
        find::{LONGEST_SYNONYM, closest},
        phrase::{Mistake, Template, Value, is_clean, is_slot_name, untidy},
    },
    Article, Command, Fault, Phrase, Phrasebook, Slot, Topic, UMBRELLA,
    file::{ArticleEntry, CommandFile, Kind, PhraseEntry, SlotEntry, SynonymsFile, TopicEntry, longest},
    fold,
    keys::keys,
    rules::RawCheck,
};

/// Names that no command may have: they would hide a path of the service, or a word of the umbrella command.
pub const RESERVED: [&str; 30] = [
    "assets",
    "check",
    "discord",
    "docs",
    "googlechat",
    "healthz",
    "help",
    "install",
    "list",
    "mattermost",
    "metrics",
    "nextcloud",
    "openapi",
    "phrases",
    "random",
    "readyz",
    "rocketchat",
    UMBRELLA,
    "search",
    "share",
    "slack",
    "sources",
    "synology",
    "synonyms",
    "teams",
    "telegram",
    "v1",
    "v2",
    "webex",
    "zulip",
];

/// Words that mean something after a command, so that no topic or alias may be called so.
pub(crate) const KEYWORDS: [&str; 11] =
    ["all", "check", "help", "list", "random", "search", "share", "sources", "source", "steps", "why"];

/// Names that no slot may have, since `name=value` in a URL means something else there.
const NOT_SLOTS: [&str; 15] = [
    "all", "command", "format", "help", "id", "limit", "list", "n", "offset", "q", "random", "seed", "source", "steps",
    "tone",
];

/// One file of a phrasebook.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path as a fault shows it: `en/recover.toml`. The last part says what it holds: `sources.toml` the articles,
    /// `check.toml` the rules for drafts, `synonyms.toml` words for the search, any other name the command of that name.
    pub name: String,
    /// What lies over what: a topic of a higher layer replaces the topic of the same id below.
    pub layer: usize,
    /// The whole file.
    pub text: Cow<'static, str>,
}

impl Source {
    /// Whether it holds rules for drafts.
    #[must_use]
    pub fn is_rules(&self) -> bool {
        matches!(Kind::of(self.stem()), Kind::Check)
    }

    fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.strip_suffix(".toml").unwrap_or(file)
    }
}

pub(super) fn book(sources: &[Source], rules_are_known: bool) -> Result<Phrasebook, Vec<Fault>> {
    let mut order: Vec<&Source> = sources.iter().collect();
    order.sort_by(|a, b| (a.layer, &a.name).cmp(&(b.layer, &b.name)));
    let mut reader = Reader::default();
    reader.rules.are_known = rules_are_known;
    let mut commands: IndexMap<&str, Vec<&Source>> = IndexMap::new();
    let mut rules = Vec::new();
    for source in order {
        match Kind::of(source.stem()) {
            Kind::Sources => reader.articles(source),
            Kind::Synonyms => reader.synonyms(source),
            Kind::Check => rules.push(source),
            Kind::Command => commands.entry(source.stem()).or_default().push(source),
        }
    }
    let commands = commands.into_iter().filter_map(|(name, sources)| reader.command(name, &sources)).collect();
    for source in rules {
        reader.check(source);
    }
    reader.finish(commands, fingerprint(sources))
}

#[derive(Default)]
pub(super) struct Reader<'s> {
    pub(super) faults: Vec<Fault>,
    /// Faults of TOML itself. A file that has one is not blamed for what follows from it.
    unreadable: Vec<Fault>,
    /// Topics that are there but did not read, `recover.billing`: what refers to them is right.
    unread: Vec<String>,
    articles: IndexMap<String, Article>,
    synonyms: Vec<Box<str>>,
    /// Topics that topics refer to, and where.
    related: Vec<(&'s Source, Spanned<String>)>,
    pub(super) rules: RawCheck<'s>,
}

/// A command as the files have it, all layers together.
struct RawCommand<'s> {
    source: &'s Source,
    title: Option<String>,
    about: Option<String>,
    slots: IndexMap<String, RawSlot<'s>>,
    topics: IndexMap<String, RawTopic<'s>>,
}

struct RawSlot<'s> {
    source: &'s Source,
    key: Range<usize>,
    slot: Arc<Slot>,
    used: bool,
}

struct RawTopic<'s> {
    source: &'s Source,
    key: Range<usize>,
    title: String,
    when: String,
    tip: String,
    avoid: String,
    aliases: Vec<Spanned<String>>,
    hints: String,
    related: Vec<Spanned<String>>,
    slots: IndexMap<String, RawSlot<'s>>,
    phrases: Vec<(Range<usize>, PhraseEntry)>,
}

impl<'s> Reader<'s> {
    pub(super) fn fault(
        &mut self,
        source: &Source,
        at: Range<usize>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.faults.push(Fault::new(source, at, what, hint));
    }

    // ---- files -------------------------------------------------------------------------------------------------

    pub(super) fn document(&mut self, source: &'s Source) -> DeTable<'s> {
        let (document, errors) = DeTable::parse_recoverable(&source.text);
        for error in errors {
            let at = error.span().unwrap_or(0..0);
            let hint = "the files are TOML 1.1: strings in quotes, lists in brackets, each key once";
            self.unreadable.push(Fault::new(source, at, error.message(), hint));
        }
        document.into_inner()
    }

    fn articles(&mut self, source: &'s Source) {
        for (key, value) in self.document(source) {
            let at = key.span();
            let id = key.into_inner().into_owned();
            if !is_kebab(&id, 40) {
                self.fault(source, at.clone(), format!("`{id}` is not an id"), KEBAB);
            }
            let Some(entry) = self.record::<ArticleEntry>(source, value) else { continue };
            let published = entry.published.and_then(|day| self.published(source, day));
            let mut text = |value, name, most| self.text(source, &at, value, name, most);
            let article = Article {
                title: text(entry.title, "title", longest::ARTICLE_TITLE).into(),
                author: text(entry.author, "author", longest::AUTHOR).into(),
                published,
                school: text(entry.school, "school", longest::SCHOOL).into(),
                advice: text(entry.advice, "advice", longest::ADVICE).into(),
                id: id.as_str().into(),
            };
            self.articles.insert(id, article);
        }
    }

    fn published(&mut self, source: &Source, day: Spanned<String>) -> Option<Box<str>> {
        let at = day.span();
        let day = day.into_inner();
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        if shape == "0000-00-00" {
            return Some(day.into());
        }
        self.fault(source, at, format!("`{day}` is not a day"), "write it as 2013-03-02, or leave the key out");
        None
    }

    fn synonyms(&mut self, source: &'s Source) {
        let document = self.document(source);
        let Some(file) = self.record::<SynonymsFile>(source, Spanned::new(0..0, DeValue::Table(document))) else {
            return;
        };
        if file.groups.is_none() {
            self.fault(source, 0..0, "`groups` is missing", "add groups = [\"angry furious livid\", …]");
        }
        for group in file.groups.into_iter().flatten() {
            let at = group.span();
            let group = self.text(source, &at, Some(group), "group", longest::GROUP);
            let members: Vec<&str> = group.split(' ').collect();
            for (place, member) in members.iter().enumerate() {
                if !is_kebab(member, 40) || member.split('-').count() > LONGEST_SYNONYM {
                    let hint = "lower-case letters and digits; words that belong together are joined by dashes, four at most: on-hold";
                    self.fault(source, at.clone(), format!("`{member}` is not a synonym"), hint);
                } else if members.iter().take(place).any(|other| other == member) {
                    self.fault(source, at.clone(), format!("`{member}` is there twice"), "once is enough in a group");
                }
            }
            if members.len() < 2 {
                self.fault(source, at, "a group of one", "write the words that mean the same, or take the group away");
            }
            self.synonyms.push(group.into());
        }
    }

    /// A command from all its files, lowest layer first.
    fn command(&mut self, name: &str, sources: &[&'s Source]) -> Option<Command> {
        let source = *sources.first()?;
        let mut command =
            RawCommand { source, title: None, about: None, slots: IndexMap::new(), topics: IndexMap::new() };
        for source in sources {
            self.lay_over(name, source, &mut command);
        }
        Some(self.lower_command(name, command))
    }

    /// Reads a file of a command over those of lower layers.
    fn lay_over(&mut self, name: &str, source: &'s Source, command: &mut RawCommand<'s>) {
        if RESERVED.contains(&name) {
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
        command.slots.extend(slots);
        for (id, topic) in topics {
            if let Some(other) = command.topics.get(&id).filter(|other| other.source.layer == source.layer) {
                let hint = format!("{} has it already, in the same folder: leave it there or here", other.source.name);
                self.faults.push(Fault::new(
                    source,
                    topic.key.clone(),
                    format!("the topic `{id}` is there twice"),
                    hint,
                ));
            }
            command.topics.insert(id, topic);
        }
    }

    fn slots(&mut self, source: &'s Source, slots: Option<Spanned<DeValue<'s>>>) -> IndexMap<String, RawSlot<'s>> {
        let mut read = IndexMap::new();
        for (key, value) in self.table(source, slots, "slot") {
            let at = key.span();
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
            let slot = Arc::new(Slot { name: name.as_str().into(), ask: ask.into(), example: example.into() });
            read.insert(name, RawSlot { source, key: at, slot, used: false });
        }
        read
    }

    fn topics(&mut self, source: &'s Source, topics: Option<Spanned<DeValue<'s>>>) -> IndexMap<String, RawTopic<'s>> {
        let mut read = IndexMap::new();
        for (key, value) in self.table(source, topics, "topic") {
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
        let phrases = take(&mut table, "phrase");
        let phrases = self.phrases(source, &key, phrases);
        let entry: TopicEntry = self.record(source, Spanned::new(span, DeValue::Table(table)))?;
        Some(RawTopic {
            title: self.text(source, &key, entry.title, "title", longest::TITLE),
            when: self.text(source, &key, entry.when, "when", longest::WHEN),
            tip: self.text(source, &key, entry.tip, "tip", longest::TIP),
            avoid: self.text(source, &key, entry.avoid, "avoid", longest::AVOID),
            aliases: entry.aliases,
            hints: entry
                .hints
                .map(|hints| self.text(source, &key, Some(hints), "hints", longest::HINTS))
                .unwrap_or_default(),
            related: entry.related,
            source,
            key,
            slots,
            phrases,
        })
    }

    fn phrases(
        &mut self,
        source: &'s Source,
        key: &Range<usize>,
        phrases: Option<Spanned<DeValue<'s>>>,
    ) -> Vec<(Range<usize>, PhraseEntry)> {
        let at = phrases.as_ref().map_or(key.clone(), Spanned::span);
        let phrases: Vec<_> = match phrases.map(Spanned::into_inner) {
            None => Vec::new(),
            Some(DeValue::Array(phrases)) => phrases.into_iter().collect(),
            Some(_) => {
                self.fault(source, at, "phrases are a list", "write [[topic.name.phrase]] in double brackets");
                return Vec::new();
            }
        };
        if phrases.len() < 2 {
            let what = format!("{} is too few for *Another*", count(phrases.len(), "phrase"));
            self.fault(source, key.clone(), what, "write at least two phrases a topic");
        }
        phrases.into_iter().filter_map(|phrase| Some((phrase.span(), self.record(source, phrase)?))).collect()
    }

    /// One entry as its type, after naming the keys that the type does not have.
    pub(super) fn record<T: DeserializeOwned>(&mut self, source: &Source, value: Spanned<DeValue<'s>>) -> Option<T> {
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            self.fault(source, span, "a table is wanted here", "write [name], then one key a line");
            return None;
        };
        let known = keys::<T>();
        let unknown = table.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        for key in unknown.cloned().collect::<Vec<_>>() {
            let keys = known.join(", ");
            let hint = closest(key.get_ref(), known.iter().copied()).map_or_else(
                || format!("the keys here are {keys}"),
                |near| format!("did you mean `{near}`? The keys here are {keys}"),
            );
            self.fault(source, key.span(), format!("unknown key `{}`", key.get_ref()), hint);
            table.remove(key.get_ref().as_ref());
        }
        let deserializer = toml::de::ValueDeserializer::from(Spanned::new(span.clone(), DeValue::Table(table)));
        match T::deserialize(deserializer) {
            Ok(entry) => Some(entry),
            Err(error) => {
                let at = error.span().unwrap_or(span);
                self.fault(source, at, error.message().to_owned(), "the README describes the format key by key");
                None
            }
        }
    }

    pub(super) fn table(&mut self, source: &Source, value: Option<Spanned<DeValue<'s>>>, name: &str) -> DeTable<'s> {
        match value {
            None => DeTable::new(),
            Some(value) => {
                let span = value.span();
                if let DeValue::Table(table) = value.into_inner() {
                    table
                } else {
                    self.fault(
                        source,
                        span,
                        format!("`{name}` is not a table"),
                        format!("write [{name}.name], then its keys below"),
                    );
                    DeTable::new()
                }
            }
        }
    }

    /// A text that must be there, is not empty, holds nothing invisible and is not too long.
    pub(super) fn text(
        &mut self,
        source: &Source,
        owner: &Range<usize>,
        value: Option<Spanned<String>>,
        name: &str,
        most: usize,
    ) -> String {
        let Some(value) = value else {
            self.fault(source, owner.clone(), format!("`{name}` is missing"), format!("add {name} = \"…\""));
            return String::new();
        };
        let at = value.span();
        let text = value.into_inner();
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.fault(source, at, format!("`{name}` is empty"), "say it in words, or take the entry away");
        } else if !is_clean(&text) {
            let hint = "write it on one line, with single spaces and without invisible characters";
            self.fault(source, at, format!("`{name}` has spaces or characters that cannot be seen"), hint);
        } else if length > most {
            let what = format!("`{name}` is {length} characters long");
            self.fault(source, at, what, format!("chat platforms have room for {most} here"));
        }
        text
    }

    // ---- the whole ---------------------------------------------------------------------------------------------

    fn finish(mut self, commands: Vec<Command>, hash: u64) -> Result<Phrasebook, Vec<Fault>> {
        let mut known: HashSet<String> = std::mem::take(&mut self.unread).into_iter().collect();
        known.extend(commands.iter().flat_map(|command| &command.topics).map(Topic::dotted));
        for (source, related) in std::mem::take(&mut self.related) {
            self.topic_exists(source, &related, &known);
        }
        let check = self.lower_check(&known);
        self.faults.retain(|fault| self.unreadable.iter().all(|unreadable| unreadable.file != fault.file));
        self.faults.append(&mut self.unreadable);
        if !self.faults.is_empty() {
            self.faults.sort_by(|a, b| (&a.file, a.at.start).cmp(&(&b.file, b.at.start)));
            return Err(self.faults);
        }
        let by_name = commands.iter().zip(0..).map(|(command, place)| (Box::from(&*command.name), place)).collect();
        Ok(Phrasebook {
            articles: self.articles.into_values().collect(),
            hash,
            index: OnceLock::new(),
            synonyms: self.synonyms,
            slots: commands
                .iter()
                .flat_map(|command| &command.topics)
                .flat_map(|topic| &topic.slots)
                .map(|slot| slot.name.clone())
                .collect(),
            by_name,
            commands,
            check,
        })
    }

    fn lower_command(&mut self, name: &str, mut raw: RawCommand<'s>) -> Command {
        for (value, key) in [(&raw.title, "title"), (&raw.about, "about")] {
            if value.is_none() {
                self.fault(
                    raw.source,
                    0..0,
                    format!("`{key}` is missing"),
                    format!("add {key} = \"…\" at the top of the file"),
                );
            }
        }
        if raw.topics.is_empty() {
            self.fault(raw.source, 0..0, "a command without topics", "add [topic.name] with its phrases");
        }
        let command: Arc<str> = name.into();
        let names = self.names(&raw);
        let top = raw.topics.values().map(|topic| topic.source.layer).max().unwrap_or_default();
        let mut topics: Vec<Topic> =
            raw.topics.into_iter().map(|(id, topic)| self.lower_topic(&command, &id, topic, &mut raw.slots)).collect();
        // An alias that an upper layer has given to something else is no longer this topic's.
        for (place, topic) in topics.iter_mut().enumerate() {
            topic.aliases.retain(|alias| names.get(alias) == Some(&place));
        }
        // Below the top layer, the topic that used a slot may have been replaced.
        for (name, slot) in raw.slots.iter().filter(|(_, slot)| !slot.used && slot.source.layer >= top) {
            self.unused(name, slot, "the file");
        }
        Command {
            title: raw.title.unwrap_or_default().into(),
            about: raw.about.unwrap_or_default().into(),
            name: command,
            topics,
            names,
        }
    }

    /// A slot that no phrase has, unless it is named in a file with other faults, which may be why.
    fn unused(&mut self, name: &str, slot: &RawSlot<'_>, owner: &str) {
        let faulty = self.faults.iter().any(|fault| fault.file == slot.source.name);
        if faulty && slot.source.text.contains(&format!("{{{{{name}")) {
            return;
        }
        let what = format!("the slot `{name}` is used by no phrase of {owner}");
        self.fault(slot.source, slot.key.clone(), what, "use it, or take it away");
    }

    /// Ids and aliases of a command's topics. Within a layer each stands once; across layers the upper one has it.
    fn names(&mut self, raw: &RawCommand<'s>) -> HashMap<Box<str>, usize> {
        let mut names: HashMap<Box<str>, usize> =
            raw.topics.keys().zip(0..).map(|(id, place)| (fold(id).into(), place)).collect();
        let mut aliases: HashMap<String, (usize, &RawTopic<'s>)> = HashMap::new();
        for (place, topic) in raw.topics.values().enumerate() {
            for alias in &topic.aliases {
                let (at, word) = (alias.span(), alias.get_ref());
                if !is_kebab(word, 40) || word.bytes().all(|b| b.is_ascii_digit()) {
                    self.fault(topic.source, at, format!("`{word}` is not an alias"), KEBAB);
                } else if KEYWORDS.contains(&word.as_str()) {
                    let hint = "the word means something after a command: choose another";
                    self.fault(topic.source, at, format!("`{word}` cannot be an alias"), hint);
                } else if let Some(hidden) = raw.topics.get(word) {
                    // A topic of an upper layer takes the name; its writer cannot edit the files below.
                    if hidden.source.layer <= topic.source.layer {
                        let hint =
                            format!("`{word}` is a topic of its own, and the alias would hide it: take the alias away");
                        self.fault(topic.source, at, format!("the alias `{word}` hides a topic"), hint);
                    }
                } else if let Some((other, owner)) = aliases.get(word)
                    && owner.source.layer == topic.source.layer
                {
                    let owner = raw.topics.get_index(*other).map_or("", |(id, _)| id);
                    self.fault(
                        topic.source,
                        at,
                        format!("the alias `{word}` is given twice"),
                        format!("`{owner}` has it already: leave it there or here"),
                    );
                } else if aliases.get(word).is_none_or(|(_, owner)| owner.source.layer < topic.source.layer) {
                    aliases.insert(word.clone(), (place, topic));
                }
            }
        }
        names.extend(aliases.into_iter().map(|(word, (place, _))| (word.into(), place)));
        names
    }

    fn lower_topic(
        &mut self,
        command: &Arc<str>,
        id: &str,
        mut raw: RawTopic<'s>,
        shared: &mut IndexMap<String, RawSlot<'s>>,
    ) -> Topic {
        let source = raw.source;
        self.related.extend(raw.related.iter().map(|related| (source, related.clone())));
        // The topic's own slots come first: words left over go to what the topic is about.
        let mut slots: Vec<Arc<Slot>> = raw.slots.values().map(|slot| slot.slot.clone()).collect();
        slots.extend(
            shared.iter().filter(|(name, _)| !raw.slots.contains_key(*name)).map(|(_, slot)| slot.slot.clone()),
        );
        let mut used = vec![false; slots.len()];

        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut phrases = Vec::with_capacity(raw.phrases.len());
        let plays = raw.phrases.iter().any(|(_, phrase)| phrase.step.is_some());
        for (at, entry) in std::mem::take(&mut raw.phrases) {
            if plays && entry.step.is_none() {
                self.fault(
                    source,
                    at.clone(),
                    "a phrase of a play without a step",
                    "add step = \"acknowledge\" (own, explore, make-right, exceed, follow-up)",
                );
            }
            if let Some(phrase) = self.lower_phrase(source, &at, entry, &slots) {
                if let Some(line) = seen.insert(phrase.id.to_string(), at.start) {
                    let line = Fault::new(source, line..line, "", "").line;
                    self.fault(
                        source,
                        at,
                        format!("the phrase `{}` is there twice", phrase.id),
                        format!("it stands at line {line} already: give this one an id of its own"),
                    );
                }
                for slot in phrase.say.slots() {
                    if let Some(used) = used.get_mut(usize::from(slot)) {
                        *used = true;
                    }
                }
                phrases.push(phrase);
            }
        }
        let (kept, renumbered) = keep_used(&slots, &used);
        for phrase in &mut phrases {
            phrase.say.renumber(&renumbered);
        }
        for slot in &kept {
            if let Some(shared) = shared.get_mut(&*slot.name) {
                shared.used |= !raw.slots.contains_key(&*slot.name);
            }
        }
        for (name, slot) in &raw.slots {
            if !kept.iter().any(|kept| *kept.name == **name) {
                self.unused(name, slot, "the topic");
            }
        }
        phrases.sort_by_key(|phrase| phrase.step);
        let mut by_id: Vec<u32> = (0..u32::try_from(phrases.len()).unwrap_or(u32::MAX)).collect();
        by_id.sort_by(|a, b| {
            let id = |place: &u32| phrases.get(*place as usize).map(|phrase| &phrase.id);
            id(a).cmp(&id(b))
        });
        Topic {
            command: command.clone(),
            id: id.into(),
            title: raw.title.into(),
            aliases: raw.aliases.into_iter().map(|alias| alias.into_inner().into()).collect(),
            hints: raw.hints.into(),
            when: raw.when.into(),
            tip: raw.tip.into(),
            avoid: raw.avoid.into(),
            related: raw.related.into_iter().map(|related| related.into_inner().into()).collect(),
            slots: kept,
            phrases,
            by_id,
        }
    }

    fn lower_phrase(
        &mut self,
        source: &Source,
        at: &Range<usize>,
        entry: PhraseEntry,
        slots: &[Arc<Slot>],
    ) -> Option<Phrase> {
        let before = self.faults.len();
        let id_at = entry.id.as_ref().map_or(at.clone(), Spanned::span);
        let id = self.text(source, at, entry.id, "id", longest::ID);
        if !id.is_empty() && !is_kebab(&id, longest::ID) {
            self.fault(source, id_at, format!("`{id}` is not an id"), KEBAB);
        }
        let article = self.cited(source, at, entry.source);
        let why = self.text(source, at, entry.why, "why", longest::WHY);
        let instead_of =
            entry.instead_of.map(|bad| self.text(source, at, Some(bad), "instead_of", longest::INSTEAD_OF).into());
        let say_at = entry.say.as_ref().map_or(at.clone(), Spanned::span);
        let before_say = self.faults.len();
        let say = self.text(source, at, entry.say, "say", longest::SAY);
        let sound = self.faults.len() == before_say;
        let template = self.template(source, &say_at, &say, slots)?;
        if sound {
            self.try_out(source, &say_at, &template, slots.len());
        }
        if self.faults.len() > before {
            return None;
        }
        Some(Phrase {
            id: id.into(),
            say: template,
            why: why.into(),
            article: article?,
            step: entry.step,
            tone: entry.tone,
            instead_of,
        })
    }

    /// The article that an entry cites.
    pub(super) fn cited(&mut self, source: &Source, at: &Range<usize>, cited: Option<Spanned<String>>) -> Option<u16> {
        let Some(cited) = cited else {
            let hint = "add the id of the article that it is drawn from: source = \"…\"";
            self.fault(source, at.clone(), "`source` is missing", hint);
            return None;
        };
        let place = self.articles.get_index_of(cited.get_ref()).and_then(|place| u16::try_from(place).ok());
        if place.is_none() {
            let near = closest(cited.get_ref(), self.articles.keys().map(String::as_str));
            let hint = near.map_or_else(
                || "sources.toml has none of that id: add it there".to_owned(),
                |near| format!("did you mean `{near}`? Otherwise add it to sources.toml"),
            );
            self.fault(source, cited.span(), format!("there is no source `{}`", cited.get_ref()), hint);
        }
        place
    }

    /// Sees to it that a topic that an entry names is there.
    pub(super) fn topic_exists(&mut self, source: &Source, dotted: &Spanned<String>, known: &HashSet<String>) {
        if !known.contains(dotted.get_ref()) {
            let near = closest(dotted.get_ref(), known.iter().map(String::as_str));
            let hint =
                near.map_or_else(|| "write it as command.topic".to_owned(), |near| format!("did you mean `{near}`?"));
            self.fault(source, dotted.span(), format!("there is no topic `{}`", dotted.get_ref()), hint);
        }
    }

    fn template(&mut self, source: &Source, at: &Range<usize>, say: &str, slots: &[Arc<Slot>]) -> Option<Template> {
        let number =
            |name: &str| slots.iter().position(|slot| *slot.name == *name).and_then(|at| u16::try_from(at).ok());
        match Template::parse(say, number) {
            Ok(template) => Some(template),
            Err(mistakes) => {
                let raw = source.text.get(at.clone()).unwrap_or_default();
                // Where the string has no escapes of TOML's own, a place in it is a place in the file.
                let offset = raw.find(say).map(|offset| at.start + offset);
                for Mistake { at: inside, what, hint } in mistakes {
                    let place = offset.map_or(at.clone(), |offset| offset + inside.start..offset + inside.end);
                    self.fault(source, place, what, hint);
                }
                None
            }
        }
    }

    /// Fills the phrase in the ways in which its slots can be filled and looks at what comes out.
    fn try_out(&mut self, source: &Source, at: &Range<usize>, template: &Template, all: usize) {
        let slots = template.slots();
        let most = template.fixed_words().chars().count() + slots.len() * Value::LONGEST;
        if most > longest::FILLED {
            let what = format!("the phrase can grow to {most} characters");
            let hint = format!(
                "{} is what every chat platform shows; a slot counts for {}: use fewer slots or words",
                longest::FILLED,
                Value::LONGEST
            );
            self.fault(source, at.clone(), what, hint);
            return;
        }
        let mut values = vec![None; all];
        for filled in ways(slots.len()) {
            for (bit, slot) in slots.iter().enumerate() {
                if let Some(value) = values.get_mut(usize::from(*slot)) {
                    *value = (filled >> bit & 1 == 1).then_some("Ana Lee");
                }
            }
            let line = template.fill(&values);
            if let Some(what) = untidy(&line) {
                self.fault(source, at.clone(), what, format!("filled in one of its ways it reads “{line}”"));
                return;
            }
        }
    }
}

/// Which of so many slots are filled, a bit each. Beyond four slots only none, all, each alone and each missing: what
/// goes wrong goes wrong at the edge of one clause.
fn ways(slots: usize) -> Vec<u32> {
    let all = (1_u32 << slots) - 1;
    if slots <= 4 {
        return (0..=all).collect();
    }
    let each = (0..slots).map(|slot| 1 << slot);
    [0, all].into_iter().chain(each.clone()).chain(each.map(|slot| all & !slot)).collect()
}

pub(super) const KEBAB: &str = "lower-case letters and digits with single dashes between them: not-our-fault";

pub(super) fn is_kebab(name: &str, most: usize) -> bool {
    !name.is_empty()
        && name.len() <= most
        && name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

pub(super) fn take<'s>(table: &mut DeTable<'s>, name: &str) -> Option<Spanned<DeValue<'s>>> {
    table.remove(name)
}

fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}"),
        1 => format!("one {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// The slots that are used, and for each old number its new one.
fn keep_used(slots: &[Arc<Slot>], used: &[bool]) -> (Vec<Arc<Slot>>, Vec<u16>) {
    let mut kept = Vec::new();
    let renumbered = slots
        .iter()
        .zip(used)
        .map(|(slot, used)| {
            let number = u16::try_from(kept.len()).unwrap_or(u16::MAX);
            if *used {
                kept.push(slot.clone());
            }
            number
        })
        .collect();
    (kept, renumbered)
}

fn fingerprint(sources: &[Source]) -> u64 {
    let mut sources: Vec<&Source> = sources.iter().collect();
    sources.sort_by(|a, b| (a.layer, &a.name).cmp(&(b.layer, &b.name)));
    let mut hasher = Sha256::new();
    for source in sources {
        hasher.update(source.layer.to_le_bytes());
        for text in [&*source.name, &*source.text] {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    hasher.finalize().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
