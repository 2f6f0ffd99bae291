//! What is entered in Google's console, which takes no file: the settings of the app, and the commands with their ids.
//!
//! The console wants a number for each command, and what is delivered says that number. It is made of the command's name, so
//! that it is found again in whatever book there is then, and stays when other commands come. What is chosen without words
//! has fixed ones.

use std::fmt::Write as _;

use clap::Args;

use crate::{
    chat::{BookFlags, base, markup::plain},
    say::{
        ask::CHECK,
        book::{Phrasebook, UMBRELLA},
        words,
    },
};

/// What `saywell manifest google-chat` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The address under which Google reaches the service, https://saywell.example.com
    #[arg(long, value_name = "ADDRESS")]
    url: String,
}

impl BookFlags for Flags {
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>> {
        sheet(book, &self.url)
    }
}

/// The ids of what is chosen without words, below those of typed commands.
const MENU: u32 = 1;
const REVIEW: u32 = 2;
const CHECK_MESSAGE: u32 = 3;
/// The first id of typed commands, and the last that Google takes.
const FIRST: u32 = 10;
const LAST: u32 = 1_000;
/// As long may a description be.
const DESCRIPTION: usize = 50;

/// What a quick command asks of the umbrella command.
pub(super) fn quick(id: Option<u32>) -> &'static str {
    if id == Some(REVIEW) { CHECK } else { "" }
}

/// The typed command that has this number on the sheet.
pub(super) fn typed(book: &Phrasebook, id: u32) -> Option<&str> {
    let typed = commands(book);
    let names: Vec<&str> = typed.iter().map(|(name, _)| *name).collect();
    let at = ids(&names).iter().position(|own| *own == id)?;
    names.get(at).copied()
}

/// The typed commands, each with what it is for.
fn commands(book: &Phrasebook) -> Vec<(&str, &str)> {
    let own = book.commands.iter().map(|command| (&*command.name, &*command.about));
    [(UMBRELLA, words::UMBRELLA_ABOUT), (CHECK, words::CHECK_ABOUT)].into_iter().chain(own).collect()
}

/// The sheet for the console.
pub(super) fn sheet(book: &Phrasebook, url: &str) -> Result<String, Vec<String>> {
    let Some(address) = base(url).filter(|base| base.starts_with("https://")) else {
        return Err(vec![format!(
            "`{url}` is no address that Google can call: give one like https://saywell.example.com"
        )]);
    };
    let mut sheet = format!(
        "# Google Cloud console > Google Chat API > Configuration\n\n\
         App name                 Saywell\n\
         Description              Words for a hard customer moment\n\
         Interactive features     on\n\
         Functionality            Join spaces and group conversations\n\
         Connection settings      HTTP endpoint URL\n\
         HTTP endpoint URL        {address}/google-chat/events\n\
         Authentication audience  HTTP endpoint URL\n\n\
         # Commands > Add a command. “Opens a dialog” stays off.\n"
    );
    let typed = commands(book);
    let names: Vec<&str> = typed.iter().map(|(name, _)| *name).collect();
    for ((name, about), id) in typed.iter().zip(ids(&names)) {
        row(&mut sheet, id, "Slash command", &format!("/{name}"), about);
    }
    row(&mut sheet, MENU, "Quick command", "Saywell", words::UMBRELLA_ABOUT);
    row(&mut sheet, REVIEW, "Quick command", "Check a draft", words::CHECK_ABOUT);
    row(&mut sheet, CHECK_MESSAGE, "Message action", words::CHECK_MESSAGE, words::CHECK_ABOUT);
    Ok(sheet)
}

fn row(sheet: &mut String, id: u32, kind: &str, name: &str, about: &str) {
    let whole = plain(about, DESCRIPTION);
    // Cut between words, where it is cut.
    let cut = whole.strip_suffix('…').and_then(|cut| cut.rsplit_once(' '));
    let about = cut.map_or_else(|| whole.to_string(), |(words, _)| format!("{}…", words.trim_end_matches([',', ':'])));
    let _ = write!(sheet, "\nCommand ID    {id}\nCommand type  {kind}\nName          {name}\nDescription   {about}\n");
}

/// How many ids there are for typed commands.
const SPAN: u32 = LAST - FIRST + 1;

/// The id that a name leads to, by FNV-1a.
pub(super) fn id(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
    FIRST + hash % SPAN
}

/// An id for each name. Of two that lead to the same, the first keeps it, and the other takes the next free one.
fn ids(names: &[&str]) -> Vec<u32> {
    let mut taken: Vec<u32> = Vec::with_capacity(names.len());
    for name in names {
        let wanted = id(name) - FIRST;
        let free = (0..SPAN).map(|step| FIRST + (wanted + step) % SPAN).find(|id| !taken.contains(id));
        taken.push(free.unwrap_or(LAST));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_is_too_long_ends_with_a_word() {
        let mut sheet = String::new();
        row(&mut sheet, 1, "x", "x", "What would hurt in a draft, why, and what to say instead");
        assert!(sheet.ends_with("Description   What would hurt in a draft, why, and what to…\n"), "{sheet}");
        row(&mut sheet, 1, "x", "x", "Say sorry, so that it is felt.");
        assert!(sheet.ends_with("Description   Say sorry, so that it is felt.\n"), "{sheet}");
    }

    #[test]
    fn an_id_stays_when_commands_are_added_or_renamed() {
        let [alone] = ids(&["recover"])[..] else { panic!() };
        let all = ids(&["saywell", "check", "opener", "recover"]);
        assert_eq!(all[3], alone);
        assert!(all.iter().all(|id| (FIRST..=LAST).contains(id)));
    }

    #[test]
    fn no_two_commands_have_the_same_id() {
        let names: Vec<String> = (0..300).map(|number| format!("command{number}")).collect();
        let mut ids = ids(&names.iter().map(String::as_str).collect::<Vec<_>>());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 300);
    }
}
