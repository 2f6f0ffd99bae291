//! Completion: of a prompt's arguments, the values that show what is meant; of an address, the names that there are.

use serde_json::{Map, Value, json};

use super::{
    Answer,
    message::{Error, text},
    prompts,
    resources::{FOLDERS, template},
    words,
};
use crate::say::book::{Phrasebook, Topic, fold};

/// The most values that are offered at once, as the protocol has it.
const MOST: usize = 100;

/// `completion/complete`.
pub(super) fn complete<'b>(book: &'b Phrasebook, params: &Map<String, Value>) -> Result<Answer<'b>, Error> {
    let part = |name: &str| {
        let part = params.get(name).and_then(Value::as_object);
        part.ok_or_else(|| Error::params(format!("The parameter `{name}` is wanted, an object.")))
    };
    let (wanted, argument) = (part("ref")?, part("argument")?);
    let (name, typed) = (text(argument, "name")?, text(argument, "value")?);
    let values = match text(wanted, "type")? {
        "ref/prompt" => examples(book, text(wanted, "name")?, name)?,
        "ref/resource" => names(book, text(wanted, "uri")?, name)?,
        _ => return Err(Error::params("`type` is to be `ref/prompt` or `ref/resource`.")),
    };
    let fits = fitting(values, typed);
    let (total, more) = (fits.len(), fits.len() > MOST);
    let values: Vec<String> = fits.into_iter().take(MOST).collect();
    Ok(Answer::of(json!({ "completion": { "values": values, "total": total, "hasMore": more } })))
}

/// The example of a blank, and of blanks of the same name elsewhere.
fn examples(book: &Phrasebook, prompt: &str, slot: &str) -> Result<Vec<String>, Error> {
    let topic = prompts::topic(book, prompt)?;
    let own = topic.slot(slot).and_then(|number| topic.slots.get(number));
    let own = own.ok_or_else(|| Error::params(words::no_such_argument(slot, topic)))?;
    let mut examples = vec![own.example.to_string()];
    for other in book.topics().flat_map(|topic| &topic.slots).filter(|other| *other.name == *slot) {
        if !examples.iter().any(|known| **known == *other.example) {
            examples.push(other.example.to_string());
        }
    }
    Ok(examples)
}

/// The names that can stand in an address.
fn names(book: &Phrasebook, uri: &str, name: &str) -> Result<Vec<String>, Error> {
    let folder = FOLDERS.iter().find(|(folder, part, ..)| *part == name && template(folder, part) == uri);
    match folder.map(|(folder, ..)| *folder) {
        Some("topics") => Ok(book.topics().map(Topic::dotted).collect()),
        Some("phrases") => {
            Ok(book.topics().flat_map(|topic| topic.phrases.iter().map(|phrase| topic.phrase_id(phrase))).collect())
        }
        Some("sources") => Ok(book.articles.iter().map(|article| article.id.to_string()).collect()),
        Some("rules") => Ok(book.check.rules.iter().map(|rule| rule.id.to_string()).collect()),
        _ => Err(Error::params("There is no such template; resources/templates/list has them all.")),
    }
}

/// The values that hold what was typed, those that begin with it first.
fn fitting(values: Vec<String>, typed: &str) -> Vec<String> {
    let typed = fold(typed);
    let mut fits: Vec<String> = values.into_iter().filter(|value| fold(value).contains(&*typed)).collect();
    fits.sort_by_key(|value| !fold(value).starts_with(&*typed));
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_what_was_typed_comes_first() {
        let values = || ["a late van", "Late delivery", "invoice"].map(str::to_owned).to_vec();
        assert_eq!(fitting(values(), "LATE"), ["Late delivery", "a late van"]);
        assert_eq!(fitting(values(), "").len(), 3);
        assert!(fitting(values(), "zebra").is_empty());
    }
}
