//! Mattermost: a conversation with a small one, see `tests/sdk/mattermost`, whose replies are then held against
//! Mattermost's own types.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

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
    assert!(script.contains(r#"create recover '{"team_id":"TEAM_ID","trigger":"recover","method":"P","url":"http://saywell:8080/mattermost/commands""#));
    let checked = Command::new("sh").arg("-nc").arg(&script).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
}

/// What becomes of the script where `curl` is a program that answers like this.
fn create(answer: &str) -> Output {
    let home = std::env::temp_dir().join(format!("saywell-curl-{}-{}", std::process::id(), answer.len()));
    fs::create_dir_all(&home).unwrap();
    let curl = home.join("curl");
    fs::write(&curl, format!("#!/bin/sh\ncat > /dev/null\n{answer}\n")).unwrap();
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
    let script = run(program("manifest", &[]).args(["mattermost", "--url", "http://saywell:8080", "--script"]));
    let path = format!("{}:{}", home.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).env("PATH", path);
    let output = shell.env("SITE", "http://mattermost/").env("TEAM", "t1").env("LOGIN", "x").output().unwrap();
    fs::remove_dir_all(&home).unwrap();
    output
}

#[test]
fn the_script_prints_every_token_or_says_what_was_not_created_and_ends_with_an_error() {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let done = create(r#"echo '{"id":"c1","token":"abc123","trigger":"x"}'"#);
    let tokens = text(&done.stdout);
    assert!(done.status.success() && tokens.trim().split(',').all(|token| token == "abc123"), "{done:?}");
    assert!(tokens.matches("abc123").count() > 5, "{tokens}");
    for answer in [
        r#"echo '{"id":"api.command.duplicate","message":"That trigger word is in use.","status_code":400}'"#,
        "echo '<html>'",
        "exit 7",
    ] {
        let failed = create(answer);
        let said = text(&failed.stderr);
        assert!(!failed.status.success() && failed.stdout.is_empty(), "{failed:?}");
        assert!(said.contains("/recover was not created") && said.contains("Not created: /saywell /check"), "{said}");
    }
    let some = create(r#"[ -e "$0.once" ] && exit 7; : > "$0.once"; echo '{"token":"abc123"}'"#);
    assert!(!some.status.success() && text(&some.stdout) == "abc123\n", "{some:?}");
}
