//! How well the search understands questions: `cargo run --release --example questions -- FILE`, where each line of the
//! file is a topic, a tab, and what somebody typed who wanted it. `--book FOLDER` asks the book there instead of the
//! built-in one.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "it prints shares of small counts")]

use std::{env, fs, io};

use saywell::{config::BookSettings, shelf};

fn main() -> io::Result<()> {
    let mut files: Vec<String> = env::args().skip(1).collect();
    let folders = match files.iter().position(|argument| argument == "--book") {
        Some(at) => files.splice(at..files.len().min(at + 2), []).skip(1).map(Into::into).collect(),
        None => Vec::new(),
    };
    let settings = BookSettings { no_default_phrasebook: (!folders.is_empty()).into(), folders };
    let book = shelf::read(&settings).map_err(|error| io::Error::other(error.to_string()))?;
    for file in files {
        let text = fs::read_to_string(&file)?;
        let (mut all, mut first, mut third, mut sure, mut wrong, mut pressed) = (0, 0, 0, 0, 0, 0);
        for (topic, asked) in text.lines().filter_map(|line| line.split_once('\t')) {
            let found = book.find(None, asked);
            let place = found.hits.iter().position(|hit| hit.topic.dotted() == topic);
            let offered = place.is_some_and(|place| place < 3);
            all += 1;
            first += usize::from(place == Some(0));
            third += usize::from(offered);
            sure += usize::from(found.sure);
            wrong += usize::from(found.sure && place != Some(0));
            pressed += usize::from(if found.sure { place == Some(0) } else { offered });
        }
        let share = |count: usize| 100.0 * count as f64 / f64::from(u32::try_from(all.max(1)).unwrap_or(1));
        println!(
            "{file}: {all} questions; first {:.1} %, within three {:.1} %, right at once or by one press {:.1} %; taken as \
             sure {:.1} %, of all wrong though sure {:.1} %",
            share(first),
            share(third),
            share(pressed),
            share(sure),
            share(wrong)
        );
    }
    Ok(())
}
