//! How an administrator brings a platform in, step by step: once for the page at `/install` and once for the papers,
//! from the same words.

use std::fmt::Write as _;

/// A step: sentences, one a line, with `**bold**`, `` `code` `` and `<https://links>`, and what is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// What to copy.
    pub copies: Vec<Copy>,
}

/// Something to be copied: a line for a terminal or a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its name among those of its platform, `manifest`.
    pub name: &'static str,
    /// What it is, `the manifest`.
    pub what: &'static str,
    /// The line.
    pub line: String,
    /// What the line prints, where that is of use to who reads the page; or why there is nothing of the kind.
    pub sheet: Option<Result<String, String>>,
}

impl Step {
    /// A step with nothing to copy.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), copies: Vec::new() }
    }

    /// With a line to copy.
    #[must_use]
    pub fn line(mut self, name: &'static str, what: &'static str, line: impl Into<String>) -> Self {
        self.copies.push(Copy { name, what, line: line.into(), sheet: None });
        self
    }

    /// With what the last line prints.
    #[must_use]
    pub fn sheet(mut self, sheet: Result<String, String>) -> Self {
        if let Some(last) = self.copies.last_mut() {
            last.sheet = Some(sheet);
        }
        self
    }
}

/// A stretch of a step's sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words.
    Plain(&'a str),
    /// What is to be found on somebody else's page, as it stands there.
    Bold(&'a str),
    /// What is typed.
    Code(&'a str),
    /// An address to open, without `https://`.
    Link(&'a str),
}

/// Sentences, cut where their marks begin and end.
#[must_use]
pub fn spans(mut text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    while let Some((before, span, after)) = first_mark(text) {
        spans.extend([Span::Plain(before), span]);
        text = after;
    }
    spans.push(Span::Plain(text));
    spans.retain(|span| *span != Span::Plain(""));
    spans
}

fn first_mark<'a>(text: &'a str) -> Option<(&'a str, Span<'a>, &'a str)> {
    type Make<'a> = fn(&'a str) -> Span<'a>;
    let marks: [(&str, &str, Make<'a>); 3] =
        [("`", "`", Span::Code), ("**", "**", Span::Bold), ("<https://", ">", Span::Link)];
    let found = marks.into_iter().filter_map(|(open, close, make)| {
        let (before, rest) = text.split_once(open)?;
        let (marked, after) = rest.split_once(close)?;
        Some((before, make(marked), after))
    });
    found.min_by_key(|(before, ..)| before.len())
}

/// Steps as the papers have them: a numbered list in Markdown, one sentence a line.
#[must_use]
pub fn markdown(steps: &[Step]) -> String {
    let mut list = String::new();
    for (step, number) in steps.iter().zip(1_usize..) {
        let _ = writeln!(list, "{number}. {}", step.text.replace('\n', "\n   "));
        for copy in &step.copies {
            let _ = writeln!(list, "   ```console\n   {}\n   ```", copy.line.replace('\n', "\n   "));
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_a_list_in_which_what_is_to_be_copied_stands_apart() {
        let steps = [Step::new("One.\nAnd `this`.").line("a", "it", "x\ny"), Step::new("Two.")];
        assert_eq!(markdown(&steps), "1. One.\n   And `this`.\n   ```console\n   x\n   y\n   ```\n2. Two.\n");
    }

    #[test]
    fn a_step_is_cut_where_its_marks_begin_and_end() {
        use Span::{Bold, Code, Link, Plain};
        let spans = spans("At <https://a.example/b> press **New**, type `/x ** y`.");
        assert_eq!(
            spans,
            [
                Plain("At "),
                Link("a.example/b"),
                Plain(" press "),
                Bold("New"),
                Plain(", type "),
                Code("/x ** y"),
                Plain("."),
            ],
        );
    }
}
