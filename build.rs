//! Compresses the phrasebook that is built in: as it stands it would be a tenth of the program. What only
//! searches want is apart from the rest. Of the labelled letters for `/check` only what there is to learn goes in.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::DeflateEncoder};

#[path = "src/say/check/signs.rs"]
mod signs;
#[path = "src/say/check/teach.rs"]
mod teach;

const FOLDER: &str = "phrasebook";
const RULES: &str = "phrasebook/en/check.toml";
const LETTERS: &str = "src/say/check/letters.txt";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed={LETTERS}");
    let mut paths = Vec::new();
    files(Path::new(FOLDER), &mut paths)?;
    // The same program comes out wherever it is built.
    paths.sort();
    let phrases = phrases(&paths)?;
    let (searches, start) = paths.into_iter().partition(|path| {
        path.extension().is_some_and(|extension| extension == "questions") || path.ends_with("synonyms.toml")
    });
    pack(start, "start.deflate")?;
    pack(searches, "searches.deflate")?;
    let examples = examples()?;
    let weights = teach::weights(&fs::read_to_string(LETTERS)?, &phrases, &examples).map_err(io::Error::other)?;
    fs::write(out("second_look.weights"), weights)
}

fn out(name: &str) -> PathBuf {
    PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join(name)
}

fn pack(paths: Vec<PathBuf>, into: &str) -> io::Result<()> {
    let mut packed = DeflateEncoder::new(fs::File::create(out(into))?, Compression::best());
    for path in paths {
        // A name, then what stands in the file; no text has a NUL in it.
        let name = path.strip_prefix(FOLDER).map_err(io::Error::other)?;
        write!(packed, "{}\0{}\0", name.display(), fs::read_to_string(&path)?)?;
    }
    packed.finish()?;
    Ok(())
}

/// What there is to say in some files.
fn phrases(paths: &[PathBuf]) -> io::Result<Vec<String>> {
    let mut phrases = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let file: toml::Table = toml::from_str(&fs::read_to_string(path)?).map_err(io::Error::other)?;
        let topics = file.get("topic").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
        let said = topics.filter_map(|topic| topic.get("phrase")?.as_array()).flatten();
        phrases.extend(said.filter_map(|phrase| Some(phrase.get("say")?.as_str()?.to_owned())));
    }
    Ok(phrases)
}

/// What the rules must flag, and what they must not. What one school alone says otherwise hurts nobody.
fn examples() -> io::Result<Vec<(String, bool)>> {
    let file: toml::Table = toml::from_str(&fs::read_to_string(RULES)?).map_err(io::Error::other)?;
    let rules = file.get("rule").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
    let rules = rules.filter(|rule| rule.get("school").is_none());
    let of = |rule: &toml::Value, name, is_bad| -> Vec<(String, bool)> {
        let examples = rule.get(name).and_then(toml::Value::as_array).into_iter().flatten();
        examples.filter_map(|example| Some((example.as_str()?.to_owned(), is_bad))).collect()
    };
    Ok(rules.flat_map(|rule| of(rule, "flag", true).into_iter().chain(of(rule, "pass", false))).collect())
}

/// The files of phrases and of questions in a folder and in those in it.
fn files(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "questions") {
            paths.push(path);
        }
    }
    Ok(())
}
