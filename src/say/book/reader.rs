//! What every file is read with: tables, records and texts come out, and every fault is kept.

use std::{collections::HashSet, ops::Range};

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    super::{find::closest, model::Article, phrase::is_clean},
    fault::Fault,
    keys::keys,
    source::Source,
};

/// What a book is made of in TOML: a key, a text, a sign or the end of a line takes up to half a microsecond to read and
/// may take one byte to write. With texts of ordinary length this is a book of thirty megabytes.
const MOST_TOKENS: usize = 2_500_000;

/// Reads files, and keeps what is wrong with them.
#[derive(Default)]
pub(super) struct Reader<'s> {
    pub(super) faults: Vec<Fault>,
    /// Faults of TOML itself. A file that has one is not blamed for what follows from it.
    unreadable: Vec<Fault>,
    /// Topics that are there but did not read, `recover.billing`: what refers to them is right.
    pub(super) unread: Vec<String>,
    pub(super) articles: IndexMap<String, Article>,
    /// Topics that topics refer to, and where.
    pub(super) related: Vec<(&'s Source, Spanned<String>)>,
    /// Whether the lowest layer is known to be good, so that it need not be tried out.
    pub(super) lowest_is_known: bool,
    /// How many tokens there may still be, in a book so long that it could hold too many.
    room: Option<usize>,
    /// Names that no command may have, beside our own.
    pub(super) reserved: &'s [&'s str],
}

impl<'s> Reader<'s> {
    pub(super) fn new(sources: &[Source], reserved: &'s [&'s str], lowest_is_known: bool) -> Self {
        let length: usize = sources.iter().map(|source| source.text.len()).sum();
        Self { room: (length > MOST_TOKENS).then_some(MOST_TOKENS), lowest_is_known, reserved, ..Self::default() }
    }

    /// Whether this file is known to be good.
    pub(super) fn knows(&self, source: &Source) -> bool {
        self.lowest_is_known && source.layer == 0
    }

    /// The articles, or every fault in the order of the files.
    pub(super) fn finish(mut self) -> Result<Vec<Article>, Vec<Fault>> {
        self.faults.retain(|fault| self.unreadable.iter().all(|unreadable| unreadable.file != fault.file));
        self.faults.append(&mut self.unreadable);
        if self.faults.is_empty() {
            return Ok(self.articles.into_values().collect());
        }
        self.faults.sort_by(|a, b| (&a.file, a.at.start).cmp(&(&b.file, b.at.start)));
        Err(self.faults)
    }

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

    pub(super) fn document(&mut self, source: &'s Source) -> DeTable<'s> {
        let Some(room) = self.room else { return self.recovered(source) };
        let mut tokens = toml_parser::Source::new(&source.text).lex();
        self.room = Some(room.saturating_sub(tokens.by_ref().take(room).count()));
        if let Some(token) = tokens.next() {
            let at = token.span().start()..token.span().end();
            let what = format!("the book has more than {MOST_TOKENS} keys, texts, signs and lines");
            self.unreadable.push(Fault::new(source, at, what, "take away what nobody needs"));
            return DeTable::new();
        }
        match DeTable::parse(&source.text) {
            Ok(document) => document.into_inner(),
            Err(error) => {
                // So long a file may have millions of errors, and gathering them takes seconds and gigabytes.
                self.unreadable(source, &error);
                DeTable::new()
            }
        }
    }

    /// What can be read of a file, after every error of TOML's in it.
    fn recovered(&mut self, source: &'s Source) -> DeTable<'s> {
        let (document, errors) = DeTable::parse_recoverable(&source.text);
        let room = Fault::MOST.saturating_sub(self.unreadable.len());
        for error in errors.into_iter().take(room) {
            self.unreadable(source, &error);
        }
        document.into_inner()
    }

    fn unreadable(&mut self, source: &Source, error: &toml::de::Error) {
        let at = error.span().unwrap_or(0..0);
        let hint = "the files are TOML 1.1: strings in quotes, lists in brackets, each key once";
        self.unreadable.push(Fault::new(source, at, error.message(), hint));
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
        for key in unknown.take(Fault::MOST + 1).cloned().collect::<Vec<_>>() {
            if self.has_enough() {
                return None;
            }
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
