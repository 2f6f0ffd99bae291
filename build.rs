//! Compresses the phrasebook that is built in: as it stands it would be a tenth of the program. What only
//! searches want is apart from the rest.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::DeflateEncoder};

const FOLDER: &str = "phrasebook";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut paths = Vec::new();
    files(Path::new(FOLDER), &mut paths)?;
    // The same program comes out wherever it is built.
    paths.sort();
    let (searches, start) = paths.into_iter().partition(|path| {
        path.extension().is_some_and(|extension| extension == "questions") || path.ends_with("synonyms.toml")
    });
    pack(start, "start.deflate")?;
    pack(searches, "searches.deflate")
}

fn pack(paths: Vec<PathBuf>, into: &str) -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join(into);
    let mut packed = DeflateEncoder::new(fs::File::create(out)?, Compression::best());
    for path in paths {
        // A name, then what stands in the file; no text has a NUL in it.
        let name = path.strip_prefix(FOLDER).map_err(io::Error::other)?;
        write!(packed, "{}\0{}\0", name.display(), fs::read_to_string(&path)?)?;
    }
    packed.finish()?;
    Ok(())
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
