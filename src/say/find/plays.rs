//! Which play a letter is about, told by the words of the plays alone: a draft need not wait until all of the search is
//! ready, which has questions to learn from first.

use std::{borrow::Cow, collections::BTreeSet};

use foldhash::{HashMap, HashMapExt as _};

use super::{
    super::{
        english::{Stems, is_function_word},
        model::{Command, Topic, fold, fold_into},
    },
    rarity, real,
};

/// How much a word counts, by where it stands.
mod weight {
    pub(super) const NAME: f32 = 5.0;
    pub(super) const TITLE: f32 = 3.0;
    pub(super) const WHEN: f32 = 2.5;
}

/// The first is taken where it is as good as this, and so many times as good as the second. Both were chosen on what
/// people ask, not on letters: a line that fits any letter is better than one of the wrong play.
const ENOUGH: f32 = 20.0;
const AHEAD: f32 = 1.5;

/// The words of all plays.
#[derive(Debug, Default)]
pub(in crate::say) struct Plays {
    /// The place of every play: command, topic.
    places: Vec<(usize, usize)>,
    /// By stem the plays that have it, in order, and how much it counts there.
    stems: HashMap<Box<str>, Vec<(usize, f32)>>,
}

impl Plays {
    pub(in crate::say) fn of(commands: &[Command]) -> Self {
        let mut plays = Self::default();
        let stems = Stems::default();
        // Most words come again, and finding a stem takes a while.
        let mut known: HashMap<Box<str>, Box<str>> = HashMap::new();
        let mut folded = String::new();
        for (command, place) in commands.iter().zip(0..) {
            for (topic, topic_place) in command.topics.iter().zip(0..).filter(|(topic, _)| topic.is_play()) {
                let play = plays.places.len();
                plays.places.push((place, topic_place));
                for (text, weight) in texts(topic) {
                    fold_into(text, &mut folded);
                    for word in words(&folded) {
                        if !known.contains_key(word) {
                            known.insert(word.into(), stems.of(word).into());
                        }
                        let Some(stem) = known.get(word) else { continue };
                        plays.add(stem, play, weight);
                    }
                }
            }
        }
        plays
    }

    /// Counts a stem once for each play, with the highest of its weights.
    fn add(&mut self, stem: &str, play: usize, weight: f32) {
        if !self.stems.contains_key(stem) {
            self.stems.insert(stem.into(), Vec::new());
        }
        let Some(places) = self.stems.get_mut(stem) else { return };
        match places.last_mut().filter(|(last, _)| *last == play) {
            Some((_, known)) => *known = known.max(weight),
            None => places.push((play, weight)),
        }
    }

    /// The play that a letter is about, if its words tell.
    pub(in crate::say) fn about<'b>(&self, commands: &'b [Command], letter: &str) -> Option<&'b Topic> {
        let stems = Stems::default();
        let folded = fold(letter);
        let asked: BTreeSet<Cow<'_, str>> = words(&folded).map(|word| stems.of(word)).collect();
        let mut scores = vec![0.0; self.places.len()];
        for places in asked.iter().filter_map(|stem| self.stems.get(&**stem)) {
            let rare = rarity(self.places.len(), places.len());
            for (play, weight) in places {
                scores.get_mut(*play).into_iter().for_each(|score: &mut f32| *score += weight * rare);
            }
        }
        let mut scored: Vec<(f32, &(usize, usize))> = scores.into_iter().zip(&self.places).collect();
        scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let (score, (command, topic)) = scored.first()?;
        let second = scored.get(1).map_or(0.0, |(second, _)| *second);
        let is_told = *score >= ENOUGH && *score >= second * AHEAD;
        commands.get(*command)?.topics.get(*topic).filter(|_| is_told)
    }
}

/// What is written of a play, and how much each word of it counts.
fn texts(play: &Topic) -> impl Iterator<Item = (&str, f32)> {
    let names = std::iter::once(&*play.id).chain(play.aliases.iter().map(|alias| &**alias));
    // A name of many words is not about each of them.
    let names = names.map(|name| (name, weight::NAME / real(name.split('-').count()).sqrt()));
    names.chain([(&*play.title, weight::TITLE), (&*play.when, weight::WHEN)])
}

/// The words of a folded text that tell something.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split('-').filter(|word| !word.is_empty() && !is_function_word(word))
}
