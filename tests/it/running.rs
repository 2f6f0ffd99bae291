//! The built program, started on a free port, and the Python and Node tools that are let loose on it.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// A running service; it is killed when this goes.
pub struct Running {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// Starts the program with these variables and nothing else set, and waits until it listens.
    pub fn start(variables: &[(&str, &str)]) -> Self {
        Self::spawn(&mut program("serve", variables))
    }

    /// Starts this command, which runs the program, and waits until it listens.
    pub fn spawn(command: &mut Command) -> Self {
        Self::spawn_at("127.0.0.1:0", command)
    }

    /// The same, at an address of one's own choice.
    pub fn spawn_at(listen: &str, command: &mut Command) -> Self {
        let mut child = command
            .env("SAYWELL_LISTEN", listen)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let kept = log.clone();
        // The pipe is read to its end, so that the program never waits for us.
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        let mut running = Self { child, url: String::new(), log };
        running.url = running.address("listening on ");
        running
    }

    /// The address in the line of the log that has these words before it.
    pub fn address(&self, before: &str) -> String {
        let address = |line: &String| {
            let (_, rest) = line.split_once(before)?;
            Some(rest[..rest.find('"').unwrap_or(rest.len())].to_owned())
        };
        eventually("a line that says where it listens", || self.log().iter().find_map(address))
    }

    /// What it has logged so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// The exit code, once it has ended.
    pub fn ended(&mut self) -> Option<i32> {
        eventually("an end", || self.child.try_wait().unwrap()).code()
    }

    pub fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Got {
        self.send(method, path, headers, &[])
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Got {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(10)))
            .build()
            .new_agent();
        let mut response = agent.run(request.body(body).expect("a request")).expect("an answer");
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        Got { status: response.status().as_u16(), headers, body: response.body_mut().read_to_vec().unwrap() }
    }
}

/// Waits until there is something, a quarter of a minute at most.
pub fn eventually<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(15);
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// The program with only these variables set.
pub fn program(subcommand: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saywell"));
    command.arg(subcommand).env_clear().envs(variables.iter().copied());
    command
}

/// The Python with the packages of this list, if `tests/run` has made it.
pub fn python(requirements: &str) -> Option<PathBuf> {
    let folder = Path::new(requirements).parent()?.file_name()?;
    prepared(&Path::new("python").join(folder), requirements).map(|home| home.join("bin/python"))
}

/// The folder with the `node_modules` that the package list of this folder asks for, if `tests/run` has made it.
pub fn node_modules(folder: &str) -> Option<PathBuf> {
    let name = Path::new(folder).file_name()?;
    prepared(&Path::new("node").join(name), &format!("{folder}/package.json"))
}

/// What `tests/run` installs under `target/` from a list, and the copy of the list that it leaves there. A test installs
/// nothing: where that is not there it says so, past the harness that keeps what passing tests print to itself, and the
/// test is the script's to run.
fn prepared(home: &Path, list: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = root.join("target").join(home);
    let wanted = fs::read_to_string(root.join(list)).expect("a list of packages");
    if fs::read_to_string(home.join("installed")).is_ok_and(|installed| installed == wanted) {
        return Some(home);
    }
    assert!(std::env::var_os("TESTS_RUN").is_none(), "tests/run has not installed what {list} names");
    let name = thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(io::stderr(), "left to tests/run, which installs what {list} names: {name}");
    None
}

/// Runs a command that has to end well, and shows what it printed if it does not.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} ended with {}\n{printed}", output.status);
    printed
}
