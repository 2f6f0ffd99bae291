//! From files to a book, or to every fault that they hold.
//!
//! Each file is read entry by entry, so that one bad entry hides no other. A command is read from all its files, later
//! layers laid over earlier ones, checked and lowered to the model before the next one is begun, so that only one is held
//! as it stands in the files. What refers to other commands is checked at the end.

use std::{collections::HashSet, sync::OnceLock};

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use super::{
    super::{
        find::Thesaurus,
        model::{Command, Topic},
    },
    Phrasebook,
    fault::Fault,
    file::Kind,
    grave::RawCareful,
    reader::Reader,
    rules::RawCheck,
    source::{Later, Source},
};

impl Phrasebook {
    /// Reads a book from files, later ones laid over earlier ones by [`Source::layer`]. No command may have one of these
    /// names, nor one that means something to a book itself.
    ///
    /// # Errors
    /// Every fault of every file; there is a book only where there is none.
    pub fn parse(sources: &[Source], reserved: &[&str]) -> Result<Self, Vec<Fault>> {
        book(sources, reserved, None, false)
    }

    /// The same where the lowest layer is known to be good: its phrases and grave matters are not tried out, its rules for
    /// drafts are compiled when a draft comes, and what there is for `later` is read when a search comes.
    ///
    /// # Errors
    /// As [`Phrasebook::parse`], but for those of the lowest layer.
    pub fn parse_on_known(sources: &[Source], reserved: &[&str], later: Option<Later>) -> Result<Self, Vec<Fault>> {
        book(sources, reserved, later, true)
    }
}

fn book(
    sources: &[Source],
    reserved: &[&str],
    later: Option<Later>,
    lowest_is_known: bool,
) -> Result<Phrasebook, Vec<Fault>> {
    let mut order: Vec<&Source> = sources.iter().collect();
    order.sort_by(|a, b| (a.layer, &a.name).cmp(&(b.layer, &b.name)));
    let mut reader = Reader::new(sources, reserved, lowest_is_known);
    let mut files: IndexMap<&str, Vec<&Source>> = IndexMap::new();
    let mut rule_files = Vec::new();
    let mut thesaurus = Thesaurus::default();
    let mut careful = RawCareful::default();
    for source in order {
        match source.kind() {
            Kind::Sources => reader.articles(source),
            Kind::Synonyms => reader.thesaurus(source, &mut thesaurus),
            Kind::Check => rule_files.push(source),
            Kind::Careful => careful.read(&mut reader, source),
            Kind::Command => files.entry(source.stem()).or_default().push(source),
        }
    }
    let commands = files.into_iter().filter_map(|(name, sources)| {
        let raw = reader.command(name, &sources)?;
        Some(reader.lower(name, raw))
    });
    let mut commands: Vec<Command> = commands.collect();
    commands.sort_by_key(|command| command.order);
    let mut rules = RawCheck::new(lowest_is_known);
    for source in rule_files {
        rules.read(&mut reader, source);
    }
    let known = known(&mut reader, &commands);
    let check = rules.lower(&mut reader, &known);
    let careful = careful.lower(&mut reader, &known);
    let articles = reader.finish()?;
    let slots = commands.iter().flat_map(|command| &command.topics).flat_map(|topic| &topic.slots);
    Ok(Phrasebook {
        articles,
        hash: fingerprint(sources, later),
        later,
        index: OnceLock::new(),
        plays: OnceLock::new(),
        thesaurus,
        slots: slots.map(|slot| slot.name.clone()).collect(),
        commands,
        check,
        careful,
    })
}

/// The dotted names of all topics, after seeing to it that every topic that another one names is among them.
fn known(reader: &mut Reader<'_>, commands: &[Command]) -> HashSet<String> {
    let mut known: HashSet<String> = std::mem::take(&mut reader.unread).into_iter().collect();
    known.extend(commands.iter().flat_map(|command| &command.topics).map(Topic::dotted));
    for (source, related) in std::mem::take(&mut reader.related) {
        reader.topic_exists(source, &related, &known);
    }
    known
}

fn fingerprint(sources: &[Source], later: Option<Later>) -> u64 {
    let mut sources: Vec<&Source> = sources.iter().collect();
    sources.sort_by(|a, b| (a.layer, &a.name).cmp(&(b.layer, &b.name)));
    let mut hasher = Sha256::new();
    if let Some(Later { packed, lowest, .. }) = later {
        hasher.update(packed);
        hasher.update(lowest);
        sources.retain(|source| source.layer > 0);
    }
    for source in sources {
        hasher.update(source.layer.to_le_bytes());
        // Where the folder lies is no part of the book: replicas may have it in different places.
        for text in [source.stem(), &*source.text] {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    hasher.finalize().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
