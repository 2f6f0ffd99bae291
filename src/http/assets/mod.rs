//! The style, the script and the icon: compiled in, served under a name that holds a hash of what they are, so that a
//! browser may keep them for ever and never keeps an old one.

use std::{fmt::Write as _, io::Write as _, sync::LazyLock};

use sha2::{Digest as _, Sha256};

/// Everything that a page loads.
#[derive(Debug)]
pub(crate) struct Assets {
    /// The one stylesheet.
    pub style: Asset,
    /// The script of every page.
    pub script: Asset,
    /// What some pages load besides: where a draft is written, and where the service is asked.
    pub desk: Asset,
    /// The icon.
    pub icon: Asset,
}

/// A file that pages load.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Where it is: `/assets/saywell-0a1b2c3d.css`.
    pub path: String,
    /// What it is.
    pub media_type: &'static str,
    /// As it is.
    pub plain: String,
    /// Compressed; empty where that failed.
    pub gzip: Vec<u8>,
}

impl Asset {
    fn new(text: &str, suffix: &str, media_type: &'static str) -> Self {
        let text = if suffix == "css" { tight(&lean(text)) } else { lean(text) };
        let hash = Sha256::digest(&text).iter().take(6).fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        // Writing to memory does not fail; if it did, nothing compressed would be sent.
        let gzip = gzip.write_all(text.as_bytes()).and_then(|()| gzip.finish()).unwrap_or_default();
        Self { path: format!("/assets/saywell-{hash}.{suffix}"), media_type, plain: text, gzip }
    }
}

/// Without indentation and without comments, which in these files stand on lines of their own.
fn lean(text: &str) -> String {
    let mut lean = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            lean.extend([line, "\n"]);
        }
        in_comment &= !line.ends_with("*/");
    }
    lean
}

/// A stylesheet without the spaces that nothing needs.
fn tight(style: &str) -> String {
    [(": ", ":"), ("; ", ";"), (" { ", "{"), (" {", "{"), (";}", "}"), ("{\n", "{"), ("}\n", "}"), (";\n", ";")]
        .iter()
        .fold(style.replace("; }", "}"), |style, (spaced, bare)| style.replace(spaced, bare))
}

/// The files, hashed and compressed once.
#[must_use]
pub(crate) fn all() -> &'static Assets {
    static ALL: LazyLock<Assets> = LazyLock::new(|| Assets {
        style: Asset::new(include_str!("saywell.css"), "css", "text/css; charset=utf-8"),
        script: Asset::new(include_str!("saywell.js"), "js", "text/javascript; charset=utf-8"),
        desk: Asset::new(include_str!("desk.js"), "js", "text/javascript; charset=utf-8"),
        icon: Asset::new(include_str!("saywell.svg"), "svg", "image/svg+xml"),
    });
    &ALL
}
