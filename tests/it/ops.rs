//! Operation: settings, reloading, stopping, counting, limits.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rustix::process::Signal;
use saywell::chat::proof::{HmacKeys, Secret};

use crate::running::{Running, eventually, program};

const MEND: &str = include_str!("../fixtures/mend.toml");
const SOURCES: &str = include_str!("../fixtures/sources.toml");

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// With the small book of these tests in it.
    fn with_book(name: &str) -> Self {
        let folder = Self::new(name);
        folder.write("mend.toml", MEND);
        folder.write("sources.toml", SOURCES);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn serve(&self) -> Running {
        Running::start(&[("SAYWELL_PHRASEBOOK", self.0.to_str().unwrap()), ("SAYWELL_RATE_LIMIT", "off")])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn metric(service: &Running, series: &str) -> u64 {
    let metrics = service.get("/metrics");
    let line = metrics.text().lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok());
    line.unwrap_or_else(|| panic!("{series} in {}", metrics.text()))
}

/// A connection on which this has been sent.
fn connect(service: &Running, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(service.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    stream
}

/// One answer: its head and a body of known length.
fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap_or(0);
        text.extend_from_slice(&buffer[..read]);
        let seen = String::from_utf8_lossy(&text);
        let length = seen.find("content-length: ").map(|at| {
            let digits = &seen[at + 16..];
            digits[..digits.find('\r').unwrap()].parse::<usize>().unwrap()
        });
        let end = seen.find("\r\n\r\n").map(|end| end + 4 + length.unwrap_or(0));
        if read == 0 || end.is_some_and(|end| text.len() >= end) {
            return seen.into_owned();
        }
    }
}

const SIGNED_WITH: &str = "saywell-test-signing-secret-0001";
const COMMAND: &str = "command=%2Frecover&text=billing&team_id=T1&user_id=U1";

/// `/recover billing` as Slack would send it, so many seconds ago.
fn signed(ago: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let stamp = (now - ago).to_string();
    let keys = HmacKeys::new(&[Secret::from(SIGNED_WITH)]);
    let mac = keys.sign(&[b"v0:", stamp.as_bytes(), b":", COMMAND.as_bytes()]).unwrap();
    let mac = mac.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!(
        "POST /slack/commands HTTP/1.1\r\nhost: saywell\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nx-slack-request-timestamp: {stamp}\r\nx-slack-signature: v0={mac}\r\n\r\n{COMMAND}",
        COMMAND.len()
    )
}

#[test]
fn every_wrong_setting_is_named_at_once() {
    let output = program(
        "serve",
        &[
            ("SAYWELL_LISTEN", "here"),
            ("SAYWELL_RATE_LIMIT", "lots"),
            ("SAYWELL_DRAIN", "soon"),
            ("SAYWELL_WORKERS", "0"),
            ("SAYWELL_METRICS_LISTEN", "9090"),
            ("SAYWELL_MAX_CONNECTIONS", "many"),
            ("SAYWELL_TRUSTED_PROXIES", "10.0.0.0/99"),
            ("SAYWELL_LOG", "saywell=loud"),
        ],
    )
    .output()
    .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for name in
        ["LISTEN", "RATE_LIMIT", "DRAIN", "WORKERS", "METRICS_LISTEN", "MAX_CONNECTIONS", "TRUSTED_PROXIES", "LOG"]
    {
        assert!(said.contains(&format!("error: SAYWELL_{name}: expected ")), "{name}: {said}");
    }
    assert_eq!(said.lines().count(), 8, "{said}");
}

#[test]
fn settings_can_be_checked_without_serving() {
    let check = |variables: &[(&str, &str)]| {
        let output = program("serve", variables).arg("--check-config").output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, out, _) = check(&[]);
    assert_eq!((code, out.as_str()), (Some(0), "The settings and the phrasebook are fine.\n"));
    let (code, _, err) = check(&[("SAYWELL_PHRASEBOOK", "/nowhere")]);
    assert!(code == Some(1) && err.contains("/nowhere"), "{err}");
}

#[test]
fn a_changed_book_is_served_without_a_restart() {
    let folder = Folder::with_book("watched");
    let service = folder.serve();
    assert_eq!(service.get("/mends").status, 404);
    folder.write("mends.toml", MEND);
    eventually("a new file", || (service.get("/mends").status == 200).then_some(()));
    // As editors write: beside it, and then over it.
    folder.write("mends.toml~", &MEND.replace("A date has", "Newly, a date has"));
    fs::rename(folder.0.join("mends.toml~"), folder.0.join("mends.toml")).unwrap();
    eventually("a file written by renaming", || service.get("/mends").text().contains("Newly").then_some(()));
    fs::remove_file(folder.0.join("mends.toml")).unwrap();
    eventually("a file taken away", || (service.get("/mends").status == 404).then_some(()));
    assert!(metric(&service, "saywell_reloads_total ") >= 3);
}

#[test]
fn a_broken_book_is_refused_whole_and_said_so() {
    let folder = Folder::with_book("broken");
    let service = folder.serve();
    folder.write("mends.toml", "about = \"a secret word\"\ntopics = [xyzzy");
    eventually("a refusal", || service.get("/readyz").text().contains("mends.toml:2:").then_some(()));
    let ready = service.get("/readyz");
    assert!(ready.status == 200 && ready.text().starts_with("ready\n"), "{}", ready.text());
    assert_eq!(service.get("/mend").status, 200);
    assert_eq!(metric(&service, "saywell_last_reload_success "), 0);
    assert!(metric(&service, "saywell_reload_failures_total ") >= 1);
    let log = service.log().join("\n");
    assert!(log.contains("mends.toml:2:"), "{log}");
    assert!(!log.contains("xyzzy") && !ready.text().contains("xyzzy"), "{log}");
    folder.write("mends.toml", MEND);
    eventually("a good book", || (service.get("/mends").status == 200).then_some(()));
    assert_eq!(service.get("/readyz").text(), "ready\n");
    assert_eq!(metric(&service, "saywell_last_reload_success "), 1);
}

#[test]
fn a_folder_that_vanishes_leaves_the_book_in_service() {
    let folder = Folder::with_book("vanishing");
    let service = folder.serve();
    fs::remove_dir_all(&folder.0).unwrap();
    eventually("a refusal", || (metric(&service, "saywell_reload_failures_total ") > 0).then_some(()));
    assert_eq!(service.get("/mend").status, 200);
    fs::create_dir(&folder.0).unwrap();
    folder.write("mends.toml", &MEND.replace("mend.lost", "mends.lost"));
    folder.write("sources.toml", SOURCES);
    eventually("the folder again", || (service.get("/mends").status == 200).then_some(()));
}

/// Kubernetes mounts a ConfigMap as links through `..data`, which it swings to a new folder by renaming.
#[test]
fn a_config_map_is_followed_when_its_link_swings() {
    let folder = Folder::new("config-map");
    for (data, name) in [("..1", "mend"), ("..2", "mends")] {
        fs::create_dir(folder.0.join(data)).unwrap();
        folder.write(&format!("{data}/{name}.toml"), &MEND.replace("mend.lost", &format!("{name}.lost")));
        folder.write(&format!("{data}/sources.toml"), SOURCES);
        let _ = symlink(format!("..data/{name}.toml"), folder.0.join(format!("{name}.toml")));
    }
    symlink("..1", folder.0.join("..data")).unwrap();
    symlink("..data/sources.toml", folder.0.join("sources.toml")).unwrap();
    let swing = |link: &str| {
        symlink(link, folder.0.join("..data_tmp")).unwrap();
        fs::rename(folder.0.join("..data_tmp"), folder.0.join("..data")).unwrap();
    };
    // The links of names that are not in the folder swung to are taken away after it.
    fs::remove_file(folder.0.join("mends.toml")).unwrap();
    let service = folder.serve();
    assert_eq!(service.get("/mend").status, 200);
    symlink("..data/mends.toml", folder.0.join("mends.toml")).unwrap();
    swing("..2");
    fs::remove_file(folder.0.join("mend.toml")).unwrap();
    eventually("the new folder", || (service.get("/mends").status == 200).then_some(()));
    assert_eq!(service.get("/mend").status, 404);
}

#[test]
fn a_hundred_hang_ups_and_stray_signals_do_no_harm() {
    let mut service = Running::start(&[("SAYWELL_RATE_LIMIT", "off")]);
    for _ in 0..100 {
        service.signal(Signal::HUP);
        assert_eq!(service.get("/healthz").status, 200);
    }
    for signal in [Signal::USR1, Signal::USR2, Signal::ALARM, Signal::PIPE, Signal::WINCH] {
        service.signal(signal);
    }
    eventually("a reload", || (metric(&service, "saywell_reloads_total ") >= 1).then_some(()));
    service.signal(Signal::INT);
    assert_eq!(service.ended(), Some(0));
}

#[test]
fn requests_half_sent_when_the_end_comes_are_answered() {
    let mut service = Running::start(&[("SAYWELL_RATE_LIMIT", "off")]);
    let half = "GET /recover/billing HTTP/1.1\r\nHost: saywell\r\n";
    let mut streams: Vec<TcpStream> = (0..40).map(|_| connect(&service, half)).collect();
    // Taken by a worker for certain once a later one has been answered there.
    for _ in 0..8 {
        assert_eq!(service.get("/healthz").status, 200);
    }
    thread::sleep(Duration::from_millis(200));
    service.signal(Signal::TERM);
    eventually("the signal's arrival", || service.log().iter().any(|line| line.contains("stopping")).then_some(()));
    for stream in &mut streams {
        stream.write_all(b"\r\n").unwrap();
    }
    for stream in &mut streams {
        let answer = answer(stream);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    assert_eq!(service.ended(), Some(0));
}

#[test]
fn commands_half_sent_when_the_end_comes_are_answered() {
    let mut service = Running::start(&[("SLACK_SIGNING_SECRET", SIGNED_WITH), ("SAYWELL_RATE_LIMIT", "off")]);
    let whole = signed(0);
    let (first, rest) = whole.split_at(whole.len() - 10);
    let mut streams: Vec<TcpStream> = (0..40).map(|_| connect(&service, first)).collect();
    for _ in 0..8 {
        assert_eq!(service.get("/healthz").status, 200);
    }
    thread::sleep(Duration::from_millis(200));
    service.signal(Signal::TERM);
    // Longer than open connections are served for: what is under way is finished all the same.
    thread::sleep(Duration::from_secs(3));
    for stream in &mut streams {
        stream.write_all(rest.as_bytes()).unwrap();
    }
    for stream in &mut streams {
        let answer = answer(stream);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    assert_eq!(service.ended(), Some(0));
}

#[test]
fn before_it_stops_it_says_so_and_goes_on_answering() {
    let mut service = Running::start(&[("SAYWELL_DRAIN", "2s")]);
    let began = Instant::now();
    service.signal(Signal::TERM);
    eventually("the end of readiness", || (service.get("/readyz").status == 503).then_some(()));
    let got = service.get("/recover/billing");
    assert_eq!((got.status, got.header("connection")), (200, Some("close")));
    assert_eq!(service.get("/healthz").status, 200);
    assert_eq!(service.ended(), Some(0));
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[test]
fn a_second_signal_ends_the_wait() {
    let mut service = Running::start(&[("SAYWELL_DRAIN", "10min")]);
    service.signal(Signal::TERM);
    eventually("the end of readiness", || (service.get("/readyz").status == 503).then_some(()));
    service.signal(Signal::TERM);
    assert_eq!(service.ended(), Some(0));
}

#[test]
fn metrics_move_and_strangers_add_no_series() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off")]);
    let answered = "saywell_requests_total{door=\"topic\",outcome=\"answered\",platform=\"rest\"} ";
    let topic = "saywell_answers_total{command=\"recover\",topic=\"billing\"} ";
    assert_eq!((metric(&service, answered), metric(&service, topic)), (0, 0));
    let series = |service: &Running| service.get("/metrics").text().lines().count();
    let before = series(&service);
    for _ in 0..3 {
        service.get("/recover/billing");
    }
    for number in 0..40 {
        service.get(&format!("/odd{number}/path?{number}=x"));
        service.ask("PUT", &format!("/odd{number}"), &[("x-request-id", &format!("odd-{number}"))]);
    }
    service.get("/search?q=zzzzzz");
    assert_eq!((metric(&service, answered), metric(&service, topic)), (3, 3));
    assert_eq!(metric(&service, "saywell_empty_searches_total "), 1);
    assert_eq!(series(&service), before);
    let metrics = service.get("/metrics");
    assert!(!metrics.text().contains("odd"), "{}", metrics.text());
    assert_eq!(metrics.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for line in metrics.text().lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let family = name.split('{').next().unwrap();
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| family.strip_suffix(end)).unwrap_or(family);
        assert!(metrics.text().contains(&format!("# HELP {family} ")), "{line}");
        assert!(metrics.text().contains(&format!("# TYPE {family} ")), "{line}");
    }
}

#[test]
fn a_request_keeps_its_id_and_leaves_no_words_in_the_log() {
    let service = Running::start(&[("SAYWELL_LOG", "debug"), ("SAYWELL_RATE_LIMIT", "off")]);
    let got = service.ask("GET", "/recover/billing?customer=Xyzzy", &[("x-request-id", "from-outside.1")]);
    assert_eq!(got.header("x-request-id"), Some("from-outside.1"));
    assert_eq!(service.get("/recover/xyzzy").header("x-request-id").map(str::len), Some(16));
    eventually("a line", || {
        let log = service.log();
        let line = log.iter().find(|line| line.contains("from-outside.1"))?;
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((line["status"].as_u64(), line["door"].as_str()), (Some(200), Some("topic")), "{line}");
        assert_eq!((line["command"].as_str(), line["topic"].as_str()), (Some("recover"), Some("billing")), "{line}");
        assert!(line["ms"].as_f64().is_some(), "{line}");
        Some(())
    });
    assert!(!service.log().join("\n").to_lowercase().contains("xyzzy"));
}

#[test]
fn a_log_that_nobody_reads_any_more_stops_nothing() {
    let mut command = program("serve", &[("SAYWELL_LISTEN", "127.0.0.1:0"), ("SAYWELL_LOG", "debug")]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    let (_, address) = line.split_once("http://").unwrap();
    let address = address[..address.find('"').unwrap()].to_owned();
    drop(log);
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(b"GET /recover/billing HTTP/1.1\r\nHost: saywell\r\n\r\n").unwrap();
        assert!(answer(&mut stream).starts_with("HTTP/1.1 200"));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn who_asks_too_much_is_told_when_to_come_again() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "5/h")]);
    let ask = |number: u8| service.ask("GET", "/random", &[("x-forwarded-for", &format!("192.0.2.{number}"))]);
    for number in 0..5 {
        assert_eq!(ask(number).status, 200);
    }
    let got = ask(9);
    assert_eq!((got.status, got.header("ratelimit-policy")), (429, Some("\"default\";q=5;w=3600")));
    assert!(got.header("retry-after").is_some_and(|wait| (1..=720).contains(&wait.parse::<u64>().unwrap())));
    assert!(got.header("ratelimit").is_some_and(|limit| limit.starts_with("\"default\";r=0;t=")));
    let problem = service.get("/v1/random");
    assert_eq!((problem.status, problem.header("content-type")), (429, Some("application/problem+json")));
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(service.get(path).status, 200, "{path}");
    }
    assert_eq!(metric(&service, "saywell_refusals_total{platform=\"rest\",reason=\"too_many\"} "), 2);
}

#[test]
fn every_refusal_moves_one_counter() {
    let service = Running::start(&[("SLACK_SIGNING_SECRET", SIGNED_WITH), ("SAYWELL_RATE_LIMIT", "3/h")]);
    let refusals = || -> Vec<(String, u64)> {
        let metrics = service.get("/metrics");
        let lines = metrics.text().lines().filter_map(|line| line.strip_prefix("saywell_refusals_total"));
        let moved = lines.map(|line| line.rsplit_once(' ').unwrap()).filter(|(_, count)| *count != "0");
        moved.map(|(series, count)| (series.to_owned(), count.parse().unwrap())).collect()
    };
    let mut known = Vec::new();
    let mut check = |sent: String, status: &str, reason: &str| {
        let answer = answer(&mut connect(&service, &sent));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{reason}: {answer}");
        known.push((format!("{{platform=\"slack\",reason=\"{reason}\"}}"), 1));
        known.sort();
        assert_eq!(refusals(), known, "{reason}");
    };
    check(signed(0).replace("v0=", "v0=0"), "401", "unproved");
    check(signed(400), "401", "stale");
    check(signed(0).replace("content-length: ", "content-length: 9999"), "413", "too_large");
    check(signed(0).replace("\r\nx-slack-r", "\r\ncontent-encoding: gzip\r\nx-slack-r"), "415", "unsupported_type");
    for _ in 0..3 {
        assert!(answer(&mut connect(&service, &signed(0))).starts_with("HTTP/1.1 200"));
    }
    // In chat it is a private word, and no error.
    check(signed(0), "200", "too_many");
}

#[test]
fn who_forges_a_lot_is_told_to_wait() {
    let service = Running::start(&[("SLACK_SIGNING_SECRET", SIGNED_WITH), ("SAYWELL_RATE_LIMIT", "3/h")]);
    let forge = || service.ask("POST", "/slack/commands", &[]).status;
    assert_eq!([forge(), forge(), forge(), forge()], [401, 401, 401, 429]);
    assert!(answer(&mut connect(&service, &signed(0))).starts_with("HTTP/1.1 200"), "what is proved has its own limit");
}

#[test]
fn a_refusal_costs_nobody_the_connection() {
    let service = Running::start(&[("SLACK_SIGNING_SECRET", SIGNED_WITH)]);
    let mut stream = connect(&service, &signed(301));
    assert!(answer(&mut stream).starts_with("HTTP/1.1 401"));
    stream.write_all(signed(0).as_bytes()).unwrap();
    assert!(answer(&mut stream).starts_with("HTTP/1.1 200"), "the proxy in front keeps its connection");
}

#[test]
fn a_trusted_proxy_is_believed() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "2/h"), ("SAYWELL_TRUSTED_PROXIES", "127.0.0.0/8")]);
    let ask = |address: &str| service.ask("GET", "/random", &[("x-forwarded-for", address)]).status;
    assert_eq!([ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.1")], [200, 200, 429]);
    assert_eq!([ask("192.0.2.2"), ask("198.51.100.1, 192.0.2.1")], [200, 429]);
}

#[test]
fn metrics_can_have_an_address_of_their_own() {
    let service = Running::start(&[("SAYWELL_METRICS_LISTEN", "127.0.0.1:0")]);
    assert_eq!(service.get("/metrics").status, 404);
    let url = service.address("metrics on ");
    let text = ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(text.contains("saywell_build_info"), "{text}");
    let base = url.trim_end_matches("/metrics");
    assert_eq!(ureq::get(format!("{base}/readyz")).call().unwrap().status(), 200);
    assert!(ureq::get(format!("{base}/recover/billing")).call().is_err());
}

/// Each of these holds a connection for as long as it is let; none may be let for long.
#[test]
fn slow_clients_are_cut_off() {
    let service = &Running::start(&[("SLACK_SIGNING_SECRET", SIGNED_WITH), ("SAYWELL_RATE_LIMIT", "off")]);
    let whole = "GET /healthz HTTP/1.1\r\nHost: saywell\r\n\r\n";
    let cases = [
        ("silence", "", "", 15),
        ("a slow head", "GET / HT", "T", 15),
        ("one request and silence", whole, "", 15),
        ("a slow second head", whole, "G", 15),
        ("a slow body", "POST /slack/commands HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n", "x", 30),
        ("a body for nobody", "POST /recover/billing HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n", "x", 30),
    ];
    thread::scope(|scope| {
        for (what, first, drip, most) in cases {
            scope.spawn(move || {
                let began = Instant::now();
                let mut stream = connect(service, first);
                stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
                let mut buffer = [0; 4096];
                loop {
                    assert!(began.elapsed() < Duration::from_secs(most), "{what} is let go on");
                    match stream.read(&mut buffer) {
                        Ok(0) => break,
                        Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => break,
                        _ => {}
                    }
                    if stream.write_all(drip.as_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
    });
    assert_eq!(service.get("/healthz").status, 200);
    assert!(metric(service, "saywell_connections_cut_total ") >= 1);
}

#[test]
fn few_descriptors_are_enough_to_go_on() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 96 && exec \"$0\" serve", env!("CARGO_BIN_EXE_saywell")]).env_clear();
    let service = Running::spawn(command.env("SAYWELL_RATE_LIMIT", "off").env("SAYWELL_WORKERS", "2"));
    let held: Vec<TcpStream> = (0..192).map(|_| connect(&service, "GET")).collect();
    thread::sleep(Duration::from_millis(300));
    drop(held);
    let began = Instant::now();
    assert_eq!(service.get("/recover/billing").status, 200);
    assert!(began.elapsed() < Duration::from_secs(8));
}
