//! Which words a pattern cannot fit without, told from its text alone: until a draft has one, it need not be compiled.

use std::sync::{PoisonError, RwLock};

use foldhash::{HashMap, HashMapExt as _};

use super::{
    form,
    read::{PatternReader, Vocabulary, atom_length},
    search::{Match, Patterns, word_breadth},
    token::{Text, written_out},
};

/// Patterns that are compiled when a text has a word that they cannot fit without.
#[derive(Debug)]
pub(crate) struct OnDemand {
    /// By word the patterns that cannot fit without one of its forms.
    by_word: HashMap<Box<str>, Vec<u32>>,
    /// Those of which nothing is known.
    always: Vec<u32>,
    compiled: RwLock<(Patterns, Box<[bool]>)>,
}

impl OnDemand {
    pub(crate) fn new(patterns: &[Box<str>], words: &Vocabulary) -> Self {
        let mut by_word: HashMap<Box<str>, Vec<u32>> = HashMap::with_capacity(4_096);
        let mut by_class: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut always = Vec::new();
        let mut scan = Scan { words, breadths: HashMap::new() };
        for (number, pattern) in (0..).zip(patterns) {
            let Some(clue) = scan.branches(&mut &**pattern, 0, false) else {
                always.push(number);
                continue;
            };
            for key in clue.keys {
                match key {
                    Key::Class(name) => by_class.entry(name).or_default().push(number),
                    Key::Word(word) => match by_word.get_mut(word) {
                        Some(known) => known.push(number),
                        None => drop(by_word.insert(word.into(), vec![number])),
                    },
                }
            }
        }
        for (name, numbers) in by_class {
            words.each(name, &mut |word| by_word.entry(word.into()).or_default().extend(&numbers));
        }
        Self { by_word, always, compiled: RwLock::new((Patterns::default(), vec![false; patterns.len()].into())) }
    }

    /// Where the patterns fit, which are those that this was made of.
    pub(crate) fn find(&self, patterns: &[Box<str>], words: &Vocabulary, text: &Text<'_>) -> Vec<Match> {
        let wanted = self.wanted(text);
        let compiled = self.compiled.read().unwrap_or_else(PoisonError::into_inner);
        let is_ready = |number: &u32| compiled.1.get(*number as usize).is_none_or(|is_ready| *is_ready);
        if wanted.iter().all(is_ready) {
            return compiled.0.find(text);
        }
        drop(compiled);
        self.compile(patterns, words, &wanted);
        self.compiled.read().unwrap_or_else(PoisonError::into_inner).0.find(text)
    }

    fn wanted(&self, text: &Text<'_>) -> Vec<u32> {
        let mut wanted = self.always.clone();
        let mut tell = |word: &str, _| wanted.extend(self.by_word.get(word).into_iter().flatten());
        for word in text.words() {
            tell(word, form::EXACT);
            form::words(word, &mut tell);
        }
        wanted
    }

    fn compile(&self, patterns: &[Box<str>], words: &Vocabulary, wanted: &[u32]) {
        let mut guard = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        let (compiled, is_ready) = &mut *guard;
        let mut reader = PatternReader::new(words);
        for number in wanted {
            let number = *number as usize;
            let (Some(is_ready), Some(pattern)) = (is_ready.get_mut(number), patterns.get(number)) else { continue };
            if !std::mem::replace(is_ready, true) {
                // Every pattern was tried when the book was read.
                let _ = compiled.read(&mut reader, number, pattern);
            }
        }
    }
}

/// Words of which every text that fits has one.
struct Clue<'p> {
    keys: Vec<Key<'p>>,
    /// About how often one of them is met.
    breadth: u32,
}

#[derive(Clone, Copy)]
enum Key<'p> {
    Word(&'p str),
    Class(&'p str),
}

struct Scan<'p> {
    words: &'p Vocabulary,
    breadths: HashMap<&'p str, u32>,
}

impl<'p> Scan<'p> {
    /// The words of all branches, if each has some.
    fn branches(&mut self, rest: &mut &'p str, depth: usize, in_brackets: bool) -> Option<Clue<'p>> {
        let mut all = Some(Clue { keys: Vec::new(), breadth: 0 });
        let mut best: Option<Clue<'_>> = None;
        loop {
            *rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with(')') {
                return both(all, best);
            }
            if let Some(after) = rest.strip_prefix('|') {
                all = both(all, best.take());
                *rest = after;
                continue;
            }
            let mut next = self.repeated(rest, depth);
            while let Some(after) = rest.strip_prefix('|').filter(|after| !in_brackets && !after.starts_with(' ')) {
                *rest = after;
                let choice = self.repeated(rest, depth);
                next = both(next, choice);
            }
            best = match (best, next) {
                (Some(best), Some(next)) if next.breadth < best.breadth => Some(next),
                (best, next) => best.or(next),
            };
        }
    }

    fn repeated(&mut self, rest: &mut &'p str, depth: usize) -> Option<Clue<'p>> {
        let clue = self.atom(rest, depth);
        let may_lack = rest.starts_with(['?', '*']);
        *rest = rest.strip_prefix(['?', '*', '+']).unwrap_or(rest);
        clue.filter(|_| !may_lack)
    }

    fn atom(&mut self, rest: &mut &'p str, depth: usize) -> Option<Clue<'p>> {
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let clue = self.branches(rest, depth, true);
            *rest = rest.strip_prefix(')').unwrap_or_default();
            return clue;
        }
        let (atom, after) = rest.split_at_checked(atom_length(rest))?;
        *rest = after;
        if let Some(name) = atom.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            let name = name.split(':').next().unwrap_or(name);
            if let Some(mut part) = self.words.part_named(name).filter(|_| depth < 6) {
                return self.branches(&mut part, depth + 1, false);
            }
            return self.class(name);
        }
        let word = atom.strip_prefix('~').unwrap_or(atom);
        let is_word = word.starts_with(char::is_alphanumeric) && !word.contains('\'') && written_out(word).is_empty();
        is_word.then(|| Clue { keys: vec![Key::Word(word)], breadth: word_breadth(word) })
    }

    fn class(&mut self, name: &'p str) -> Option<Clue<'p>> {
        let words = self.words;
        let breadth = *self.breadths.entry(name).or_insert_with(|| {
            let mut breadth = 0;
            words.each(name, &mut |word| breadth += word_breadth(word));
            breadth
        });
        (breadth > 0).then(|| Clue { keys: vec![Key::Class(name)], breadth })
    }
}

fn both<'p>(one: Option<Clue<'p>>, other: Option<Clue<'p>>) -> Option<Clue<'p>> {
    let (mut one, other) = (one?, other?);
    one.keys.extend(other.keys);
    Some(Clue { breadth: one.breadth + other.breadth, ..one })
}
