//! The phrasebook that is shipped, read once for all tests.

use std::{fs, path::Path, sync::OnceLock};

use saywell::say::book::{Phrasebook, Source};

/// The files of the shipped phrasebook.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("phrasebook");
    let mut sources = vec![source(&root, "sources.toml")];
    for file in fs::read_dir(root.join("en")).unwrap() {
        sources.push(source(&root, &format!("en/{}", file.unwrap().file_name().to_str().unwrap())));
    }
    sources
}

fn source(root: &Path, name: &str) -> Source {
    Source { name: name.into(), layer: 0, text: fs::read_to_string(root.join(name)).unwrap().into() }
}

/// The shipped phrasebook.
pub(crate) fn book() -> &'static Phrasebook {
    static BOOK: OnceLock<Phrasebook> = OnceLock::new();
    BOOK.get_or_init(|| {
        let sources = sources();
        Phrasebook::parse(&sources, &[]).unwrap_or_else(|faults| {
            let drawn: Vec<String> = faults.iter().map(|fault| fault.draw(&sources, false)).collect();
            panic!("{}", drawn.join("\n"))
        })
    })
}
