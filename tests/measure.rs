//! What `/check` finds in drafts that people have labelled: `cargo run --example measure -- FILE… [--show]`.
//!
//! A file is a table with tabs and a first line that names the columns: `sentence` or `draft`, with `\n` for a new line,
//! `families` for what a person objects to (none: harmless), `moves` for the moves it makes (`-`: it answers no problem),
//! `verdict` (`flag` or `pass`) where there are no families. `--show` prints what was missed and what was wrong, `--book FOLDER` reads the book there.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it is a tool, and its figures are what it is for")]

use std::{collections::BTreeMap, fs, path::Path};

use saywell::{
    say::{
        book::{Phrasebook, Source},
        check::Options,
    },
    shelf::built_in,
};

#[derive(Default)]
struct Count {
    right: u32,
    wrong: u32,
    missed: u32,
}

fn share(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole.max(1))
}

impl Count {
    fn print(&self, name: &str) {
        let Self { right, wrong, missed } = *self;
        let (precision, recall) = (share(right, right + wrong), share(right, right + missed));
        println!(
            "{name:<24} precision {precision:5.1}  recall {recall:5.1}  ({right} right, {wrong} wrong, {missed} missed)"
        );
    }

    fn add(&mut self, wanted: bool, found: bool) {
        match (wanted, found) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.iter().any(|argument| argument == "--show");
    arguments.retain(|argument| argument != "--show");
    let mut sources = built_in();
    if let Some(at) = arguments.iter().position(|argument| argument == "--book") {
        let folder = arguments.remove(at + 1);
        arguments.remove(at);
        for name in ["en/check.toml", "en/words.toml"] {
            let text = fs::read_to_string(Path::new(&folder).join(name)).unwrap();
            sources.retain(|source| source.name != name);
            sources.push(Source { name: name.to_owned(), layer: 0, text: text.into() });
        }
    }
    let book = match Phrasebook::parse(&sources, &[]) {
        Ok(book) => book,
        Err(faults) => {
            for fault in faults {
                println!("{fault}");
            }
            return;
        }
    };
    for file in arguments {
        measure(&book, &file, &fs::read_to_string(&file).unwrap(), show);
    }
}

/// What was counted in a file.
#[derive(Default)]
struct Figures<'b> {
    all: Count,
    families: BTreeMap<String, Count>,
    moves: BTreeMap<&'b str, Count>,
    texts: u32,
    /// Those whose moves are told.
    letters: u32,
    words: u32,
    false_findings: u32,
    moves_right: u32,
}

/// Where a table has what.
struct Columns {
    text: usize,
    families: Option<usize>,
    moves: Option<usize>,
    verdict: Option<usize>,
}

fn measure(book: &Phrasebook, file: &str, table: &str, show: bool) {
    let mut lines = table.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().trim_start_matches(['#', ' ']).split('\t').collect();
    let column = |names: &[&str]| head.iter().position(|head| names.iter().any(|name| head.starts_with(name)));
    let Some(text) = column(&["sentence", "draft", "letter", "text"]) else {
        println!("{file}: there is no column `sentence` or `draft`");
        return;
    };
    let (families, verdict) = (column(&["families", "rules"]), column(&["verdict"]));
    let columns = Columns { text, families, moves: column(&["moves"]), verdict };
    let mut figures = Figures::default();
    for row in lines {
        figures.read(book, &row.split('\t').collect::<Vec<_>>(), &columns, show);
    }
    figures.print(file, &columns);
}

fn names(cell: &str) -> Vec<&str> {
    cell.split([',', ' ']).filter(|name| !name.is_empty()).map(rule).collect()
}

impl<'b> Figures<'b> {
    fn read(&mut self, book: &'b Phrasebook, cells: &[&str], columns: &Columns, show: bool) {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).copied().unwrap_or_default();
        let text = cell(Some(columns.text));
        let draft = text.replace("\\n", "\n");
        self.texts += 1;
        self.words += u32::try_from(draft.split_whitespace().count()).unwrap();
        if columns.families.is_some() || columns.verdict.is_some() {
            let wanted = names(cell(columns.families));
            let is_bad = if columns.verdict.is_some() { cell(columns.verdict) == "flag" } else { !wanted.is_empty() };
            self.findings(book, &draft, (is_bad, &wanted), show);
        }
        // Of a grave matter no moves are told.
        if columns.moves.is_some() && book.careful.matter(&draft).is_none() {
            self.letters += 1;
            self.moves(book, &draft, &names(cell(columns.moves)), show);
        }
    }

    fn findings(&mut self, book: &Phrasebook, draft: &str, (is_bad, wanted): (bool, &[&str]), show: bool) {
        let review = book.review(draft, &Options::default());
        let is_found = review.total > 0;
        self.all.add(is_bad, is_found);
        for name in wanted {
            self.families.entry((*name).to_owned()).or_default().add(true, is_found);
        }
        if !is_bad {
            self.false_findings += u32::try_from(review.total).unwrap();
            for finding in &review.findings {
                self.families.entry(finding.rule.id.to_string()).or_default().add(false, true);
            }
        }
        if show && is_bad != is_found {
            let found = review.findings.iter().map(|finding| format!("{} “{}”", finding.rule.id, finding.words));
            let what = if is_bad { wanted.join(",") } else { found.collect::<Vec<_>>().join("; ") };
            println!("{}\t{what}\t{draft:?}", if is_bad { "missed" } else { "WRONG" });
        }
    }

    fn moves(&mut self, book: &'b Phrasebook, draft: &str, wanted: &[&str], show: bool) {
        // Of what answers no problem nothing is to be told at all.
        let about = if wanted.contains(&"-") { None } else { Some(true) };
        let made = made(book, draft, about);
        let mut is_right = true;
        for step in &book.check.moves {
            let (is_wanted, is_made) = (wanted.contains(&&*step.id), made.contains(&&*step.id));
            self.moves.entry(&step.id).or_default().add(is_wanted, is_made);
            is_right &= is_wanted == is_made;
            if show && is_wanted != is_made {
                println!("{} {}\t{draft:?}", if is_made { "WRONG" } else { "missed" }, step.id);
            }
        }
        self.moves_right += u32::from(is_right);
    }

    /// How many of all moves of all texts are told right, in a hundred.
    fn one_by_one(&self) -> f64 {
        let wrong: u32 = self.moves.values().map(|count| count.wrong + count.missed).sum();
        100.0 - share(wrong, self.letters * u32::try_from(self.moves.len()).unwrap())
    }

    fn print(&self, file: &str, columns: &Columns) {
        let Self { texts, letters, words, false_findings, moves_right, .. } = *self;
        println!("{file}: {texts} texts, {words} words");
        if columns.families.is_some() || columns.verdict.is_some() {
            self.all.print("all");
            for (name, count) in &self.families {
                count.print(&format!("  {name}"));
            }
            let rate = share(false_findings, words) * 10.0;
            println!("false findings in harmless texts: {false_findings}, {rate:.2} in 1,000 words");
        }
        if columns.moves.is_some() {
            for (name, count) in &self.moves {
                count.print(&format!("  {name}"));
            }
            println!("all moves right: {:.1} %, one by one {:.1} %", share(moves_right, letters), self.one_by_one());
        }
    }
}

/// The moves that a text makes; whether it is about a problem is found out where it isn't said.
fn made<'b>(book: &'b Phrasebook, draft: &str, about: Option<bool>) -> Vec<&'b str> {
    let options = about.map_or_else(Options::default, |about| Options::default().about_a_problem(about));
    book.review(draft, &options).moves.iter().filter(|step| step.made).map(|step| &*step.step.id).collect()
}

/// What a rule or a move is called here that others call something else.
fn rule(name: &str) -> &str {
    match name {
        "minimising" => "minimizing",
        "tag-question" => "cross-examining",
        "over-promise" => "overpromise",
        "open_door" | "open-door" => "door",
        name => name,
    }
}
