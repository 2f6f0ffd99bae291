//! `saywell say`: the grammar of chat, in the terminal. What is said goes to standard output, remarks about it to standard
//! error, so that it can be piped.

use std::{fmt::Write as _, io, process::ExitCode, sync::Arc};

use anstyle::Style;
use clap::{Args, Parser};
use serde::Serialize;

use super::{BookSettings, complain, failed};
use crate::{
    say::{
        answer::{Answer, Line, answer},
        ask::{Ask, CHECK, push_slot},
        book::{Phrasebook, UMBRELLA},
        words,
    },
    shelf::{Shelf, ShelfError},
    view::PhraseView,
};

/// Where the book is, by the environment alone.
#[derive(Debug, Parser)]
pub(super) struct Settings {
    #[command(flatten)]
    book: BookSettings,
}

impl Settings {
    /// The commands of the book.
    pub(super) fn commands(&self) -> Result<Vec<Arc<str>>, ShelfError> {
        Ok(Shelf::open(&self.book)?.book().commands.iter().map(|command| command.name.clone()).collect())
    }

    pub(super) fn say(self, words: Vec<String>) -> Say {
        Say { words, json: false, book: self.book }
    }
}

#[derive(Debug, Args)]
pub(super) struct Say {
    /// What to ask: a command, a topic, blanks; `help` tells more
    #[arg(value_name = "WORDS", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,

    /// Print everything that is known of the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    book: BookSettings,
}

impl Say {
    pub(super) fn run(mut self) -> io::Result<ExitCode> {
        // Whatever follows the first word comes here as a word, the flag among them.
        let words = self.words.len();
        self.words.retain(|word| word != "--json");
        self.json |= self.words.len() < words;
        let shelf = match Shelf::open(&self.book) {
            Ok(shelf) => shelf,
            Err(error) => return failed(&error),
        };
        let book = shelf.book();
        let words: Vec<String> = self.words.iter().map(|word| quoted(word)).collect();
        let answer = in_terminal(answer(&book, &Ask::umbrella(words.join(" ")), fastrand::u64(..)), &book);
        let found = answer.found;
        if self.json {
            super::print(&serde_json::to_string_pretty(&AnswerView::new(answer))?)?;
        } else {
            answer.notes.iter().chain(&answer.conditions()).for_each(|note| complain(note));
            if !found {
                complain(&answer.heading);
            }
            super::print(&text(&answer))?;
        }
        Ok(if found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// An answer that speaks of what is typed in a terminal, where chat has a slash.
fn in_terminal<'b>(mut answer: Answer<'b>, book: &Phrasebook) -> Answer<'b> {
    let spoken = |text: &str| without_slashes(text, book);
    answer.heading = spoken(&answer.heading).into();
    answer.notes.iter_mut().for_each(|note| *note = spoken(note));
    answer.text.iter_mut().for_each(|paragraph| *paragraph = spoken(paragraph).into());
    let usage = std::mem::take(&mut answer.usage).into_iter();
    answer.usage = usage.filter_map(|(typed, what)| Some((spoken(&typed), words::in_terminal(what)?))).collect();
    answer
}

/// `/recover billing` and `/saywell recover billing` as `saywell say recover billing`; other slashes stay.
fn without_slashes(text: &str, book: &Phrasebook) -> String {
    let mut pieces = text.split('/');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let begins = out.is_empty() || out.ends_with([' ', '(', '“']);
        let name = piece.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
        match name {
            UMBRELLA if begins => out.extend(["saywell say", piece.get(name.len()..).unwrap_or_default()]),
            _ if begins && (name == CHECK || book.command(name).is_some()) => out.extend(["saywell say ", piece]),
            _ => out.extend(["/", piece]),
        }
    }
    out
}

/// The shell has taken the quotes away from `customer="Dr. Matt"`; here they are again.
fn quoted(word: &str) -> String {
    match word.split_once('=') {
        Some((name, value)) if value.contains(' ') && !name.contains(' ') && !is_quoted(value) => {
            let mut slot = String::new();
            push_slot(&mut slot, name, value);
            slot
        }
        _ => word.to_owned(),
    }
}

/// Whether a value has quotes of its own, as a phone or an editor writes them; after it the next blank may be filled.
fn is_quoted(value: &str) -> bool {
    value.starts_with(['“', '„', '«', '「', '『', '‹', '"'])
        && (value.contains('=') || value.ends_with(['”', '“', '»', '」', '』', '›', '"']))
}

fn text(answer: &Answer<'_>) -> String {
    let bold = Style::new().bold();
    let mut out = String::new();
    if answer.lines.is_empty() && answer.found {
        let _ = writeln!(out, "{bold}{}{bold:#}", answer.heading);
    }
    for paragraph in &answer.text {
        let _ = writeln!(out, "{paragraph}");
    }
    if let Some(letter) = &answer.letter {
        let _ = writeln!(out, "{letter}");
    }
    for (line, number) in answer.lines.iter().zip(1..).filter(|_| answer.letter.is_none()) {
        if answer.lines.len() > 1 {
            let colon = if line.phrase.step.is_some() { ":" } else { "" };
            let _ = write!(out, "{}{colon} ", line.label(number));
        }
        let _ = writeln!(out, "{}", line.words);
        if answer.why {
            out.push_str(&reason(line));
        }
    }
    if answer.why
        && let Some(topic) = answer.topic
    {
        let _ = writeln!(out, "Tip: {}\nAvoid: {}", topic.tip, topic.avoid);
    }
    let width = answer.usage.iter().map(|(usage, _)| usage.chars().count()).max().unwrap_or_default();
    for (usage, what) in &answer.usage {
        let _ = writeln!(out, "  {usage:<width$}  {what}");
    }
    let width = answer.entries.iter().map(|entry| entry.ask.chars().count()).max().unwrap_or_default();
    for entry in &answer.entries {
        let detail = if entry.label.starts_with('/') { &entry.detail } else { &entry.label };
        let _ = writeln!(out, "  {bold}{:<width$}{bold:#}  {detail}", entry.ask.replacen('.', " ", 1));
    }
    out
}

/// Why a line works, what it is said instead of, and where it comes from.
pub(super) fn reason(line: &Line<'_>) -> String {
    let dimmed = Style::new().dimmed();
    let instead = line.phrase.instead_of.as_deref().map_or(String::new(), |bad| format!("Instead of: “{bad}”\n"));
    format!("{dimmed}{instead}Why: {}\nSource: {}{dimmed:#}\n", line.phrase.why, line.article)
}

/// An answer as JSON.
#[derive(Serialize)]
struct AnswerView<'b> {
    found: bool,
    heading: String,
    notes: Vec<String>,
    phrases: Vec<PhraseView<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<String>,
    text: Vec<String>,
    usage: Vec<UsageView>,
    entries: Vec<EntryView>,
}

#[derive(Serialize)]
struct UsageView {
    usage: String,
    what: &'static str,
}

#[derive(Serialize)]
struct EntryView {
    label: String,
    detail: String,
    ask: String,
}

impl<'b> AnswerView<'b> {
    fn new(answer: Answer<'b>) -> Self {
        Self {
            found: answer.found,
            heading: answer.heading.into_owned(),
            notes: answer.notes,
            letter: answer.letter,
            phrases: answer.lines.into_iter().map(|line| PhraseView::new(line, Vec::new())).collect(),
            text: answer.text.into_iter().map(Into::into).collect(),
            usage: answer.usage.into_iter().map(|(usage, what)| UsageView { usage, what }).collect(),
            entries: answer
                .entries
                .into_iter()
                .map(|entry| EntryView { label: entry.label.into(), detail: entry.detail.into(), ask: entry.ask })
                .collect(),
        }
    }
}
