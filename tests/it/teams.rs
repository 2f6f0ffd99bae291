//! Teams as a person meets it, by `saywell send`, and held against Microsoft's own packages: see `tests/sdk/teams`.

use std::{fs, path::Path, process::Command};

use crate::{
    page::chromium,
    running::{Running, node_modules, program, run},
};

const APP: &str = "0a1b2c3d-0000-4000-8000-00000000000f";
const TOKEN: &str = "U2F5d2VsbC10ZXN0LWtleS0zMi1ieXRlcy1sb25nISE=";
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tokens/other.pem");

/// The name of the key.
fn kid() -> String {
    keys().split("\"kid\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The public half of the key.
fn keys() -> String {
    run(program("send", &[]).args(["teams", "--keys", "--key", KEY])).trim().to_owned()
}

fn start() -> Running {
    Running::start(&[
        ("TEAMS_APP_ID", APP),
        ("TEAMS_WEBHOOK_TOKEN", TOKEN),
        ("TEAMS_KEYS", &keys()),
        ("SAYWELL_RATE_LIMIT", "off"),
    ])
}

fn send(service: &Running, arguments: &[&str]) -> String {
    let given = ["teams", "--url", &service.url, "--app-id", APP, "--key", KEY];
    run(program("send", &[]).args(given).args(arguments))
}

#[test]
fn the_walk_of_the_readme_is_walked_and_a_name_that_the_form_does_not_have_is_an_error() {
    let service = start();
    let walk = ["/recover billing", "--press", "Another", "--press", "Next: Own", "--press", "Fill in"];
    let said =
        send(&service, &[&walk[..], &["--fill", "customer=Ana", "--press", "Done", "--press", "Share"]].concat());
    for words in ["1 of 6, Acknowledge", "[Next: Own]", "2 of 6, Own", "[Done]", "[Share]"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let menu = send(&service, &["/recover", "--press", "A bill higher than hoped"]);
    assert!(menu.contains("1 of 6, Acknowledge"), "{menu}");
    let search = send(&service, &["recover", "--search", "--press", "A bill higher than hoped"]);
    assert!(search.contains("(into your message)"), "{search}");
    let review = send(&service, &["--message", "You should have told us."]);
    assert!(review.contains("“You should have told”"), "{review}");
    let mention = send(&service, &["/recover billing 1", "--webhook-token", TOKEN]);
    assert!(mention.contains("(in the channel)"), "{mention}");
    let mut wrong = program("send", &[]);
    let wrong = wrong.args(["teams", "--url", &service.url, "--app-id", APP, "--key", KEY]);
    let output = wrong.args(walk).args(["--fill", "custmer=Ana", "--press", "Done"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success() && said.contains("The form has no `custmer`. It has: "), "{said}");
}

#[test]
fn settings_that_are_wrong_stop_the_start() {
    for (name, value) in [
        ("TEAMS_APP_ID", "saywell"),
        ("TEAMS_APP_ID", "0a1b2c3d-0000-4000-8000-00000000000f,"),
        ("TEAMS_WEBHOOK_TOKEN", "not base64"),
        ("TEAMS_WEBHOOK_TOKEN", "c2hvcnQ="),
        ("TEAMS_KEYS", "http://keys.example.com"),
        ("TEAMS_KEYS", "{\"keys\":[]}"),
        ("TEAMS_ISSUER", "api.botframework.us"),
    ] {
        let output = program("serve", &[(name, value)]).arg("--check-config").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(&format!("{name}: expected")), "{name}={value}: {said}");
    }
}

#[test]
fn the_walk_of_the_readme_is_walked_in_microsofts_playground() {
    let Some(node) = node_modules("tests/sdk/teams") else { return };
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("playground");
    let service = start();
    let mut playground = Command::new("node");
    playground.arg(node.join("playground.mjs")).env("KID", kid()).env("CHROMIUM", chromium());
    playground.args(["--url", &service.url, "--app", APP, "--key", KEY, "--pictures"]).arg(pictures);
    let printed = run(&mut playground);
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
}

#[test]
fn microsofts_own_packages_find_nothing_wrong() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(node) = node_modules("tests/sdk/teams") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("teams-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let packages = [("plain.zip", None), ("slash.zip", Some("--slash"))].map(|(name, slash)| {
        let package = folder.join(name);
        let mut manifest = program("manifest", &[]);
        manifest.args(["teams", "--url", "https://saywell.example.com", "--app-id", APP]).args(slash);
        assert!(run(manifest.arg("--out").arg(&package)).contains("Upload an app"));
        package
    });
    let service = start();
    let printed = run(Command::new("node")
        .arg(node.join("check.mjs"))
        .env("KID", kid())
        .env("CHROMIUM", chromium())
        .args(["--url", &service.url, "--app", APP, "--key", KEY, "--book"])
        .arg(root.join("phrasebook/en"))
        .args(packages));
    fs::remove_dir_all(&folder).unwrap();
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
}
