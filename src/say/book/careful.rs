//! `careful.toml`: the kinds of grave matters, read as strictly as the phrases.

use std::{collections::HashSet, ops::Range};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{
    super::{
        careful::{Careful, Kind, Pattern},
        find::closest,
    },
    Command, Source,
    file::longest,
    parse::{KEBAB, Reader, is_kebab, take},
};

/// Grave matters, `phrasebook/en/careful.toml`: what comes before every other answer. A kind of an upper layer takes the
/// place of the kind of the same id below.
#[derive(Deserialize, JsonSchema, Default)]
#[schemars(deny_unknown_fields)]
pub(super) struct CarefulFile {
    /// The kinds, the gravest first, by id (kebab-case).
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    kind: IndexMap<String, KindEntry>,
}

/// A kind of grave matter.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct KindEntry {
    /// What it is, at most 60 characters.
    #[schemars(with = "String", length(max = longest::TITLE))]
    title: Option<Spanned<String>>,
    /// Who should answer, at most 200 characters.
    #[schemars(with = "String", length(max = longest::TIP))]
    who: Option<Spanned<String>>,
    /// How to answer, and how not to, at most 200 characters.
    #[schemars(with = "String", length(max = longest::TIP))]
    note: Option<Spanned<String>>,
    /// The lines that are fit, by full id: `apology.condolence.so-sorry-loss`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    phrases: Vec<Spanned<String>>,
    /// What tells of it: words in order, `a|b` for either, `...` for up to three words of any kind.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    words: Vec<Spanned<String>>,
    /// What sounds like it and is none.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    unless: Vec<Spanned<String>>,
}

/// The kinds of all files so far.
#[derive(Default)]
pub(super) struct RawCareful<'s> {
    kinds: IndexMap<String, Kind>,
    phrases: Vec<(&'s Source, Spanned<String>)>,
}

impl<'s> Reader<'s> {
    pub(super) fn careful(&mut self, source: &'s Source) {
        let mut document = self.document(source);
        let kinds = take(&mut document, "kind");
        for key in document.keys() {
            let hint = "this file holds kinds: write [kind.name], then its keys below";
            self.fault(source, key.span(), format!("unknown key `{}`", key.get_ref()), hint);
        }
        for (key, value) in self.table(source, kinds, "kind") {
            let at = key.span();
            let id = key.into_inner().into_owned();
            if !is_kebab(&id, 40) {
                self.fault(source, at.clone(), format!("`{id}` is not an id"), KEBAB);
            }
            if let Some(entry) = self.record::<KindEntry>(source, value) {
                let kind = self.kind(source, &at, &id, entry);
                self.grave.kinds.insert(id, kind);
            }
        }
    }

    fn kind(&mut self, source: &'s Source, at: &Range<usize>, id: &str, entry: KindEntry) -> Kind {
        let title = self.text(source, at, entry.title, "title", longest::TITLE).into();
        let who = self.text(source, at, entry.who, "who", longest::TIP).into();
        let note = self.text(source, at, entry.note, "note", longest::TIP).into();
        if entry.words.is_empty() || entry.phrases.is_empty() {
            let hint = "add words = [\"passed away\", …] and phrases = [\"apology.condolence.so-sorry-loss\", …]";
            self.fault(source, at.clone(), "a kind needs `words` that tell it and `phrases` that are fit", hint);
        }
        self.grave.phrases.extend(entry.phrases.iter().map(|id| (source, id.clone())));
        let words = entry.words.into_iter().map(|words| (words, false));
        let unless = entry.unless.into_iter().map(|words| (words, true));
        let mut patterns = Vec::new();
        for (words, is_excuse) in words.chain(unless) {
            match Pattern::read(words.get_ref(), is_excuse) {
                Ok(pattern) => patterns.push(pattern),
                Err(what) => {
                    let hint = "words with single spaces; a|b for either word, ... for up to three of any kind";
                    self.fault(source, words.span(), what, hint);
                }
            }
        }
        let phrases = entry.phrases.into_iter().map(|id| id.into_inner().into()).collect();
        Kind { id: id.into(), title, who, note, phrases, patterns }
    }

    /// The kinds, once all commands are known.
    pub(super) fn lower_careful(&mut self, commands: &[Command]) -> Careful {
        let raw = std::mem::take(&mut self.grave);
        let known: HashSet<String> = commands
            .iter()
            .flat_map(|command| &command.topics)
            .flat_map(|topic| topic.phrases.iter().map(|phrase| topic.phrase_id(phrase)))
            .collect();
        for (source, id) in raw.phrases {
            // A topic that did not read may have it.
            let topic = id.get_ref().rsplit_once('.').map_or("", |(topic, _)| topic);
            if !known.contains(id.get_ref()) && !self.unread.iter().any(|unread| unread == topic) {
                let near = closest(id.get_ref(), known.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || "write it as command.topic.phrase".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.fault(source, id.span(), format!("there is no phrase `{}`", id.get_ref()), hint);
            }
        }
        Careful::of(raw.kinds.into_values().collect())
    }
}
