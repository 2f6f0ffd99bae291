//! An answer as it is shown at the prompt: all that chat shows, and its buttons as numbers.

use std::fmt::Write as _;

use anstyle::Style;

use super::super::say::reason;
use crate::say::{
    answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
    words,
};

const BOLD: Style = Style::new().bold();
const DIMMED: Style = Style::new().dimmed();

/// Something to press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbered {
    /// What stands on it; where there is nothing, what it is for stands above with its number.
    label: Option<&'static str>,
    /// What kind of button it is; none where it only asks.
    pub(super) kind: Option<ButtonKind>,
    /// What to ask of the umbrella command.
    pub(super) ask: String,
}

/// What is written, and what the numbers in it stand for.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) buttons: Vec<Numbered>,
}

impl Shown {
    pub(super) fn of(answer: &Answer<'_>) -> Self {
        let mut shown = Self::default();
        if answer.audience == Audience::Room {
            shown.shared(answer);
        } else {
            shown.whole(answer);
        }
        shown.text.push('\n');
        shown
    }

    /// Only the words, as everyone would see them.
    fn shared(&mut self, answer: &Answer<'_>) {
        self.paragraph(&format!("{DIMMED}In chat, everyone would now see:{DIMMED:#}"));
        match &answer.letter {
            Some(letter) => self.paragraph(letter),
            None => answer.lines.iter().for_each(|line| self.paragraph(&line.words)),
        }
    }

    /// The whole answer, for the person who asked.
    fn whole(&mut self, answer: &Answer<'_>) {
        self.paragraph(&format!("{BOLD}{}{BOLD:#}", answer.heading));
        for note in answer.notes.iter().chain(&answer.conditions()) {
            self.paragraph(note);
        }
        self.lines(answer);
        answer.text.iter().for_each(|text| self.paragraph(text));
        self.usage(answer);
        answer.entries.iter().for_each(|entry| self.entry(entry));
        if let Some(topic) = answer.topic {
            self.paragraph(&format!("{DIMMED}{}: {}{DIMMED:#}", words::TIP, topic.tip));
            self.paragraph(&format!("{DIMMED}{}: {}{DIMMED:#}", words::AVOID, topic.avoid));
        }
        self.buttons(&answer.buttons);
    }

    fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}");
    }

    /// The number by which this is asked.
    fn number(&mut self, label: Option<&'static str>, kind: Option<ButtonKind>, ask: String) -> usize {
        self.buttons.push(Numbered { label, kind, ask });
        self.buttons.len()
    }

    /// The line and why it works; or several, each of which can be taken by its number.
    fn lines(&mut self, answer: &Answer<'_>) {
        match (&answer.letter, &*answer.lines) {
            (Some(letter), _) => self.paragraph(&format!("\n{letter}\n")),
            (None, [line]) => self.paragraph(&format!("\n  {}\n\n{}", line.words, reason(line).trim_end())),
            (None, lines) => lines.iter().for_each(|line| self.line(line, answer.why)),
        }
    }

    fn line(&mut self, line: &Line<'_>, why: bool) {
        let number = self.number(None, None, line.again());
        self.paragraph(&format!("{BOLD}{}{BOLD:#} {}", line.label(number), line.words));
        if why {
            self.paragraph(reason(line).trim_end());
        }
    }

    fn usage(&mut self, answer: &Answer<'_>) {
        let width = answer.usage.iter().map(|(typed, _)| typed.chars().count()).max().unwrap_or_default();
        for (typed, what) in &answer.usage {
            self.paragraph(&format!("  {typed:<width$}  {what}"));
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let number = self.number(None, None, entry.ask.clone());
        let detail = if entry.detail.is_empty() { String::new() } else { format!("  {}", entry.detail) };
        self.paragraph(&format!("{number:>2}  {BOLD}{}{BOLD:#}{detail}", entry.label));
    }

    fn buttons(&mut self, buttons: &[Button]) {
        let first = self.buttons.len();
        for one in buttons {
            self.number(Some(one.label), Some(one.kind), one.ask.clone());
        }
        let labels = self.buttons.iter().zip(1..).skip(first);
        let labels = labels.filter_map(|(button, number)| Some(format!("{BOLD}{number}{BOLD:#} {}", button.label?)));
        let labels: Vec<String> = labels.collect();
        if !labels.is_empty() {
            self.paragraph(&format!("\n{}", labels.join("   ")));
        }
    }
}
