//! Mattermost: a conversation with a small one, see `tests/sdk/mattermost`, whose replies are then held against
//! Mattermost's own types.

use std::{fs, net::TcpListener, path::Path, process::Command};

use crate::running::{Running, node_modules, program, run};

const TOKEN: &str = "7k4m9x2q8w5e1r6t3y0u1i2o3p";

/// A port that is free now.
fn port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

fn start(site: &str, more: &[(&str, &str)]) -> Running {
    // The service calls itself by the address at which the small Mattermost finds it, so its port is chosen before.
    let listen = format!("127.0.0.1:{}", port());
    let public = format!("http://{listen}");
    let common = [
        ("SAYWELL_PUBLIC_URL", &*public),
        ("SAYWELL_SECRET", "saywell-context-key-0001"),
        ("SAYWELL_RATE_LIMIT", "off"),
        ("MATTERMOST_TOKEN", TOKEN),
        ("MATTERMOST_SITE_URL", site),
    ];
    Running::spawn_at(&listen, &mut program("serve", &[&common[..], more].concat()))
}

#[test]
fn a_conversation_goes_as_mattermost_has_it_and_every_reply_is_of_its_types() {
    let Some(home) = node_modules("tests/sdk/mattermost") else { return };
    let port = port();
    let site = format!("http://127.0.0.1:{port}");
    let (service, replacing) = (start(&site, &[]), start(&site, &[("MATTERMOST_REPLACES", "true")]));
    let types = home.join("replies.ts");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/mattermost/conversation.mjs");
    let printed =
        run(Command::new("node").arg(script).args([&*service.url, &*replacing.url, TOKEN, &*port]).arg(&types));
    assert!(printed.contains(" passed, 0 failed"), "{printed}");
    assert!(fs::read_to_string(&types).unwrap().contains("reply20"), "many replies");
    run(Command::new("node")
        .current_dir(&home)
        .arg(home.join("node_modules/typescript/bin/tsc"))
        .args(["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "es2022"])
        .args(["--moduleResolution", "bundler", "replies.ts"]));
}

#[test]
fn the_manifest_says_what_to_enter_and_what_to_call() {
    let print = |args: &[&str]| {
        let mut command = program("manifest", &[]);
        command.args(["mattermost", "--url"]).args(args);
        run(&mut command)
    };
    let list = print(&["http://saywell:8080/"]);
    for line in ["Command Trigger Word  recover", "Request URL           http://saywell:8080/mattermost/commands"] {
        assert!(list.contains(line), "{line} in {list}");
    }
    let script = print(&["http://saywell:8080", "--script"]);
    assert!(script.contains(r#"create '{"team_id":"TEAM_ID","trigger":"recover","method":"P","url":"http://saywell:8080/mattermost/commands""#));
    let checked = Command::new("sh").arg("-nc").arg(&script).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
}
