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

/// Tokens of a window, a bit each.
type Tokens = u128;

/// As many tokens are looked at together.
const WINDOW: usize = 128;

/// No pattern reaches further, so that what begins in the first half of a window ends in it.
const FARTHEST: usize = WINDOW / 2;

/// A pattern as a machine: it is at some of its places, and each word leads to others, which come later.
#[derive(Debug)]
struct Program {
    pattern: usize,
    /// The symbol of every place, and the places that follow it.
    places: Box<[(u16, Places)]>,
    first: Places,
    last: Places,
    /// The places that decide whether it fits: what follows the last that must be there does not.
    core: Places,
    is_at_start: bool,
    is_at_end: bool,
    /// Symbols without which it fits nothing, in the order in which they are met.
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
        let mut build = Build { lexicon: &mut self.lexicon, places: Vec::new() };
        let (is_empty, first, last) = build.walk(&branch)?;
        if is_empty {
            return Err(Wrong {
                what: "the pattern fits no words at all".into(),
                hint: "everything in it may be left out: take a `?` or `*` away".into(),
            });
        }
        let places = build.places.into_boxed_slice();
        let mut program =
            Program { pattern, places, first, last, core: 0, is_at_start, is_at_end, needs: Box::default() };
        program.core = program.decides();
        if program.length() > FARTHEST {
            return Err(too_long());
        }
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

    /// Where the patterns fit in a text, whose words these are: of each the leftmost and longest places, which do not overlap;
    /// in the order of the patterns.
    pub(super) fn find(&self, text: &Text<'_>, words: &Distinct<'_>) -> Vec<Match> {
        let symbols: Vec<Vec<u16>> = words.words.iter().map(|word| self.lexicon.symbols_of(word)).collect();
        let mut found = Vec::new();
        let mut window = Window::new(self.lexicon.symbols.len());
        let mut tried = vec![0_u32; self.programs.len()];
        let mut free = vec![0_usize; self.programs.len()];
        let mut rest = [0; 128];
        for ((tokens, starts), number) in windows(text).into_iter().zip(1..) {
            window.fill(text, words, &symbols, tokens, starts);
            for program in window.touched.iter().filter_map(|symbol| self.keyed.get(usize::from(*symbol))).flatten() {
                let at = *program as usize;
                let (Some(program), Some(tried), Some(free)) =
                    (self.programs.get(at), tried.get_mut(at), free.get_mut(at))
                else {
                    continue;
                };
                if std::mem::replace(tried, number) != number && window.has_in_order(&program.needs) {
                    program.run(text, &window, &mut rest, (free, &mut found));
                }
            }
            window.clear();
        }
        found.sort_unstable_by_key(|found| (found.pattern, found.at.start, found.at.end));
        found
    }
}

/// The words of a text, each once.
pub(super) struct Distinct<'t> {
    pub(super) words: Vec<&'t str>,
    /// For every token its word.
    of: Vec<usize>,
}

impl<'t> Distinct<'t> {
    pub(super) fn of(text: &Text<'t>) -> Self {
        let mut known: HashMap<&str, usize> = HashMap::with_capacity(256);
        let mut words = Vec::new();
        let number = |token: &TextToken<'t>| {
            *known.entry(token.word).or_insert_with(|| {
                words.push(token.word);
                words.len() - 1
            })
        };
        let of = text.tokens.iter().map(number).collect();
        Self { words, of }
    }
}

/// The tokens that are looked at together, and from how many of them something may begin: sentences as a whole, as many as
/// there is room for; a longer one bit by bit, each beginning in the middle of the one before.
fn windows(text: &Text<'_>) -> Vec<(Range<usize>, usize)> {
    let mut windows: Vec<(Range<usize>, usize)> = Vec::with_capacity(text.tokens.len() / FARTHEST + 1);
    for sentence in &text.sentences {
        match windows.last_mut() {
            Some((tokens, starts)) if sentence.end - tokens.start <= WINDOW => {
                tokens.end = sentence.end;
                *starts = tokens.len();
            }
            _ => {
                let mut at = sentence.start;
                while sentence.end - at > WINDOW {
                    windows.push((at..at + WINDOW, FARTHEST));
                    at += FARTHEST;
                }
                windows.push((at..sentence.end, sentence.end - at));
            }
        }
    }
    windows
}

/// Some tokens of a text, a bit each.
struct Window {
    first: usize,
    /// For every symbol where it is.
    symbols: Vec<Tokens>,
    /// Those that are somewhere.
    touched: Vec<u16>,
    /// Where something may begin.
    starts: Tokens,
    /// Where a sentence begins, perhaps after a greeting.
    opens: Tokens,
    /// Where a sentence ends, but for marks.
    closes: Tokens,
    /// What another token of the sentence follows.
    goes_on: Tokens,
    /// Every word with its place.
    words: Vec<(usize, Tokens)>,
}

impl Window {
    fn new(symbols: usize) -> Self {
        Self {
            first: 0,
            symbols: vec![0; symbols],
            touched: Vec::new(),
            starts: 0,
            opens: 0,
            closes: 0,
            goes_on: 0,
            words: Vec::with_capacity(WINDOW),
        }
    }

    fn fill(
        &mut self,
        text: &Text<'_>,
        words: &Distinct<'_>,
        symbols: &[Vec<u16>],
        tokens: Range<usize>,
        starts: usize,
    ) {
        (self.first, self.starts) = (tokens.start, below(starts));
        (self.opens, self.closes, self.goes_on) = (0, 0, 0);
        self.words.clear();
        let all = text.tokens.get(tokens.clone()).unwrap_or_default();
        let each = all.iter().zip(words.of.get(tokens).unwrap_or_default());
        for (at, (token, word)) in each.enumerate() {
            let bit: Tokens = 1 << at;
            self.words.push((*word, bit));
            self.opens |= if token.opens { bit } else { 0 };
            self.closes |= if token.closes { bit } else { 0 };
            self.goes_on |= if token.ends { 0 } else { bit };
        }
        // What a word is, is looked up once, however often it stands there.
        self.words.sort_unstable();
        for same in self.words.chunk_by(|one, other| one.0 == other.0) {
            let places = same.iter().fold(0, |all, (_, bit)| all | bit);
            let word = same.first().and_then(|(word, _)| symbols.get(*word));
            for symbol in word.into_iter().flatten() {
                let Some(at) = self.symbols.get_mut(usize::from(*symbol)) else { continue };
                if *at == 0 {
                    self.touched.push(*symbol);
                }
                *at |= places;
            }
        }
    }

    fn clear(&mut self) {
        for symbol in self.touched.drain(..) {
            if let Some(at) = self.symbols.get_mut(usize::from(symbol)) {
                *at = 0;
            }
        }
    }

    /// Whether these symbols stand one after the other in some sentence.
    fn has_in_order(&self, symbols: &[u16]) -> bool {
        let mut may_be = Tokens::MAX;
        for symbol in symbols {
            let here = self.at(*symbol) & may_be;
            if here == 0 {
                return false;
            }
            may_be = self.after(here);
        }
        true
    }

    /// The tokens of a sentence behind any of these.
    fn after(&self, tokens: Tokens) -> Tokens {
        let next = (tokens & self.goes_on) << 1;
        // What is added carries through the rest of the sentence, and leaves it without a bit but where something was added.
        let follows = self.goes_on << 1;
        follows & (!follows.wrapping_add(next) | next)
    }

    /// Where a symbol is.
    fn at(&self, symbol: u16) -> Tokens {
        self.symbols.get(usize::from(symbol)).copied().unwrap_or(0)
    }
}

/// The first so many bits.
fn below(count: usize) -> Tokens {
    if count >= WINDOW { Tokens::MAX } else { (1 << count) - 1 }
}

/// The places of the bits that are set.
fn ones(mut bits: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
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

    /// All symbols that a word is.
    fn symbols_of(&self, word: &str) -> Vec<u16> {
        let mut symbols = Vec::new();
        let mut hit = |word: &str, kinds: u8| {
            let known = self.words.get(word).into_iter().flatten();
            symbols.extend(known.filter(|(_, forms)| forms & kinds > 0).map(|(symbol, _)| *symbol));
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
        symbols.extend(self.shapes.iter().filter(|(_, wanted)| wanted & shapes > 0).map(|(symbol, _)| *symbol));
        symbols
    }
}

/// A symbol that is met more often tells nothing.
const ANYTHING: u32 = 1_000_000;

/// About how often a symbol is met.
fn breadth(symbol: &Symbol) -> u32 {
    let words = symbol.words.iter().map(|(word, _)| word_breadth(word)).sum::<u32>();
    words + if symbol.shapes > 0 { ANYTHING } else { 0 }
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
    places: Vec<(u16, Places)>,
}

impl Build<'_> {
    /// Whether the node may be nothing, the places where it begins, the places where it ends.
    fn walk(&mut self, node: &Node) -> Result<(bool, Places, Places), Wrong> {
        match node {
            Node::Symbol(symbol) => {
                let place = self.places.len();
                if place >= 128 {
                    return Err(too_long());
                }
                self.places.push((self.lexicon.symbol(symbol), 0));
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
                // Each time follows the one before: whatever is left out is the last.
                let mut all = (true, 0, 0);
                let mut before = (true, 0, 0);
                for time in 0..*most {
                    let (is_empty, first, last) = self.walk(inside)?;
                    self.then(before, (false, first, last));
                    let may_lack = is_empty || time >= *least;
                    all = (
                        all.0 && may_lack,
                        if time == 0 { first } else { all.1 },
                        if may_lack { all.2 | last } else { last },
                    );
                    before = (false, 0, last);
                }
                Ok(all)
            }
        }
    }

    fn then(&mut self, one: (bool, Places, Places), next: (bool, Places, Places)) -> (bool, Places, Places) {
        for place in ones(one.2) {
            if let Some((_, follow)) = self.places.get_mut(place) {
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
        let symbols = |set: Places| ones(set).filter_map(|place| self.places.get(place).map(|(symbol, _)| *symbol));
        let breadth = |cut: &[u16]| -> u32 {
            cut.iter().filter_map(|symbol| lexicon.breadths.get(usize::from(*symbol))).sum::<u32>()
        };
        let needs: Vec<u16> = ones(self.needed())
            .flat_map(|place| symbols(1 << place))
            .filter(|need| breadth(&[*need]) < ANYTHING)
            .collect();
        let ends = [self.first, self.last].map(|set| symbols(set).collect::<Vec<u16>>());
        let cuts = needs.iter().map(|need| vec![*need]).chain(ends);
        let mut key = cuts.min_by_key(|cut| breadth(cut)).unwrap_or_default();
        key.sort_unstable();
        key.dedup();
        (key, needs.into_boxed_slice())
    }

    /// The places around which no way leads: places stand in order, so that none of what follows an earlier one is later.
    fn needed(&self) -> Places {
        let from = |place: usize| Places::MAX.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(0);
        let mut needed = 0;
        let mut ahead = self.first;
        for (place, (_, follow)) in self.places.iter().enumerate() {
            let is_last_of_all = self.last & !from(place) == 0;
            if ahead == 1 << place && is_last_of_all {
                needed |= 1 << place;
            }
            ahead = (ahead | follow) & from(place + 1);
        }
        needed
    }

    /// The places that can be reached without one after which nothing more is wanted.
    fn decides(&self) -> Places {
        let mut core = self.first;
        for (place, (_, follow)) in self.places.iter().enumerate() {
            let goes_on = self.is_at_end || self.last >> place & 1 == 0;
            core |= if goes_on && core >> place & 1 == 1 { *follow } else { 0 };
        }
        core
    }

    /// How many tokens it may fit.
    fn length(&self) -> usize {
        let mut lengths = vec![1_usize; self.places.len()];
        for (place, (_, follow)) in self.places.iter().enumerate() {
            let length = lengths.get(place).copied().unwrap_or(0) + 1;
            for next in ones(*follow) {
                if let Some(known) = lengths.get_mut(next) {
                    *known = length.max(*known);
                }
            }
        }
        lengths.into_iter().max().unwrap_or(0)
    }

    /// Finds what begins in a window, and nothing before the first token that is free.
    fn run(
        &self,
        text: &Text<'_>,
        window: &Window,
        rest: &mut [Tokens; 128],
        (free, found): (&mut usize, &mut Vec<Match>),
    ) {
        let mut starts = self.starts(window, rest);
        while starts != 0 {
            let start = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            if window.first + start < *free {
                continue;
            }
            let Some(end) = self.longest(window, start) else { continue };
            let at =
                |token: usize| text.tokens.get(window.first + token).map(|token| token.at.clone()).unwrap_or_default();
            found.push(Match { pattern: self.pattern, at: at(start).start..at(end - 1).end });
            *free = window.first + end;
        }
    }

    /// The tokens at which something begins that fits: all of them at the same time, from the last place to the first.
    /// `rest` is where it is written down, for every place that is alive, from which tokens on the rest of it fits.
    fn starts(&self, window: &Window, rest: &mut [Tokens; 128]) -> Tokens {
        let ends = if self.is_at_end { window.closes } else { Tokens::MAX };
        let mut alive: Places = 0;
        let mut starts = 0;
        let mut core = self.core;
        // Where nothing fits yet and no last place is left, nothing will.
        while core != 0 && (alive | core & self.last) != 0 {
            let place = core.ilog2() as usize;
            core ^= 1 << place;
            let Some((symbol, follow)) = self.places.get(place) else { continue };
            let here = window.at(*symbol);
            let mut next = follow & alive;
            let is_last = self.last >> place & 1 == 1;
            if here == 0 || next == 0 && !is_last {
                continue;
            }
            let mut after = 0;
            while next != 0 {
                after |= rest.get(next.trailing_zeros() as usize).copied().unwrap_or(0);
                next &= next - 1;
            }
            let fits = here & (if is_last { ends } else { 0 } | after >> 1 & window.goes_on);
            if fits != 0
                && let Some(rest) = rest.get_mut(place)
            {
                *rest = fits;
                alive |= 1 << place;
                starts |= if self.first >> place & 1 == 1 { fits } else { 0 };
            }
        }
        starts & window.starts & if self.is_at_start { window.opens } else { Tokens::MAX }
    }

    /// Where the longest match ends that begins at a token of a window.
    fn longest(&self, window: &Window, start: usize) -> Option<usize> {
        let ends = if self.is_at_end { window.closes } else { Tokens::MAX };
        let mut next = self.first;
        let mut end = None;
        for at in start..WINDOW {
            let mut here = 0;
            let mut follow = 0;
            for place in ones(next) {
                let Some((symbol, next)) = self.places.get(place) else { continue };
                if window.at(*symbol) >> at & 1 == 1 {
                    here |= 1 << place;
                    follow |= next;
                }
            }
            if here & self.last != 0 && ends >> at & 1 == 1 {
                end = Some(at + 1);
            }
            next = follow;
            if next == 0 || window.goes_on >> at & 1 == 0 {
                break;
            }
        }
        end
    }
}

fn too_long() -> Wrong {
    Wrong {
        what: "the pattern is too long".into(),
        hint: format!("it may be {FARTHEST} words long, and 128 with all its branches: split it"),
    }
}
