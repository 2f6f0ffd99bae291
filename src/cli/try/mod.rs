//! `saywell try`: a chat of one's own at the prompt, with the core, the answers and the buttons that chat has. Nothing is
//! kept: what was typed is forgotten when it ends.

mod complete;
mod shown;

use std::{
    collections::HashMap,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::Args;
use rustyline::{CompletionType, Config, Editor, error::ReadlineError, history::MemHistory};

use super::{BookSettings, failed};
use crate::{
    say::{
        answer::{Answer, ButtonKind, answer},
        ask::{Ask, DRAFT, enter},
        book::{Phrasebook, Slot},
        words,
    },
    shelf::Shelf,
};
use complete::Completion;
use shown::{Numbered, Shown};

const WELCOME: &str = "A chat of your own: nobody sees it, and nothing is kept.\n\
                       Type /recover, /check, or a few words such as: charged twice\n\
                       A number presses a button. Tab completes, the arrow up brings back what you typed, Ctrl D ends.\n";

/// What a line of a draft is typed after.
const DRAFT_PROMPT: &str = "| ";

/// What ends a draft of several lines.
const END: &str = ".";

#[derive(Debug, Args)]
pub(super) struct Try {
    #[command(flatten)]
    book: BookSettings,
}

impl Try {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let shelf = match Shelf::open(&self.book) {
            Ok(shelf) => shelf,
            Err(error) => return failed(&error),
        };
        let book = shelf.book();
        let mut room = Room::open(&book).map_err(io::Error::other)?;
        write(WELCOME)?;
        match room.talk() {
            // A terminal's next prompt is to stand on a line of its own.
            Err(ReadlineError::Eof) => write(if io::stdin().is_terminal() { "\n" } else { "" })?,
            Err(ReadlineError::Io(error)) => return Err(error),
            Err(error) => return Err(io::Error::other(error)),
            Ok(()) => {}
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A conversation.
struct Room<'b> {
    book: &'b Phrasebook,
    prompt: Editor<Completion<'b>, MemHistory>,
    /// Reads what is entered in forms: without completion, and without the history of what was asked.
    form: Editor<(), MemHistory>,
    /// What the numbers under the last answer stand for.
    buttons: Vec<Numbered>,
    /// The phrase of each topic that chance picked last.
    last: HashMap<String, usize>,
}

impl<'b> Room<'b> {
    fn open(book: &'b Phrasebook) -> rustyline::Result<Self> {
        let config = Config::builder().completion_type(CompletionType::List).history_ignore_dups(true)?.build();
        let mut prompt = Editor::with_history(config, MemHistory::new())?;
        prompt.set_helper(Some(Completion { book }));
        let form = Editor::with_history(Config::default(), MemHistory::new())?;
        Ok(Self { book, prompt, form, buttons: Vec::new(), last: HashMap::new() })
    }

    /// Until somebody wants no more.
    fn talk(&mut self) -> rustyline::Result<()> {
        loop {
            let line = match self.prompt.readline("> ") {
                Ok(line) => line,
                Err(ReadlineError::Interrupted) => continue,
                Err(error) => return Err(error),
            };
            match line.trim() {
                "" => continue,
                "quit" | "exit" => return Ok(()),
                typed => self.prompt.add_history_entry(typed)?,
            };
            match self.hear(line.trim()) {
                // Out of a form, back to the prompt.
                Err(ReadlineError::Interrupted) => {}
                done => done?,
            }
        }
    }

    fn hear(&mut self, typed: &str) -> rustyline::Result<()> {
        match typed.parse::<usize>() {
            Ok(number) if !self.buttons.is_empty() => self.press(number),
            _ => self.ask(&ask(typed)),
        }
    }

    fn press(&mut self, number: usize) -> rustyline::Result<()> {
        let Some(Numbered { kind, ask, .. }) = number.checked_sub(1).and_then(|place| self.buttons.get(place)).cloned()
        else {
            return Ok(write(&format!("There is no button {number}: there are {}.\n", self.buttons.len()))?);
        };
        match kind {
            Some(ButtonKind::Fill) => self.fill(&ask, ""),
            Some(ButtonKind::Share) => self.share(&ask),
            _ => self.ask(&Ask::umbrella(ask)),
        }
    }

    /// Answers as chat does: a draft is asked for in a form of its own.
    fn ask(&mut self, ask: &Ask) -> rustyline::Result<()> {
        let answer = self.fresh(ask);
        match answer.draft() {
            Some(wanted) => self.draft(wanted.ask.clone(), &answer),
            None => self.show(&answer),
        }
    }

    /// An answer that was not given last, where chance decides.
    fn fresh(&mut self, ask: &Ask) -> Answer<'b> {
        let seed = fastrand::u64(..);
        let first = answer(self.book, ask, seed);
        let Some((topic, place)) = first.chance() else { return first };
        if self.last.insert(topic.dotted(), place) != Some(place) {
            return first;
        }
        let next = answer(self.book, ask, seed.wrapping_add(1));
        self.last.extend(next.chance().map(|(topic, place)| (topic.dotted(), place)));
        next
    }

    fn show(&mut self, answer: &Answer<'_>) -> rustyline::Result<()> {
        let Shown { text, buttons } = Shown::of(answer);
        self.buttons = buttons;
        Ok(write(&text)?)
    }

    /// A form with a line for each blank.
    fn fill(&mut self, ask: &str, mark: &str) -> rustyline::Result<()> {
        let answer = answer(self.book, &Ask::umbrella(ask), 0);
        let values = answer
            .fields()
            .into_iter()
            .map(|(slot, value)| Ok((&*slot.name, self.field(slot, value)?)))
            .collect::<rustyline::Result<Vec<_>>>()?;
        let given: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.trim())).collect();
        let given: Vec<_> = given.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match answer.form_ask(mark, &given) {
            Some(ask) => self.ask(&Ask::umbrella(ask)),
            None => Ok(()),
        }
    }

    fn field(&mut self, slot: &Slot, value: Option<&str>) -> rustyline::Result<String> {
        let prompt = format!("{} ({}) ", slot.ask, slot.example);
        self.form.readline_with_initial(&prompt, (value.unwrap_or_default(), ""))
    }

    /// Who wants to share is asked for what is missing, and then it is shared.
    fn share(&mut self, ask: &str) -> rustyline::Result<()> {
        let answer = answer(self.book, &Ask::umbrella(ask), 0);
        if answer.lines.iter().all(|line| line.blanks.is_empty()) {
            self.show(&answer)
        } else {
            self.fill(ask, "share")
        }
    }

    /// A form for a draft of as many lines as somebody likes.
    fn draft(&mut self, mut ask: String, answer: &Answer<'_>) -> rustyline::Result<()> {
        let about = answer.text.first().map_or(words::CHECK_ABOUT, |about| &**about);
        write(&format!("{about}\nA line with nothing but a full stop ends it.\n"))?;
        let mut lines = Vec::new();
        loop {
            match self.form.readline(DRAFT_PROMPT) {
                Ok(line) if line.trim() == END => break,
                Ok(line) => lines.push(line),
                Err(ReadlineError::Eof) if !lines.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        let draft = lines.join("\n");
        if draft.trim().is_empty() {
            return Ok(());
        }
        enter(&mut ask, DRAFT, &draft);
        self.ask(&Ask::umbrella(ask))
    }
}

/// What is typed with a slash is that command; anything else is asked of all of them.
fn ask(typed: &str) -> Ask {
    let Some(rest) = typed.strip_prefix('/') else { return Ask::umbrella(typed) };
    let (command, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Ask { command: command.to_owned(), text: text.trim().to_owned() }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
