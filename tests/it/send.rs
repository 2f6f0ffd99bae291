//! `saywell send`: each platform tried without it.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

use crate::running::{Running, program, run};

const SECRET: &str = "saywell-test-secret-0001";
const SEED: &str = "saywell discord test key 1";
const KEY: &str = "b6f7175009b5a1c3d9bd246a4e8a7a6d109a40b26edcb582b77e20f7cbddfd65";
const RSA_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tokens/other.pem");

#[test]
fn a_name_that_the_form_does_not_have_is_an_error_that_lists_those_it_has() {
    let port = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (slack, mattermost) = (format!("http://127.0.0.1:{}", port()), format!("http://127.0.0.1:{}", port()));
    let keys = run(program("send", &[]).args(["teams", "--keys", "--key", RSA_KEY]));
    let variables = [
        ("SLACK_SIGNING_SECRET", SECRET),
        ("SLACK_HOOKS_ORIGIN", &*slack),
        ("MATTERMOST_TOKEN", SECRET),
        ("MATTERMOST_SITE_URL", &*mattermost),
        ("SAYWELL_SECRET", SECRET),
        ("SAYWELL_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("DISCORD_PUBLIC_KEY", KEY),
        ("DISCORD_TEST_SEED", SEED),
        ("TELEGRAM_SECRET_TOKEN", SECRET),
        ("TEAMS_APP_ID", "0a1b2c3d-0000-4000-8000-00000000000f"),
        ("TEAMS_KEYS", keys.trim()),
        ("TEAMS_TEST_KEY", RSA_KEY),
        ("GOOGLE_CHAT_AUDIENCE", "1234567890"),
        ("GOOGLE_CHAT_PROJECT_KEYS", keys.trim()),
        ("GOOGLE_CHAT_TEST_KEY", RSA_KEY),
    ];
    let service = Running::start(&variables);
    let send = |platform: &str, fill: &str| -> Output {
        let mut send = program("send", &variables);
        send.args([platform, "/recover billing 1", "--url", &service.url, "--press", "Fill in", "--fill", fill]);
        // There the form stands in the message or in the dialog, and is sent by a button.
        send.args(matches!(platform, "slack" | "teams").then_some(["--press", "Done"]).into_iter().flatten());
        send.output().unwrap()
    };
    for platform in ["slack", "mattermost", "discord", "telegram", "teams", "google-chat"] {
        let output = send(platform, "custmer=Ana");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(!output.status.success(), "{platform}: {said}");
        assert!(said.contains("The form has no `custmer`. It has: customer, "), "{platform}: {said}");
        let mut unopened = program("send", &variables);
        unopened.args([platform, "/recover billing 1", "--url", &service.url, "--fill", "customer=Ana"]);
        let output = unopened.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(!output.status.success() && said.contains("`customer` was not used"), "{platform}: {said}");
        let output = send(platform, "customer=Ana");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("Ana"), "{platform}: {said}");
    }
}

/// What the documents say to type, pasted twice in a row, as it stands but for the ports.
#[test]
fn a_walk_that_starts_a_service_waits_for_it_and_stops_it_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("walk-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let platforms = fs::read_dir(root.join("docs/platforms")).unwrap().map(|page| page.unwrap().path());
    let mut walks = 0;
    for page in platforms.chain([root.join("README.md")]) {
        let text = fs::read_to_string(&page).unwrap();
        for walk in text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            if !walk.contains("saywell serve &") {
                continue;
            }
            walks += 1;
            let free = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
            let ports = free.map(|listener| listener.local_addr().unwrap().port());
            let typed = ["8080", "8099", "8065"]
                .iter()
                .zip(ports)
                .fold(walk.replace("\n$ ", "\n").trim_start_matches("$ ").to_owned(), |walk, (known, port)| {
                    walk.replace(&format!(":{known}"), &format!(":{port}"))
                });
            let saywell = folder.join("saywell");
            let url = format!("http://127.0.0.1:{}", ports[0]);
            let program = env!("CARGO_BIN_EXE_saywell");
            let script = format!(
                "#!/bin/sh\ncase \"$1 $*\" in *--key*|serve*) exec {program} \"$@\";; *) exec {program} \"$@\" --url {url};; esac\n"
            );
            fs::write(&saywell, script).unwrap();
            fs::set_permissions(&saywell, fs::Permissions::from_mode(0o755)).unwrap();
            let output = Command::new("bash")
                .args(["-e", "-c", &[&*typed, &*typed].concat()])
                .current_dir(&folder)
                .env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()))
                .env("SAYWELL_LISTEN", format!("127.0.0.1:{}", ports[0]))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert!(output.status.success(), "{}: {typed}\n{said}", page.display());
            assert_eq!(said.matches("listening on").count(), 2, "{}: {said}", page.display());
            assert!(TcpListener::bind(("127.0.0.1", ports[0])).is_ok(), "{}: it still runs", page.display());
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(walks, 7);
}
