//! Which phrases of a topic are taken, and what fills them.

use std::ptr;

use super::{
    super::{
        ask::{At, Choice, Which},
        book::Phrasebook,
        model::{Phrase, SIGNATURE, Slot, Step, Tone, Topic},
        phrase::Value,
        words,
    },
    document::Line,
};

/// Lines that were chosen, and what there is to say about the choice.
#[derive(Debug, Default)]
pub struct Chosen<'b> {
    /// The lines, at least one.
    pub lines: Vec<Line<'b>>,
    /// The lines as one message, where that was asked for.
    pub letter: Option<String>,
    /// What fills each slot of the topic, used or not.
    pub values: Vec<Option<String>>,
    /// What was cut, not used or not there.
    pub notes: Vec<String>,
}

/// Picks and fills phrases of a topic.
#[must_use]
pub fn choose<'b>(book: &'b Phrasebook, topic: &'b Topic, choice: &Choice, seed: u64) -> Chosen<'b> {
    let mut notes = Vec::new();
    let values = values(topic, choice, &mut notes);
    let places = places(topic, choice, &values, seed, &mut notes);
    let letter = choice.which == Which::Letter && !topic.letter.is_empty();
    // In a letter the name stands in the greeting alone.
    let mut filled: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
    let name = topic.name_slot().filter(|_| letter).and_then(|slot| Some(filled.get_mut(slot)?.take()));
    let lines: Vec<Line<'b>> = places.into_iter().filter_map(|place| line(book, topic, place, &filled)).collect();
    let letter = letter.then(|| {
        let said: Vec<&str> = lines.iter().map(|line| line.words.as_str()).collect();
        words::letter(&said, name.flatten(), signature(topic, &values))
    });
    let is_used = |slot: &Slot| lines.iter().any(|line| line.slots.iter().any(|(used, _)| ptr::eq(*used, slot)));
    let given = topic.slots.iter().zip(&values).filter(|(_, value)| value.is_some());
    let unused: Vec<&str> = given.filter(|(slot, _)| !is_used(slot)).map(|(slot, _)| &*slot.name).collect();
    // In a play, what is not needed here may be in a later step, and goes along; a form asks for every blank there is.
    if !unused.is_empty() && !topic.is_play() && !matches!(choice.which, Which::Place(_)) {
        notes.push(words::unused(&unused));
    }
    notes.extend(choice.unused.iter().map(|typed| words::not_used(typed)));
    Chosen { lines, letter, values, notes }
}

/// The value of the slot that signs.
fn signature<'v>(topic: &Topic, values: &'v [Option<String>]) -> Option<&'v str> {
    values.get(topic.slot(SIGNATURE)?)?.as_deref()
}

/// A phrase with these values, by slot number.
#[must_use]
pub fn line<'b>(book: &'b Phrasebook, topic: &'b Topic, place: usize, values: &[Option<&str>]) -> Option<Line<'b>> {
    let phrase = topic.phrases.get(place)?;
    let value = |slot: u16| values.get(usize::from(slot)).copied().flatten();
    let slot = |number: u16| topic.slots.get(usize::from(number)).map(|slot| &**slot);
    Some(Line {
        phrase,
        topic,
        place,
        words: phrase.say.fill(values),
        article: book.article_of(phrase)?,
        slots: phrase
            .say
            .slots()
            .into_iter()
            .filter_map(|number| Some((slot(number)?, value(number).map(str::to_owned))))
            .collect(),
        blanks: phrase.say.required().into_iter().filter(|number| value(*number).is_none()).filter_map(slot).collect(),
    })
}

/// What fills each slot of the topic.
fn values(topic: &Topic, choice: &Choice, notes: &mut Vec<String>) -> Vec<Option<String>> {
    let mut values: Vec<Option<String>> = vec![None; topic.slots.len()];
    let mut fill = |number: usize, value: &Value| {
        if let (Some(place), Some(slot)) = (values.get_mut(number), topic.slots.get(number)) {
            let before = std::mem::replace(place, Some(value.words.clone()).filter(|words| !words.is_empty()));
            if let Some(before) = before.filter(|before| place.as_ref() != Some(before)) {
                notes.push(words::filled_again(&slot.name, &before));
            }
            if value.cut {
                notes.push(words::cut(&slot.name));
            }
        }
    };
    let mut unknown = Vec::new();
    for (name, value) in &choice.values {
        match topic.slot(name) {
            Some(number) => fill(number, value),
            None => unknown.push(words::no_such_slot(name, topic)),
        }
    }
    if let Some(rest) = &choice.rest {
        let filled = |value: &Value| !value.words.is_empty();
        let named = |slot: &Slot| choice.values.iter().any(|(name, value)| *name == *slot.name && filled(value));
        // A book that marks no slot for names gives them the first that is free.
        let free = || topic.slots.iter().position(|slot| !named(slot));
        let number = match topic.name_slot() {
            Some(number) => Some(number).filter(|number| topic.slots.get(*number).is_some_and(|slot| !named(slot))),
            None => free(),
        };
        match number {
            Some(number) => fill(number, rest),
            None if topic.slots.is_empty() => unknown.push(words::nothing_to_fill(&rest.words)),
            None => unknown.push(words::left_over(&rest.words)),
        }
    }
    notes.append(&mut unknown);
    values
}

/// Which phrases.
fn places(topic: &Topic, choice: &Choice, values: &[Option<String>], seed: u64, notes: &mut Vec<String>) -> Vec<usize> {
    let which = match choice.which {
        Which::Letter if topic.letter.is_empty() => {
            notes.push(words::no_letter());
            Which::Steps
        }
        Which::Letter => {
            let narrower = narrower(choice);
            notes.extend((!narrower.is_empty()).then(|| words::not_in_a_letter(&narrower)));
            let own = || topic.letter.iter().map(|place| *place as usize).collect();
            return choice.letter.clone().unwrap_or_else(own);
        }
        which => which,
    };
    let pool = pool(topic, choice, which, notes);
    match which {
        Which::Place(place) => vec![place],
        Which::Number(number) => {
            let nearest = number.min(pool.len()).max(1);
            if number != nearest {
                notes.push(words::only_so_many(number, pool.len(), nearest));
            }
            pool.get(nearest - 1).copied().into_iter().collect()
        }
        Which::All => pool,
        Which::Steps | Which::Letter => {
            if !topic.is_play() {
                notes.push(words::no_play());
            }
            pool
        }
        Which::Any => {
            // A phrase with a place for what was given is the one that was meant.
            let given: Vec<u16> =
                values.iter().zip(0..).filter_map(|(value, slot)| value.is_some().then_some(slot)).collect();
            let fits = |phrase: &Phrase| given.iter().all(|slot| phrase.say.has_slot(*slot));
            let fitting = narrowed(topic, &pool, fits).unwrap_or(pool);
            let choices = match choice.step {
                At::Any => fitting,
                At::Step(_) => best_to_say(topic, fitting, &given, choice.short),
                At::Start => {
                    let mut best = best_to_say(topic, fitting, &given, choice.short);
                    best.truncate(FIRST);
                    best
                }
            };
            let picked = usize::try_from(seed % u64::try_from(choices.len()).unwrap_or(1).max(1)).unwrap_or_default();
            choices.get(picked).copied().into_iter().collect()
        }
    }
}

/// A bare ask begins with one of so many lines, as they stand in the book: a topic's best stand first.
const FIRST: usize = 2;

/// Somebody is waiting: what can be said as it stands comes before what has a blank, has to be true first, is for one
/// speaker or opens the letter, and the whole line before the short one, which is for who asks for it. Each counts as long
/// as two lines are left, so that the next time brings another.
fn best_to_say(topic: &Topic, places: Vec<usize>, given: &[u16], short: bool) -> Vec<usize> {
    let opening = topic.letter.first().and_then(|place| topic.phrases.get(usize::try_from(*place).ok()?));
    let no_opening = |phrase: &Phrase| !opening.is_some_and(|opening| ptr::eq(opening, phrase));
    let no_blank = |phrase: &Phrase| phrase.say.required().iter().all(|slot| given.contains(slot));
    let no_condition = |phrase: &Phrase| phrase.only_if.is_none() && phrase.needs.is_none();
    let for_anybody = |phrase: &Phrase| phrase.speaker.is_none();
    let whole = |phrase: &Phrase| short || !phrase.is_short();
    let wanted: [&dyn Fn(&Phrase) -> bool; 5] = [&no_blank, &no_condition, &for_anybody, &whole, &no_opening];
    wanted
        .into_iter()
        .fold(places, |places, is_so| narrowed(topic, &places, is_so).filter(|kept| kept.len() > 1).unwrap_or(places))
}

/// The words that choose among the phrases of a topic.
fn narrower(choice: &Choice) -> Vec<&'static str> {
    let step = match choice.step {
        At::Step(step) => Some(step.label()),
        At::Start | At::Any => None,
    };
    step.into_iter().chain(choice.tone.map(Tone::word)).chain(choice.short.then_some("short")).collect()
}

/// The places from which is chosen: of the step that was asked for, or of a play the first; of the tone and the length
/// that were asked for, where there are any. At least one.
pub(super) fn pool(topic: &Topic, choice: &Choice, which: Which, notes: &mut Vec<String>) -> Vec<usize> {
    let step = match (choice.step, which) {
        (At::Step(step), _) => Some(step),
        (At::Start, Which::Any) => topic.first_step(),
        _ => None,
    };
    let all: Vec<usize> = (0..topic.phrases.len()).collect();
    let of_step = |step: Option<Step>| narrowed(topic, &all, |phrase| phrase.step == step);
    let stepped = match step {
        None => all,
        Some(step) => of_step(Some(step)).unwrap_or_else(|| {
            notes.extend(matches!(choice.step, At::Step(_)).then(|| words::no_such_step(step, topic)));
            of_step(topic.first_step()).unwrap_or_default()
        }),
    };
    let toned = match choice.tone {
        Some(tone) => narrowed(topic, &stepped, |phrase| phrase.tone == Some(tone)).unwrap_or_else(|| {
            notes.push(words::no_such_tone());
            stepped
        }),
        None => stepped,
    };
    if !choice.short {
        return toned;
    }
    narrowed(topic, &toned, Phrase::is_short).unwrap_or_else(|| {
        notes.push(words::none_short());
        toned
    })
}

/// Those of the places whose phrases are so, where there are any.
fn narrowed(topic: &Topic, places: &[usize], is_so: impl Fn(&Phrase) -> bool) -> Option<Vec<usize>> {
    let phrase = |place: &usize| topic.phrases.get(*place).is_some_and(&is_so);
    let places: Vec<usize> = places.iter().copied().filter(phrase).collect();
    Some(places).filter(|places| !places.is_empty())
}
