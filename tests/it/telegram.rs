//! Telegram, held against two of its clients for Python: see `tests/sdk/bot.py`.

use std::{path::Path, process::Command};

use crate::running::{Running, program, python, run};

const SECRET: &str = "Saywell_test-token_01";

#[test]
fn telegrams_clients_find_nothing_wrong() {
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/bot.py");
    let service = Running::start(&[
        ("TELEGRAM_SECRET_TOKEN", SECRET),
        ("TELEGRAM_BOT_NAME", "SaywellBot"),
        ("TELEGRAM_INLINE", "true"),
        ("SAYWELL_RATE_LIMIT", "off"),
    ]);
    let printed = run(Command::new(python).arg(script).args([
        "--url",
        &service.url,
        "--secret",
        SECRET,
        "--program",
        env!("CARGO_BIN_EXE_saywell"),
    ]));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
}

#[test]
fn secrets_and_names_that_telegram_does_not_take_stop_the_start() {
    let said = |variables: &[(&str, &str)]| {
        let output = program("serve", variables).arg("--check-config").output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let long = "a".repeat(257);
    for secret in ["", "two words", "hüsh", "a,", "a.b", &long] {
        let (works, said) = said(&[("TELEGRAM_SECRET_TOKEN", secret)]);
        assert!(!works && said.contains("TELEGRAM_SECRET_TOKEN: expected"), "{secret}: {said}");
    }
    for name in ["@x", "two words", "t.me/SaywellBot"] {
        let (works, said) = said(&[("TELEGRAM_SECRET_TOKEN", SECRET), ("TELEGRAM_BOT_NAME", name)]);
        assert!(!works && said.contains("TELEGRAM_BOT_NAME: expected"), "{name}: {said}");
    }
    for name in ["@SaywellBot", "SaywellBot", ""] {
        assert!(said(&[("TELEGRAM_SECRET_TOKEN", "a,b_c-1"), ("TELEGRAM_BOT_NAME", name)]).0, "{name}");
    }
}
