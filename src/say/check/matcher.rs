//! What a rule looks for, and other words for what it found.

use std::{ops::Range, sync::OnceLock};

use regex_lite::{Regex, RegexBuilder};

use super::{
    super::pattern::{Match, Node, PatternReader, Text, Vocabulary, groups},
    Plain,
};

/// Patterns, and what they do not mean.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    pub(in super::super) patterns: Vec<Finder>,
    /// A place that one of these touches is spared.
    pub(in super::super) unless: Vec<Finder>,
    /// A sentence that one of these is in is spared.
    pub(in super::super) spare: Vec<Finder>,
}

/// A pattern.
#[derive(Debug)]
pub(crate) enum Finder {
    /// On words, by its number among those of the book.
    Words(usize),
    /// A regular expression, for those who want one.
    Regex(Box<Regex>),
}

/// Compiles a regular expression as drafts are compared: in lower case, one sentence a line.
pub(in super::super) fn compile(pattern: &str) -> Result<Regex, regex_lite::Error> {
    /// No compiled pattern is larger, in bytes.
    const LARGEST: usize = 1 << 20;
    RegexBuilder::new(pattern).multi_line(true).size_limit(LARGEST).build()
}

/// A plain text, and where each pattern fits in it.
pub(crate) struct MatchedText<'t> {
    text: &'t str,
    /// By pattern.
    found: Vec<Match>,
    sentences: Vec<Range<usize>>,
}

impl<'t> MatchedText<'t> {
    /// With what `find` finds in the text.
    pub(super) fn read(text: &'t str, find: impl Fn(&Text<'_>) -> Vec<Match>) -> Self {
        let words = Text::read(text);
        Self { text, found: find(&words), sentences: words.sentences().collect() }
    }

    /// What the patterns on words found, pattern by pattern: those of a list stand together.
    fn on_words(&self, finders: &[Finder]) -> &[Match] {
        let mut numbers = finders.iter().filter_map(|finder| match finder {
            Finder::Words(pattern) => Some(*pattern),
            Finder::Regex(_) => None,
        });
        let Some(first) = numbers.next() else { return &[] };
        let last = numbers.next_back().unwrap_or(first);
        let start = self.found.partition_point(|found| found.pattern < first);
        let end = self.found.partition_point(|found| found.pattern <= last);
        self.found.get(start..end).unwrap_or_default()
    }

    /// What each pattern found, in order.
    fn places(&self, finders: &[Finder]) -> impl Iterator<Item = Vec<Range<usize>>> {
        let of_words = self.on_words(finders).chunk_by(|one, other| one.pattern == other.pattern);
        let of_words = of_words.map(|found| found.iter().map(|found| found.at.clone()).collect());
        let of_expressions = finders.iter().filter_map(|finder| match finder {
            Finder::Words(_) => None,
            Finder::Regex(regex) => Some(regex.find_iter(self.text).map(|found| found.range()).collect()),
        });
        of_words.chain(of_expressions)
    }

    fn all(&self, finders: &[Finder]) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = self.places(finders).flatten().collect();
        places.retain(|place| !place.is_empty());
        places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        places
    }

    /// The first sentence of a text that is long enough to be judged as a whole: two sentences, and thirty words.
    pub(super) fn whole(&self) -> Option<Range<usize>> {
        let words = |sentence: &Range<usize>| {
            self.text.get(sentence.clone()).map_or(0, |sentence| sentence.split_whitespace().count())
        };
        let long = || self.sentences.iter().filter(|sentence| words(sentence) > 3);
        let is_whole = long().count() >= 2 && self.sentences.iter().map(words).sum::<usize>() >= 30;
        is_whole.then(|| long().next().cloned())?
    }

    /// Where each sentence is.
    pub(super) fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// Where one clause ends and the next begins: at a mark, or at a line's end.
    pub(super) fn clauses(&self) -> Vec<usize> {
        let dashes = self.text.match_indices(" - ").map(|(at, _)| at);
        let marks = self.text.match_indices(['\n', ',', ';', ':', '(', ')']).map(|(at, _)| at);
        let mut clauses: Vec<usize> = dashes.chain(marks).collect();
        clauses.sort_unstable();
        clauses
    }

    /// The sentence that a place begins in.
    pub(super) fn sentence(&self, place: &Range<usize>) -> Range<usize> {
        let next = self.sentences.partition_point(|sentence| sentence.end <= place.start);
        self.sentences.get(next).cloned().unwrap_or_else(|| place.clone())
    }
}

impl Matcher {
    /// Where the patterns are found, without the places that are spared. Of places that overlap the first is told.
    pub(crate) fn find(&self, draft: &MatchedText<'_>) -> Vec<Range<usize>> {
        let mut found = draft.all(&self.patterns);
        if found.is_empty() {
            return found;
        }
        for spared in draft.places(&self.unless) {
            found.retain(|place| {
                let next = spared.partition_point(|spared| spared.end <= place.start);
                spared.get(next).is_none_or(|spared| spared.start >= place.end)
            });
        }
        if !self.spare.is_empty() {
            let spared = draft.all(&self.spare);
            found.retain(|place| {
                let sentence = draft.sentence(place);
                let next = spared.partition_point(|spared| spared.start < sentence.start);
                spared.get(next).is_none_or(|spared| spared.start >= sentence.end)
            });
        }
        found.dedup_by(|next, kept| next.start < kept.end);
        found
    }

    /// Whether it looks for the pattern of this number.
    pub(super) fn has(&self, number: usize) -> bool {
        let is = |finder: &Finder| matches!(finder, Finder::Words(pattern) if *pattern == number);
        [&self.patterns, &self.unless, &self.spare].into_iter().flatten().any(is)
    }

    /// Whether anything is found.
    pub(super) fn fits(&self, draft: &MatchedText<'_>) -> bool {
        !self.find(draft).is_empty()
    }
}

/// Other words for what was found.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// Fits the whole of what was found.
    pub(in super::super) pattern: Box<str>,
    /// A regular expression, where that is what the pattern is.
    pub(in super::super) regex: Option<Regex>,
    /// With `$1` for the first group.
    pub(in super::super) words: Box<str>,
    /// Read when it is first wanted.
    pub(in super::super) node: OnceLock<Option<Node>>,
}

impl Rewrite {
    /// Other words for a place of the plain text, with the writer's own words where a group stands.
    pub(super) fn of(
        &self,
        words: &Vocabulary,
        plain: &Plain<'_>,
        place: &Range<usize>,
        draft: &str,
    ) -> Option<String> {
        let groups = self.groups(words, plain.text.get(place.clone())?)?;
        let mut pieces = self.words.split('$');
        let mut words = pieces.next()?.to_owned();
        for piece in pieces {
            let (number, rest) = piece.split_at_checked(1)?;
            let group = groups.get(number.parse::<usize>().ok()?).cloned().unwrap_or_default();
            if !group.is_empty() {
                let own = draft.get(plain.place(&(place.start + group.start..place.start + group.end)))?;
                // What began the sentence no longer does.
                let is_moved = group.start == 0 && !words.is_empty() && own != "I" && !own.starts_with("I ");
                words.push_str(&if is_moved { cased(own, false) } else { own.to_owned() });
            }
            words.push_str(rest);
        }
        let starts_upper = draft.get(plain.place(place))?.starts_with(char::is_uppercase);
        Some(if starts_upper { cased(&words, true) } else { words })
    }

    fn groups(&self, words: &Vocabulary, found: &str) -> Option<Vec<Range<usize>>> {
        if let Some(regex) = &self.regex {
            let found = regex.captures(found).filter(|all| all.get(0).is_some_and(|all| all.len() == found.len()))?;
            return Some(found.iter().map(|group| group.map_or(0..0, |group| group.range())).collect());
        }
        let node = self.node.get_or_init(|| PatternReader::new(words).read(&self.pattern).ok()).as_ref()?;
        groups(node, &Text::read(found))
    }
}

/// The words with a capital at their beginning, or without one.
fn cased(words: &str, is_upper: bool) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) if is_upper => first.to_uppercase().chain(letters).collect(),
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
