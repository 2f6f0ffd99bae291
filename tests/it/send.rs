//! `saywell send`: each platform tried without it.

use std::{net::TcpListener, process::Output};

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
        let output = send(platform, "customer=Ana");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("Ana"), "{platform}: {said}");
    }
}
