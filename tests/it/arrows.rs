//! The picture of the source: which part uses which.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

type Arrow = (String, String);

#[test]
fn the_picture_has_every_arrow_of_the_source_and_no_other() {
    let drawn = drawn("ARCHITECTURE.md");
    let used = used();
    let missing: Vec<_> = used.difference(&drawn).collect();
    let idle: Vec<_> = drawn.difference(&used).collect();
    assert!(missing.is_empty() && idle.is_empty(), "not in the picture: {missing:?}; not in the source: {idle:?}");
}

#[test]
fn arrows_lead_down_the_picture_so_that_there_is_no_circle() {
    let text = read("ARCHITECTURE.md");
    let order: Vec<&str> = picture(&text).map(|(part, _)| part).collect();
    let place = |part: &str| order.iter().position(|known| *known == part);
    for (from, to) in drawn("ARCHITECTURE.md") {
        assert!(place(&from) < place(&to), "{from} uses {to}, which stands above it");
    }
}

#[test]
fn lib_rs_shows_the_same_picture_as_the_papers() {
    assert_eq!(drawn("src/lib.rs"), drawn("ARCHITECTURE.md"));
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The lines of the picture, `part → what it uses`.
fn picture(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let picture = text.split("```text").nth(1).unwrap_or_default().split("```").next().unwrap_or_default();
    let lines = picture.lines().map(|line| line.trim_start_matches("//!").trim());
    lines.filter_map(|line| line.split_once('→')).map(|(part, uses)| (part.trim(), uses.trim()))
}

fn drawn(file: &str) -> BTreeSet<Arrow> {
    let text = read(file);
    let arrows = picture(&text).flat_map(|(part, uses)| {
        uses.split_whitespace().filter(|used| *used != "—").map(move |used| (part.to_owned(), used.to_owned()))
    });
    arrows.collect()
}

/// What the files name of other parts, their tests left out.
fn used() -> BTreeSet<Arrow> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut arrows = BTreeSet::new();
    for file in sources(&root) {
        let part = file.strip_prefix(&root).unwrap().iter().next().unwrap().to_str().unwrap();
        let part = part.trim_end_matches(".rs").to_owned();
        if part == "lib" || file.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let used = named(code).into_iter().filter(|used| *used != part);
        arrows.extend(used.map(|used| (part.clone(), used)));
    }
    arrows
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(extension) if extension == "rs" => vec![path],
            _ => Vec::new(),
        })
        .collect()
}

/// The first names after `crate::` and `saywell::`, those in braces too.
fn named(code: &str) -> Vec<String> {
    let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1).chain(code.split("saywell::").skip(1)) {
        match after.strip_prefix('{') {
            Some(group) => found.extend(members(group)),
            None => found.push(word(after)),
        }
    }
    found
}

/// `a::{b, c}, d}…` as `a`, `d`.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => {
                found.push(word(group[start..at].trim()));
                break;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(word(group[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
}
