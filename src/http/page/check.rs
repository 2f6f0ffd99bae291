//! The page for drafts: a field to write one in, what would hurt in it, underlined where it stands, what is missing, and
//! the rules. The script sends the same form and takes the review out of the same page.

use askama::Template;

use super::{Frame, render};
use crate::{
    say::{
        book::{Phrasebook, Severity},
        check::{LONGEST, Options},
    },
    view::{FindingView, ReviewView, RuleView, RulesView},
};

#[derive(Template)]
#[template(path = "check.html", config = "src/askama.toml")]
struct Check<'a> {
    frame: Frame,
    book: &'a Phrasebook,
    draft: &'a str,
    outcome: CheckState<'a>,
    rules: Vec<RuleView<'a>>,
    /// The ids of the rules that are used.
    used: Vec<&'a str>,
    /// Whether the draft is about a problem, where somebody has said so.
    problem: Option<bool>,
}

/// What became of the draft.
enum CheckState<'a> {
    /// There is none yet; here is an example.
    None(Reviewed<'a>),
    /// It is longer, by so many characters, than what is read at once.
    TooLong(usize),
    /// It was read.
    Review(Reviewed<'a>),
}

/// A draft with what there is to say about it, as a part of a page.
#[derive(Template)]
#[template(path = "review.html", config = "src/askama.toml")]
pub(super) struct Reviewed<'a> {
    pub(super) book: &'a Phrasebook,
    pub(super) draft: &'a str,
    pub(super) view: &'a ReviewView<'a>,
}

/// A stretch of the draft.
struct MarkedRun {
    words: String,
    /// The numbers of the findings that begin with it: `2`, or `2 3`.
    label: String,
    /// How much it hurts, if it does.
    severity: Option<Severity>,
}

/// What shows on the empty page what a review is like.
const EXAMPLE: &str =
    "Hello Ana, you should have called. Mistakes were made. I'm sorry if that upset you. It was just a small delay.";

/// The field, and the rules.
pub(super) fn blank(book: &Phrasebook) -> String {
    blank_with(book, &Options::default())
}

fn blank_with(book: &Phrasebook, options: &Options) -> String {
    let view = ReviewView::new(book.review(EXAMPLE, options));
    page(book, "", options, CheckState::None(Reviewed { book, draft: EXAMPLE, view: &view }))
}

/// The field with the draft in it, and its review.
#[must_use]
pub(crate) fn reviewed(book: &Phrasebook, draft: &str, options: &Options, view: &ReviewView<'_>) -> String {
    if draft.trim().is_empty() {
        return blank_with(book, options);
    }
    page(book, draft, options, CheckState::Review(Reviewed { book, draft, view }))
}

/// The field with a draft that is too long to be reviewed: nobody is to lose it.
#[must_use]
pub(crate) fn too_long(book: &Phrasebook, draft: &str, options: &Options) -> String {
    page(book, draft, options, CheckState::TooLong(draft.chars().count().saturating_sub(LONGEST)))
}

fn page(book: &Phrasebook, draft: &str, options: &Options, outcome: CheckState<'_>) -> String {
    let description = "What would hurt in a message to a customer, why, and what to say instead.";
    render(&Check {
        frame: Frame::new("Check a draft", description, "/check"),
        book,
        draft,
        outcome,
        rules: RulesView::new(book).rules,
        used: book.check.used(options).map(|rule| &*rule.id).collect(),
        problem: options.problem(),
    })
}

impl Check<'_> {
    fn uses(&self, rule: &RuleView<'_>) -> bool {
        self.used.contains(&rule.id)
    }

    /// Whether the rules are others than those that everybody starts with.
    fn is_chosen(&self) -> bool {
        self.rules.iter().any(|rule| self.uses(rule) != rule.school.is_none())
    }

    /// The first rule of each school.
    fn schools(&self) -> impl Iterator<Item = (&str, &RuleView<'_>)> {
        let mut seen = Vec::new();
        self.rules.iter().filter_map(move |rule| {
            let school = rule.school.filter(|school| !seen.contains(school))?;
            seen.push(school);
            Some((school, rule))
        })
    }

    /// What the topic at a path is called.
    fn topic<'s>(&'s self, path: &'s str) -> &'s str {
        topic(self.book, path)
    }
}

impl Reviewed<'_> {
    /// Where the sentence of a finding begins and ends, in characters, and its words.
    fn sentence(&self, finding: &FindingView<'_>) -> (usize, usize, &str) {
        let words = self.draft.get(finding.sentence.clone()).unwrap_or_default();
        let start = self.draft.get(..finding.sentence.start).map_or(0, |before| before.chars().count());
        (start, start + words.chars().count(), words)
    }

    /// Where a line goes that is added, in characters.
    fn end(&self) -> usize {
        self.draft.get(..self.view.end).map_or(0, |own| own.chars().count())
    }

    /// What stands before and after the words of a finding in its sentence.
    fn around(&self, finding: &FindingView<'_>) -> (String, String) {
        let (start, end, sentence) = self.sentence(finding);
        let before = sentence.chars().take(finding.start.saturating_sub(start)).collect();
        let after = sentence.chars().skip(finding.end.clamp(start, end) - start).collect();
        (before, after)
    }

    /// What the topic at a path is called.
    fn topic<'s>(&'s self, path: &'s str) -> &'s str {
        topic(self.book, path)
    }

    fn runs(&self) -> Vec<MarkedRun> {
        runs(self.draft, self.view)
    }
}

fn topic<'s>(book: &'s Phrasebook, path: &'s str) -> &'s str {
    let dotted = path.trim_start_matches('/').replacen('/', ".", 1);
    book.topic(&dotted).map_or(path, |topic| &topic.title)
}

/// The draft, cut wherever a finding begins or ends: findings of different rules may overlap.
fn runs(draft: &str, view: &ReviewView<'_>) -> Vec<MarkedRun> {
    let mut cuts: Vec<usize> = view.findings.iter().flat_map(|finding| [finding.start, finding.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut chars = draft.chars();
    let mut at = 0;
    let mut run = |end: usize| {
        let here = view.findings.iter().zip(1..).filter(|(finding, _)| finding.start <= at && at < finding.end);
        let begin: Vec<String> =
            here.clone().filter(|(finding, _)| finding.start == at).map(|(_, number)| number.to_string()).collect();
        let severity = here.map(|(finding, _)| finding.severity).min();
        let words = chars.by_ref().take(end - at).collect();
        at = end;
        MarkedRun { words, label: begin.join(" "), severity }
    };
    let mut runs: Vec<MarkedRun> = cuts.into_iter().map(&mut run).collect();
    runs.push(run(usize::MAX));
    runs.retain(|run| !run.words.is_empty());
    make_room(&mut runs);
    runs
}

/// A number wider than its words would run into the next one; these stand together, before the first.
fn make_room(runs: &mut [MarkedRun]) {
    for at in (1..runs.len()).rev() {
        let Some([before, here]) = runs.get_mut(at - 1..=at) else { continue };
        let is_narrow = before.words.chars().count() <= before.label.len();
        if !before.label.is_empty() && !here.label.is_empty() && is_narrow {
            before.label = format!("{} {}", before.label, std::mem::take(&mut here.label));
        }
    }
}
