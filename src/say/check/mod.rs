//! The review of a draft before it is sent: what would hurt, why, what to say instead, and what is missing.
//!
//! The rules are data (`phrasebook/en/check.toml`); this is the engine. A draft is made plain (`text`), and all patterns of
//! all rules are looked for in one go (`pattern`). A team's own rules may also hold regular expressions, which cannot run
//! away either: the engine behind them takes time that grows with the text and with nothing else.

mod lines;
mod matcher;
mod second_look;
mod signs;
mod size;
mod text;

use std::{ops::Range, sync::OnceLock};

use super::{
    careful::Matter,
    model::{Article, Command, Severity, Topic},
    pattern::{OnDemand, Vocabulary},
};
pub(super) use matcher::compile;
use second_look::SecondLook;
pub use size::Size;
pub(crate) use {
    matcher::{Finder, MatchedText, Matcher, Rewrite},
    text::Plain,
};

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
    /// Every pattern on words, of all rules and moves.
    patterns: Vec<Box<str>>,
    words: Vocabulary,
    /// Made when the first draft comes.
    on_demand: OnceLock<OnDemand>,
    /// Lines to paste, as they were found.
    lines: lines::Lines,
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
    /// The article behind it: a place in the book's articles.
    pub article: u16,
    /// The topic that helps, `avoid.blaming`; known to exist.
    pub help: Box<str>,
    /// The school whose advice it is; it is on only where that is asked for.
    pub school: Option<Box<str>>,
    pub(super) matcher: Matcher,
    /// Moves; an answer to a problem that makes none of them is flagged, where nothing else is.
    pub(super) without: Vec<Box<str>>,
    /// Moves; of a draft that makes one of them nothing is flagged: “You asked twice” only tells what happened.
    pub(super) settled_by: Vec<Box<str>>,
    /// Whether it flags sentences like those that readers sent back, where no other rule flags anything.
    pub(super) second_look: bool,
    /// Whether the second look may spare what it finds.
    pub(super) doubtful: bool,
    pub(super) rewrites: Vec<Rewrite>,
    /// A sentence to write instead, with `____` for what only the writer knows.
    pub instead: Option<Box<str>>,
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
    /// Whether only a draft makes it that is kind as a whole: a promise among sneers is one, an apology is none.
    pub(super) in_kindness: bool,
    pub(super) matcher: Matcher,
}

/// What there is to say about a draft.
#[derive(Debug)]
pub struct Review<'b> {
    /// What would hurt, in the order of the draft; at most [`MOST`].
    pub findings: Vec<Finding<'b>>,
    /// How many findings there are in all.
    pub total: usize,
    /// What an answer to a problem does, and whether this one does; empty where the draft is no such answer.
    pub moves: Vec<Made<'b>>,
    /// The grave matter of which it speaks, if it does: no finding, but to be known first.
    pub matter: Option<&'b Matter>,
    /// How many kinds of words were looked for.
    pub kinds: usize,
    /// How long it is, and how easily it reads.
    pub size: Size,
    /// The draft with every rewrite in its place, where there is any.
    pub after: Option<String>,
    /// The language that the draft seems to be in, where that is not English.
    pub language: Option<&'static str>,
    /// Where a sentence goes that is added, in bytes of the draft.
    pub end: usize,
}

/// A move, and whether a draft makes it.
#[derive(Debug)]
pub struct Made<'b> {
    /// The move.
    pub step: &'b Move,
    /// Whether it is there.
    pub made: bool,
    /// Where it is not, a line of the phrasebook that makes it, with `____` for what only the writer knows.
    pub line: Option<String>,
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
    /// Where the sentence stands that they are in, in bytes of the draft.
    pub sentence: Range<usize>,
}

/// Which rules are used: all but those of a school, unless something else is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    only: Vec<String>,
    off: Vec<String>,
    school: Option<String>,
    /// Whether the draft is about a problem, where somebody has said so.
    problem: Option<bool>,
}

/// A rule or a school that there is none of, and those that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: Vec<String>,
}

impl Options {
    /// Reads the settings `rules` (`-you-first,-blame` without those two, `blame` that one alone) and `school`.
    ///
    /// # Errors
    /// A name that nothing has.
    pub fn read(check: &Check, rules: Option<&str>, school: Option<&str>) -> Result<Self, Unknown> {
        let mut options = Self::default();
        for name in rules.unwrap_or_default().split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()) {
            let (id, list) = match name.strip_prefix(['-', '–', '−']) {
                Some(id) => (id, &mut options.off),
                None => (name.trim_start_matches('+'), &mut options.only),
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
            options.school = Some(school.to_owned());
        }
        Ok(options)
    }

    /// Without these rules, or with nothing but those; names that nothing has are passed over.
    #[must_use]
    pub fn of(off: Vec<String>, only: Vec<String>) -> Self {
        Self { only, off, school: None, problem: None }
    }

    /// Says that the draft is about a problem, or that it is not.
    #[must_use]
    pub fn about_a_problem(self, is_about: bool) -> Self {
        Self { problem: Some(is_about), ..self }
    }

    /// Whether the draft is about a problem, where somebody has said so.
    #[must_use]
    pub fn problem(&self) -> Option<bool> {
        self.problem
    }

    fn has(&self, rule: &Rule) -> bool {
        let names = |list: &[String]| list.iter().any(|id| **id == *rule.id);
        !names(&self.off)
            && (self.only.is_empty() || names(&self.only))
            && (rule.school.is_none() || rule.school.as_deref() == self.school.as_deref())
    }
}

/// What a review looks at besides the rules.
pub(super) struct Around<'a, 'b> {
    pub(super) commands: &'b [Command],
    pub(super) articles: &'b [Article],
    /// The play that words are about, as far as a search tells.
    pub(super) about: &'a dyn Fn(&str) -> Option<&'b Topic>,
}

/// Leaves one finding of those that overlap: the gravest, then the longest.
fn apart(mut found: Vec<(Range<usize>, &Rule)>) -> Vec<(Range<usize>, &Rule)> {
    found.sort_by_key(|(place, rule)| (rule.severity, std::cmp::Reverse(place.len()), place.start));
    let mut taken: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    found.retain(|(place, _)| {
        let is_free = taken.range(..place.end).next_back().is_none_or(|(_, end)| *end <= place.start);
        if is_free {
            taken.insert(place.start, place.end);
        }
        is_free
    });
    found
}

/// Leaves the first of those of one rule in a clause: who says a thing twice in a breath is told once.
fn once_a_clause<'b>(found: Vec<(Range<usize>, &'b Rule)>, clauses: &[usize]) -> Vec<(Range<usize>, &'b Rule)> {
    let clause = |at: usize| clauses.partition_point(|end| *end < at);
    let mut kept: Vec<(Range<usize>, &Rule)> = Vec::with_capacity(found.len());
    for (place, rule) in found {
        let here = clause(place.start);
        let mut before = kept.iter().rev().take_while(|(kept, _)| clause(kept.end.saturating_sub(1)) == here);
        if !before.any(|(_, kept)| kept.id == rule.id) {
            kept.push((place, rule));
        }
    }
    kept
}

impl Check {
    pub(super) fn new(
        rules: Vec<Rule>,
        moves: Vec<Move>,
        problem: Matcher,
        (patterns, words): (Vec<Box<str>>, Vocabulary),
    ) -> Self {
        Self { rules, moves, problem, patterns, words, on_demand: OnceLock::new(), lines: lines::Lines::default() }
    }

    /// Reviews a draft, but for grave matters.
    pub(super) fn review<'b>(&'b self, draft: &str, options: &Options, around: &Around<'_, 'b>) -> Review<'b> {
        let plain = Plain::read(draft);
        let sentences = self.draft(&plain.text);
        let look = self.used(options).find(|rule| rule.second_look);
        let look = look.map(|rule| (rule, SecondLook::at(&plain.text, sentences.sentences())));
        let mut found = self.found(&sentences, options);
        if let Some((_, look)) = &look {
            found.retain(|(place, rule)| !rule.doubtful || !look.spares(place));
        }
        // What one school would say otherwise hurts nobody.
        let hurt: Vec<Range<usize>> = found
            .iter()
            .filter(|(_, rule)| rule.school.is_none())
            .map(|(place, _)| sentences.sentence(place))
            .collect();
        let size = Size::of(&plain.text);
        let letter = look.as_ref().map(|(_, look)| look).filter(|look| look.is_letter());
        let is_unkind = letter.is_some_and(SecondLook::is_unkind);
        // Nobody writes a letter in which something hurts about nothing.
        let hurts = letter.is_some_and(|look| !hurt.is_empty() || look.again().next().is_some());
        let is_problem = size.words > 0 && options.problem.unwrap_or_else(|| self.problem.fits(&sentences) || hurts);
        let made: Vec<bool> = if is_problem {
            let makes = |step: &Move| !(is_unkind && step.in_kindness) && makes(step, &sentences, &hurt);
            self.moves.iter().map(makes).collect()
        } else {
            Vec::new()
        };
        found.retain(|(_, rule)| !self.makes_any(&rule.settled_by, &made));
        match self.bare(&sentences, &made, options).filter(|_| found.is_empty()) {
            Some(bare) => found.push(bare),
            None => read_again(&mut found, look.as_ref()),
        }
        let total = found.len();
        let findings = self.findings(found, draft, &plain, &sentences, around.articles);
        Review {
            after: size::after(draft, &findings),
            moves: self.steps(&plain, &made, around),
            kinds: self.used(options).count(),
            size,
            language: size::language(&plain.text),
            matter: None,
            end: plain.end(),
            findings,
            total,
        }
    }

    /// What each rule flags, in the order of the draft.
    fn found(&self, sentences: &MatchedText<'_>, options: &Options) -> Vec<(Range<usize>, &Rule)> {
        let places = |rule: &Rule| rule.matcher.find(sentences);
        let found = self.used(options).flat_map(|rule| places(rule).into_iter().map(move |place| (place, rule)));
        let mut found = apart(found.collect());
        found.sort_by_key(|(place, rule)| (place.start, rule.severity));
        once_a_clause(found, &sentences.clauses())
    }

    /// The first of them, each with what there is to say about it.
    fn findings<'b>(
        &self,
        found: Vec<(Range<usize>, &'b Rule)>,
        draft: &str,
        plain: &Plain<'_>,
        sentences: &MatchedText<'_>,
        articles: &'b [Article],
    ) -> Vec<Finding<'b>> {
        let mut chars = Chars { draft, byte: 0, char: 0 };
        let findings = found.into_iter().take(MOST).filter_map(|(place, rule)| {
            let at = plain.place(&place);
            let words = draft.get(at.clone())?.to_owned();
            let start = chars.upto(at.start);
            Some(Finding {
                rule,
                article: articles.get(usize::from(rule.article))?,
                chars: start..start + words.chars().count(),
                rewrite: rule.rewrites.iter().find_map(|rewrite| rewrite.of(&self.words, plain, &place, draft)),
                sentence: plain.place(&sentences.sentence(&place)),
                words,
                at,
            })
        });
        findings.collect()
    }

    /// Every move with whether it is made; nothing where it isn't known, since the draft answers no problem.
    fn steps<'b>(&'b self, plain: &Plain<'_>, made: &[bool], around: &Around<'_, 'b>) -> Vec<Made<'b>> {
        let topic = if made.iter().all(|made| *made) { None } else { lines::play(around, plain) };
        let steps = self.moves.iter().zip(made).map(|(step, made)| {
            let line = if *made { None } else { lines::paste(self, around, step, topic) };
            Made { step, made: *made, line }
        });
        steps.collect()
    }

    /// The first sentence of an answer to a problem that makes no move of those that a rule looks for.
    fn bare(&self, sentences: &MatchedText<'_>, made: &[bool], options: &Options) -> Option<(Range<usize>, &Rule)> {
        if made.is_empty() {
            return None;
        }
        let place = sentences.whole()?;
        self.used(options).find(|rule| self.lacks(rule, made)).map(|rule| (place, rule))
    }

    /// Whether none of the moves is made that a rule looks for.
    fn lacks(&self, rule: &Rule, made: &[bool]) -> bool {
        !rule.without.is_empty() && !self.makes_any(&rule.without, made)
    }

    fn makes_any(&self, moves: &[Box<str>], made: &[bool]) -> bool {
        moves.iter().any(|id| self.moves.iter().zip(made).any(|(step, made)| *made && step.id == *id))
    }

    /// Where a rule alone finds something first, as its examples are tried.
    pub(super) fn first(&self, rule: &Rule, text: &str) -> Option<Range<usize>> {
        let sentences = self.draft(text);
        if rule.second_look {
            return SecondLook::at(text, sentences.sentences()).again().next().cloned();
        }
        if rule.without.is_empty() {
            return rule.matcher.find(&sentences).into_iter().next();
        }
        let made: Vec<bool> = self.moves.iter().map(|step| makes(step, &sentences, &[])).collect();
        if self.problem.fits(&sentences) && self.lacks(rule, &made) { sentences.whole() } else { None }
    }

    /// A plain text, and where each pattern fits in it.
    pub(super) fn draft<'t>(&self, text: &'t str) -> MatchedText<'t> {
        self.matched(text, |_| true)
    }

    /// Whether a matcher finds something in a plain text, for which only its own patterns need be compiled.
    fn fits(&self, matcher: &Matcher, text: &str) -> bool {
        matcher.fits(&self.matched(text, |pattern| matcher.has(pattern)))
    }

    fn matched<'t>(&self, text: &'t str, wanted: impl Fn(usize) -> bool) -> MatchedText<'t> {
        let on_demand = self.on_demand.get_or_init(|| OnDemand::new(&self.patterns, &self.words));
        MatchedText::read(text, |words| on_demand.find(&self.patterns, &self.words, words, &wanted))
    }

    /// The rules that a options leaves switched on.
    pub fn used<'b>(&'b self, options: &Options) -> impl Iterator<Item = &'b Rule> {
        self.rules.iter().filter(|rule| options.has(rule))
    }
}

/// Adds the sentences to read again in which nothing is found.
fn read_again<'b>(found: &mut Vec<(Range<usize>, &'b Rule)>, look: Option<&(&'b Rule, SecondLook)>) {
    let Some((rule, look)) = look else { return };
    // What is found lies apart and in order.
    let is_free = |sentence: &Range<usize>| {
        let next = found.partition_point(|(place, _)| place.end <= sentence.start);
        found.get(next).is_none_or(|(place, _)| sentence.end <= place.start)
    };
    let again: Vec<Range<usize>> = look.again().filter(|sentence| is_free(sentence)).cloned().collect();
    found.extend(again.into_iter().map(|sentence| (sentence, *rule)));
    found.sort_by_key(|(place, _)| place.start);
}

/// Whether a draft makes a move. A sentence that hurts makes none.
fn makes(step: &Move, sentences: &MatchedText<'_>, hurt: &[Range<usize>]) -> bool {
    let hurts = |place: &Range<usize>| {
        let next = hurt.partition_point(|sentence| sentence.end <= place.start);
        hurt.get(next).is_some_and(|sentence| sentence.start <= place.start)
    };
    step.matcher.find(sentences).iter().any(|place| !hurts(place))
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
