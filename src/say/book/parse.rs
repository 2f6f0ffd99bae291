//! From files to a book, or to every fault that they hold.
//!
//! Each file is read entry by entry, so that one bad entry hides no other. A command is read from all its files, later
//! layers laid over earlier ones, checked and lowered to the model before the next one is begun, so that only one is held
//! as it stands in the files. What refers to other commands is checked at the end.

use std::{borrow::Cow, collections::HashSet, ops::Range, sync::OnceLock};

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
        phrase::is_clean,
    },
    Article, Command, Fault, Phrasebook, Topic, UMBRELLA,
    file::{ArticleEntry, Kind, SynonymsFile, longest},
    grave::RawCareful,
    keys::keys,
    rules::RawCheck,
};

/// Names that no command may have: they would hide a path of the service, or a word of the umbrella command.
pub const RESERVED: [&str; 32] = [
    "assets",
    "careful",
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
    "words",
    "zulip",
];

/// Words that mean something after a command, so that no topic or alias may be called so.
pub(crate) const KEYWORDS: [&str; 11] =
    ["all", "check", "help", "list", "random", "search", "share", "sources", "source", "steps", "why"];

/// One file of a phrasebook.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path as a fault shows it: `en/recover.toml`. The last part says what it holds: `sources.toml` the articles,
    /// `check.toml` the rules for drafts, `careful.toml` grave matters, `synonyms.toml` words for the search, any other
    /// name the command of that name.
    pub name: String,
    /// What lies over what: a topic of a higher layer replaces the topic of the same id below.
    pub layer: usize,
    /// The whole file.
    pub text: Cow<'static, str>,
}

impl Source {
    pub(super) fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.strip_suffix(".toml").unwrap_or(file)
    }
}

pub(super) fn book(sources: &[Source], lowest_rules_are_known: bool) -> Result<Phrasebook, Vec<Fault>> {
    let mut order: Vec<&Source> = sources.iter().collect();
    order.sort_by(|a, b| (a.layer, &a.name).cmp(&(b.layer, &b.name)));
    let mut reader = Reader::default();
    reader.rules.lowest_is_known = lowest_rules_are_known;
    let mut commands: IndexMap<&str, Vec<&Source>> = IndexMap::new();
    let mut rules = Vec::new();
    for source in order {
        match Kind::of(source.stem()) {
            Kind::Sources => reader.articles(source),
            Kind::Synonyms => reader.synonyms(source),
            Kind::Check => rules.push(source),
            Kind::Careful => reader.careful(source),
            Kind::Command => commands.entry(source.stem()).or_default().push(source),
        }
    }
    let mut commands: Vec<Command> =
        commands.into_iter().filter_map(|(name, sources)| reader.command(name, &sources)).collect();
    commands.sort_by_key(|command| command.order);
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
    pub(super) unread: Vec<String>,
    articles: IndexMap<String, Article>,
    synonyms: Vec<Box<str>>,
    /// Topics that topics refer to, and where.
    pub(super) related: Vec<(&'s Source, Spanned<String>)>,
    pub(super) rules: RawCheck<'s>,
    pub(super) careful: RawCareful<'s>,
}

impl<'s> Reader<'s> {
    pub(super) fn fault(
        &mut self,
        source: &Source,
        at: Range<usize>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if !self.has_enough() {
            self.faults.push(Fault::new(source, at, what, hint));
        }
    }

    /// Whether more faults would help nobody.
    pub(super) fn has_enough(&self) -> bool {
        self.faults.len() >= Fault::MOST
    }

    // ---- files -------------------------------------------------------------------------------------------------

    pub(super) fn document(&mut self, source: &'s Source) -> DeTable<'s> {
        let (document, errors) = DeTable::parse_recoverable(&source.text);
        let room = Fault::MOST.saturating_sub(self.unreadable.len());
        for error in errors.into_iter().take(room) {
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
            let url = entry.url.and_then(|url| self.url(source, url));
            let mut text = |value, name, most| self.text(source, &at, value, name, most);
            let article = Article {
                title: text(entry.title, "title", longest::ARTICLE_TITLE).into(),
                author: text(entry.author, "author", longest::AUTHOR).into(),
                published,
                url,
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

    /// An address is shown as a link, so that it must not be able to be anything else.
    fn url(&mut self, source: &Source, url: Spanned<String>) -> Option<Box<str>> {
        let at = url.span();
        let url = self.text(source, &at, Some(url), "url", longest::URL);
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic())) {
            return Some(url.into());
        }
        let what = format!("`{url}` is not an address");
        self.fault(source, at, what, "write it as https://example.com/article, or leave the key out");
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
            if group.chars().count() > longest::GROUP {
                continue;
            }
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
                let hint = nearest_variant(error.message())
                    .unwrap_or_else(|| "docs/phrasebook.md describes the format key by key".to_owned());
                self.fault(source, at, error.message().to_owned(), hint);
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
        let careful = self.lower_careful(&known);
        self.faults.retain(|fault| self.unreadable.iter().all(|unreadable| unreadable.file != fault.file));
        self.faults.append(&mut self.unreadable);
        if !self.faults.is_empty() {
            self.faults.sort_by(|a, b| (&a.file, a.at.start).cmp(&(&b.file, b.at.start)));
            return Err(self.faults);
        }
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
            commands,
            check,
            careful,
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
        if place.is_none() && !self.has_enough() {
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
        if !known.contains(dotted.get_ref()) && !self.has_enough() {
            let near = closest(dotted.get_ref(), known.iter().map(String::as_str));
            let hint =
                near.map_or_else(|| "write it as command.topic".to_owned(), |near| format!("did you mean `{near}`?"));
            self.fault(source, dotted.span(), format!("there is no topic `{}`", dotted.get_ref()), hint);
        }
    }
}

/// The word that was meant, where a message names one that is unknown and those that are known, in backticks.
fn nearest_variant(message: &str) -> Option<String> {
    let mut words = message.strip_prefix("unknown variant ")?.split('`').skip(1).step_by(2);
    let typed = words.next()?;
    closest(typed, words).map(|near| format!("did you mean `{near}`?"))
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

fn fingerprint(sources: &[Source]) -> u64 {
    let mut sources: Vec<&Source> = sources.iter().collect();
    sources.sort_by(|a, b| (a.layer, &a.name).cmp(&(b.layer, &b.name)));
    let mut hasher = Sha256::new();
    for source in sources {
        hasher.update(source.layer.to_le_bytes());
        // Where the folder lies is no part of the book: replicas may have it in different places.
        for text in [source.stem(), &*source.text] {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    hasher.finalize().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
