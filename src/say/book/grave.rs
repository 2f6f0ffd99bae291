//! `careful.toml`: grave matters and the words that tell them, read as strictly as the phrases.
//!
//! As with the rules for drafts, an example that is not found is a fault, and so is a look-alike that is.

use std::{collections::HashSet, ops::Range};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::{Spanned, de::DeValue};

use super::{
    super::careful::{Careful, Grave, Matter, MatterPatterns, PartResult, Pattern, part},
    file::longest,
    reader::{KEBAB, Reader, is_kebab, take},
    source::Source,
};

/// As many matters, words of a part, and patterns of a matter there can be: each more than anybody writes.
const MOST_MATTERS: usize = 50;
const MOST_WORDS: usize = 100;
const MOST_PATTERNS: usize = 600;

/// Grave matters, gravest first: `phrasebook/en/careful.toml`. Whoever speaks of one gets its note, and nothing else; who
/// may speak of one is asked whether it is that.
///
/// A pattern is words in lower case without apostrophes: `passed away`. `a|b` is either word, `lawyer*` any word that
/// begins so, `the?` a word that may be missing, `...` up to four words of any kind, `{name}` a word of a part.
#[derive(Deserialize, JsonSchema, Default)]
#[schemars(deny_unknown_fields)]
pub(super) struct CarefulFile {
    /// Patterns of what only sounds grave, such as `dying to see`: their words tell nothing. Those of all files count.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(max = MOST_PATTERNS))]
    harmless: Vec<Spanned<String>>,
    /// Lists of words, used as `{name}` in patterns of this file and of those laid over it.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Vec<String>>")]
    part: IndexMap<String, Spanned<Vec<String>>>,
    /// The matters, by id (kebab-case). One of the same id below is replaced.
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    matter: IndexMap<String, MatterEntry>,
}

/// A grave matter.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MatterEntry {
    /// A few words for headings, at most 60 characters.
    #[schemars(with = "String", length(max = longest::TITLE))]
    title: Option<Spanned<String>>,
    /// Who should answer, and how, at most 200 characters.
    #[schemars(with = "String", length(max = longest::TIP))]
    who: Option<Spanned<String>>,
    /// The few lines that are fit to be said, plain text of at most 200 characters each.
    #[serde(default)]
    #[schemars(with = "Vec<String>", inner(length(max = longest::TIP)))]
    lines: Vec<Spanned<String>>,
    /// The topics that are fit, as `command.topic`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    topics: Vec<Spanned<String>>,
    /// Patterns of the words that tell it: whoever says them surely means it.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1, max = MOST_PATTERNS))]
    words: Vec<Spanned<String>>,
    /// Patterns of words that may mean it and often do not: whoever says them is offered it as one choice of several.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(max = MOST_PATTERNS))]
    hints: Vec<Spanned<String>>,
    /// What people say, which must be found.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    flag: Vec<Spanned<String>>,
    /// What may mean it, which must be offered and no more.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    offer: Vec<Spanned<String>>,
    /// What only sounds like it, which must be neither.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pass: Vec<Spanned<String>>,
}

/// What the files have, all layers together.
#[derive(Default)]
pub(super) struct RawCareful<'s> {
    parts: IndexMap<String, PartResult>,
    harmless: Vec<(&'s Source, Spanned<String>)>,
    matters: IndexMap<String, (&'s Source, Range<usize>, MatterEntry)>,
    /// Whether anything is laid over the lowest layer.
    is_changed: bool,
}

impl<'s> RawCareful<'s> {
    /// Reads a file of grave matters over those of lower layers.
    pub(super) fn read(&mut self, reader: &mut Reader<'s>, source: &'s Source) {
        self.is_changed |= source.layer > 0;
        let mut document = reader.document(source);
        let matters = take(&mut document, "matter");
        let head: CarefulFile = reader.record(source, Spanned::new(0..0, DeValue::Table(document))).unwrap_or_default();
        for (name, words) in head.part {
            let at = words.span();
            let words = words.into_inner();
            if words.is_empty() || words.len() > MOST_WORDS {
                let hint = format!("write between one word and {MOST_WORDS}");
                reader.fault(source, at, format!("the part `{name}` has {} words", words.len()), hint);
                continue;
            }
            self.parts.insert(name, part(&words));
        }
        self.harmless.extend(head.harmless.into_iter().map(|pattern| (source, pattern)));
        for (key, value) in reader.table(source, matters, "matter") {
            let at = key.span();
            let id = key.into_inner().into_owned();
            if !is_kebab(&id, longest::ID) {
                reader.fault(source, at.clone(), format!("`{id}` is not an id"), KEBAB);
            }
            if let Some(entry) = reader.record(source, value) {
                self.matters.insert(id, (source, at, entry));
            }
        }
    }

    /// The matters, tried on their examples.
    pub(super) fn lower(self, reader: &mut Reader<'s>, known: &HashSet<String>) -> Careful {
        let Self { parts, harmless, matters, is_changed } = self;
        let before = reader.faults.len();
        // What is laid over it may have made another of it.
        let is_known = reader.lowest_is_known && !is_changed;
        if let Some((_, (source, at, _))) = matters.get_index(MOST_MATTERS) {
            let hint = "put together what the same people answer";
            reader.fault(source, at.clone(), format!("more than {MOST_MATTERS} grave matters"), hint);
            return Careful::default();
        }
        if let Some((source, pattern)) = harmless.get(MOST_PATTERNS) {
            let hint = "make one of several: `dead end|link|line`";
            reader.fault(source, pattern.span(), format!("more than {MOST_PATTERNS} harmless patterns"), hint);
            return Careful::default();
        }
        let harmless =
            harmless.iter().filter_map(|(source, pattern)| reader.words_pattern(source, pattern, &parts)).collect();
        let mut examples = Vec::new();
        let mut lowered = Vec::new();
        for (id, (source, at, mut entry)) in matters {
            let tried = Examples {
                flag: std::mem::take(&mut entry.flag),
                offer: std::mem::take(&mut entry.offer),
                pass: std::mem::take(&mut entry.pass),
            };
            for (list, name) in [(&entry.words, "words"), (&tried.flag, "flag"), (&tried.pass, "pass")] {
                if list.is_empty() {
                    let hint = format!("add {name} = [\"…\"]: what tells it, what must be found, and what must not be");
                    reader.fault(source, at.clone(), format!("`{name}` is missing"), hint);
                }
            }
            let matter = reader.matter(&id, source, &at, entry, &parts, known);
            examples.push((id, source, tried));
            lowered.push(matter);
        }
        let careful = Careful::new(lowered, harmless);
        if reader.faults.len() == before && !is_known {
            for (id, source, tried) in examples {
                reader.try_examples(&careful, &id, source, tried);
            }
        }
        careful
    }
}

/// What a matter is tried on.
struct Examples {
    flag: Vec<Spanned<String>>,
    offer: Vec<Spanned<String>>,
    pass: Vec<Spanned<String>>,
}

impl Reader<'_> {
    fn matter(
        &mut self,
        id: &str,
        source: &Source,
        at: &Range<usize>,
        entry: MatterEntry,
        parts: &IndexMap<String, PartResult>,
        known: &HashSet<String>,
    ) -> (Matter, MatterPatterns) {
        if entry.words.len().max(entry.hints.len()) > MOST_PATTERNS {
            let hint = "make one of several: `kill|shoot|stab you`";
            self.fault(source, at.clone(), format!("more than {MOST_PATTERNS} patterns"), hint);
        }
        entry.topics.iter().for_each(|topic| self.topic_exists(source, topic, known));
        let mut patterns = |list: &[Spanned<String>]| {
            let some = list.iter().take(MOST_PATTERNS);
            some.filter_map(|pattern| self.words_pattern(source, pattern, parts)).collect()
        };
        let words = MatterPatterns { telling: patterns(&entry.words), hinting: patterns(&entry.hints) };
        let lines = entry.lines.into_iter();
        let matter = Matter {
            id: id.into(),
            title: self.text(source, at, entry.title, "title", longest::TITLE).into(),
            who: self.text(source, at, entry.who, "who", longest::TIP).into(),
            lines: lines.map(|line| self.text(source, at, Some(line), "line", longest::TIP).into()).collect(),
            topics: entry.topics.into_iter().map(|topic| topic.into_inner().into()).collect(),
        };
        (matter, words)
    }

    fn words_pattern(
        &mut self,
        source: &Source,
        pattern: &Spanned<String>,
        parts: &IndexMap<String, PartResult>,
    ) -> Option<Pattern> {
        let read = Pattern::read(pattern.get_ref(), |name| parts.get(name));
        read.map_err(|(what, hint)| self.fault(source, pattern.span(), what, hint)).ok()
    }

    fn try_examples(&mut self, careful: &Careful, id: &str, source: &Source, tried: Examples) {
        let before = "a matter that stands before comes first: move it, or the words";
        for (examples, key) in [(tried.flag, "words"), (tried.offer, "hints")] {
            for example in examples {
                let (what, hint) = match careful.look(example.get_ref()) {
                    Some(grave) if *grave.matter().id != *id => {
                        (format!("the example is found as `{}`", grave.matter().id), before.to_owned())
                    }
                    Some(Grave::Told(_)) if key == "words" => continue,
                    Some(Grave::Hinted(_)) if key == "hints" => continue,
                    Some(Grave::Told(_)) => {
                        ("the example is told".to_owned(), "move it to `flag`, or make the pattern narrower".to_owned())
                    }
                    Some(Grave::Hinted(_)) => {
                        let hint = "move it to `offer`, or add a pattern that fits it to `words`";
                        ("the example is only offered".to_owned(), hint.to_owned())
                    }
                    None => ("the example is not found".to_owned(), format!("add a pattern that fits it to `{key}`")),
                };
                self.fault(source, example.span(), what, hint);
            }
        }
        for example in tried.pass {
            if let Some(found) = careful.look(example.get_ref()) {
                let what = format!("the look-alike is found as `{}`", found.matter().id);
                self.fault(source, example.span(), what, "make the pattern narrower, or add what it is to `harmless`");
            }
        }
    }
}
