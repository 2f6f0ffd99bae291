//! What strangers' clients, links and machines do that ours do not.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use saywell::say::book::{Phrasebook, Source};

use crate::running::{Running, eventually, program};

fn service() -> Running {
    Running::start(&[("SAYWELL_RATE_LIMIT", "off")])
}

#[test]
fn a_query_that_is_no_utf_8_is_refused_by_the_name_of_its_parameter() {
    let service = service();
    for (path, name) in [
        ("/recover/billing?customer=Jos%E9", "customer"),
        ("/v1/recover/billing?n=1&item=%FF", "item"),
        ("/search?q=%C3%28", "q"),
        ("/random?%80=1", ""),
    ] {
        let got = service.get(path);
        assert_eq!(got.status, 400, "{path}");
        assert!(got.text().contains(&format!("`{name}")) && got.text().contains("UTF-8"), "{path}: {}", got.text());
    }
    assert!(service.get("/recover/billing?n=1&customer=Jos%C3%A9").status == 200);
}

#[test]
fn what_trackers_hang_on_shared_links_is_passed_over() {
    let service = service();
    for tracker in ["utm_source=slack", "utm_anything=x&utm_anything=y", "fbclid=x", "gclid=x", "msclkid=x", "mc_cid=x"]
    {
        for path in
            ["/", "/recover", "/recover/billing", "/phrases/recover.billing.hoped-for", "/search?q=late", "/check"]
        {
            let mark = if path.contains('?') { '&' } else { '?' };
            let got = service.get(&format!("{path}{mark}{tracker}"));
            assert_eq!(got.status, 200, "{path}{mark}{tracker}: {}", got.text());
        }
    }
    assert_eq!(service.get("/?tracker=x").status, 400);
}

#[test]
fn slashes_too_many_lead_to_the_same_place() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off"), ("SLACK_SIGNING_SECRET", "saywell-test-secret-01")]);
    for path in ["/slack/commands", "/slack/commands/", "//slack/commands", "/slack//commands//"] {
        assert_eq!(service.ask("POST", path, &[]).status, 401, "{path}");
    }
    for path in ["//recover/billing", "/recover//billing", "/recover/billing/", "/docs/", "//install", "/healthz/"] {
        assert_eq!(service.get(path).status, 200, "{path}");
    }
}

#[test]
fn a_guess_is_made_only_where_it_is_near() {
    let service = service();
    for path in ["/nope", "/a/b/c", "/wp-login.php", "/xyzzy/plugh"] {
        let got = service.get(path);
        assert_eq!(got.status, 404, "{path}");
        assert!(!got.text().contains("Did you mean"), "{path}: {}", got.text());
    }
    assert!(service.get("/recovr").text().contains("Did you mean /recover?"));
    assert_eq!(service.get("/favicon.ico").header("content-type"), Some("image/svg+xml"));
    assert!(service.get("/robots.txt").text().starts_with("User-agent: *\n"));
}

#[test]
fn a_number_that_no_phrase_has_is_refused_with_those_that_there_are() {
    let service = service();
    for path in ["/recover/billing?n=99", "/v1/recover/billing?n=9999", "/recover/billing.html?n=99"] {
        let got = service.get(path);
        assert_eq!(got.status, 400, "{path}");
        assert!(got.text().contains("a whole number from 1 to "), "{}", got.text());
    }
}

/// An address nobody listens at, for a moment.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_reader_of_the_log_that_stalls_stops_neither_the_service_nor_its_end() {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let variables = [("SAYWELL_LISTEN", &*listen), ("SAYWELL_LOG", "debug"), ("SAYWELL_RATE_LIMIT", "off")];
    let mut child = program("serve", &variables).stderr(Stdio::piped()).spawn().unwrap();
    let url = format!("http://{listen}");
    eventually("an answer", || ureq::get(format!("{url}/healthz")).call().ok());
    let agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).build().new_agent();
    // Each has a line of some two hundred bytes: far more than the pipe and the queue hold.
    for number in 0..6000 {
        let answered = agent.get(format!("{url}/recover/billing?n=1")).call();
        assert!(answered.is_ok(), "request {number}: {answered:?}");
    }
    let metrics = agent.get(format!("{url}/metrics")).call().unwrap().body_mut().read_to_string().unwrap();
    let dropped = metrics.lines().find_map(|line| line.strip_prefix("saywell_log_lines_dropped_total "));
    assert!(dropped.unwrap().parse::<u64>().unwrap() > 0, "{dropped:?}");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let began = Instant::now();
    let ended = eventually("an end", || child.try_wait().unwrap());
    assert!(ended.success() && began.elapsed() < Duration::from_secs(12), "{ended} after {:?}", began.elapsed());
}

#[test]
fn a_port_alone_is_listened_on_at_every_address_of_both_kinds() {
    let port = free_port().to_string();
    let mut child = program("serve", &[("PORT", &port)]).stderr(Stdio::null()).spawn().unwrap();
    let asked = |host: &str| ureq::get(format!("http://{host}:{port}/healthz")).call().is_ok();
    eventually("an answer over IPv4", || asked("127.0.0.1").then_some(()));
    let has_ipv6 = TcpListener::bind("[::1]:0").is_ok();
    assert_eq!(asked("[::1]"), has_ipv6);
    let health = program("healthcheck", &[("PORT", &port)]).status().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(health.success());
}

#[test]
fn replicas_with_the_same_files_in_different_places_have_the_same_etag() {
    let mend = include_str!("../fixtures/mend.toml");
    let sources = include_str!("../fixtures/sources.toml");
    let tag = |name: &str, text: &str| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("etag-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("en")).unwrap();
        fs::write(folder.join("en/mend.toml"), text).unwrap();
        fs::write(folder.join("sources.toml"), sources).unwrap();
        let service = Running::start(&[("SAYWELL_PHRASEBOOK", folder.to_str().unwrap())]);
        let tag = service.get("/mend?format=txt").header("etag").unwrap().to_owned();
        fs::remove_dir_all(&folder).unwrap();
        tag
    };
    assert_eq!(tag("here", mend), tag("quite-elsewhere", mend));
    assert_ne!(tag("here", mend), tag("here", &mend.replacen("title = \"", "title = \"More ", 1)));
}

fn judged(text: String) -> (Duration, usize) {
    let sources = [
        Source { name: "sources.toml".into(), layer: 0, text: include_str!("../fixtures/sources.toml").into() },
        Source { name: "en/slow.toml".into(), layer: 0, text: text.into() },
    ];
    let began = Instant::now();
    let faults = Phrasebook::parse(&sources).map_or_else(|faults| faults.len(), |_| 0);
    let drawn = began.elapsed();
    (drawn, faults)
}

/// A tenth as large takes about a tenth of the time, whatever the shape: what grows with the square takes a hundredth.
#[test]
fn reading_a_book_is_linear_in_any_shape() {
    const PHRASE: &str = "[[topic.a.phrase]]\nid = \"one\"\nsay = \"Words.\"\nwhy = \"Why.\"\nsource = \"saywell\"\n";
    const HEAD: &str =
        "title = \"T\"\nabout = \"A.\"\n[topic.a]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n";
    let shapes: [(&str, &dyn Fn(usize) -> String); 9] = [
        ("the same phrase", &|size| HEAD.to_owned() + &PHRASE.repeat(size / PHRASE.len())),
        ("the same header", &|size| "[topic.a]\n".repeat(size / 10)),
        ("the same key", &|size| "title = \"T\"\n".repeat(size / 12)),
        ("the same blank", &|size| format!("{HEAD}{}", PHRASE.replace("Words.", &"{{a}} ".repeat(size / 6)))),
        ("blanks of different names", &|size| {
            let slots = (0..size / 40).map(|n| format!("[slot.s{n}]\nask = \"A?\"\nexample = \"e\"\n"));
            slots.collect()
        }),
        ("topics of different names", &|size| {
            (0..size / 40).map(|n| format!("[topic.t{n}]\ntitle = \"T\"\n")).collect()
        }),
        ("topics that refer to nothing", &|size| {
            (0..size / 130).map(|n| format!(
                "[topic.t{n}]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\nrelated = [\"slow.x{n}\", \"y.z{n}\"]\n"
            )).collect()
        }),
        ("nothing but brackets", &|size| "[".repeat(size)),
        ("one long line", &|size| format!("title = \"{}\"\n", "x".repeat(size))),
    ];
    for (name, shape) in shapes {
        let (small, _) = judged(shape(100_000));
        let (large, faults) = judged(shape(1_000_000));
        assert!(faults > 0, "{name}");
        let allowed = small * 30 + Duration::from_millis(300);
        assert!(large < allowed, "{name}: {small:?}, and ten times as large {large:?}");
    }
}
