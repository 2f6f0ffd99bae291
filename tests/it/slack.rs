//! Slack, held against Slack's own Python libraries: see `tests/sdk/slack.py`.

use std::{net::TcpListener, process::Command};

use crate::running::{Running, program, python, run};

const SECRET: &str = "saywell-test-signing-secret-0001";

#[test]
fn slacks_own_libraries_find_nothing_wrong() {
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let sink = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let hooks = format!("http://127.0.0.1:{sink}");
    let common =
        [("SLACK_SIGNING_SECRET", SECRET), ("SLACK_HOOKS_ORIGIN", hooks.as_str()), ("SAYWELL_RATE_LIMIT", "off")];
    let service = Running::start(&common);
    let with_token = Running::start(&[&common[..], &[("SLACK_BOT_TOKEN", "xoxb-test")]].concat());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdk/slack.py");
    let printed = run(Command::new(python)
        .arg(script)
        .args(["--url", &service.url, "--modal-url", &with_token.url, "--secret", SECRET])
        .args(["--sink", &sink, "--program", env!("CARGO_BIN_EXE_saywell")]));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
}

#[test]
fn a_manifest_that_slack_could_not_call_is_an_error_that_says_why() {
    for (url, why) in [
        ("https://127.0.0.1", "a network of your own"),
        ("https://localhost:8080", "a network of your own"),
        ("https://10.1.2.3", "a network of your own"),
        ("http://saywell.example.com", "has to be https"),
        ("saywell.example.com", "is no address"),
    ] {
        let output = program("manifest", &[]).args(["slack", "--url", url]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{url}");
        assert!(said.starts_with("error: Slack cannot call ") && said.contains(why), "{url}: {said}");
    }
}
