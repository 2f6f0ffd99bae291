//! Discord, held against its own packages and PyNaCl: see `tests/sdk/discord.py` and `tests/sdk/discord/check.mjs`.

use std::{path::Path, process::Command};

use crate::running::{Running, node_modules, python, run};

const SEED: &str = "saywell discord test key 1";
const KEY: &str = "b6f7175009b5a1c3d9bd246a4e8a7a6d109a40b26edcb582b77e20f7cbddfd65";

#[test]
fn discords_own_packages_find_nothing_wrong() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let Some(node) = node_modules("tests/sdk/discord") else { return };
    let service = Running::start(&[("DISCORD_PUBLIC_KEY", KEY), ("SAYWELL_RATE_LIMIT", "off")]);
    let printed = run(Command::new(python)
        .arg(root.join("tests/sdk/discord.py"))
        .args(["--url", &service.url, "--seed", SEED, "--program", env!("CARGO_BIN_EXE_saywell")])
        .arg("--record")
        .arg(&node));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
    let printed = run(Command::new("node").arg(node.join("check.mjs")).arg(&node));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
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
