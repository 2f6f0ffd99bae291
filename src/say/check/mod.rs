//! The review of a draft before it is sent: what would hurt, why, what to say instead, and what is missing.
//!
//! The rules are data (`phrasebook/en/check.toml`); this is the engine. A draft is made plain (`text`), and every pattern
//! is looked for by itself in those sentences that have the words it cannot do without (`clue`). All patterns as one set
//! were fifty times slower, for its states fit no cache. Patterns cannot run away: the engine behind them takes time
//! that grows with the text and with nothing else.

mod clue;
mod text;

use std::{ops::Range, sync::OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::{ParserBuilder, hir::Hir};

use super::{
    book::{Article, Phrasebook, Severity},
    careful::Matter,
};
use clue::{Clues, Need};
pub(crate) use {clue::Sentences, text::Plain};

/// The longest draft, in characters.
pub const LONGEST: usize = 20_000;

/// The most findings that are told one by one.
pub const MOST: usize = 100;

/// The rules of a book.
#[derive(Debug)]
pub struct Check {
    /// The rules, in the order of the files.
    pub rules: Vec<Rule>,
    /// What an answer to a problem does, in order.
    pub moves: Vec<Move>,
    /// What makes a draft an answer to a problem.
    pub(super) problem: Matcher,
    /// Found when the first draft comes.
    clues: OnceLock<Option<Clues>>,
}

/// Words that hurt.
#[derive(Debug)]
pub struct Rule {
    /// What it is switched off by, kebab-case.
    pub id: Box<str>,
    /// A few words for headings.
    pub name: Box<str>,
    /// How much it hurts.
    pub severity: Severity,
    /// Why it hurts, one sentence.
    pub why: Box<str>,
    /// The article behind it: a place in [`Phrasebook::articles`].
    pub article: u16,
    /// The topic that helps, `avoid.blaming`; known to exist.
    pub help: Box<str>,
    /// The school whose advice it is; it is on only where that is asked for.
    pub school: Option<Box<str>>,
    pub(super) matcher: Matcher,
    pub(super) rewrites: Vec<Rewrite>,
}

/// Something that an answer to a problem does.
#[derive(Debug)]
pub struct Move {
    /// Kebab-case.
    pub id: Box<str>,
    /// What it does, as in “owns it”.
    pub name: Box<str>,
    /// What to add where it is missing.
    pub advice: Box<str>,
    /// The topic that helps; known to exist.
    pub help: Box<str>,
    pub(super) matcher: Matcher,
}

/// Patterns, and what they do not mean.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    pub(super) patterns: Vec<Pattern>,
    pub(super) unless: Vec<Pattern>,
}

/// A pattern. One that is known to be good is compiled when it is first looked for: all of ours take a tenth of a second
/// and some megabytes, and no draft needs them all.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: Box<str>,
    regex: OnceLock<Option<Regex>>,
    need: OnceLock<Need>,
}

impl Pattern {
    /// One that is known to compile.
    pub(super) fn known(text: String) -> Self {
        Self { text: text.into(), regex: OnceLock::new(), need: OnceLock::new() }
    }

    /// One that has been compiled.
    pub(super) fn compiled(regex: Regex) -> Self {
        Self { text: regex.as_str().into(), regex: OnceLock::from(Some(regex)), need: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| compile(&self.text).ok()).as_ref()
    }

    /// Where it is found.
    fn find(&self, draft: &Sentences<'_>) -> impl Iterator<Item = Range<usize>> {
        draft
            .places(self)
            .into_iter()
            .flat_map(|place| {
                let found = self.regex().zip(draft.text(&place)).into_iter();
                let found = found.flat_map(|(regex, text)| regex.find_iter(text)).map(|found| found.range());
                found.map(move |found| place.start + found.start..place.start + found.end)
            })
            .filter(|found| !found.is_empty())
    }
}

/// Compiles a pattern as drafts are compared: as ASCII, in lower case, one sentence a line.
pub(super) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    /// No compiled pattern is larger, in bytes.
    const LARGEST: usize = 1 << 20;
    RegexBuilder::new(pattern).unicode(false).multi_line(true).size_limit(LARGEST).build()
}

/// Reads a pattern as it is compiled.
fn parse(pattern: &str) -> Option<Hir> {
    ParserBuilder::new().unicode(false).utf8(false).multi_line(true).build().parse(pattern).ok()
}

/// Other words for what was found.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// Matches the whole of what was found.
    pub(super) pattern: Pattern,
    /// With `$1` for the first group.
    pub(super) words: Box<str>,
}

/// What there is to say about a draft.
#[derive(Debug)]
pub struct Review<'b> {
    /// What would hurt, in the order of the draft; at most [`MOST`].
    pub findings: Vec<Finding<'b>>,
    /// How many findings there are in all.
    pub total: usize,
    /// What an answer to a problem does, and whether this one does; empty where the draft is no such answer.
    pub moves: Vec<(&'b Move, bool)>,
    /// The grave matter of which it speaks, if it does: no finding, but to be known first.
    pub matter: Option<&'b Matter>,
}

/// Words of a draft that would hurt.
#[derive(Debug)]
pub struct Finding<'b> {
    /// The rule that says so.
    pub rule: &'b Rule,
    /// The article behind the rule.
    pub article: &'b Article,
    /// Where the words are, in bytes of the draft.
    pub at: Range<usize>,
    /// Where the words are, in characters.
    pub chars: Range<usize>,
    /// The words.
    pub words: String,
    /// Other words to put in their place, where some can be made.
    pub rewrite: Option<String>,
}

/// Which rules are used: all but those of a school, unless something else is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    only: Vec<String>,
    off: Vec<String>,
    school: Option<String>,
}

/// A rule or a school that there is none of, and those that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: Vec<String>,
}

impl Choice {
    /// Reads the settings `rules` (`-you-first,-blame` without those two, `blame` that one alone) and `school`.
    ///
    /// # Errors
    /// A name that nothing has.
    pub fn read(check: &Check, rules: Option<&str>, school: Option<&str>) -> Result<Self, Unknown> {
        let mut choice = Self::default();
        for name in rules.unwrap_or_default().split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()) {
            let (id, list) = match name.strip_prefix(['-', '–', '−']) {
                Some(id) => (id, &mut choice.off),
                None => (name.trim_start_matches('+'), &mut choice.only),
            };
            if !check.rules.iter().any(|rule| *rule.id == *id) {
                return Err(Unknown {
                    name: id.to_owned(),
                    known: check.rules.iter().map(|rule| rule.id.to_string()).collect(),
                });
            }
            list.push(id.to_owned());
        }
        if let Some(school) = school.filter(|school| !school.is_empty()) {
            let mut known: Vec<String> =
                check.rules.iter().filter_map(|rule| Some(rule.school.as_ref()?.to_string())).collect();
            known.dedup();
            if !known.iter().any(|known| known == school) {
                return Err(Unknown { name: school.to_owned(), known });
            }
            choice.school = Some(school.to_owned());
        }
        Ok(choice)
    }

    /// Without these rules, or with nothing but those; names that nothing has are passed over.
    #[must_use]
    pub fn of(off: Vec<String>, only: Vec<String>) -> Self {
        Self { only, off, school: None }
    }

    fn has(&self, rule: &Rule) -> bool {
        let names = |list: &[String]| list.iter().any(|id| **id == *rule.id);
        !names(&self.off)
            && (self.only.is_empty() || names(&self.only))
            && (rule.school.is_none() || rule.school.as_deref() == self.school.as_deref())
    }
}

/// Reviews a draft. Whoever calls sees to it that it is no longer than [`LONGEST`].
#[must_use]
pub fn review<'b>(book: &'b Phrasebook, draft: &str, choice: &Choice) -> Review<'b> {
    let check = &book.check;
    let plain = Plain::read(draft);
    let sentences = check.sentences(plain.text.as_bytes());
    let mut findings: Vec<(Range<usize>, &Rule)> = Vec::new();
    for rule in check.used(choice) {
        findings.extend(rule.matcher.find(&sentences).into_iter().map(|place| (place, rule)));
    }
    findings.sort_by_key(|(place, rule)| (place.start, rule.severity));
    let total = findings.len();
    let mut chars = Chars { draft, byte: 0, char: 0 };
    let findings = findings.into_iter().take(MOST).filter_map(|(place, rule)| {
        let at = plain.place(&place);
        let words = draft.get(at.clone())?.to_owned();
        let start = chars.upto(at.start);
        Some(Finding {
            rule,
            article: book.articles.get(usize::from(rule.article))?,
            chars: start..start + words.chars().count(),
            rewrite: rule.rewrites.iter().find_map(|rewrite| rewrite.of(&plain, &place, draft)),
            words,
            at,
        })
    });
    let findings = findings.collect();
    let is_answer = check.problem.fits(&sentences);
    let moves = check.moves.iter().filter(|_| is_answer).map(|step| (step, step.matcher.fits(&sentences)));
    Review { findings, total, moves: moves.collect(), matter: book.careful.matter(draft) }
}

impl Check {
    pub(super) fn new(rules: Vec<Rule>, moves: Vec<Move>, problem: Matcher) -> Self {
        Self { rules, moves, problem, clues: OnceLock::new() }
    }

    /// The sentences of a plain text, and what may be found in which.
    fn sentences<'t>(&self, text: &'t [u8]) -> Sentences<'t> {
        match self.clues.get_or_init(|| Clues::of(self.patterns())) {
            Some(clues) => Sentences::read(text, clues),
            None => Sentences::unread(text),
        }
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let matchers = self.rules.iter().map(|rule| &rule.matcher).chain(self.moves.iter().map(|step| &step.matcher));
        matchers.chain([&self.problem]).flat_map(|matcher| matcher.patterns.iter().chain(&matcher.unless))
    }

    /// The rules that a choice leaves switched on.
    pub fn used<'b>(&'b self, choice: &Choice) -> impl Iterator<Item = &'b Rule> {
        self.rules.iter().filter(|rule| choice.has(rule))
    }
}

impl Matcher {
    /// Where the patterns are found, without those places that something in `unless` touches. Of places that overlap the
    /// first is told.
    pub(crate) fn find(&self, draft: &Sentences<'_>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = self.patterns.iter().flat_map(|pattern| pattern.find(draft)).collect();
        if found.is_empty() {
            return found;
        }
        for unless in &self.unless {
            let spared: Vec<Range<usize>> = unless.find(draft).collect();
            found.retain(|place| {
                let next = spared.partition_point(|spared| spared.end <= place.start);
                spared.get(next).is_none_or(|spared| spared.start >= place.end)
            });
        }
        found.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        found.dedup_by(|next, kept| next.start < kept.end);
        found
    }

    /// Whether anything is found.
    fn fits(&self, draft: &Sentences<'_>) -> bool {
        match self.unless.as_slice() {
            [] => self.patterns.iter().any(|pattern| pattern.find(draft).next().is_some()),
            _ => !self.find(draft).is_empty(),
        }
    }
}

impl Rewrite {
    /// Other words for a place of the plain text, with the writer's own words where a group stands.
    fn of(&self, plain: &Plain<'_>, place: &Range<usize>, draft: &str) -> Option<String> {
        let found = self.pattern.regex()?.captures(plain.text.as_bytes().get(place.clone())?)?;
        if found.get(0)?.len() != place.len() {
            return None;
        }
        let mut pieces = self.words.split('$');
        let mut words = pieces.next()?.to_owned();
        for piece in pieces {
            let (number, rest) = piece.split_at_checked(1)?;
            let group = found.get(number.parse().ok()?)?.range();
            if !group.is_empty() {
                let own = draft.get(plain.place(&(place.start + group.start..place.start + group.end)))?;
                // What began the sentence no longer does.
                let is_moved = group.start == 0 && !words.is_empty() && !own.starts_with("I ");
                words.push_str(&if is_moved { cased(own, false) } else { own.to_owned() });
            }
            words.push_str(rest);
        }
        let starts_upper = draft.get(plain.place(place))?.starts_with(char::is_uppercase);
        Some(if starts_upper { cased(&words, true) } else { words })
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

/// Counts characters of a draft, from place to place.
struct Chars<'d> {
    draft: &'d str,
    byte: usize,
    char: usize,
}

impl Chars<'_> {
    fn upto(&mut self, byte: usize) -> usize {
        self.char += self.draft.get(self.byte..byte).map_or(0, |between| between.chars().count());
        self.byte = byte.max(self.byte);
        self.char
    }
}
