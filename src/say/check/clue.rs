//! Which sentences of a draft may hold what a pattern looks for.
//!
//! Hardly a pattern can do without certain words: `\byou (?:never|didn't) (?:call|write)` fits no sentence without
//! “you”, none without “never” or “didn't”, none without “call” or “write”. Such a choice of words is a *clue*. The words
//! of all clues are looked for in one pass over the draft; a pattern is then searched for, and compiled, only where its
//! clues are, which is in few places and mostly in none.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use aho_corasick::{Anchored, automaton::Automaton as _, nfa::contiguous::NFA};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::Pattern;

/// What a pattern cannot do without.
#[derive(Debug)]
pub(super) struct Need {
    /// By their numbers in [`Clues`].
    clues: Vec<usize>,
    /// Whatever it matches, it does so within one sentence and for nothing outside of it.
    is_of_a_sentence: bool,
}

/// The clues of the patterns of a book.
#[derive(Debug)]
pub(super) struct Clues {
    words: NFA,
    /// For every word the clues it is part of.
    part_of: Vec<Box<[usize]>>,
    /// How many clues there are.
    count: usize,
}

/// Words of which a match has at least one.
type Clue = Vec<Box<[u8]>>;

/// A clue that lets more through is worth having only where there is no other.
const BROAD: u32 = 3_000;

/// About how often a clue is met: with every letter more a word is some four times as rare.
fn breadth(clue: &Clue) -> u32 {
    clue.iter().map(|word| 1 << (2 * 8_usize.saturating_sub(word.len()))).sum()
}

impl Clues {
    /// Finds what each pattern needs, and tells it.
    pub(super) fn of<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Option<Self> {
        let mut numbers: HashMap<Clue, usize> = HashMap::new();
        for pattern in patterns {
            let Some(parsed) = super::parse(&pattern.text) else { continue };
            let mut clues = clues(&parsed);
            clues.sort_by_cached_key(breadth);
            clues.dedup();
            let narrow = clues.iter().take(2).filter(|clue| breadth(clue) < BROAD).count();
            clues.truncate(narrow.max(1));
            let numbered = clues.into_iter().map(|clue| {
                let next = numbers.len();
                *numbers.entry(clue).or_insert(next)
            });
            let need = Need { clues: numbered.collect(), is_of_a_sentence: is_of_a_sentence(&parsed) };
            // Nobody else does.
            let _ = pattern.need.set(need);
        }
        let count = numbers.len();
        let mut words: BTreeMap<Box<[u8]>, Vec<usize>> = BTreeMap::new();
        for (clue, number) in numbers {
            for word in clue {
                words.entry(word).or_default().push(number);
            }
        }
        let nfa = NFA::new(words.keys()).ok()?;
        Some(Self { words: nfa, part_of: words.into_values().map(Vec::into_boxed_slice).collect(), count })
    }
}

/// The clues of what a pattern is made of.
fn clues(parsed: &Hir) -> Vec<Clue> {
    match parsed.kind() {
        HirKind::Literal(literal) => {
            let word = literal.0.trim_ascii();
            if word.len() < 2 { Vec::new() } else { vec![vec![word.into()]] }
        }
        HirKind::Capture(group) => clues(&group.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => clues(&repeated.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(clues).collect(),
        HirKind::Alternation(branches) => {
            let best = |branch| clues(branch).into_iter().min_by_key(breadth);
            let Some(clue) = branches.iter().map(best).collect::<Option<Vec<Clue>>>() else { return Vec::new() };
            let mut clue = clue.concat();
            clue.sort();
            clue.dedup();
            vec![clue]
        }
        HirKind::Repetition(_) | HirKind::Class(_) | HirKind::Look(_) | HirKind::Empty => Vec::new(),
    }
}

fn is_of_a_sentence(parsed: &Hir) -> bool {
    let looks = parsed.properties().look_set();
    !looks.contains(Look::Start) && !looks.contains(Look::End) && !has_line_break(parsed)
}

fn has_line_break(parsed: &Hir) -> bool {
    match parsed.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(Class::Bytes(class)) => class.iter().any(|range| (range.start()..=range.end()).contains(&b'\n')),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&'\n'))
        }
        HirKind::Capture(group) => has_line_break(&group.sub),
        HirKind::Repetition(repeated) => has_line_break(&repeated.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_line_break),
        HirKind::Look(_) | HirKind::Empty => false,
    }
}

/// A plain text, and where its clues are.
pub(crate) struct Sentences<'t> {
    text: &'t [u8],
    /// Where each sentence begins, and where one more would.
    starts: Vec<usize>,
    /// A row for every clue, a bit for every sentence.
    seen: Vec<u64>,
}

impl<'t> Sentences<'t> {
    /// Without a clue: all of it is searched.
    pub(crate) fn unread(text: &'t [u8]) -> Self {
        Self { text, starts: Vec::new(), seen: Vec::new() }
    }

    pub(super) fn read(text: &'t [u8], clues: &Clues) -> Self {
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let starts: Vec<usize> = std::iter::once(0).chain(breaks).chain([text.len() + 1]).collect();
        let mut sentences = Self { text, starts, seen: Vec::new() };
        let row = sentences.row();
        sentences.seen = vec![0; clues.count * row];
        let nfa = &clues.words;
        let Ok(mut state) = nfa.start_state(Anchored::No) else { return Self::unread(text) };
        let mut sentence = 0;
        for byte in text {
            sentence += usize::from(*byte == b'\n');
            state = nfa.next_state(Anchored::No, state, *byte);
            if !nfa.is_special(state) || !nfa.is_match(state) {
                continue;
            }
            let words = (0..nfa.match_len(state)).map(|index| nfa.match_pattern(state, index).as_usize());
            for clue in words.filter_map(|word| clues.part_of.get(word)).flatten() {
                if let Some(bits) = sentences.seen.get_mut(clue * row + sentence / 64) {
                    *bits |= 1 << (sentence % 64);
                }
            }
        }
        sentences
    }

    pub(super) fn text(&self, place: &Range<usize>) -> Option<&'t [u8]> {
        self.text.get(place.clone())
    }

    /// How long a row is.
    fn row(&self) -> usize {
        self.starts.len() / 64 + 1
    }

    /// Where a pattern is to be searched for: runs of sentences.
    pub(super) fn places(&self, pattern: &Pattern) -> Vec<Range<usize>> {
        let everywhere = 0..self.text.len();
        let Some(need) = pattern.need.get().filter(|need| !self.seen.is_empty() && !need.clues.is_empty()) else {
            return vec![everywhere];
        };
        let row = self.row();
        let mut rows = need.clues.iter().filter_map(|clue| self.seen.get(clue * row..(clue + 1) * row));
        if !need.is_of_a_sentence {
            let is_possible = rows.all(|row| row.iter().any(|bits| *bits != 0));
            return if is_possible { vec![everywhere] } else { Vec::new() };
        }
        let mut places: Vec<Range<usize>> = Vec::new();
        for block in 0..row {
            let mut bits = rows.clone().fold(u64::MAX, |bits, row| bits & row.get(block).copied().unwrap_or(0));
            while bits != 0 {
                let sentence = block * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let Some([start, next]) = self.starts.get(sentence..sentence + 2) else { break };
                match places.last_mut() {
                    Some(last) if last.end + 1 == *start => last.end = next - 1,
                    _ => places.push(*start..next - 1),
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Plain, compile},
        *,
    };

    fn pattern(text: &str) -> Pattern {
        Pattern::compiled(compile(text).unwrap())
    }

    #[test]
    fn a_clue_is_words_that_cannot_be_missing() {
        let check = |text: &str, expected: &[&[&str]]| {
            let of = clues(&super::super::parse(text).unwrap());
            let of: Vec<Vec<String>> = of
                .iter()
                .map(|clue| clue.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect())
                .collect();
            assert_eq!(of, expected, "{text}");
        };
        check(
            r"\byou (?:never|didn't) (?:call|write)ed\b",
            &[&["you"], &["didn't", "never"], &["call", "write"], &["ed"]],
        );
        check(r"(?:really )?sorry(?: that)*", &[&["sorry"]]);
        check(r"(sorry){2}|apologi[sz]e", &[&["apologi", "sorry"]]);
        check(r"sorry|\w+", &[]);
        check(r"[0-9]+ (?:am)?|\?", &[]);
        check(r"(?i)calm", &[]);
    }

    #[test]
    fn only_sentences_with_every_clue_are_searched() {
        let patterns =
            [pattern("you (?:never|didn't)"), pattern("never [^.]*late"), pattern(r"\Ayou never"), pattern(r"\?")];
        let clues = Clues::of(patterns.iter()).unwrap();
        let check = |text: &str, expected: [&[&str]; 4]| {
            let sentences = Sentences::read(text.as_bytes(), &clues);
            let places = patterns.each_ref().map(|pattern| sentences.places(pattern));
            let places = places.each_ref().map(|places| places.iter().map(|at| &text[at.clone()]).collect::<Vec<_>>());
            assert_eq!(places, expected, "{text:?}");
        };
        let text = "you said so\nyou never came\nyou didn't write\nnever mind\nyou never know";
        check(text, [&["you never came\nyou didn't write", "you never know"], &[], &[text], &[text]]);
        let text = "never\nlate";
        check(text, [&[], &[text], &[], &[text]]);
        check("", [&[], &[], &[], &[""]]);
    }

    #[test]
    fn clues_hide_nothing() {
        let book = crate::say::book::Phrasebook::parse(&crate::shelf::built_in()).unwrap();
        let drafts = include_str!("../../../tests/fixtures/drafts.tsv");
        let drafts = drafts.lines().filter_map(|row| row.split('\t').nth(3)).map(|draft| draft.replace("\\n", "\n"));
        let draft = drafts.collect::<Vec<_>>().join("\n");
        let plain = Plain::read(&draft);
        let text = plain.text.as_bytes();
        let (read, unread) = (book.check.sentences(text), Sentences::unread(text));
        let mut narrowed = 0;
        for pattern in book.check.patterns() {
            assert!(pattern.find(&read).eq(pattern.find(&unread)), "{pattern:?}");
            narrowed += usize::from(read.places(pattern) != unread.places(pattern));
        }
        assert!(narrowed > 300, "{narrowed}");
    }
}
