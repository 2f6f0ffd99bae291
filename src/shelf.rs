//! The book in service: read from the program and from folders, swapped as a whole, never half.

use std::{
    fs,
    hash::{BuildHasher as _, Hash as _, Hasher as _},
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use flate2::read::DeflateDecoder;
use thiserror::Error;

use crate::{
    chat::ALL,
    config::{BookSettings, ConfigError, Switch},
    say::book::{Fault, Later, Phrasebook, Source},
};

/// The files of `phrasebook/`, every one of them, as `build.rs` has packed them: those that are read at start, and those
/// that the first search reads.
const AT_START: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/start.deflate"));
const FOR_SEARCHES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/searches.deflate"));

/// The language that is served: the folder `en` of every phrasebook.
const LANGUAGE: &str = "en";

/// No file of phrases is larger, in bytes: eighty times as much as all of ours.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Holds the book that answers now. Requests take the whole of it; a reload puts another in its place between two of
/// them, or, where the new one has a fault, leaves the old one where it is.
pub struct Shelf {
    settings: BookSettings,
    book: ArcSwap<Phrasebook>,
    first_stamps: Stamps,
    refused: ArcSwapOption<Vec<String>>,
}

/// What the folders looked like at some moment: names, links, sizes, times. Two that are equal hold the same phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamps(u64);

/// Why a book could not be read.
#[derive(Debug, Error)]
pub enum ShelfError {
    /// A folder or a file cannot be read.
    #[error("cannot read {}: {_1}", _0.display())]
    Io(PathBuf, #[source] io::Error),
    /// The files hold faults; the sources are there for showing the places.
    #[error("{}", listed(_0))]
    Faults(Vec<Fault>, Vec<Source>),
    /// What says where the files are is wrong.
    #[error("{_0}")]
    Setting(ConfigError),
    /// There is no phrase in it at all.
    #[error("the phrasebook is empty: give a folder with --phrasebook, or keep the built-in one")]
    Empty,
}

impl Shelf {
    /// Reads the book.
    ///
    /// # Errors
    /// Why there is none.
    pub fn open(settings: &BookSettings) -> Result<Self, ShelfError> {
        // Before the files themselves, so that a change in between is seen as one.
        let first_stamps = stamps(&settings.folders);
        Ok(Self {
            settings: settings.clone(),
            book: ArcSwap::from_pointee(read(settings)?),
            first_stamps,
            refused: ArcSwapOption::empty(),
        })
    }

    /// A shelf with this book, which cannot be reloaded from anywhere else than the program.
    #[must_use]
    pub fn with(book: Phrasebook) -> Self {
        Self {
            settings: BookSettings::default(),
            book: ArcSwap::from_pointee(book),
            first_stamps: stamps(&[]),
            refused: ArcSwapOption::empty(),
        }
    }

    /// The book that is in service; it stays whole for as long as this is held.
    #[must_use]
    pub fn book(&self) -> arc_swap::Guard<Arc<Phrasebook>> {
        self.book.load()
    }

    /// Reads the folders again and puts the new book in the place of the old one, which is given back: taking it apart
    /// takes a while, and who counts reloads counts first.
    ///
    /// # Errors
    /// Why the old one stays.
    pub fn reload(&self) -> Result<Arc<Phrasebook>, ShelfError> {
        match read(&self.settings) {
            Ok(book) => {
                book.prepare();
                self.refused.store(None);
                Ok(self.book.swap(Arc::new(book)))
            }
            Err(error) => {
                self.refused.store(Some(Arc::new(error.places())));
                Err(error)
            }
        }
    }

    /// Where the book is wrong that was last refused, if no good one has come since.
    #[must_use]
    pub fn refused(&self) -> Option<Arc<Vec<String>>> {
        self.refused.load_full()
    }

    /// Folders that hold nothing that is read, and files that somebody may believe to be read.
    #[must_use]
    pub fn oddities(&self) -> Vec<String> {
        let folders = &self.settings.folders;
        let empty = folders.iter().filter(|folder| is_empty(folder));
        let empty = empty.map(|folder| format!("{} holds no phrases", folder.display()));
        let unread = folders.iter().flat_map(|folder| unread(folder));
        empty.chain(unread.map(|file| format!("{} is not read: {}", file.path.display(), file.why))).collect()
    }

    /// Whether there are folders that may change.
    #[must_use]
    pub fn has_folders(&self) -> bool {
        !self.settings.folders.is_empty()
    }

    /// What the folders look like now.
    #[must_use]
    pub fn stamps(&self) -> Stamps {
        stamps(&self.settings.folders)
    }

    /// What they looked like when the first book was read.
    #[must_use]
    pub fn first_stamps(&self) -> Stamps {
        self.first_stamps
    }
}

/// Paths of the service, in use or promised to platforms to come, so that a book of today is good tomorrow.
const PATHS: [&str; 17] = [
    "assets",
    "docs",
    "googlechat",
    "healthz",
    "install",
    "mcp",
    "metrics",
    "nextcloud",
    "openapi",
    "phrases",
    "readyz",
    "rocketchat",
    "synology",
    "v1",
    "v2",
    "webex",
    "zulip",
];

/// Names that no command may have: they would hide a path, or a platform's doors.
#[must_use]
pub fn reserved() -> Vec<&'static str> {
    ALL.iter().map(|kind| kind.name).chain(PATHS).collect()
}

/// Looks at every file that a book would be read from, without opening any.
fn stamps(folders: &[PathBuf]) -> Stamps {
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    for folder in folders.iter().flat_map(|folder| [folder.clone(), folder.join(LANGUAGE)]) {
        folder.canonicalize().ok().hash(&mut hasher);
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut paths: Vec<PathBuf> = entries.filter(|path| is_phrases(path)).collect();
        paths.sort();
        for path in paths {
            let seen =
                fs::metadata(&path).map(|data| (data.dev(), data.ino(), data.len(), data.mtime(), data.mtime_nsec()));
            (&path, path.canonicalize().ok(), seen.ok()).hash(&mut hasher);
        }
    }
    Stamps(hasher.finish())
}

/// Reads a book as the settings say.
///
/// # Errors
/// Why there is none.
pub fn read(settings: &BookSettings) -> Result<Phrasebook, ShelfError> {
    on_built_in(settings, sources(settings, &[AT_START])?)
}

/// Reads a book and tries all of its rules, the built-in ones too.
///
/// # Errors
/// Why there is none.
pub fn validate(settings: &BookSettings) -> Result<Phrasebook, ShelfError> {
    let sources = sources(settings, &[AT_START, FOR_SEARCHES])?;
    book(Phrasebook::parse(&sources, &reserved()), sources)
}

/// Reads a book as the settings say, from its files but for those that the first search reads.
fn on_built_in(settings: &BookSettings, sources: Vec<Source>) -> Result<Phrasebook, ShelfError> {
    let has_built_in = settings.no_default_phrasebook == Switch::Off;
    let later = has_built_in.then_some(Later { packed: FOR_SEARCHES, unpack, lowest: AT_START });
    // What is built in is tried by the tests.
    book(Phrasebook::parse_on_known(&sources, &reserved(), later), sources)
}

fn book(read: Result<Phrasebook, Vec<Fault>>, sources: Vec<Source>) -> Result<Phrasebook, ShelfError> {
    match read {
        Ok(book) if book.commands.is_empty() => Err(ShelfError::Empty),
        Ok(book) => Ok(book),
        Err(faults) => Err(ShelfError::Faults(faults, sources)),
    }
}

/// Every file of the book, lowest layer first.
///
/// # Errors
/// A setting that is wrong; a folder or file that cannot be read.
fn sources(settings: &BookSettings, built_in: &[&[u8]]) -> Result<Vec<Source>, ShelfError> {
    if let Some(fault) = settings.fault() {
        return Err(ShelfError::Setting(fault));
    }
    let built_in = if settings.no_default_phrasebook == Switch::On { &[][..] } else { built_in };
    let mut sources: Vec<Source> = built_in.iter().flat_map(|packed| unpack(packed)).collect();
    for (folder, layer) in settings.folders.iter().zip(1..) {
        files(folder, folder, layer, &mut sources)?;
    }
    Ok(sources)
}

/// Reads a book with one more file laid over it, which need not be there.
///
/// # Errors
/// Why there is none.
pub fn try_file(settings: &BookSettings, name: &str, text: &str) -> Result<Phrasebook, ShelfError> {
    let mut sources = sources(settings, &[AT_START])?;
    let layer = settings.folders.len() + 1;
    sources.push(Source { name: name.to_owned(), layer, text: text.to_owned().into() });
    on_built_in(settings, sources)
}

/// A file of a folder that is no part of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub path: PathBuf,
    /// Why it is not read, and what would be right.
    pub why: &'static str,
}

/// What a folder of phrases holds besides phrases: files that somebody may believe to be read. Hidden files and what
/// editors leave are no such files.
#[must_use]
pub fn unread(folder: &Path) -> Vec<Unread> {
    let mut found = Vec::new();
    look(folder, folder, 0, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Whether a folder holds any file that is read.
#[must_use]
pub fn is_empty(folder: &Path) -> bool {
    let has_phrases =
        |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| is_phrases(&entry.path()));
    !has_phrases(folder) && !has_phrases(&folder.join(LANGUAGE))
}

fn look(root: &Path, folder: &Path, depth: usize, found: &mut Vec<Unread>) {
    /// Deeper and more than these nobody has laid phrases by mistake.
    const DEPTH: usize = 4;
    const MOST: usize = 50;
    let is_read = folder == root || folder == root.join(LANGUAGE);
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') || name.ends_with('~') || found.len() >= MOST {
            continue;
        }
        if path.is_dir() {
            if depth < DEPTH {
                look(root, &path, depth + 1, found);
            }
        } else if is_read && is_phrases(&path) {
        } else if is_phrases(&path) {
            found.push(Unread {
                path,
                why: "it stands in a folder that is not read: move it to the folder itself or to en/ in it",
            });
        } else if is_like_phrases(&path) {
            found.push(Unread { path, why: "its name does not end in .toml, in lower case" });
        }
    }
}

/// Whether somebody may have meant it to hold phrases.
fn is_like_phrases(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["toml", "tml", "yaml", "yml", "json", "txt", "csv"].iter().any(|like| extension.eq_ignore_ascii_case(like))
}

/// The text of a file, or in which line it is none.
fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let wrong = |what: String| Err(io::Error::new(io::ErrorKind::InvalidData, what));
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.iter().take(64).any(|b| *b == 0) {
        return wrong("line 1: the file is in UTF-16; save it as UTF-8".to_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            wrong(format!("line {line}: the file is not in UTF-8 (in Latin-1, perhaps); save it as UTF-8"))
        }
    }
}

/// The files that are compiled into the program.
#[must_use]
pub fn built_in() -> Vec<Source> {
    [AT_START, FOR_SEARCHES].into_iter().flat_map(unpack).collect()
}

/// Files as `build.rs` has packed them.
fn unpack(packed: &[u8]) -> Vec<Source> {
    let mut text = String::with_capacity(4 * packed.len());
    // What was packed when this was built can be read; otherwise there would be no phrases, and that is said.
    let _ = DeflateDecoder::new(packed).read_to_string(&mut text);
    let mut parts = text.split('\0');
    let mut sources = Vec::new();
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        sources.push(Source { name: name.to_owned(), layer: 0, text: text.to_owned().into() });
    }
    sources
}

/// The files of phrases and of questions in a folder and in its language's folder. Hidden files, editors' leftovers and anything that is no
/// file are passed over; a link may lead anywhere within the folder, as the links of a mounted `ConfigMap` do.
fn files(root: &Path, folder: &Path, layer: usize, sources: &mut Vec<Source>) -> Result<(), ShelfError> {
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |error| ShelfError::Io(path, error)
    };
    let home = root.canonicalize().map_err(wrong(root))?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong(folder))? {
        paths.push(entry.map_err(wrong(folder))?.path());
    }
    paths.sort();
    for path in paths {
        if folder == root && path.file_name().is_some_and(|name| name == LANGUAGE) && path.is_dir() {
            files(root, &path, layer, sources)?;
        } else if is_phrases(&path) {
            let target = path.canonicalize().map_err(wrong(&path))?;
            let metadata = fs::metadata(&target).map_err(wrong(&path))?;
            if !target.starts_with(&home) {
                return Err(wrong(&path)(io::Error::other("the link leads out of the folder")));
            }
            if !metadata.is_file() {
                continue;
            }
            if metadata.len() > LARGEST {
                return Err(wrong(&path)(io::Error::other("the file is larger than 64 MiB")));
            }
            let text = fs::read(&target).and_then(decoded).map_err(wrong(&path))?;
            sources.push(Source { name: path.display().to_string(), layer, text: text.into() });
        }
    }
    Ok(())
}

fn is_phrases(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml" || extension == "questions")
        && path.file_name().and_then(|name| name.to_str()).is_some_and(|name| !name.starts_with('.'))
}

impl ShelfError {
    /// Where it is wrong, file by file, and nothing of what stands there: fit for a page that everybody may read.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        /// More than these do not help anybody.
        const MOST: usize = 20;
        match self {
            Self::Io(path, error) => vec![format!("{}: {}", path.display(), error.kind())],
            Self::Faults(faults, _) => {
                let place = |fault: &Fault| format!("{}:{}:{}", fault.file, fault.line, fault.column);
                faults.iter().take(MOST).map(place).collect()
            }
            Self::Setting(_) | Self::Empty => vec![self.to_string()],
        }
    }
}

/// All faults, a line each.
fn listed(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::LazyLock;

    use super::{Phrasebook, built_in, reserved};

    /// The book that is shipped, read once for all unit tests: to read it is most of what they would do.
    pub(crate) fn book() -> &'static Phrasebook {
        static BOOK: LazyLock<Phrasebook> = LazyLock::new(|| {
            Phrasebook::parse_on_known(&built_in(), &reserved(), None).expect("a book without a fault")
        });
        &BOOK
    }
}
