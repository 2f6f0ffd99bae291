//! The built program against Slack's own Python libraries: see `tests/sdk/slack.py`. Needs `python3` (3.11 or later) with `venv`; what
//! the script imports is installed once, under `target`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_saywell");
const SECRET: &str = "saywell-test-signing-secret-0001";

#[test]
fn slacks_own_libraries_find_nothing_wrong() {
    let sink = free_port();
    let hooks = format!("http://127.0.0.1:{sink}");
    let service = Service::start(&hooks, None);
    let with_token = Service::start(&hooks, Some("xoxb-test"));
    let run = Command::new(python())
        .arg(sdk().join("slack.py"))
        .args(["--url", &service.url, "--modal-url", &with_token.url, "--secret", SECRET])
        .args(["--sink", &sink.to_string(), "--program", PROGRAM])
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && said.contains(" passed, 0 failed"), "{said}");
}

/// A service that ends with the test.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(hooks: &str, bot_token: Option<&str>) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .envs(bot_token.map(|token| ("SLACK_BOT_TOKEN", token)))
            .envs([("SLACK_SIGNING_SECRET", SECRET), ("SLACK_HOOKS_ORIGIN", hooks), ("SAYWELL_RATE_LIMIT", "off")])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let url = log.find_map(|line| {
            let address = line.split_once("listening on ")?.1;
            Some(address.split(['"', ' ']).next().unwrap_or_default().to_owned())
        });
        // Somebody has to read the rest, or the program waits for it.
        std::thread::spawn(move || log.for_each(drop));
        Self { child, url: url.expect("it says where it listens") }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn sdk() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk")
}

/// A Python that has what the scripts import; made anew when the list of that changes.
fn python() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdk");
    let python = home.join("bin/python");
    let wanted = fs::read_to_string(sdk().join("requirements.txt")).unwrap();
    let installed = home.join("requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return python;
    }
    let run = |command: &mut Command| {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&home));
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(sdk().join("requirements.txt")));
    fs::write(installed, wanted).unwrap();
    python
}
