//! Answers to choose from: commands, topics, articles, what a search has found, what fits a grave matter.

use std::borrow::Cow;

use super::{
    super::{
        ask::Choice,
        book::Phrasebook,
        careful::{Grave, Matter},
        model::{Article, Command, Topic, fold},
        words,
    },
    choose::line,
    document::{Answer, Entry},
};

/// The topics of a command.
pub(super) fn menu(command: &Command) -> Answer<'_> {
    Answer {
        heading: Cow::Borrowed(&command.title),
        text: vec![words::menu(command).into()],
        entries: command.topics.iter().map(entry).collect(),
        found: true,
        ..Answer::default()
    }
}

/// The topics that a person who is still typing may mean: those with a name that begins so, then those that fit.
pub(super) fn matching<'b>(book: &'b Phrasebook, command: Option<&Command>, query: &str) -> Answer<'b> {
    let typed = fold(query);
    let begins = |name: &str| name.strip_prefix(&*typed).is_some() || name.contains(&format!("-{typed}"));
    let mut topics: Vec<&Topic> = book
        .topics()
        .filter(|topic| command.is_none_or(|command| command.name == topic.command))
        .filter(|topic| {
            begins(&topic.id) || topic.aliases.iter().any(|alias| begins(alias)) || begins(&fold(&topic.title))
        })
        .collect();
    for hit in book.find(command, query).hits {
        if !topics.iter().any(|topic| std::ptr::eq(*topic, hit.topic)) {
            topics.push(hit.topic);
        }
    }
    if topics.is_empty() {
        return lost(book, command, query);
    }
    let one = if command.is_some() { entry } else { entry_with_command };
    Answer {
        heading: words::found(query).into(),
        found: true,
        entries: topics.into_iter().map(one).collect(),
        ..Answer::default()
    }
}

/// The commands.
pub(super) fn commands(book: &Phrasebook) -> Answer<'_> {
    Answer {
        heading: "Saywell".into(),
        text: vec![words::commands().into()],
        entries: book
            .commands
            .iter()
            .map(|command| Entry {
                label: format!("/{}", command.name).into(),
                detail: Cow::Borrowed(&command.about),
                ask: command.name.to_string(),
                topic: None,
            })
            .collect(),
        found: true,
        ..Answer::default()
    }
}

/// How to use a command, or the whole.
pub(super) fn help<'b>(book: &'b Phrasebook, command: Option<&'b Command>) -> Answer<'b> {
    let Some(example) = command.or(book.commands.first()) else { return commands(book) };
    let Some(topic) = example.topics.first() else { return commands(book) };
    let mut usage = words::usage(example, topic);
    if command.is_none() {
        usage.extend(words::umbrella_usage(topic));
    }
    Answer {
        heading: command.map_or_else(|| "Saywell".into(), |command| format!("/{}", command.name).into()),
        text: vec![command.map_or_else(|| words::commands().into(), |command| Cow::Borrowed(&*command.about))],
        usage,
        found: true,
        ..Answer::default()
    }
}

/// Topics and phrases that fit a search.
pub(super) fn found<'b>(book: &'b Phrasebook, command: Option<&Command>, query: &str) -> Answer<'b> {
    let hits = book.search(command, query);
    if hits.is_empty() {
        return lost(book, command, query);
    }
    let entries = hits.iter().take(8).map(|hit| match hit.phrase.and_then(|place| line(book, hit.topic, place, &[])) {
        Some(line) => Entry {
            label: format!("/{} {}", hit.topic.command, hit.topic.id).into(),
            ask: Choice::ask(hit.topic, Some(&line.phrase.id), "", &[]),
            detail: line.words.into(),
            topic: Some(hit.topic),
        },
        None => entry_with_command(hit.topic),
    });
    let perhaps = book.careful.look(query).and_then(Grave::hinted).map(perhaps_entry);
    Answer {
        heading: words::found(query).into(),
        entries: perhaps.into_iter().chain(entries).collect(),
        found: true,
        ..Answer::default()
    }
}

/// The few topics of which one is meant.
pub(super) fn several<'b>(command: Option<&Command>, query: &str, topics: &[&'b Topic]) -> Answer<'b> {
    let one = if command.is_some() { entry } else { entry_with_command };
    Answer {
        heading: words::several(query).into(),
        entries: topics.iter().map(|topic| one(topic)).collect(),
        found: true,
        ..Answer::default()
    }
}

/// A grave matter that may be meant, and the few topics of which one may be as well.
pub(super) fn perhaps<'b>(
    command: Option<&Command>,
    query: &str,
    matter: &'b Matter,
    topics: &[&'b Topic],
) -> Answer<'b> {
    let mut answer = several(command, query, topics);
    answer.heading = words::perhaps(query).into();
    answer.entries.insert(0, perhaps_entry(matter));
    answer
}

fn perhaps_entry(matter: &Matter) -> Entry<'_> {
    Entry {
        label: words::is_it(matter).into(),
        detail: words::perhaps_detail().into(),
        ask: format!("careful {}", matter.id),
        topic: None,
    }
}

/// Nothing fits: the topics of the command, or the commands.
pub(super) fn lost<'b>(book: &'b Phrasebook, command: Option<&Command>, query: &str) -> Answer<'b> {
    let mut answer = match command.and_then(|command| book.command(&command.name)) {
        Some(command) => menu(command),
        None => commands(book),
    };
    answer.heading = words::lost(query).into();
    answer.text.clear();
    answer.found = false;
    answer
}

/// A grave matter: who should answer, and the little that is fit to be said.
pub(super) fn careful<'b>(book: &'b Phrasebook, matter: &'b Matter) -> Answer<'b> {
    let lines = matter.lines.iter().map(|line| Cow::Owned(words::quoted(line)));
    Answer {
        heading: Cow::Borrowed(&matter.title),
        text: std::iter::once(Cow::Borrowed(&*matter.who)).chain(lines).collect(),
        entries: matter.topics.iter().filter_map(|topic| book.topic(topic)).map(entry_with_command).collect(),
        found: true,
        ..Answer::default()
    }
}

/// The articles, or one of them.
pub(super) fn sources<'b>(book: &'b Phrasebook, id: Option<&str>) -> Answer<'b> {
    if let Some(article) = id.and_then(|id| book.article(id)) {
        return source(book, article);
    }
    let entries = book.articles.iter().map(|article| Entry {
        label: Cow::Borrowed(&article.title),
        detail: Cow::Borrowed(&article.advice),
        ask: format!("sources {}", article.id),
        topic: None,
    });
    Answer {
        heading: "Sources".into(),
        notes: id.map(words::no_such_source).into_iter().collect(),
        text: vec![words::sources().into()],
        entries: entries.collect(),
        found: id.is_none(),
        ..Answer::default()
    }
}

fn source<'b>(book: &'b Phrasebook, article: &'b Article) -> Answer<'b> {
    let drawn = |topic: &Topic| {
        topic.phrases.iter().filter(|phrase| book.article_of(phrase).is_some_and(|one| one.id == article.id)).count()
    };
    let count = book.topics().map(drawn).sum();
    Answer {
        heading: Cow::Borrowed(&article.title),
        text: vec![words::by(article).into(), Cow::Borrowed(&article.advice), words::phrases_drawn(count).into()],
        entries: book.topics().filter(|topic| drawn(topic) > 0).map(entry_with_command).collect(),
        found: true,
        ..Answer::default()
    }
}

fn entry(topic: &Topic) -> Entry<'_> {
    Entry {
        label: Cow::Borrowed(&topic.title),
        detail: Cow::Borrowed(&topic.when),
        ask: topic.dotted(),
        topic: Some(topic),
    }
}

pub(super) fn entry_with_command(topic: &Topic) -> Entry<'_> {
    Entry {
        label: format!("/{} {}", topic.command, topic.id).into(),
        detail: Cow::Borrowed(&topic.title),
        ask: topic.dotted(),
        topic: Some(topic),
    }
}
