//! Which words a pattern cannot fit without, told from its text alone: until a draft has one, it need not be compiled.

use std::sync::{PoisonError, RwLock};

use foldhash::{HashMap, HashMapExt as _};

use super::{
    form,
    read::{PatternReader, Vocabulary, atom_length},
    search::{Distinct, Match, Patterns, word_breadth},
    token::{Text, written_out},
};

/// Patterns that are compiled when a text has a word that they cannot fit without.
#[derive(Debug)]
pub(crate) struct OnDemand {
    /// By word what cannot fit without one of its forms.
    by_word: HashMap<Box<str>, Wanting>,
    /// The patterns that cannot fit without a word of each class.
    by_class: Vec<Vec<u32>>,
    /// Those of which nothing is known.
    always: Vec<u32>,
    compiled: RwLock<(Patterns, Box<[bool]>)>,
}

/// What cannot fit without a word.
#[derive(Debug, Default)]
struct Wanting {
    patterns: Vec<u32>,
    /// The classes that it is of.
    classes: Vec<usize>,
}

impl OnDemand {
    pub(crate) fn new(patterns: &[Box<str>], words: &Vocabulary) -> Self {
        let mut by_word: HashMap<Box<str>, Wanting> = HashMap::with_capacity(4_096);
        let mut by_class: Vec<Vec<u32>> = Vec::new();
        let mut classes: HashMap<&str, usize> = HashMap::new();
        let mut always = Vec::new();
        let mut scan = Scan { words, breadths: HashMap::new(), parts: HashMap::new() };
        let wanting = |by_word: &mut HashMap<Box<str>, Wanting>, word: &str, tell: &dyn Fn(&mut Wanting)| {
            // Most words are known: none is copied to be looked up.
            match by_word.get_mut(word) {
                Some(known) => tell(known),
                None => tell(by_word.entry(word.into()).or_default()),
            }
        };
        for (number, pattern) in (0..).zip(patterns) {
            let Some(clue) = scan.branches(&mut &**pattern, 0, false) else {
                always.push(number);
                continue;
            };
            for key in clue.keys {
                match key {
                    Key::Word(word) => wanting(&mut by_word, word, &|known| known.patterns.push(number)),
                    Key::Class(name) => {
                        let class = *classes.entry(name).or_insert_with(|| {
                            by_class.push(Vec::new());
                            by_class.len() - 1
                        });
                        by_class.get_mut(class).into_iter().for_each(|known| known.push(number));
                    }
                }
            }
        }
        for (name, class) in classes {
            words.each(name, &mut |word| wanting(&mut by_word, word, &|known| known.classes.push(class)));
        }
        let compiled = RwLock::new((Patterns::default(), vec![false; patterns.len()].into()));
        Self { by_word, by_class, always, compiled }
    }

    /// Where the patterns fit, which are those that this was made of; those that are not wanted may be missing.
    pub(crate) fn find(
        &self,
        patterns: &[Box<str>],
        words: &Vocabulary,
        text: &Text<'_>,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Vec<Match> {
        let distinct = Distinct::of(text);
        let compiled = self.compiled.read().unwrap_or_else(PoisonError::into_inner);
        let mut wanted = self.wanted(&distinct, &compiled.1);
        wanted.retain(|number| is_wanted(*number as usize));
        if wanted.is_empty() {
            return compiled.0.find(text, &distinct);
        }
        drop(compiled);
        self.compile(patterns, words, &wanted);
        self.compiled.read().unwrap_or_else(PoisonError::into_inner).0.find(text, &distinct)
    }

    /// The patterns that may fit words and are not ready.
    fn wanted(&self, words: &Distinct<'_>, is_ready: &[bool]) -> Vec<u32> {
        let mut wanted = Vec::new();
        let mut want = |numbers: &[u32]| {
            let missing = |number: &&u32| is_ready.get(**number as usize).is_some_and(|is_ready| !is_ready);
            wanted.extend(numbers.iter().filter(missing));
        };
        want(&self.always);
        let mut tell = |word: &str, _| {
            let Some(known) = self.by_word.get(word) else { return };
            want(&known.patterns);
            known.classes.iter().filter_map(|class| self.by_class.get(*class)).for_each(|numbers| want(numbers));
        };
        for word in &words.words {
            let whole: &[&str] = match *word {
                "'s" => &["is", "has"],
                "'d" => &["would", "had"],
                _ => std::slice::from_ref(word),
            };
            for word in whole {
                tell(word, form::EXACT);
                form::words(word, &mut tell);
            }
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
#[derive(Clone)]
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
    /// Parts that were read.
    parts: HashMap<&'p str, Option<Clue<'p>>>,
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
            if let Some(known) = self.parts.get(name) {
                return known.clone();
            }
            if let Some(mut part) = self.words.part_named(name).filter(|_| depth < 6) {
                let clue = self.branches(&mut part, depth + 1, false);
                self.parts.insert(name, clue.clone());
                return clue;
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
