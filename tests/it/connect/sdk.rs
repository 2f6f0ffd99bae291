//! Slack's own clients, on the stand-in: what they take for Slack is what `saywell connect slack` is tried against.

use std::process::{Child, Command};

use serde_json::{Value, json};

use super::slack::{Slack, TOKEN};
use crate::running::{eventually, node_modules, python};

struct Client(Child);

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn slacks_client_for_python_takes_the_stand_in_for_slack() {
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdk/connect.py");
    accepts(Command::new(python).arg(script));
}

#[test]
fn slacks_client_for_node_takes_the_stand_in_for_slack() {
    let Some(home) = node_modules("tests/sdk/slack") else { return };
    accepts(Command::new("node").arg(home.join("connect.mjs")));
}

/// The client answers each envelope with its type and what it carries; so it has understood it.
fn accepts(client: &mut Command) {
    let slack = Slack::open();
    let started = client.env("SLACK_API", format!("{}/api/", slack.url)).env("SLACK_APP_TOKEN", TOKEN).spawn();
    let _client = Client(started.unwrap());
    slack.connected(1);
    slack.command("e-1", "billing");
    slack.deliver("e-2", "interactive", json!({"type": "block_actions", "actions": [{"value": "v1.a"}]}));
    slack.deliver("e-3", "interactive", json!({"type": "block_suggestion", "value": "bill"}));
    slack.deliver("e-4", "interactive", json!({"type": "view_submission", "view": {"callback_id": "fill"}}));
    for (id, kind, pointer, carried) in [
        ("e-1", "slash_commands", "/text", json!("billing")),
        ("e-2", "interactive", "/actions/0/value", json!("v1.a")),
        ("e-3", "interactive", "/value", json!("bill")),
        ("e-4", "interactive", "/view/callback_id", json!("fill")),
    ] {
        let answered = slack.answered(id, 1, 0);
        let reply = answered.reply();
        assert_eq!((&reply["type"], reply["body"].pointer(pointer)), (&Value::from(kind), Some(&carried)), "{reply}");
    }
    let first = slack.lines()[0];
    slack.announce(first, "warning");
    eventually("another connection", || slack.lines().first().is_some_and(|now| *now != first).then_some(()));
    slack.command("e-5", "again");
    assert_eq!(slack.answered("e-5", 1, 0).reply()["body"]["text"], "again");
}
