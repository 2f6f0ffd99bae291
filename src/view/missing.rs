//! Look-ups by name, and what may have been meant where there is nothing of that name.

use crate::say::{
    book::{Article, Command, Phrasebook, Topic, fold},
    find::closest,
    phrase::{clean, cut_graphemes},
};

/// Nothing of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// What there is none of, in a sentence.
    pub(crate) what: String,
    /// Names of what may have been meant, best first.
    pub(crate) near: Vec<String>,
}

/// The command of this name; `RECOVER` is `recover`.
pub(crate) fn command<'b>(book: &'b Phrasebook, name: &str) -> Result<&'b Command, Missing> {
    book.command(name).or_else(|| book.command(&fold(name))).ok_or_else(|| {
        let near = closest(name, book.commands.iter().map(|command| &*command.name));
        Missing {
            what: format!("There is no command `{}`.", shown(name)),
            near: near.map(str::to_owned).into_iter().collect(),
        }
    })
}

/// The topic of this id or alias.
pub(crate) fn topic<'b>(book: &'b Phrasebook, command: &'b Command, name: &str) -> Result<&'b Topic, Missing> {
    command.topic(name).ok_or_else(|| {
        let near: Vec<String> = match book.slip(Some(command), name) {
            Some((near, _)) => vec![near.dotted()],
            None => book.find(Some(command), name).hits.iter().take(3).map(|hit| hit.topic.dotted()).collect(),
        };
        // For a grave matter no other topic is offered.
        let near =
            if near.is_empty() || book.careful.matter(name).is_some() { vec![command.name.to_string()] } else { near };
        Missing { what: format!("There is no topic `{}` under /{}.", shown(name), command.name), near }
    })
}

/// Says that there is no topic of this name in the whole book.
pub(crate) fn no_topic(book: &Phrasebook, name: &str) -> Missing {
    let grave = book.careful.matter(name).is_some();
    let near = match book.slip(None, name) {
        _ if grave => Vec::new(),
        Some((near, _)) => vec![near.dotted()],
        None => book.find(None, name).hits.iter().take(3).map(|hit| hit.topic.dotted()).collect(),
    };
    Missing { what: format!("There is no topic `{}`.", shown(name)), near }
}

/// The phrase with this id, with its topic and its place there.
pub(crate) fn phrase<'b>(book: &'b Phrasebook, id: &str) -> Result<(&'b Topic, usize), Missing> {
    book.phrase(id).ok_or_else(|| {
        let topic = id.rsplit_once('.').and_then(|(topic, _)| book.topic(topic));
        Missing {
            what: format!("There is no phrase `{}`.", shown(id)),
            near: topic.map(Topic::dotted).into_iter().collect(),
        }
    })
}

/// The article with this id.
pub(crate) fn article<'b>(book: &'b Phrasebook, id: &str) -> Result<&'b Article, Missing> {
    book.article(id).ok_or_else(|| {
        let near = closest(id, book.articles.iter().map(|article| &*article.id));
        Missing {
            what: format!("There is no source `{}`.", shown(id)),
            near: near.map(str::to_owned).into_iter().collect(),
        }
    })
}

/// A name from outside, short and without anything that acts on a terminal.
pub(crate) fn shown(name: &str) -> String {
    let mut name = clean(name);
    cut_graphemes(&mut name, 60);
    name
}
