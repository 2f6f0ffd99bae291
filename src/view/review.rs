//! The review of a draft, and the rules behind it.

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use super::{MatterView, SourceRef};
use crate::say::{
    book::{Phrasebook, Severity},
    check::{self, Finding, Made, Move, Review},
    words,
};

/// What there is to say about a draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewView<'b> {
    /// The grave matter of which the draft speaks: no finding, but to be known first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterView<'b>>,
    /// How many findings there are in all; at most a hundred are listed.
    pub total: usize,
    /// What would hurt, in the order of the draft.
    pub findings: Vec<FindingView<'b>>,
    /// Whether the draft answers a problem; only then are there moves.
    pub problem: bool,
    /// What an answer to a problem does.
    pub moves: Vec<MoveView<'b>>,
    /// All of it in a line.
    pub summary: String,
    /// How long it is and how it reads, in a line.
    pub size: String,
    /// The same for plain text, with what the draft was taken for.
    #[serde(skip)]
    pub taken: String,
    /// How many words it has.
    pub words: usize,
    /// Flesch's reading ease, from 0, hard, to 100, easy; left out where there are no words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ease: Option<u8>,
    /// The language that the draft seems to be in, where that is not English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
    /// Where a sentence goes that is added to the draft, in bytes: for the page.
    #[serde(skip)]
    pub end: usize,
    /// The draft with every rewrite in its place, `____` where only the writer knows; left out where it would be the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Words that would hurt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingView<'b> {
    /// The id of the rule, for switching it off.
    pub rule: &'b str,
    /// What the rule is called.
    pub name: &'b str,
    /// How much it hurts.
    pub severity: Severity,
    /// Where the words begin, in characters (Unicode scalar values).
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// The words.
    pub words: String,
    /// Why they hurt.
    pub why: &'b str,
    /// Other words to put in their place, where some can be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<String>,
    /// A sentence to start from where there is no rewrite, with `____` for what only the writer knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<&'b str>,
    /// Where the sentence stands that they are in, in bytes: for the page.
    #[serde(skip)]
    pub sentence: std::ops::Range<usize>,
    /// The topic that helps: `/avoid/blaming`.
    pub help: String,
    /// The article behind the rule.
    pub source: SourceRef<'b>,
}

/// Something that an answer to a problem does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoveView<'b> {
    /// Its id.
    pub id: &'b str,
    /// What it does.
    pub name: &'b str,
    /// Whether the draft does it; left out where there is no draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<bool>,
    /// What to add where it is missing.
    pub advice: &'b str,
    /// A line to paste where it is missing, with `____` for what only the writer knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The topic that helps.
    pub help: String,
}

/// The rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulesView<'b> {
    /// Every rule.
    pub rules: Vec<RuleView<'b>>,
    /// What an answer to a problem does.
    pub moves: Vec<MoveView<'b>>,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleView<'b> {
    /// What it is switched off by: `rules=-blame`.
    pub id: &'b str,
    /// A few words for a heading.
    pub name: &'b str,
    /// How much it hurts.
    pub severity: Severity,
    /// Why it hurts.
    pub why: &'b str,
    /// The school whose advice it is; it is on only with `school=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school: Option<&'b str>,
    /// The topic that helps.
    pub help: String,
    /// The article behind it.
    pub source: SourceRef<'b>,
}

fn path(dotted: &str) -> String {
    format!("/{}", dotted.replacen('.', "/", 1))
}

impl<'b> ReviewView<'b> {
    /// A review as it is written out.
    #[must_use]
    pub(crate) fn new(review: Review<'b>) -> Self {
        Self {
            matter: review.matter.map(MatterView::new),
            total: review.total,
            problem: !review.moves.is_empty(),
            summary: words::findings(&review),
            size: review.size.to_string(),
            taken: words::size(&review, ["ask with `problem=yes`", "ask with `problem=no`"]),
            words: review.size.words,
            ease: review.size.ease,
            language: review.language,
            end: review.end,
            after: review.after,
            findings: review.findings.into_iter().map(FindingView::new).collect(),
            moves: review.moves.into_iter().map(MoveView::made).collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        self.matter.iter().for_each(|matter| matter.write_text(&mut out));
        for finding in &self.findings {
            let _ = writeln!(out, "“{}”: {} [{}, {}]", finding.words, finding.name, finding.severity, finding.rule);
            let _ = writeln!(out, "  {}", finding.why);
            if let Some(words) = &finding.rewrite {
                let _ = writeln!(out, "  Instead: “{words}”");
            } else if let Some(words) = finding.instead {
                let _ = writeln!(out, "  For example: “{words}”");
            }
            let _ = writeln!(out, "  {}", finding.help);
        }
        if self.total > self.findings.len() {
            let _ = writeln!(out, "And {} more.", self.total - self.findings.len());
        }
        let _ = writeln!(out, "{}", self.summary);
        for step in &self.moves {
            let _ = match step.made {
                Some(true) => writeln!(out, "[x] {}", step.name),
                _ => writeln!(out, "[ ] {}: {} {}", step.name, step.advice, step.help),
            };
            if let Some(line) = &step.line {
                let _ = writeln!(out, "    Paste: {line}");
            }
        }
        if self.words > 0 {
            let _ = writeln!(out, "{}", self.taken);
        }
        if let Some(after) = &self.after {
            let _ = writeln!(out, "\nWith those words changed:\n\n{after}");
        }
        out
    }
}

impl<'b> RulesView<'b> {
    /// The rules of a book.
    pub(crate) fn new(book: &'b Phrasebook) -> Self {
        let rule = |rule: &check::Rule| -> Option<RuleView<'b>> {
            let rule = book.check.rules.iter().find(|one| one.id == rule.id)?;
            Some(RuleView {
                id: &rule.id,
                name: &rule.name,
                severity: rule.severity,
                why: &rule.why,
                school: rule.school.as_deref(),
                help: path(&rule.help),
                source: SourceRef::new(book.articles.get(usize::from(rule.article))?),
            })
        };
        Self {
            rules: book.check.rules.iter().filter_map(rule).collect(),
            moves: book.check.moves.iter().map(|step| MoveView::new(step, None)).collect(),
        }
    }

    pub(crate) fn write_text(&self, out: &mut String) {
        for rule in &self.rules {
            let school = rule.school.map_or(String::new(), |school| format!(", with school={school}"));
            let _ =
                writeln!(out, "{} ({}{school}): {}\n  {} {}", rule.id, rule.severity, rule.name, rule.why, rule.help);
        }
        out.push_str("\nAn answer to a problem:\n");
        for step in &self.moves {
            let _ = writeln!(out, "  {}: {}", step.name, step.advice);
        }
    }
}

impl<'b> FindingView<'b> {
    fn new(finding: Finding<'b>) -> Self {
        Self {
            rule: &finding.rule.id,
            name: &finding.rule.name,
            severity: finding.rule.severity,
            start: finding.chars.start,
            end: finding.chars.end,
            words: finding.words,
            why: &finding.rule.why,
            instead: if finding.rewrite.is_some() { None } else { finding.rule.instead.as_deref() },
            rewrite: finding.rewrite,
            sentence: finding.sentence,
            help: path(&finding.rule.help),
            source: SourceRef::new(finding.article),
        }
    }
}

impl<'b> MoveView<'b> {
    fn new(step: &'b Move, made: Option<bool>) -> Self {
        Self { id: &step.id, name: &step.name, made, advice: &step.advice, line: None, help: path(&step.help) }
    }

    fn made(Made { step, made, line }: Made<'b>) -> Self {
        Self { line, ..Self::new(step, Some(made)) }
    }
}
