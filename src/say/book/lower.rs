//! From a command as its files have it to the model, checked on the way.

use std::{collections::HashMap, ops::Range, sync::Arc};

use indexmap::IndexMap;
use toml::Spanned;

use super::{
    super::{
        find::closest,
        model::{Command, Names, Phrase, SIGNATURE, Slot, Topic, fold},
        phrase::{Mistake, Template, Value, is_slot_name, untidy},
    },
    command::{Named, RawCommand, RawPhrase, RawSlot, RawTopic},
    fault::Fault,
    file::{PhraseEntry, longest},
    reader::{KEBAB, Reader, is_kebab},
    reserved::KEYWORDS,
    source::Source,
};

impl<'s> Reader<'s> {
    /// A command of the model, checked on the way.
    pub(super) fn lower(&mut self, name: &str, mut raw: RawCommand<'s>) -> Command {
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
            order: raw.order.unwrap_or(u16::MAX),
            name: command,
            topics,
            names,
        }
    }

    /// A slot that no phrase has, unless it is named in a file with other faults, which may be why.
    fn unused(&mut self, name: &str, slot: &RawSlot<'_>, owner: &str) {
        let faulty = self.faults.iter().any(|fault| fault.file == slot.source.name);
        if self.has_enough() || faulty && slot.source.text.contains(&format!("{{{{{name}")) {
            return;
        }
        let what = format!("the slot `{name}` is used by no phrase of {owner}");
        self.fault(slot.source, slot.key.clone(), what, "use it, or take it away");
    }

    /// Ids and aliases of a command's topics. Within a layer each stands once; across layers the upper one has it.
    fn names(&mut self, raw: &RawCommand<'s>) -> Names {
        let mut names: Names = raw.topics.keys().zip(0..).map(|(id, place)| (fold(id).into(), place)).collect();
        let mut aliases: HashMap<String, (usize, &Source)> = HashMap::new();
        for (place, topic) in raw.topics.values().enumerate() {
            for (source, alias) in &topic.aliases {
                let (at, word) = (alias.span(), alias.get_ref());
                if !is_kebab(word, 40) || word.bytes().all(|b| b.is_ascii_digit()) {
                    self.fault(source, at, format!("`{word}` is not an alias"), KEBAB);
                } else if KEYWORDS.contains(&word.as_str()) {
                    let hint = "the word means something after a command: choose another";
                    self.fault(source, at, format!("`{word}` cannot be an alias"), hint);
                } else if let Some(hidden) = raw.topics.get(word) {
                    // A topic of an upper layer takes the name; its writer cannot edit the files below.
                    if hidden.source.layer <= source.layer {
                        let hint =
                            format!("`{word}` is a topic of its own, and the alias would hide it: take the alias away");
                        self.fault(source, at, format!("the alias `{word}` hides a topic"), hint);
                    }
                } else if let Some((other, owner)) = aliases.get(word)
                    && owner.layer == source.layer
                {
                    let owner = raw.topics.get_index(*other).map_or("", |(id, _)| id);
                    self.fault(
                        source,
                        at,
                        format!("the alias `{word}` is given twice"),
                        format!("`{owner}` has it already: leave it there or here"),
                    );
                } else if aliases.get(word).is_none_or(|(_, owner)| owner.layer < source.layer) {
                    aliases.insert(word.clone(), (place, source));
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
        self.related.extend(raw.related.iter().cloned());
        // The topic's own slots come first: words left over go to what the topic is about.
        let mut slots: Vec<Arc<Slot>> = raw.slots.values().map(|slot| slot.slot.clone()).collect();
        slots.extend(
            shared.iter().filter(|(name, _)| !raw.slots.contains_key(*name)).map(|(_, slot)| slot.slot.clone()),
        );
        let mut used = vec![false; slots.len()];

        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut phrases = Vec::with_capacity(raw.phrases.len());
        let plays = is_play(&raw.phrases);
        for RawPhrase { source, at, entry } in std::mem::take(&mut raw.phrases) {
            if plays && entry.step.is_none() {
                let hint = "add step = \"acknowledge\" (own, explore, make-right, exceed, follow-up)";
                self.fault(source, at.clone(), "a phrase of a play without a step", hint);
            } else if !plays && entry.step.is_some() {
                let hint = "the phrases below have no steps: take it away";
                self.fault(source, at.clone(), "a step in a topic that is no play", hint);
            }
            if let Some(phrase) = self.lower_phrase(source, &at, entry, &slots) {
                if let Some(line) = seen.insert(phrase.id.to_string(), at.start)
                    && !self.has_enough()
                {
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
        // A letter greets and signs, whatever its phrases hold.
        if !raw.letter.is_empty() {
            for (slot, used) in slots.iter().zip(&mut used) {
                *used |= slot.takes_name || *slot.name == *SIGNATURE;
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
        // Below, the phrase that used a slot may be hidden.
        for (name, slot) in raw.slots.iter().filter(|(_, slot)| slot.source.layer == raw.source.layer) {
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
        let letter = self.letter(&raw.letter, &phrases, &kept);
        Topic {
            command: command.clone(),
            id: id.into(),
            title: raw.title.into(),
            aliases: raw.aliases.into_iter().map(|(_, alias)| alias.into_inner().into()).collect(),
            questions: raw.questions,
            from_lowest: raw.from_lowest,
            letter,
            when: raw.when.into(),
            tip: raw.tip.into(),
            avoid: raw.avoid.into(),
            related: raw.related.into_iter().map(|(_, related)| related.into_inner().into()).collect(),
            slots: kept,
            phrases,
            by_id,
        }
    }

    /// The places of a letter's phrases: each of the topic, in the order of steps, and none that shows a blank where the
    /// name would stand a second time.
    fn letter(&mut self, ids: &[Named<'s>], phrases: &[Phrase], slots: &[Arc<Slot>]) -> Box<[u32]> {
        let mut places: Vec<u32> = Vec::with_capacity(ids.len());
        for (source, id) in ids {
            let found = phrases.iter().zip(0..).find(|(phrase, _)| *phrase.id == **id.get_ref());
            let Some((phrase, place)) = found else {
                let near = closest(id.get_ref(), phrases.iter().map(|phrase| &*phrase.id));
                let hint = near
                    .map_or_else(|| "name phrases of this topic".to_owned(), |near| format!("did you mean `{near}`?"));
                self.fault(source, id.span(), format!("the topic has no phrase `{}`", id.get_ref()), hint);
                continue;
            };
            if places.last().is_some_and(|last| *last >= place) {
                let what = format!("`{}` comes too late in the letter", id.get_ref());
                self.fault(source, id.span(), what, "name the phrases in the order of their steps, each once");
            }
            let is_name = |number: &u16| slots.get(usize::from(*number)).is_some_and(|slot| slot.takes_name);
            if phrase.say.required().iter().any(is_name) {
                let what = format!("`{}` needs the name, which stands in the greeting alone", id.get_ref());
                self.fault(source, id.span(), what, "choose a phrase whose name is in a [clause], or has none");
            }
            places.push(place);
        }
        places.into()
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
        let mut condition = |value: Option<Spanned<String>>, name, most| {
            value.map(|value| Box::from(self.text(source, at, Some(value), name, most)))
        };
        let only_if = condition(entry.only_if, "only_if", longest::CONDITION);
        let needs = condition(entry.needs, "needs", longest::CONDITION);
        let speaker = condition(entry.speaker, "speaker", longest::SPEAKER);
        let say_at = entry.say.as_ref().map_or(at.clone(), Spanned::span);
        let before_say = self.faults.len();
        let say = self.text(source, at, entry.say, "say", longest::SAY);
        let sound = self.faults.len() == before_say;
        if say.chars().count() > longest::SAY {
            return None;
        }
        let template = self.template(source, &say_at, &say, slots)?;
        if sound && !self.knows(source) {
            self.no_facts(source, &say_at, &template);
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
            only_if,
            needs,
            speaker,
        })
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
                    let typed = what.strip_prefix("the slot `").and_then(|rest| rest.strip_suffix("` is not declared"));
                    let near = typed.and_then(|typed| {
                        closest(typed, slots.iter().map(|slot| &*slot.name).filter(|name| is_slot_name(name)))
                    });
                    let hint = near.map_or_else(|| hint.clone(), |near| format!("did you mean `{near}`? Or {hint}"));
                    let place = offset.map_or(at.clone(), |offset| offset + inside.start..offset + inside.end);
                    self.fault(source, place, what, hint);
                }
                None
            }
        }
    }

    /// Words to fall back on stand where nobody has said anything: no date, no sum and no other fact may be one.
    fn no_facts(&mut self, source: &Source, at: &Range<usize>, template: &Template) {
        for words in template.fallbacks().filter(|words| is_fact(words)) {
            let what = format!("“{words}” would be said where nobody has said it");
            let hint = "a day, a time, a number or a sum is a blank until it is filled: leave the words after | out";
            self.fault(source, at.clone(), what, hint);
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

/// Whether a topic is a play: its lowest file says so, since what extends a topic cannot make it another.
fn is_play(phrases: &[RawPhrase<'_>]) -> bool {
    let lowest = phrases.iter().map(|phrase| phrase.source.layer).min();
    phrases.iter().any(|phrase| Some(phrase.source.layer) == lowest && phrase.entry.step.is_some())
}

/// Whether words to fall back on hold a date, a time, a number or a sum. “Your first week” holds none.
fn is_fact(words: &str) -> bool {
    const FACTS: [&str; 36] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "today",
        "tonight",
        "tomorrow",
        "yesterday",
        "noon",
        "midnight",
        "half",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "hundred",
        "percent",
    ];
    words.contains(|c: char| c.is_ascii_digit() || matches!(c, '$' | '€' | '£' | '%'))
        || words.to_lowercase().contains("end of")
        || words.split(|c: char| !c.is_alphanumeric()).any(|word| FACTS.contains(&&*word.to_lowercase()))
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
