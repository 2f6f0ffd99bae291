//! Phrasebooks of any size.

use std::{fmt::Write as _, fs, path::Path};

use saywell::say::book::{Phrasebook, Source};

/// Phrases in a topic.
const DEPTH: usize = 10;
/// Topics in a command.
const BREADTH: usize = 500;

/// The files of the book that is shipped.
pub(crate) fn shipped() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("phrasebook");
    let commands = fs::read_dir(root.join("en")).unwrap().map(|file| file.unwrap().path());
    let source = |path: std::path::PathBuf| Source {
        name: path.file_name().unwrap().to_str().unwrap().into(),
        layer: 0,
        text: fs::read_to_string(path).unwrap().into(),
    };
    commands.chain([root.join("sources.toml")]).map(source).collect()
}

/// Files with so many phrases, ten a topic: each of some 150 bytes, with two slots. Always the same.
pub(crate) fn made(phrases: usize) -> Vec<Source> {
    let articles = "[made]\ntitle = \"Made\"\nauthor = \"Nobody\"\nschool = \"none\"\nadvice = \"Measure it.\"\n";
    let mut sources = vec![Source { name: "sources.toml".into(), layer: 0, text: articles.into() }];
    let mut words = fastrand::Rng::with_seed(7);
    let topics = phrases.div_ceil(DEPTH);
    for first in (0..topics).step_by(BREADTH) {
        let name = format!("made{}", first / BREADTH);
        let mut text = format!("title = \"{name}\"\nabout = \"What was made.\"\n");
        text.push_str("[slot.customer]\nask = \"Who?\"\nexample = \"Pat\"\n");
        text.push_str("[slot.item]\nask = \"What?\"\nexample = \"invoice\"\n");
        for topic in first..(first + BREADTH).min(topics) {
            write_topic(&mut text, &label(topic), &mut words);
        }
        sources.push(Source { name: format!("{name}.toml"), layer: 0, text: text.into() });
    }
    sources
}

fn write_topic(text: &mut String, id: &str, words: &mut fastrand::Rng) {
    let _ = write!(
        text,
        "[topic.{id}]\ntitle = \"{id}\"\nwhen = \"It is measured.\"\ntip = \"Look twice.\"\navoid = \"Guessing.\"\n"
    );
    for number in 0..DEPTH {
        let said: Vec<String> = (0..16).map(|_| label(words.usize(..4_000))[..6].to_owned()).collect();
        let _ = write!(
            text,
            "[[topic.{id}.phrase]]\nid = \"p{number}\"\nsay = \"Thank you[, {{{{customer}}}}], {} {{{{item|it}}}}.\"\n\
             why = \"It is said.\"\nsource = \"made\"\n",
            said.join(" ")
        );
    }
}

/// A name of 15 letters that no other number has.
pub(crate) fn label(number: usize) -> String {
    let mut letters = fastrand::Rng::with_seed(number as u64);
    let odd: String = (0..11).map(|_| char::from(letters.u8(b'a'..=b'z'))).collect();
    let mut rest = number;
    let own: String = (0..4)
        .map(|_| {
            let letter = char::from(b'a' + u8::try_from(rest % 26).unwrap());
            rest /= 26;
            letter
        })
        .collect();
    odd + &own
}

/// Reads a book that has no fault.
pub(crate) fn read(sources: &[Source]) -> Phrasebook {
    let book = Phrasebook::parse(sources, &[]).unwrap_or_else(|faults| panic!("{}", faults.first().unwrap()));
    book.prepare();
    book
}
