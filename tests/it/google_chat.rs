//! Google Chat as a person meets it, by `saywell send`; and held against what Google publishes: see
//! `tests/sdk/google_chat.py`.

use std::{env, fs, path::Path, process::Command};

use crate::running::{Running, eventually, program, python, run};

const URL: &str = "https://saywell.example.com/google-chat/events";
const ACCOUNT: &str = "service-1234567890@gcp-sa-gsuiteaddons.iam.gserviceaccount.com";
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tokens/other.pem");

/// The public half of the key.
fn keys() -> String {
    run(program("send", &[]).args(["google-chat", "--keys", "--key", KEY])).trim().to_owned()
}

fn start(keys: &str) -> Running {
    Running::start(&[
        ("GOOGLE_CHAT_AUDIENCE", &format!("1234567890,{URL}")),
        ("GOOGLE_CHAT_SERVICE_ACCOUNT", ACCOUNT),
        ("GOOGLE_CHAT_KEYS", keys),
        ("GOOGLE_CHAT_PROJECT_KEYS", keys),
        ("SAYWELL_RATE_LIMIT", "off"),
    ])
}

fn send(service: &Running, arguments: &[&str]) -> String {
    run(program("send", &[]).args(["google-chat", "--url", &service.url, "--key", KEY]).args(arguments))
}

#[test]
fn the_walk_of_the_readme_is_walked_in_both_envelopes() {
    let service = start(&keys());
    let walk = ["/recover billing", "--press", "Another", "--press", "Next: Own", "--press", "Fill in"];
    let walk = [&walk[..], &["--fill", "customer=Ana", "--press", "Share"]].concat();
    for how in
        [&["--audience", "1234567890"][..], &["--audience", URL], &["--audience", URL, "--service-account", ACCOUNT]]
    {
        let said = send(&service, &[how, &walk].concat());
        let [private, instead, dialog, public] =
            ["(only for you)", "(in place of the message)", "(a dialog)", "(in the space)"];
        for words in ["1 of 6, Acknowledge", "2 of 6, Own", private, instead, dialog, public, "Shared by Ada Example"] {
            assert!(said.contains(words), "{how:?} {words}: {said}");
        }
        let menu = send(&service, &[how, &["/recover", "--press", "A bill higher than hoped"]].concat());
        assert!(menu.contains("1 of 6, Acknowledge"), "{menu}");
        let review = send(&service, &[how, &["--message", "You should have told us."]].concat());
        assert!(review.contains("You should have told"), "{review}");
    }
    let mut wrong = program("send", &[]);
    wrong.args(["google-chat", "--url", &service.url, "--key", KEY, "--audience", URL, "/recover billing"]);
    let output = wrong.args(["--press", "Fill in", "--fill", "custmer=Ana"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("The form has no `custmer`. It has: "), "{said}");
}

#[test]
fn settings_that_are_wrong_stop_the_start() {
    for (name, value) in [
        ("GOOGLE_CHAT_AUDIENCE", "saywell"),
        ("GOOGLE_CHAT_AUDIENCE", "1234567890,"),
        ("GOOGLE_CHAT_SERVICE_ACCOUNT", "ada@example.com"),
        ("GOOGLE_CHAT_KEYS", "http://keys.example.com"),
        ("GOOGLE_CHAT_PROJECT_KEYS", "{\"keys\":[]}"),
    ] {
        let output = program("serve", &[(name, value)]).arg("--check-config").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(&format!("{name}: expected")), "{name}={value}: {said}");
    }
}

#[test]
fn keys_that_everybody_has_are_told_of_at_the_start() {
    let told = |service: &Running| {
        let is_told = |line: &String| line.contains("everybody has") && line.contains("WARN");
        eventually("a warning", || service.log().iter().any(is_told).then_some(()));
    };
    told(&start(&keys()));
    let file = env::temp_dir().join(format!("saywell-published-{}.json", std::process::id()));
    fs::write(&file, keys()).unwrap();
    told(&start(file.to_str().unwrap()));
    fs::remove_file(&file).unwrap();
}

#[test]
fn googles_document_and_its_judge_of_tokens_find_nothing_wrong() {
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/google_chat.py");
    let judge = || {
        let mut judge = Command::new(&python);
        judge.arg(&script).args(["--key", KEY]);
        judge
    };
    let sheet = run(program("manifest", &[]).args(["google-chat", "--url", "https://saywell.example.com"]));
    let certificate = run(&mut judge());
    for (keys, more) in [(keys(), &["--sheet", &*sheet][..]), (certificate, &[])] {
        let service = start(&keys);
        let printed = run(judge().args(["--url", &service.url, "--keys", &keys]).args(more));
        assert!(printed.contains(" passed, 0 failed"), "{printed}");
    }
}
