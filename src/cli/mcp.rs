//! `saywell mcp`: for assistants on the same desk, that start the program and speak to it over standard input and output, a
//! message a line. What is read and answered stands in no log.

use std::{
    io::{self, BufRead, Read as _, Write},
    process::ExitCode,
};

use clap::Args;

use super::{BookSettings, failed};
use crate::{
    mcp::{refusal, reply},
    say::book::Phrasebook,
    shelf::Shelf,
};

/// The longest message, in bytes: far above a draft of the longest kind.
const LONGEST: u64 = 256 * 1024;

#[derive(Debug, Args)]
pub(super) struct Mcp {
    #[command(flatten)]
    book: BookSettings,
}

impl Mcp {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        match Shelf::open(&self.book) {
            Ok(shelf) => converse(&shelf.book(), io::stdin().lock(), io::stdout().lock()),
            Err(error) => failed(&error),
        }
    }
}

/// Answers line by line until the input ends.
fn converse(book: &Phrasebook, mut input: impl BufRead, mut output: impl Write) -> io::Result<ExitCode> {
    let mut line = Vec::new();
    while input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? > 0 {
        if let Some(answer) = answer(book, &line, &mut input)? {
            writeln!(output, "{answer}")?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(book: &Phrasebook, line: &[u8], input: &mut impl BufRead) -> io::Result<Option<String>> {
    let is_cut = !line.ends_with(b"\n") && u64::try_from(line.len()) == Ok(LONGEST);
    if is_cut {
        input.skip_until(b'\n')?;
        return Ok(Some(refusal(&format!("The message is longer than {LONGEST} bytes."))));
    }
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    Ok(reply(book, line, None, fastrand::u64(..)).body)
}
