//! Finds many patterns in a text at once.

use std::{ops::Range, sync::Arc};

use foldhash::{HashMap, HashMapExt as _};

use super::{
    form::{self, BASE, EXACT},
    read::{ANY, INGS, LYS, NUMBER, Node, PASTS, PatternReader, Symbol, Vocabulary, WORD, Wrong},
    token::{Text, TextToken},
};

/// Where a pattern fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    /// The number of the pattern, in the order in which they were given.
    pub(crate) pattern: usize,
    /// Bytes of the text.
    pub(crate) at: Range<usize>,
}

/// Compiled patterns.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    lexicon: Lexicon,
    programs: Vec<Program>,
    /// For every symbol the programs that are tried where it is.
    keyed: Vec<Vec<u32>>,
}

/// Which symbols a word is.
#[derive(Debug, Default)]
struct Lexicon {
    symbols: HashMap<Arc<Symbol>, u16>,
    /// The same by where they stand, which saves comparing long classes; they are kept so that they stay there.
    places: HashMap<usize, u16>,
    kept: Vec<Arc<Symbol>>,
    words: HashMap<Arc<str>, Vec<(u16, u8)>>,
    shapes: Vec<(u16, u8)>,
    /// About how often each symbol is met.
    breadths: Vec<u32>,
}

/// Places of a pattern, a bit each.
type Places = u128;

/// A pattern as a machine: it is at some of its places, and each word leads to others.
#[derive(Debug)]
struct Program {
    pattern: usize,
    symbols: Box<[u16]>,
    follow: Box<[Places]>,
    first: Places,
    last: Places,
    is_at_start: bool,
    is_at_end: bool,
    /// Symbols without which it fits nothing.
    needs: Box<[u16]>,
}

impl Patterns {
    /// Compiles patterns.
    ///
    /// # Errors
    /// What is wrong with the first that cannot be read.
    pub(crate) fn of<'p>(words: &Vocabulary, patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, Wrong> {
        let mut reader = PatternReader::new(words);
        let mut this = Self::default();
        for (number, pattern) in patterns.into_iter().enumerate() {
            this.read(&mut reader, number, pattern)?;
        }
        Ok(this)
    }

    /// Compiles one more pattern.
    pub(super) fn read(&mut self, reader: &mut PatternReader<'_>, number: usize, pattern: &str) -> Result<(), Wrong> {
        match reader.read(pattern)? {
            Node::Any(branches) => branches.into_iter().try_for_each(|branch| self.add(number, branch)),
            node => self.add(number, node),
        }
    }

    fn add(&mut self, pattern: usize, mut branch: Node) -> Result<(), Wrong> {
        let (mut is_at_start, mut is_at_end) = (false, false);
        if let Node::Seq(inside) = &mut branch {
            is_at_start = inside.first() == Some(&Node::Start);
            is_at_end = inside.last() == Some(&Node::End);
            inside.retain(|node| !matches!(node, Node::Start | Node::End));
        }
        let mut build = Build { lexicon: &mut self.lexicon, symbols: Vec::new(), follow: Vec::new() };
        let (is_empty, first, last) = build.walk(&branch)?;
        if is_empty {
            return Err(Wrong {
                what: "the pattern fits no words at all".into(),
                hint: "everything in it may be left out: take a `?` or `*` away".into(),
            });
        }
        let (symbols, follow) = (build.symbols.into_boxed_slice(), build.follow.into_boxed_slice());
        let mut program =
            Program { pattern, symbols, follow, first, last, is_at_start, is_at_end, needs: Box::default() };
        let (key, needs) = program.key(&self.lexicon);
        program.needs = needs;
        let number = u32::try_from(self.programs.len()).unwrap_or(u32::MAX);
        self.keyed.resize_with(self.lexicon.symbols.len(), Vec::new);
        for symbol in key {
            if let Some(programs) = self.keyed.get_mut(usize::from(symbol)) {
                programs.push(number);
            }
        }
        self.programs.push(program);
        Ok(())
    }

    /// Where the patterns fit: of each the leftmost and longest places, which do not overlap.
    pub(crate) fn find(&self, text: &Text<'_>) -> Vec<Match> {
        let rows = self.rows(text);
        let mut found = Vec::new();
        let mut seen = vec![0_u64; rows.width];
        let mut tried = vec![0_u32; self.programs.len()];
        for (sentence, number) in text.sentences.iter().zip(1..) {
            let mut is_seen = false;
            for at in sentence.clone().flat_map(|token| rows.programs(token)) {
                let at = *at as usize;
                let (Some(program), Some(tried)) = (self.programs.get(at), tried.get_mut(at)) else { continue };
                if std::mem::replace(tried, number) == number {
                    continue;
                }
                if !is_seen {
                    rows.see(sentence, &mut seen);
                    is_seen = true;
                }
                if program.needs.iter().all(|need| is_set(&seen, *need)) {
                    program.run(text, sentence, &rows, &mut found);
                }
            }
        }
        found.sort_by_key(|found| (found.at.start, found.pattern));
        found
    }

    fn rows(&self, text: &Text<'_>) -> Rows {
        let width = self.lexicon.symbols.len() / 64 + 1;
        let mut rows =
            Rows { width, bits: Vec::new(), of: Vec::with_capacity(text.tokens.len()), programs: Vec::new() };
        let mut known: HashMap<&str, u32> = HashMap::with_capacity(256);
        for TextToken { word, .. } in &text.tokens {
            let row = *known.entry(word).or_insert_with(|| {
                let start = rows.bits.len();
                rows.bits.resize(start + width, 0);
                let row = rows.bits.get_mut(start..).unwrap_or_default();
                self.lexicon.mark(word, row);
                let keyed = ones(row).filter_map(|symbol| self.keyed.get(symbol)).flatten();
                rows.programs.push(keyed.copied().collect());
                u32::try_from(start / width).unwrap_or(0)
            });
            rows.of.push(row);
        }
        rows
    }
}

/// For every token the symbols that it is.
struct Rows {
    width: usize,
    bits: Vec<u64>,
    of: Vec<u32>,
    /// For every row the programs that are tried where it is.
    programs: Vec<Box<[u32]>>,
}

impl Rows {
    fn programs(&self, token: usize) -> &[u32] {
        self.of.get(token).and_then(|row| self.programs.get(*row as usize)).map_or(&[], |programs| programs)
    }

    /// All symbols of a sentence.
    fn see(&self, sentence: &Range<usize>, seen: &mut [u64]) {
        seen.fill(0);
        let mut last = u32::MAX;
        for token in sentence.clone() {
            let Some((row, of)) = self.of(token).zip(self.of.get(token)) else { continue };
            if *of != last {
                seen.iter_mut().zip(row).for_each(|(seen, bits)| *seen |= bits);
            }
            last = *of;
        }
    }

    fn of(&self, token: usize) -> Option<&[u64]> {
        let row = *self.of.get(token)? as usize;
        self.bits.get(row * self.width..(row + 1) * self.width)
    }
}

fn is_set(bits: &[u64], symbol: u16) -> bool {
    bits.get(usize::from(symbol) / 64).is_some_and(|word| word >> (symbol % 64) & 1 == 1)
}

fn ones(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(at, word)| {
        let mut word = *word;
        std::iter::from_fn(move || {
            let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
            word &= word - 1;
            Some(at * 64 + bit)
        })
    })
}

fn places(mut places: Places) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (places != 0).then(|| places.trailing_zeros() as usize)?;
        places &= places - 1;
        Some(place)
    })
}

impl Lexicon {
    fn symbol(&mut self, symbol: &Arc<Symbol>) -> u16 {
        let place = Arc::as_ptr(symbol).addr();
        if let Some(number) = self.places.get(&place) {
            return *number;
        }
        let number = self.number(symbol);
        self.places.insert(place, number);
        self.kept.push(symbol.clone());
        number
    }

    fn number(&mut self, symbol: &Arc<Symbol>) -> u16 {
        if let Some(number) = self.symbols.get(symbol) {
            return *number;
        }
        let number = u16::try_from(self.symbols.len()).unwrap_or(u16::MAX);
        for (word, forms) in &symbol.words {
            self.words.entry(word.clone()).or_default().push((number, *forms));
        }
        if symbol.shapes > 0 {
            self.shapes.push((number, symbol.shapes));
        }
        self.breadths.push(breadth(symbol));
        self.symbols.insert(symbol.clone(), number);
        number
    }

    /// Sets the bits of all symbols that a word is.
    fn mark(&self, word: &str, row: &mut [u64]) {
        let mut hit = |word: &str, kinds: u8| {
            for (symbol, forms) in self.words.get(word).into_iter().flatten() {
                if forms & kinds > 0
                    && let Some(bits) = row.get_mut(usize::from(*symbol) / 64)
                {
                    *bits |= 1 << (symbol % 64);
                }
            }
        };
        hit(word, EXACT | BASE);
        match word {
            "'s" => {
                hit("is", EXACT);
                hit("has", EXACT);
                hit("be", form::S);
            }
            "'d" => {
                hit("would", EXACT);
                hit("had", EXACT);
            }
            _ => form::words(word, &mut hit),
        }
        let shapes = shapes(word);
        for (symbol, wanted) in &self.shapes {
            if wanted & shapes > 0
                && let Some(bits) = row.get_mut(usize::from(*symbol) / 64)
            {
                *bits |= 1 << (symbol % 64);
            }
        }
    }
}

/// A symbol that is met more often tells too little.
const COMMON: u32 = 5_000;

/// About how often a symbol is met.
fn breadth(symbol: &Symbol) -> u32 {
    let words = symbol.words.iter().map(|(word, _)| word_breadth(word)).sum::<u32>();
    words + if symbol.shapes > 0 { 1_000_000 } else { 0 }
}

/// About how often a word is met.
pub(super) fn word_breadth(word: &str) -> u32 {
    match word {
        "have" | "be" | "do" => 5_000,
        word if form::is_fixed(word) => 5_000,
        word if word.len() <= 4 => 200,
        _ => 20,
    }
}

/// What a word looks like.
pub(super) fn shapes(word: &str) -> u8 {
    if !word.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '$' | '£' | '€')) {
        return ANY;
    }
    let is_number = word.contains(|c: char| c.is_ascii_digit())
        || matches!(
            word,
            "one"
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "seven"
                | "eight"
                | "nine"
                | "ten"
                | "eleven"
                | "twelve"
                | "fifteen"
                | "twenty"
                | "thirty"
                | "forty"
                | "fifty"
                | "sixty"
                | "ninety"
                | "hundred"
                | "half"
                | "several"
        );
    let shape = |is: bool, shape: u8| if is { shape } else { 0 };
    ANY | WORD
        | shape(is_number, NUMBER)
        | shape((word.len() > 4 && word.ends_with("ed")) || form::is_past(word), PASTS)
        | shape(word.len() > 4 && word.ends_with("ing"), INGS)
        | shape(word.len() > 4 && word.ends_with("ly"), LYS)
}

/// Makes a program of a pattern.
struct Build<'l> {
    lexicon: &'l mut Lexicon,
    symbols: Vec<u16>,
    follow: Vec<Places>,
}

impl Build<'_> {
    /// Whether the node may be nothing, the places where it begins, the places where it ends.
    fn walk(&mut self, node: &Node) -> Result<(bool, Places, Places), Wrong> {
        match node {
            Node::Symbol(symbol) => {
                let place = self.symbols.len();
                if place >= 128 {
                    return Err(Wrong {
                        what: "the pattern is too long".into(),
                        hint: "it may be 128 words long with all its branches: split it".into(),
                    });
                }
                self.symbols.push(self.lexicon.symbol(symbol));
                self.follow.push(0);
                Ok((false, 1 << place, 1 << place))
            }
            Node::Start | Node::End => Err(Wrong {
                what: "`^` and `$` stand at the beginning and the end of a pattern".into(),
                hint: "make two patterns of it".into(),
            }),
            Node::Group(inside, _) => self.walk(inside),
            Node::Any(branches) => {
                let mut all = (false, 0, 0);
                for branch in branches {
                    let (is_empty, first, last) = self.walk(branch)?;
                    all = (all.0 | is_empty, all.1 | first, all.2 | last);
                }
                Ok(all)
            }
            Node::Seq(nodes) => {
                let mut all = (true, 0, 0);
                for node in nodes {
                    let next = self.walk(node)?;
                    all = self.then(all, next);
                }
                Ok(all)
            }
            Node::Repeat(inside, least, most) => {
                let mut all = (true, 0, 0);
                for time in 0..*most {
                    let (is_empty, first, last) = self.walk(inside)?;
                    all = self.then(all, (is_empty || time >= *least, first, last));
                }
                Ok(all)
            }
        }
    }

    fn then(&mut self, one: (bool, Places, Places), next: (bool, Places, Places)) -> (bool, Places, Places) {
        for place in places(one.2) {
            if let Some(follow) = self.follow.get_mut(place) {
                *follow |= next.1;
            }
        }
        let first = if one.0 { one.1 | next.1 } else { one.1 };
        let last = if next.0 { one.2 | next.2 } else { next.2 };
        (one.0 && next.0, first, last)
    }
}

impl Program {
    /// The symbols of which every match has one, as rare as there are; and those that every match has.
    fn key(&self, lexicon: &Lexicon) -> (Vec<u16>, Box<[u16]>) {
        let symbols =
            |set: Places| places(set).filter_map(|place| self.symbols.get(place).copied()).collect::<Vec<u16>>();
        let breadth =
            |cut: &Vec<u16>| cut.iter().filter_map(|symbol| lexicon.breadths.get(usize::from(*symbol))).sum::<u32>();
        let needs: Vec<u16> = (0..self.symbols.len())
            .filter(|place| breadth(&symbols(1 << place)) < COMMON && self.is_needed(*place))
            .flat_map(|place| symbols(1 << place))
            .collect();
        let cuts = needs.iter().map(|need| vec![*need]).chain([symbols(self.first), symbols(self.last)]);
        let mut key = cuts.min_by_key(breadth).unwrap_or_default();
        key.sort_unstable();
        key.dedup();
        (key, needs.into_boxed_slice())
    }

    /// Whether no way leads around a place.
    fn is_needed(&self, place: usize) -> bool {
        let mask = !(1 << place);
        let (mut reached, mut fresh) = (0, self.first & mask);
        while fresh != 0 {
            reached |= fresh;
            fresh =
                places(fresh).filter_map(|at| self.follow.get(at)).fold(0, |all, next| all | next) & mask & !reached;
        }
        reached & self.last == 0
    }

    fn run(&self, text: &Text<'_>, sentence: &Range<usize>, rows: &Rows, found: &mut Vec<Match>) {
        let mut start = sentence.start;
        while start < sentence.end {
            let opens = !self.is_at_start || text.tokens.get(start).is_some_and(|token| token.opens);
            match opens.then(|| self.longest(text, start..sentence.end, rows)).flatten() {
                Some(end) => {
                    let at = |token: usize| text.tokens.get(token).map(|token| token.at.clone()).unwrap_or_default();
                    found.push(Match { pattern: self.pattern, at: at(start).start..at(end - 1).end });
                    start = end;
                }
                None => start += 1,
            }
        }
    }

    /// Where the longest match ends that begins at the first of these tokens.
    fn longest(&self, text: &Text<'_>, tokens: Range<usize>, rows: &Rows) -> Option<usize> {
        let mut next = self.first;
        let mut end = None;
        for token in tokens.clone() {
            let row = rows.of(token)?;
            let mut follow = 0;
            let mut is_last = false;
            for place in places(next) {
                if self.symbols.get(place).is_some_and(|symbol| is_set(row, *symbol)) {
                    follow |= self.follow.get(place).copied().unwrap_or(0);
                    is_last |= self.last >> place & 1 == 1;
                }
            }
            if is_last && (!self.is_at_end || is_end(text, token + 1..tokens.end)) {
                end = Some(token + 1);
            }
            next = follow;
            if next == 0 {
                break;
            }
        }
        end
    }
}

/// Whether nothing comes but marks.
fn is_end(text: &Text<'_>, mut rest: Range<usize>) -> bool {
    rest.len() <= 4
        && rest.all(|token| text.tokens.get(token).is_none_or(|token| !token.word.starts_with(char::is_alphanumeric)))
}
