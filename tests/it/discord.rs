//! Discord, held against its own packages and PyNaCl: see `tests/sdk/discord.py` and `tests/sdk/discord/check.mjs`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::running::{Running, python, run};

const SEED: &str = "saywell discord test key 1";
const KEY: &str = "b6f7175009b5a1c3d9bd246a4e8a7a6d109a40b26edcb582b77e20f7cbddfd65";

#[test]
fn discords_own_packages_find_nothing_wrong() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let service = Running::start(&[("DISCORD_PUBLIC_KEY", KEY), ("SAYWELL_RATE_LIMIT", "off")]);
    let node = packages(root);
    let printed = run(Command::new(python("tests/sdk/requirements.txt"))
        .arg(root.join("tests/sdk/discord.py"))
        .args(["--url", &service.url, "--seed", SEED, "--program", env!("CARGO_BIN_EXE_saywell")])
        .arg("--record")
        .arg(&node));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
    let printed = run(Command::new("node").arg(node.join("check.mjs")).arg(&node));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
}

/// The packages of `tests/sdk/discord`, installed under `target/` when they are not there yet.
fn packages(root: &Path) -> PathBuf {
    let (from, home) = (root.join("tests/sdk/discord"), root.join("target/node/discord"));
    let wanted = fs::read_to_string(from.join("package.json")).unwrap();
    let stamp = home.join("installed.json");
    fs::create_dir_all(&home).unwrap();
    // Node looks for packages beside the script.
    fs::copy(from.join("check.mjs"), home.join("check.mjs")).unwrap();
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        fs::copy(from.join("package.json"), home.join("package.json")).unwrap();
        run(Command::new("npm").args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&home));
        fs::write(&stamp, wanted).unwrap();
    }
    home
}

#[test]
fn keys_that_are_none_stop_the_start() {
    let weak = format!("01{}", "0".repeat(62));
    for key in ["", "zz", &KEY[1..], &weak, &"0".repeat(64), &format!("{KEY},"), &format!("{KEY},{weak}")] {
        let output = crate::running::program("serve", &[("DISCORD_PUBLIC_KEY", key)]).arg("--check-config").output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("DISCORD_PUBLIC_KEY: expected"), "{key}: {said}");
    }
}
