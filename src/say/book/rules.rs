//! `check.toml`: the rules by which a draft is reviewed, read as strictly as the phrases.
//!
//! A pattern that does not compile is a fault, and so is an example that the rule does not flag and a near-miss that it
//! does: whoever changes a rule hears at once what else has changed.

use std::{collections::HashSet, ops::Range, sync::OnceLock};

use indexmap::IndexMap;
use regex_lite::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    super::{
        check::{self, Check, Finder, Matcher, Move, Plain, Rewrite, Rule},
        model::Severity,
        pattern::{PatternReader, Patterns, Vocabulary},
    },
    file::longest,
    reader::{KEBAB, Reader, is_kebab, take},
    source::Source,
};

/// How drafts are reviewed: `phrasebook/en/check.toml`, and its classes of words in `words.toml`. Patterns are made of
/// words: `^ you {adverb}* did not ~read`. One between slashes, `/…/`, is a regular expression of Rust's `regex` crate over
/// the draft in lower case, one sentence a line, with straight apostrophes, single spaces, and ` - ` for dashes.
#[derive(Deserialize, JsonSchema, Default)]
#[schemars(deny_unknown_fields)]
pub(super) struct CheckFile {
    /// Classes of words, used as `{name}`, or as `{name:past}` in that form alone: words as a dictionary has them, several
    /// words, of which the first has forms (`show up`), or another class (`{name}`).
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Vec<String>>")]
    class: IndexMap<String, Spanned<Vec<String>>>,
    /// Pieces of patterns, used as `{name}`.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    part: IndexMap<String, Spanned<String>>,
    /// Words that hurt, by id (kebab-case).
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    rule: IndexMap<String, RuleEntry>,
    /// What an answer to a problem does, in order, by id (kebab-case).
    #[serde(default, rename = "move")]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    moves: IndexMap<String, MoveEntry>,
    /// What makes a draft an answer to a problem.
    #[expect(dead_code, reason = "read by itself; the field is here for the schema and the list of known keys")]
    problem: Option<ProblemEntry>,
}

/// Words that hurt.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RuleEntry {
    /// A few words for headings, at most 60 characters.
    #[schemars(with = "String", length(max = longest::TITLE))]
    name: Option<Spanned<String>>,
    /// How much it hurts.
    #[schemars(with = "Severity")]
    severity: Option<Severity>,
    /// Why it hurts, one sentence of at most 160 characters.
    #[schemars(with = "String", length(max = longest::WHY))]
    why: Option<Spanned<String>>,
    /// The article behind it: an id of `sources.toml`.
    #[schemars(with = "String")]
    source: Option<Spanned<String>>,
    /// The topic that helps, as `command.topic`.
    #[schemars(with = "String")]
    help: Option<Spanned<String>>,
    /// The school whose advice it is: the rule is on only where that school is asked for.
    #[schemars(with = "Option<String>")]
    school: Option<Spanned<String>>,
    /// What is flagged.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    patterns: Vec<Spanned<String>>,
    /// What is not flagged after all: a place that one of these touches is spared.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    unless: Vec<Spanned<String>>,
    /// What makes a sentence harmless wherever it stands in it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    spare: Vec<Spanned<String>>,
    /// Moves, by their ids: an answer to a problem is flagged that makes none of them, where nothing else is flagged.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    without: Vec<Spanned<String>>,
    /// Moves, by their ids: nothing is flagged in an answer to a problem that makes one of them.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    settled_by: Vec<Spanned<String>>,
    /// Whether sentences are flagged that are like those that readers of letters sent back, where no other rule flags
    /// anything. It needs no patterns.
    #[serde(default)]
    second_look: bool,
    /// Whether the second look may spare what is flagged, in a letter that is like harmless ones sentence by sentence. It
    /// has learned from the rules that are built in, not from others.
    #[serde(default)]
    doubtful: bool,
    /// Other words: pairs of a pattern of the whole of what was flagged, and what to put in its place, where `$1` is the
    /// pattern's first group. The first pattern that fits is taken.
    #[serde(default)]
    #[schemars(with = "Vec<(String, String)>")]
    rewrite: Vec<(Spanned<String>, Spanned<String>)>,
    /// A sentence to write instead where no rewrite fits, with `____` for what only the writer knows.
    #[schemars(with = "Option<String>", length(max = longest::WHY))]
    instead: Option<Spanned<String>>,
    /// Drafts that must be flagged.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    flag: Vec<Spanned<String>>,
    /// Near-misses, which must not be.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pass: Vec<Spanned<String>>,
}

/// Something that an answer to a problem does.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MoveEntry {
    /// What it does, as in “owns it”; at most 60 characters.
    #[schemars(with = "String", length(max = longest::TITLE))]
    name: Option<Spanned<String>>,
    /// What to add where it is missing, at most 160 characters.
    #[schemars(with = "String", length(max = longest::WHY))]
    advice: Option<Spanned<String>>,
    /// The topic that helps, as `command.topic`.
    #[schemars(with = "String")]
    help: Option<Spanned<String>>,
    /// Whether only a draft does it that is kind as a whole: a promise among sneers is one, an apology is none.
    #[serde(default)]
    in_kindness: bool,
    /// Words that do it.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    patterns: Vec<Spanned<String>>,
    /// Words that do not do it after all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    unless: Vec<Spanned<String>>,
    /// What makes a sentence harmless wherever it stands in it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    spare: Vec<Spanned<String>>,
    /// Drafts that do it.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    flag: Vec<Spanned<String>>,
    /// Near-misses, which do not.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pass: Vec<Spanned<String>>,
}

/// What makes a draft an answer to a problem.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ProblemEntry {
    /// Words of trouble.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    patterns: Vec<Spanned<String>>,
    /// Words that only look like it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    unless: Vec<Spanned<String>>,
    /// What makes a sentence harmless wherever it stands in it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    spare: Vec<Spanned<String>>,
    /// Drafts that answer a problem.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    flag: Vec<Spanned<String>>,
    /// Drafts that do not.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pass: Vec<Spanned<String>>,
}

/// The rules as the files have them, all layers together.
#[derive(Default)]
pub(super) struct RawCheck<'s> {
    /// Whether what the lowest layer has is known to be good, so that it need not be compiled or tried.
    lowest_is_known: bool,
    words: Vocabulary,
    rules: IndexMap<String, Raw<'s, RuleEntry>>,
    moves: IndexMap<String, Raw<'s, MoveEntry>>,
    problem: Option<Raw<'s, ProblemEntry>>,
}

struct Raw<'s, T> {
    source: &'s Source,
    at: Range<usize>,
    entry: T,
}

/// What a matcher is made of and tried on.
struct Examined {
    /// What may be missing, since something else than patterns is looked for.
    may_have_none: &'static [&'static str],
    patterns: Vec<Spanned<String>>,
    unless: Vec<Spanned<String>>,
    spare: Vec<Spanned<String>>,
    flag: Vec<Spanned<String>>,
    pass: Vec<Spanned<String>>,
}

/// Examples to be tried once all patterns are known.
struct Trial<'s> {
    source: &'s Source,
    of: Of,
    flag: Vec<Spanned<String>>,
    pass: Vec<Spanned<String>>,
}

/// Whose examples they are.
#[derive(Clone, Copy)]
enum Of {
    Rule(usize),
    Move(usize),
    Problem,
}

impl<'s> RawCheck<'s> {
    /// Nothing yet. What the lowest layer has may be known to be good.
    pub(super) fn new(lowest_is_known: bool) -> Self {
        Self { lowest_is_known, ..Self::default() }
    }

    /// Reads a file of rules over those of lower layers.
    pub(super) fn read(&mut self, reader: &mut Reader<'s>, source: &'s Source) {
        let mut document = reader.document(source);
        let [rules, moves, problem] = ["rule", "move", "problem"].map(|name| take(&mut document, name));
        self.rules.extend(reader.entries(source, rules, "rule"));
        self.moves.extend(reader.entries(source, moves, "move"));
        if let Some(value) = problem {
            let at = value.span();
            if let Some(entry) = reader.record(source, value) {
                self.problem = Some(Raw { source, at, entry });
            }
        }
        let head: CheckFile = reader.record(source, Spanned::new(0..0, DeValue::Table(document))).unwrap_or_default();
        for (name, part) in head.part {
            // The patterns of other files may have become others by it.
            self.lowest_is_known &= !self.words.part(&name, part.get_ref());
        }
        for (name, class) in head.class {
            if let Some(word) = class.get_ref().iter().find(|word| word.contains(char::is_uppercase)) {
                let what = format!("the capitals of `{word}` are never found");
                reader.fault(source, class.span(), what, "drafts are compared in lower case: write it so");
            }
            let words = class.get_ref().iter().map(String::as_str);
            self.lowest_is_known &= !self.words.class(&name, words);
        }
    }

    /// The rules, compiled and tried on their examples.
    pub(super) fn lower(self, reader: &mut Reader<'s>, known: &HashSet<String>) -> Check {
        let Self { lowest_is_known, words, rules, moves, problem } = self;
        let before = reader.faults.len();
        let mut compiler = Compiler { lowest_is_known, words, patterns: Vec::new(), trials: Vec::new() };
        for raw in rules.values() {
            let named = raw.entry.without.iter().chain(&raw.entry.settled_by);
            for step in named.filter(|step| !moves.contains_key(step.get_ref())) {
                let hint = format!("the moves are {}", moves.keys().cloned().collect::<Vec<_>>().join(", "));
                reader.fault(raw.source, step.span(), format!("there is no move `{}`", step.get_ref()), hint);
            }
        }
        let mut lowered = Vec::new();
        for (id, raw) in rules {
            lowered.extend(reader.rule(&id, raw, known, &mut compiler, lowered.len()));
        }
        let moves = moves.into_iter().enumerate();
        let moves = moves.map(|(place, (id, raw))| reader.step(&id, raw, known, &mut compiler, place)).collect();
        let problem = problem.map(|Raw { source, at, entry: ProblemEntry { patterns, unless, spare, flag, pass } }| {
            reader.matcher(
                source,
                &at,
                Examined { may_have_none: &[], patterns, unless, spare, flag, pass },
                &mut compiler,
                Of::Problem,
            )
        });
        let Compiler { words, patterns, trials, .. } = compiler;
        let check = Check::new(lowered, moves, problem.unwrap_or_default(), (patterns, words));
        if reader.faults.len() == before {
            for trial in trials {
                reader.tried(&check, trial);
            }
        }
        check
    }
}

impl<'s> Reader<'s> {
    fn entries<T: serde::de::DeserializeOwned>(
        &mut self,
        source: &'s Source,
        table: Option<Spanned<DeValue<'s>>>,
        name: &str,
    ) -> Vec<(String, Raw<'s, T>)> {
        let table: DeTable<'s> = self.table(source, table, name);
        let mut read = Vec::new();
        for (key, value) in table {
            let at = key.span();
            let id = key.into_inner().into_owned();
            if !is_kebab(&id, longest::ID) {
                self.fault(source, at.clone(), format!("`{id}` is not an id"), KEBAB);
            }
            if let Some(entry) = self.record(source, value) {
                read.push((id, Raw { source, at, entry }));
            }
        }
        read
    }

    /// Tries a rule on its examples.
    fn tried(&mut self, check: &Check, trial: Trial<'s>) {
        let Trial { source, of, flag, pass } = trial;
        let found = |text: &str| match of {
            Of::Rule(place) => check.rules.get(place).and_then(|rule| check.first(rule, text)),
            Of::Move(place) => {
                check.moves.get(place).and_then(|step| step.matcher.find(&check.draft(text)).first().cloned())
            }
            Of::Problem => check.problem.find(&check.draft(text)).first().cloned(),
        };
        let examples =
            flag.into_iter().map(|example| (example, true)).chain(pass.into_iter().map(|example| (example, false)));
        for (example, wanted) in examples {
            let plain = Plain::read(example.get_ref());
            match found(&plain.text) {
                None if wanted => {
                    let hint = format!("make a pattern fit; it is compared as “{}”", plain.text);
                    self.fault(source, example.span(), "the example is not found", hint);
                }
                Some(place) if !wanted => {
                    let words = plain.text.get(place).unwrap_or_default();
                    let hint =
                        format!("“{words}” is found: make the pattern narrower, or add what it is under `unless`");
                    self.fault(source, example.span(), "the near-miss is found", hint);
                }
                _ => {}
            }
        }
    }

    fn rule(
        &mut self,
        id: &str,
        raw: Raw<'s, RuleEntry>,
        known: &HashSet<String>,
        compiler: &mut Compiler<'s>,
        place: usize,
    ) -> Option<Rule> {
        let Raw { source, at, entry } = raw;
        let RuleEntry {
            name,
            severity,
            why,
            source: cited,
            help,
            school,
            patterns,
            unless,
            spare,
            without,
            settled_by,
            second_look,
            doubtful,
            rewrite,
            instead,
            flag,
            pass,
        } = entry;
        let name = self.text(source, &at, name, "name", longest::TITLE);
        if severity.is_none() {
            let hint = "add severity = \"error\", \"warning\" or \"suggestion\"";
            self.fault(source, at.clone(), "`severity` is missing", hint);
        }
        let why = self.text(source, &at, why, "why", longest::WHY);
        let article = self.cited(source, &at, cited);
        let help = self.help(source, &at, help, known);
        let school = school.map(|school| self.text(source, &at, Some(school), "school", longest::SCHOOL).into());
        let instead = instead.map(|words| self.text(source, &at, Some(words), "instead", longest::WHY).into());
        let may_have_none: &[_] = match (second_look, without.is_empty()) {
            // What it finds is learned: an example would be one only until more letters are.
            (true, _) => &["patterns", "flag"],
            (false, false) => &["patterns"],
            (false, true) => &[],
        };
        let examined = Examined { may_have_none, patterns, unless, spare, flag, pass };
        let matcher = self.matcher(source, &at, examined, compiler, Of::Rule(place));
        let rewrites = rewrite
            .into_iter()
            .filter_map(|(pattern, words)| self.rewrite(source, &pattern, &words, compiler))
            .collect();
        Some(Rule {
            id: id.into(),
            name: name.into(),
            severity: severity?,
            why: why.into(),
            article: article?,
            help: help.into(),
            school,
            matcher,
            without: without.into_iter().map(|id| id.into_inner().into()).collect(),
            settled_by: settled_by.into_iter().map(|id| id.into_inner().into()).collect(),
            second_look,
            doubtful,
            rewrites,
            instead,
        })
    }

    fn step(
        &mut self,
        id: &str,
        raw: Raw<'s, MoveEntry>,
        known: &HashSet<String>,
        compiler: &mut Compiler<'s>,
        place: usize,
    ) -> Move {
        let Raw { source, at, entry } = raw;
        let MoveEntry { name, advice, help, in_kindness, patterns, unless, spare, flag, pass } = entry;
        Move {
            id: id.into(),
            name: self.text(source, &at, name, "name", longest::TITLE).into(),
            advice: self.text(source, &at, advice, "advice", longest::WHY).into(),
            help: self.help(source, &at, help, known).into(),
            in_kindness,
            matcher: self.matcher(
                source,
                &at,
                Examined { may_have_none: &[], patterns, unless, spare, flag, pass },
                compiler,
                Of::Move(place),
            ),
        }
    }

    fn help(
        &mut self,
        source: &Source,
        at: &Range<usize>,
        help: Option<Spanned<String>>,
        known: &HashSet<String>,
    ) -> String {
        let Some(help) = help else {
            let hint = "add the topic that helps: help = \"command.topic\"";
            self.fault(source, at.clone(), "`help` is missing", hint);
            return String::new();
        };
        self.topic_exists(source, &help, known);
        help.into_inner()
    }

    /// Reads the patterns, and keeps the examples for when all are read.
    fn matcher(
        &mut self,
        source: &'s Source,
        at: &Range<usize>,
        words: Examined,
        compiler: &mut Compiler<'s>,
        of: Of,
    ) -> Matcher {
        let Examined { may_have_none, patterns, unless, spare, flag, pass } = words;
        for (list, name, hint) in [
            (&patterns, "patterns", "add what is looked for: patterns = [\"…\"]"),
            (&flag, "flag", "add an example that must be found: flag = [\"…\"]"),
            (&pass, "pass", "add a near-miss that must not be found: pass = [\"…\"]"),
        ] {
            if list.is_empty() && !may_have_none.contains(&name) {
                self.fault(source, at.clone(), format!("`{name}` is missing"), hint);
            }
        }
        let mut finders = |list: Vec<Spanned<String>>| {
            list.iter().filter_map(|pattern| self.finder(source, pattern, compiler)).collect()
        };
        let matcher = Matcher { patterns: finders(patterns), unless: finders(unless), spare: finders(spare) };
        if !compiler.knows(source) {
            compiler.trials.push(Trial { source, of, flag, pass });
        }
        matcher
    }

    fn rewrite(
        &mut self,
        source: &Source,
        pattern: &Spanned<String>,
        words: &Spanned<String>,
        compiler: &Compiler<'_>,
    ) -> Option<Rewrite> {
        let wrong = |this: &mut Self, (what, hint): (String, String)| this.fault(source, pattern.span(), what, hint);
        let (regex, groups) = match expression(pattern.get_ref()) {
            Some(expression) => match regex(expression) {
                Ok(regex) => (Some(regex.clone()), regex.captures_len() - 1),
                Err(fault) => {
                    wrong(self, fault);
                    return None;
                }
            },
            None if compiler.knows(source) => (None, 9),
            None => {
                let mut reader = PatternReader::new(&compiler.words);
                if let Err(fault) = reader.read(pattern.get_ref()) {
                    wrong(self, (fault.what, fault.hint));
                    return None;
                }
                (None, usize::from(reader.groups()))
            }
        };
        for piece in words.get_ref().split('$').skip(1) {
            let digit = piece.chars().next().and_then(|digit| digit.to_digit(10));
            if digit.is_none_or(|number| usize::try_from(number).is_ok_and(|number| number > groups)) {
                let what = format!("there is no group `${}`", piece.chars().next().unwrap_or(' '));
                let hint = format!("the pattern has {groups} groups: $1 is the first");
                self.fault(source, words.span(), what, hint);
                return None;
            }
        }
        let (pattern, words) = (pattern.get_ref().as_str().into(), words.get_ref().as_str().into());
        Some(Rewrite { pattern, regex, words, node: OnceLock::new() })
    }

    fn finder(&mut self, source: &Source, pattern: &Spanned<String>, compiler: &mut Compiler<'s>) -> Option<Finder> {
        let text = pattern.get_ref();
        let fault = if let Some(expression) = expression(text) {
            match regex(expression) {
                Ok(regex) => return Some(Finder::Regex(Box::new(regex))),
                Err(fault) => fault,
            }
        } else {
            let read = if compiler.knows(source) { Ok(()) } else { Patterns::of(&compiler.words, [&**text]).map(drop) };
            match read {
                Ok(()) => {
                    compiler.patterns.push(text.as_str().into());
                    return Some(Finder::Words(compiler.patterns.len() - 1));
                }
                Err(fault) => (fault.what, fault.hint),
            }
        };
        self.fault(source, pattern.span(), fault.0, fault.1);
        None
    }
}

/// What is needed for making finders of patterns.
struct Compiler<'s> {
    lowest_is_known: bool,
    words: Vocabulary,
    /// All patterns on words so far.
    patterns: Vec<Box<str>>,
    trials: Vec<Trial<'s>>,
}

impl Compiler<'_> {
    fn knows(&self, source: &Source) -> bool {
        self.lowest_is_known && source.layer == 0
    }
}

/// The regular expression that a pattern is, if it is one.
fn expression(pattern: &str) -> Option<&str> {
    pattern.strip_prefix('/').and_then(|pattern| pattern.strip_suffix('/')).filter(|pattern| !pattern.is_empty())
}

/// # Errors
/// What is wrong, and what would be right.
fn regex(pattern: &str) -> Result<Regex, (String, String)> {
    let mut escaped = false;
    for c in pattern.chars() {
        if c.is_uppercase() && !escaped {
            let hint = "drafts are compared in lower case: write it so".to_owned();
            return Err((format!("the capital `{c}` is never found"), hint));
        }
        escaped = c == '\\' && !escaped;
    }
    let regex = check::compile(pattern).map_err(|error| {
        let hint = "expressions are those of Rust's regex-lite crate; its letters are those of ASCII".to_owned();
        (format!("the pattern cannot be read: {error}"), hint)
    })?;
    if regex.is_match("") {
        let hint = "everything in it may be left out: take a `?` or `*` away".to_owned();
        return Err(("the pattern fits no words at all".to_owned(), hint));
    }
    Ok(regex)
}
