//! The pages in a real browser. The tests themselves are in `tests/page`; this starts the service, fetches what they
//! need, and runs them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::running::Running;

#[test]
fn the_pages_work_in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = modules(root);
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off")]);
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .args(["use", "check", "looks", "inert"].map(|name| root.join(format!("tests/page/{name}.test.cjs"))))
        .env("NODE_PATH", modules)
        .env("CHROMIUM", chromium())
        .env("SAYWELL_URL", &service.url)
        .output()
        .expect("node, version 20 or later");
    assert!(output.status.success(), "{}", said(&output));
}

/// The modules that `tests/page/package.json` names, installed once under `target`.
fn modules(root: &Path) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    let files = ["package.json", "package-lock.json", ".npmrc"];
    let read = |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let source = root.join("tests/page");
    let installed = place.join("node_modules/.package-lock.json").exists();
    if !installed || files.iter().any(|file| read(&source, file) != read(&place, file)) {
        fs::create_dir_all(&place).unwrap();
        for file in files {
            fs::copy(source.join(file), place.join(file)).unwrap();
        }
        let output = Command::new("npm").arg("ci").current_dir(&place).output().expect("npm");
        assert!(output.status.success(), "{}", said(&output));
    }
    place.join("node_modules")
}

/// The browser: the one that `CHROMIUM` names, or the system's, installed if need be.
fn chromium() -> PathBuf {
    let found = || {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let folders = env::var_os("PATH").unwrap_or_default();
        env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| {
            env::split_paths(&folders)
                .flat_map(|folder| names.map(|name| folder.join(name)))
                .find(|program| program.exists())
        })
    };
    found().unwrap_or_else(|| {
        // As root outright, otherwise through sudo where that asks nothing.
        let install = "s= && [ \"$(id -u)\" = 0 ] || s='sudo -n'; \
            $s apt-get update -q && $s apt-get install -yq --no-install-recommends chromium";
        let output = Command::new("sh").args(["-c", install]).output().unwrap();
        found().unwrap_or_else(|| {
            panic!("no Chromium: install it, or name it in CHROMIUM\n{}", said(&output));
        })
    })
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
