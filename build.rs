//! Compresses the phrasebook that is built in: as it stands it would be a tenth of the program. What people ask is apart
//! from the rest, since only searches want it.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::DeflateEncoder};

const FOLDER: &str = "phrasebook";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FOLDER}");
    pack("toml", "phrasebook.deflate")?;
    pack("questions", "questions.deflate")
}

/// Packs the files with this extension.
fn pack(extension: &str, into: &str) -> io::Result<()> {
    let mut paths = Vec::new();
    files(Path::new(FOLDER), extension, &mut paths)?;
    // The same program comes out wherever it is built.
    paths.sort();
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

/// The files with this extension in a folder and in those in it.
fn files(folder: &Path, wanted: &str, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, wanted, paths)?;
        } else if path.extension().is_some_and(|extension| extension == wanted) {
            paths.push(path);
        }
    }
    Ok(())
}
