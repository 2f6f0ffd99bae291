//! A fault of the phrasebook: which file, where, what is wrong, what would be right.

use std::ops::Range;

use thiserror::Error;

use super::source::Source;

/// One fault. Its `Display` is one line, `en/recover.toml:12:7: what; hint`; [`Fault::draw`] shows the place as a
/// compiler would.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {what}; {hint}")]
pub struct Fault {
    /// The file, as [`Source::name`] gives it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub hint: String,
    /// The bytes of the file that are wrong.
    pub at: Range<usize>,
}

impl Fault {
    /// So many faults are told; a file that has more is not being written but is something else. Without an end a file
    /// made to be slow could have one a byte, and finding the line of each takes as long as reading the file.
    pub const MOST: usize = 200;

    pub(super) fn new(source: &Source, at: Range<usize>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        let end = at.end.min(source.text.len());
        let start = at.start.min(end);
        let before = source.text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            file: source.name.clone(),
            line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            what: what.into(),
            hint: hint.into(),
            at: start..end,
        }
    }

    /// Longer places, in bytes, are named but not drawn.
    const LONGEST_SHOWN: usize = 16 * 1024;

    /// The fault with the lines around it, in colour if wanted.
    #[must_use]
    pub fn draw(&self, sources: &[Source], colour: bool) -> String {
        use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

        let Some(source) = sources.iter().find(|source| source.name == self.file) else {
            return format!("error: {self}");
        };
        // Of a large file only the lines that are shown: the renderer goes through all that it is given.
        let text = &*source.text;
        let start = text.get(..self.at.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let end =
            text.get(self.at.end..).and_then(|after| after.find('\n')).map_or(text.len(), |end| self.at.end + end);
        let lines = text.get(start..end).unwrap_or_default();
        if lines.len() > Self::LONGEST_SHOWN {
            return format!("error: {self}");
        }
        let report = &[Level::ERROR
            .primary_title(&self.what)
            .element(
                Snippet::source(lines)
                    .line_start(self.line)
                    .path(&self.file)
                    .annotation(AnnotationKind::Primary.span(self.at.start - start..self.at.end - start)),
            )
            .element(Level::HELP.message(&self.hint))];
        if colour { Renderer::styled() } else { Renderer::plain() }.render(report)
    }
}
