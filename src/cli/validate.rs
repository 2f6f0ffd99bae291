//! `saywell validate`: what the service would say of a folder of phrases, shown as a compiler would, and what the folder
//! changes of the book below it.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::{BookSettings, complain, failed};
use crate::{
    say::book::{Fault, Phrase, Phrasebook, Topic},
    shelf::{self, ShelfError},
};

#[derive(Debug, Args)]
pub(super) struct Validate {
    /// The folder, checked as it would be laid over the built-in book; without one the built-in book itself is checked
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,

    /// Check the folder by itself, as with `serve --no-default-phrasebook`
    #[arg(long)]
    no_default_phrasebook: bool,
}

impl Validate {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        if let Some(what) = self.folder.as_deref().and_then(unfit) {
            return failed(&what);
        }
        let Self { folder, no_default_phrasebook } = self;
        let settings = BookSettings {
            folders: folder.iter().cloned().collect(),
            no_default_phrasebook: no_default_phrasebook.into(),
        };
        match shelf::validate(&settings) {
            Ok(book) => fine(&book, folder.as_deref(), no_default_phrasebook),
            Err(ShelfError::Faults(faults, sources)) => {
                // A pipe gets plain text; anstream would strip the colours, but not the wider frame drawn for them.
                let colour = io::stderr().is_terminal();
                for fault in &faults {
                    complain(&format!("{}\n", fault.draw(&sources, colour)));
                }
                complain(&refused(faults.len()));
                Ok(ExitCode::FAILURE)
            }
            Err(error) => failed(&error),
        }
    }
}

/// Why this cannot be validated, where it is no folder of phrases at all.
fn unfit(folder: &Path) -> Option<String> {
    let shown = folder.display();
    if folder.is_file() {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let parent = if parent.ends_with("en") { parent.parent().unwrap_or(parent) } else { parent };
        return Some(format!(
            "{shown} is a file; its folder is checked as a whole: saywell validate {}",
            parent.display()
        ));
    }
    if !folder.is_dir() || !shelf::is_empty(folder) {
        return None;
    }
    let mut what = format!(
        "nothing in {shown} is read: files of phrases are COMMAND.toml, of questions COMMAND.questions, there or in {shown}/en"
    );
    for file in shelf::unread(folder) {
        let _ = write!(what, "\n  {}: {}", file.path.display(), file.why);
    }
    Some(what)
}

fn refused(faults: usize) -> String {
    match faults {
        1 => "1 fault; the phrasebook would be refused.".to_owned(),
        Fault::MOST.. => format!("{} faults or more; the phrasebook would be refused.", Fault::MOST),
        _ => format!("{faults} faults; the phrasebook would be refused."),
    }
}

fn fine(book: &Phrasebook, folder: Option<&Path>, alone: bool) -> io::Result<ExitCode> {
    let (commands, topics, phrases) = (book.commands.len(), book.topics().count(), book.size());
    let mut said = format!("The phrasebook is fine: {commands} commands, {topics} topics, {phrases} phrases.");
    if let Some(folder) = folder {
        let below = BookSettings::default();
        let below = if alone { None } else { shelf::validate(&below).ok() };
        for (does, names) in changes(below.as_ref(), book) {
            if !names.is_empty() {
                let _ = write!(said, "\n{does}: {}", names.join(", "));
            }
        }
        for file in shelf::unread(folder) {
            let _ = write!(said, "\nNot read: {}: {}", file.path.display(), file.why);
        }
    }
    super::print(&said)
}

/// What a folder adds to the book below it, replaces and hides: topics, rules for drafts, grave matters, and phrases of
/// topics of which some stay as they are.
fn changes(below: Option<&Phrasebook>, book: &Phrasebook) -> [(&'static str, Vec<String>); 3] {
    let empty = Vec::new();
    let (old, new) = (below.map_or(empty, |below| parts(below, book)), parts(book, below.unwrap_or(book)));
    let old_by_name: HashMap<&str, &str> = old.iter().map(|(name, content)| (&**name, &**content)).collect();
    let new_names: HashSet<&str> = new.iter().map(|(name, _)| &**name).collect();
    let names = |parts: &[(String, String)], is_wanted: &dyn Fn(&str, &str) -> bool| {
        let wanted = parts.iter().filter(|(name, content)| is_wanted(name, content));
        wanted.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let is_changed = |name: &str, content: &str| old_by_name.get(name).is_some_and(|before| *before != content);
    [
        ("Adds", names(&new, &|name, _| !old_by_name.contains_key(name))),
        ("Replaces or changes", names(&new, &is_changed)),
        ("Hides", names(&old, &|name, _| !new_names.contains(name))),
    ]
}

/// Everything that a book may have in the place of another's, by name, with what it says.
fn parts(book: &Phrasebook, other: &Phrasebook) -> Vec<(String, String)> {
    let topics = book.topics().map(|topic| (format!("/{} {}", topic.command, topic.id), format!("{topic:?}")));
    let extended = book.topics().filter(|topic| extends(topic, other));
    let phrases = extended.flat_map(|topic| {
        topic.phrases.iter().map(|phrase| (topic.phrase_id(phrase), content(topic, phrase))).collect::<Vec<_>>()
    });
    let rules = book.check.rules.iter().map(|rule| (format!("the rule {}", rule.id), format!("{rule:?}")));
    let matters =
        book.careful.matters().map(|matter| (format!("the grave matter {}", matter.id), format!("{matter:?}")));
    topics.chain(phrases).chain(rules).chain(matters).collect()
}

/// Whether the other book has this topic with phrases of the same ids among others.
fn extends(topic: &Topic, other: &Phrasebook) -> bool {
    let other = other.topic(&topic.dotted());
    other.is_some_and(|other| topic.phrases.iter().any(|phrase| other.place(&phrase.id).is_some()))
}

/// What a phrase says, whatever numbers its slots have among those of the topic.
fn content(topic: &Topic, phrase: &Phrase) -> String {
    let Phrase { id: _, article: _, say, why, step, tone, instead_of, only_if, needs, speaker } = phrase;
    let names: Vec<_> = topic.slots.iter().map(|slot| Some(&*slot.name)).collect();
    format!("{} {} {:?}", say.fill(&names), say.fill(&[]), (why, step, tone, instead_of, only_if, needs, speaker))
}
