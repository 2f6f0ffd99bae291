//! The pictures of the source: which part uses which, in the whole and inside `say`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

type Arrow = (String, String);

/// A picture in `ARCHITECTURE.md`, in the order of that file.
struct Picture {
    number: usize,
    /// The module whose parts it shows: `[]` is the crate.
    of: &'static [&'static str],
    /// The file that shows it too.
    twin: &'static str,
}

const PICTURES: [Picture; 2] =
    [Picture { number: 1, of: &[], twin: "src/lib.rs" }, Picture { number: 2, of: &["say"], twin: "src/say/mod.rs" }];

#[test]
fn a_picture_has_every_arrow_of_the_source_and_no_other() {
    for picture in PICTURES {
        let (drawn, used) = (picture.drawn(), used(picture.of));
        let missing: Vec<_> = used.difference(&drawn).collect();
        let idle: Vec<_> = drawn.difference(&used).collect();
        assert!(missing.is_empty() && idle.is_empty(), "not in the picture: {missing:?}; not in the source: {idle:?}");
    }
}

#[test]
fn arrows_lead_down_a_picture_so_that_there_is_no_circle() {
    for picture in PICTURES {
        let text = read("ARCHITECTURE.md");
        let order: Vec<&str> = lines(&text, picture.number).map(|(part, _)| part).collect();
        let place = |part: &str| order.iter().position(|known| *known == part);
        for (from, to) in picture.drawn() {
            assert!(place(&from) < place(&to), "{from} uses {to}, which stands above it");
        }
    }
}

#[test]
fn the_code_shows_the_same_pictures_as_the_papers() {
    for picture in PICTURES {
        assert_eq!(drawn(picture.twin, 1), picture.drawn(), "{}", picture.twin);
    }
}

#[test]
fn an_arrow_is_seen_however_it_is_written() {
    let code =
        "use super::{super::{find::closest, model::{Topic, fold}}, file::longest};\nlet x = crate::say::names::y;";
    let found: Vec<String> = paths(code, &["say", "book", "rules"]).iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        ["say::find::closest", "say::model::Topic", "say::model::fold", "say::book::file::longest", "say::names::y"]
    );
}

impl Picture {
    fn drawn(&self) -> BTreeSet<Arrow> {
        drawn("ARCHITECTURE.md", self.number)
    }
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The lines of a picture, `part → what it uses`.
fn lines(text: &str, number: usize) -> impl Iterator<Item = (&str, &str)> {
    let picture = text.split("```text").nth(number).unwrap_or_default().split("```").next().unwrap_or_default();
    let lines = picture.lines().map(|line| line.trim_start_matches("//!").trim());
    lines.filter_map(|line| line.split_once('→')).map(|(part, uses)| (part.trim(), uses.trim()))
}

fn drawn(file: &str, number: usize) -> BTreeSet<Arrow> {
    let text = read(file);
    let arrows = lines(&text, number).flat_map(|(part, uses)| {
        uses.split_whitespace().filter(|used| *used != "—").map(move |used| (part.to_owned(), used.to_owned()))
    });
    arrows.collect()
}

/// What the parts of a module name of one another, their tests left out.
fn used(of: &[&str]) -> BTreeSet<Arrow> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut arrows = BTreeSet::new();
    for file in sources(&of.iter().fold(root.clone(), |folder, part| folder.join(part))) {
        let module = module(file.strip_prefix(&root).unwrap());
        let module: Vec<&str> = module.iter().map(String::as_str).collect();
        let Some(part) = module.get(of.len()) else { continue };
        if module.last() == Some(&"tests") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("mod tests {").next().unwrap();
        let inside = paths(code, &module)
            .into_iter()
            .filter(|path| path.iter().map(String::as_str).take(of.len()).eq(of.iter().copied()));
        let used = inside.filter_map(|path| path.get(of.len()).cloned());
        let is_other = |used: &String| used != part && used.starts_with(|c: char| c.is_ascii_lowercase());
        arrows.extend(used.filter(is_other).map(|used| ((*part).to_owned(), used)));
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

/// `say/book/mod.rs` as `say`, `book`, and `hot/json.rs` as `json`; nothing for `lib.rs`.
fn module(file: &Path) -> Vec<String> {
    let names = file.with_extension("");
    let names = names.iter().map(|name| name.to_str().unwrap().to_owned());
    names.filter(|name| name != "mod" && name != "lib" && name != "hot").collect()
}

/// The paths that code names from the crate or from a module around it, whole.
fn paths(code: &str, module: &[&str]) -> Vec<Vec<String>> {
    let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some(at) = ["crate::", "saywell::", "super::"].into_iter().filter_map(|start| rest.find(start)).min() {
        rest = tree(&rest[at..], &[], &mut found);
    }
    let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
    found.into_iter().map(|path| whole(path, module.clone())).collect()
}

/// Reads `a::{b, c::d}` into `a::b` and `a::c::d`, and gives back what follows.
fn tree<'c>(mut rest: &'c str, before: &[String], found: &mut Vec<Vec<String>>) -> &'c str {
    let mut path = before.to_vec();
    loop {
        rest = rest.trim_start();
        if let Some(mut group) = rest.strip_prefix('{') {
            while group.starts_with(|c: char| is_of_name(c) || c.is_whitespace()) {
                group = tree(group, &path, found).trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            }
            return group.strip_prefix('}').unwrap_or(group);
        }
        let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
        path.push(rest[..end].to_owned());
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) if after.starts_with(|c: char| is_of_name(c) || c == '{') => rest = after,
            _ => break,
        }
    }
    found.push(path);
    rest.strip_prefix(" as ").map_or(rest, |alias| alias.trim_start_matches(is_of_name))
}

/// Letters of a name, and the star of `super::*`.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '*')
}

/// A path from the crate, without `crate` and `super`.
fn whole(path: Vec<String>, module: Vec<String>) -> Vec<String> {
    let mut whole = module;
    for name in path {
        match name.as_str() {
            "crate" | "saywell" => whole.clear(),
            "super" => drop(whole.pop()),
            _ => whole.push(name),
        }
    }
    whole
}
