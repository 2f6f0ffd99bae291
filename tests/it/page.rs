//! The pages in a real browser. The tests themselves are in `tests/page`; this starts the service and runs them.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::running::{Running, node_modules};

#[test]
fn the_pages_work_in_a_browser() {
    browse(&["use", "tasks", "letter", "check", "looks", "inert"], "");
}

#[test]
fn the_pages_work_below_a_path_of_their_own() {
    browse(&["use", "tasks", "letter", "check"], "/tools/saywell");
}

fn browse(tests: &[&str], base: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(home) = node_modules("tests/page") else { return };
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off"), ("SAYWELL_BASE_PATH", base)]);
    let output = Command::new("node")
        // A file waits for its browser as often as it keeps it busy.
        .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
        .args(tests.iter().map(|name| root.join(format!("tests/page/{name}.test.cjs"))))
        .env("NODE_PATH", home.join("node_modules"))
        .env("CHROMIUM", chromium())
        .env("SAYWELL_URL", format!("{}{base}", service.url))
        .output()
        .expect("node, version 20 or later");
    assert!(output.status.success(), "{}", said(&output));
}

/// The browser: the one that `CHROMIUM` names, or the system's.
pub fn chromium() -> PathBuf {
    let names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
    let folders = env::var_os("PATH").unwrap_or_default();
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    let found =
        || env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name))).find(|it| it.exists());
    named.or_else(found).expect("a Chromium, which tests/run installs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
