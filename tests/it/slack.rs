//! Slack, held against Slack's own Python libraries: see `tests/sdk/slack.py`.

use std::{net::TcpListener, process::Command};

use crate::running::{Running, program, python, run};

const SECRET: &str = "saywell-test-signing-secret-0001";

#[test]
fn slacks_own_libraries_find_nothing_wrong() {
    let sink = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let hooks = format!("http://127.0.0.1:{sink}");
    let common =
        [("SLACK_SIGNING_SECRET", SECRET), ("SLACK_HOOKS_ORIGIN", hooks.as_str()), ("SAYWELL_RATE_LIMIT", "off")];
    let service = Running::start(&common);
    let with_token = Running::start(&[&common[..], &[("SLACK_BOT_TOKEN", "xoxb-test")]].concat());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdk/slack.py");
    let printed = run(Command::new(python("tests/sdk/requirements.txt"))
        .arg(script)
        .args(["--url", &service.url, "--modal-url", &with_token.url, "--secret", SECRET])
        .args(["--sink", &sink, "--program", env!("CARGO_BIN_EXE_saywell")]));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
}

#[test]
fn a_command_can_be_tried_without_a_workspace() {
    let hooks = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let service = Running::start(&[("SLACK_SIGNING_SECRET", SECRET), ("SLACK_HOOKS_ORIGIN", &hooks)]);
    let send = |secret: &str, gestures: &[&str]| {
        let variables = [("SLACK_SIGNING_SECRET", secret), ("SLACK_HOOKS_ORIGIN", &*hooks)];
        let mut command = program("send", &variables);
        let output =
            command.args(["slack", "/recover billing 1", "--url", &service.url]).args(gestures).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let filled = ["--press", "Another", "--press", "Fill in", "--fill", "customer=Ana Bo"];
    let (done, seen) = send(SECRET, &[&filled[..], &["--press", "Done", "--press", "Share"]].concat());
    let (_, shared) = seen.rsplit_once("[Share]").unwrap();
    assert!(done && shared.contains("Ana Bo"), "what everybody sees: {seen}");
    let (done, seen) = send(SECRET, &["--press", "Nothing of the kind"]);
    assert!(!done && seen.contains("Nothing of the kind"), "{seen}");
    let (done, seen) = send("another secret", &[]);
    assert!(!done && seen.contains("401"), "{seen}");
}
