//! `check.toml`: the rules by which a draft is reviewed, read as strictly as the phrases.
//!
//! A pattern that does not compile is a fault, and so is an example that the rule does not flag and a near-miss that it
//! does: whoever changes a rule hears at once what else has changed.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use indexmap::IndexMap;
use regex::bytes::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    super::{
        check::{self, Check, Matcher, Move, Pattern, Plain, Rewrite, Rule, Sentences},
        find::closest,
    },
    Severity, Source,
    file::longest,
    parse::{KEBAB, Reader, is_kebab, take},
};

/// How drafts are reviewed: `phrasebook/en/check.toml`. Patterns are regular expressions of Rust's `regex` crate, over
/// the draft in lower case with one sentence a line (`^` and `$`), straight apostrophes, single spaces, and ` - ` for dashes.
#[derive(Deserialize, JsonSchema, Default)]
#[schemars(deny_unknown_fields)]
pub(super) struct CheckFile {
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
    /// Other words: pairs of a pattern of the whole of what was flagged, and what to put in its place, where `$1` is the
    /// pattern's first group. The first pattern that fits is taken.
    #[serde(default)]
    #[schemars(with = "Vec<(String, String)>")]
    rewrite: Vec<(Spanned<String>, Spanned<String>)>,
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
    /// Words that do it.
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    patterns: Vec<Spanned<String>>,
    /// Words that do not do it after all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    unless: Vec<Spanned<String>>,
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
    pub(super) lowest_is_known: bool,
    parts: HashMap<String, String>,
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
struct Words {
    patterns: Vec<Spanned<String>>,
    unless: Vec<Spanned<String>>,
    flag: Vec<Spanned<String>>,
    pass: Vec<Spanned<String>>,
}

impl<'s> Reader<'s> {
    /// Reads a file of rules over those of lower layers.
    pub(super) fn check(&mut self, source: &'s Source) {
        let mut document = self.document(source);
        let [rules, moves, problem] = ["rule", "move", "problem"].map(|name| take(&mut document, name));
        let rules = self.entries(source, rules, "rule");
        let moves = self.entries(source, moves, "move");
        if let Some(value) = problem {
            let at = value.span();
            if let Some(entry) = self.record(source, value) {
                self.rules.problem = Some(Raw { source, at, entry });
            }
        }
        let head: CheckFile = self.record(source, Spanned::new(0..0, DeValue::Table(document))).unwrap_or_default();
        for (name, part) in head.part {
            let before = self.rules.parts.insert(name, part.into_inner());
            // The patterns of other files may have become others by it.
            self.rules.lowest_is_known &= before.is_none();
        }
        self.rules.rules.extend(rules);
        self.rules.moves.extend(moves);
    }

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

    pub(super) fn lower_check(&mut self, known: &HashSet<String>) -> Check {
        let RawCheck { lowest_is_known, parts, rules, moves, problem } = std::mem::take(&mut self.rules);
        let compiler = Compiler { lowest_is_known, parts };
        let rules = rules.into_iter().filter_map(|(id, raw)| self.rule(&id, raw, known, &compiler)).collect();
        let moves = moves.into_iter().map(|(id, raw)| self.step(&id, raw, known, &compiler)).collect();
        let problem = problem.map(|Raw { source, at, entry: ProblemEntry { patterns, unless, flag, pass } }| {
            self.matcher(source, &at, Words { patterns, unless, flag, pass }, &compiler)
        });
        Check::new(rules, moves, problem.unwrap_or_default())
    }

    fn rule(
        &mut self,
        id: &str,
        raw: Raw<'s, RuleEntry>,
        known: &HashSet<String>,
        compiler: &Compiler,
    ) -> Option<Rule> {
        let Raw { source, at, entry } = raw;
        let RuleEntry { name, severity, why, source: cited, help, school, patterns, unless, rewrite, flag, pass } =
            entry;
        let name = self.text(source, &at, name, "name", longest::TITLE);
        if severity.is_none() {
            let hint = "add severity = \"error\", \"warning\" or \"suggestion\"";
            self.fault(source, at.clone(), "`severity` is missing", hint);
        }
        let why = self.text(source, &at, why, "why", longest::WHY);
        let article = self.cited(source, &at, cited);
        let help = self.help(source, &at, help, known);
        let school = school.map(|school| self.text(source, &at, Some(school), "school", longest::SCHOOL).into());
        let matcher = self.matcher(source, &at, Words { patterns, unless, flag, pass }, compiler);
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
            rewrites,
        })
    }

    fn step(&mut self, id: &str, raw: Raw<'s, MoveEntry>, known: &HashSet<String>, compiler: &Compiler) -> Move {
        let Raw { source, at, entry: MoveEntry { name, advice, help, patterns, unless, flag, pass } } = raw;
        Move {
            id: id.into(),
            name: self.text(source, &at, name, "name", longest::TITLE).into(),
            advice: self.text(source, &at, advice, "advice", longest::WHY).into(),
            help: self.help(source, &at, help, known).into(),
            matcher: self.matcher(source, &at, Words { patterns, unless, flag, pass }, compiler),
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

    /// Compiles the patterns and tries them on the examples.
    fn matcher(&mut self, source: &Source, at: &Range<usize>, words: Words, compiler: &Compiler) -> Matcher {
        for (list, name, hint) in [
            (&words.patterns, "patterns", "add what is looked for: patterns = ['…']"),
            (&words.flag, "flag", "add an example that must be found: flag = [\"…\"]"),
            (&words.pass, "pass", "add a near-miss that must not be found: pass = [\"…\"]"),
        ] {
            if list.is_empty() {
                self.fault(source, at.clone(), format!("`{name}` is missing"), hint);
            }
        }
        let before = self.faults.len();
        let patterns = words.patterns.iter().filter_map(|pattern| self.pattern(source, pattern, compiler)).collect();
        let unless = words.unless.iter().filter_map(|pattern| self.pattern(source, pattern, compiler)).collect();
        let matcher = Matcher { patterns, unless };
        if compiler.knows(source) || self.faults.len() > before {
            return matcher;
        }
        for (examples, wanted) in [(words.flag, true), (words.pass, false)] {
            for example in examples {
                let plain = Plain::read(example.get_ref());
                let found = matcher.find(&Sentences::unread(plain.text.as_bytes()));
                match found.first() {
                    None if wanted => {
                        let hint = format!("make a pattern fit; it is compared as “{}”", plain.text);
                        self.fault(source, example.span(), "the example is not found", hint);
                    }
                    Some(place) if !wanted => {
                        let words = plain.text.get(place.clone()).unwrap_or_default();
                        let hint =
                            format!("“{words}” is found: make the pattern narrower, or add what it is under `unless`");
                        self.fault(source, example.span(), "the near-miss is found", hint);
                    }
                    _ => {}
                }
            }
        }
        matcher
    }

    fn rewrite(
        &mut self,
        source: &Source,
        pattern: &Spanned<String>,
        words: &Spanned<String>,
        compiler: &Compiler,
    ) -> Option<Rewrite> {
        if compiler.knows(source) {
            let pattern = self.pattern(source, pattern, compiler)?;
            return Some(Rewrite { pattern, words: words.get_ref().as_str().into() });
        }
        let regex = self.regex(source, pattern, compiler)?;
        let groups = regex.captures_len();
        for piece in words.get_ref().split('$').skip(1) {
            let digit = piece.chars().next().and_then(|digit| digit.to_digit(10));
            if digit.is_none_or(|number| usize::try_from(number).is_ok_and(|number| number >= groups)) {
                let what = format!("there is no group `${}`", piece.chars().next().unwrap_or(' '));
                let hint = format!("the pattern has {} groups: $1 is the first", groups - 1);
                self.fault(source, words.span(), what, hint);
                return None;
            }
        }
        Some(Rewrite { pattern: Pattern::compiled(regex), words: words.get_ref().as_str().into() })
    }

    fn pattern(&mut self, source: &Source, pattern: &Spanned<String>, compiler: &Compiler) -> Option<Pattern> {
        if compiler.knows(source) {
            return compiler.whole(pattern.get_ref()).ok().map(Pattern::known);
        }
        self.regex(source, pattern, compiler).map(Pattern::compiled)
    }

    fn regex(&mut self, source: &Source, pattern: &Spanned<String>, compiler: &Compiler) -> Option<Regex> {
        let (what, hint) = match compiler.compile(pattern.get_ref()) {
            Ok(regex) if regex.is_match(b"") => (
                "the pattern fits no words at all".to_owned(),
                "everything in it may be left out: take a `?` or `*` away".to_owned(),
            ),
            Ok(regex) => return Some(regex),
            Err(fault) => fault,
        };
        self.fault(source, pattern.span(), what, hint);
        None
    }
}

/// Makes regular expressions of patterns.
struct Compiler {
    lowest_is_known: bool,
    parts: HashMap<String, String>,
}

impl Compiler {
    fn knows(&self, source: &Source) -> bool {
        self.lowest_is_known && source.layer == 0
    }

    /// # Errors
    /// What is wrong, and what would be right.
    fn compile(&self, pattern: &str) -> Result<Regex, (String, String)> {
        let whole = self.whole(pattern)?;
        let mut escaped = false;
        for c in whole.chars() {
            if c.is_uppercase() && !escaped {
                let hint = "drafts are compared in lower case: write it so".to_owned();
                return Err((format!("the capital `{c}` is never found"), hint));
            }
            escaped = c == '\\' && !escaped;
        }
        check::compile(&whole).map_err(|error| {
            let message = error.to_string();
            let what = message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            (
                format!("the pattern cannot be read: {what}"),
                "patterns are those of Rust's regex crate, over ASCII".into(),
            )
        })
    }

    /// The pattern with its parts in place.
    fn whole(&self, pattern: &str) -> Result<String, (String, String)> {
        let mut whole = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            whole.push_str(before);
            match after.split_once('}') {
                Some((name, after)) if name.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    let part = self.parts.get(name).ok_or_else(|| {
                        let near = closest(name, self.parts.keys().map(String::as_str));
                        let hint = near
                            .map_or_else(|| "add it under [part]".to_owned(), |near| format!("did you mean `{near}`?"));
                        (format!("there is no part `{name}`"), hint)
                    })?;
                    whole.push_str("(?:");
                    whole.push_str(part);
                    whole.push(')');
                    rest = after;
                }
                _ => {
                    whole.push('{');
                    rest = after;
                }
            }
        }
        whole.push_str(rest);
        Ok(whole)
    }
}
