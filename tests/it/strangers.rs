//! What strangers' clients, links and machines do that ours do not.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use clap::{Args as _, FromArgMatches as _};
use rustix::process::{Pid, Signal, kill_process};
use saywell::{
    config::{Config, Settings},
    say::{
        answer::answer,
        ask::Ask,
        book::{Phrasebook, Source},
    },
};

use crate::{
    harness::book,
    running::{Running, eventually, program},
};

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
        assert_eq!(got.status, 404, "{path}");
        assert!(got.text().contains("a whole number from 1 to "), "{}", got.text());
        // What is suggested is another address.
        assert!(got.text().contains("/recover/billing?n=") && !got.text().contains("billing?n=99"), "{}", got.text());
    }
}

/// Whatever a client sends, byte for byte, and all that comes back until the connection is closed.
fn raw(service: &Running, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(service.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    stream.write_all(sent).unwrap();
    let mut answer = Vec::new();
    // Who is refused amid sending may find the connection reset after the answer.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

#[test]
fn an_address_with_letters_and_quotation_marks_as_they_are_is_read() {
    let service = service();
    let get = |address: &[u8]| {
        raw(&service, &[b"GET ", address, b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"].concat())
    };
    for (address, words) in [
        ("/recover/billing?n=1&customer=José", "José"),
        ("/recover/billing?n=1&customer=“José”", "José"),
        ("/recover/billing?n=1&customer=\"José\"", "José"),
        ("/recover/billing?n=1&customer=<José>", "José"),
        ("/recover/billing?n=1&customer=李明", "李明"),
        ("/v1/recover/billing.json?n=1&customer=Zoë", "Zoë"),
        ("/recover/größe", "größe"),
    ] {
        let answer = get(address.as_bytes());
        assert!(answer.contains(words), "{address}: {answer}");
    }
    let answer = get(b"/recover/billing?customer=Jos\xe9");
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("`customer`"), "{answer}");
}

#[test]
fn what_cannot_be_read_as_a_request_is_answered_with_a_sentence() {
    let service = service();
    let many = "x: y\r\n".repeat(120);
    let long = format!("GET /search?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(70_000));
    let large = format!("GET / HTTP/1.1\r\nHost: x\r\nx: {}", "a".repeat(140_000));
    for (sent, status) in [
        ("GET /recover/billing?customer=Ana Maria HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        ("GET /recover/billing HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400"),
        ("POST /é HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\nwhat is this?\r\n\r\n", "400"),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "400"),
        (&format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"), "431"),
        (&long, "400"),
        (&large, "431"),
    ] {
        let answer = raw(&service, sent.as_bytes());
        let last = &answer[answer.rfind("HTTP/1.1 4").unwrap()..];
        let (head, body) = last.split_once("\r\n\r\n").unwrap();
        let start = sent.get(..60).unwrap_or(sent);
        assert!(last.starts_with(&format!("HTTP/1.1 {status} ")), "{start}: {answer}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{start}: {answer}");
        assert!(body.len() > 30 && body.ends_with(".\n"), "{start}: {answer}");
    }
}

fn faults(variables: &[(&str, &str)]) -> String {
    let output = program("serve", variables).arg("--check-config").output().unwrap();
    assert_eq!(output.status.success(), output.stderr.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

/// The settings that prove something, each of which can be a file.
const PROOFS: [&str; 8] = [
    "SLACK_SIGNING_SECRET",
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_SECRET",
    "MATTERMOST_TOKEN",
    "DISCORD_PUBLIC_KEY",
    "TELEGRAM_SECRET_TOKEN",
    "TEAMS_WEBHOOK_TOKEN",
    "SAYWELL_SECRET",
];

/// Whoever runs another platform than Slack finds where its secret goes, too.
#[test]
fn every_secret_has_its_place_in_the_files_that_run_the_service() {
    let unit = include_str!("../../docker/saywell.service");
    let (compose, stack) = (include_str!("../../docker/compose.yaml"), include_str!("../../docker/stack.yaml"));
    for proof in PROOFS {
        let file = proof.to_lowercase();
        assert!(unit.contains(&format!("\nLoadCredential={file}\n")), "{proof}");
        assert!(compose.contains(&file), "{proof}");
        // A public key stands there itself.
        let named = if proof == "DISCORD_PUBLIC_KEY" { proof.to_owned() } else { format!("{proof}_FILE") };
        assert!(stack.contains(&named), "{proof}");
    }
    for setting in ["TEAMS_APP_ID", "GOOGLE_CHAT_AUDIENCE"] {
        assert!(stack.contains(setting), "{setting}");
    }
}

#[test]
fn a_variable_that_is_empty_is_not_set_unless_it_proves_something() {
    let help = String::from_utf8(program("serve", &[]).arg("--help").output().unwrap().stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let variables = help.split("[env: ").skip(1).map(|rest| rest.split(['=', ']']).next().unwrap());
    let proofs = PROOFS;
    let (mut optional, mut all) = (Vec::new(), Vec::new());
    for name in variables.chain(["RUST_LOG"]) {
        all.push((name, ""));
        let said = faults(&[(name, "")]);
        assert_eq!(said.starts_with(&format!("error: {name}: ")), proofs.contains(&name), "{name}: {said}");
        optional.extend((!proofs.contains(&name)).then_some((name, " ")));
    }
    assert!(optional.len() > 15);
    assert_eq!(faults(&optional), "");
    for name in proofs {
        assert!(faults(&all).contains(&format!("error: {name}: ")), "{name}");
        assert_eq!(faults(&[(&format!("{name}_FILE"), "")]), "", "{name}");
    }
}

#[test]
fn all_faults_of_the_settings_are_said_at_once() {
    let wrong = [
        ("SAYWELL_LISTEN", "here"),
        ("PORT", "x"),
        ("SAYWELL_NO_DEFAULT_PHRASEBOOK", "perhaps"),
        ("MATTERMOST_REPLACES", "maybe"),
        ("SAYWELL_WORKERS", "0"),
        ("SLACK_SIGNING_SECRET", ""),
        ("SLACK_BOT_TOKEN", ""),
        ("DISCORD_WINDOW", "long"),
        ("SAYWELL_SECRET", "short"),
    ];
    let said = faults(&wrong);
    for (name, _) in wrong {
        assert_eq!(said.matches(&format!("error: {name}: expected ")).count(), 1, "{name}: {said}");
    }
    let said = faults(&[("PORT", "x"), ("SAYWELL_PHRASEBOOK", "/nowhere")]);
    assert!(said.contains("PORT") && said.contains("/nowhere"), "{said}");
    assert!(faults(&[("SAYWELL_PHRASEBOOK", "/a::/b")]).contains("SAYWELL_PHRASEBOOK: expected "));
}

/// The paths that the source gives to the framework, a name in braces put in, and those of the platforms.
fn routes() -> Vec<String> {
    let source = ["mod.rs", "browser.rs", "probe.rs", "languagetool.rs"];
    let source =
        source.map(|file| fs::read_to_string(format!("{}/src/http/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap());
    let source = source.concat();
    let found = ["fixed(\"/", "resource(\"/"].into_iter().flat_map(|call| source.split(call).skip(1));
    let fixed = found.map(|rest| format!("/{}", rest.split('"').next().unwrap()));
    let fixed = fixed.map(|path| path.replace("/{name}", "/assets/saywell.js"));
    let flags = [
        "--slack-signing-secret=saywell-test-secret-01",
        "--slack-client-id=11.22",
        "--slack-client-secret=saywell-test-secret-02",
        "--mattermost-token=saywell-test-secret-01",
        &format!("--discord-public-key={DISCORD_KEY}"),
    ];
    let command = Settings::augment_args(clap::Command::new("serve"));
    let settings = command.get_matches_from([&["serve"], &flags[..]].concat());
    let settings = Settings::from_arg_matches(&settings).unwrap();
    let platforms = Config::read(&settings, &|_| None).unwrap_or_else(|faults| panic!("{faults:?}")).platforms;
    let doors = platforms.iter().flat_map(|platform| {
        let installs = platform.install().map_or(&[][..], |_| &["install", "oauth"]);
        let doors = platform.kind().doors.iter().chain(installs);
        doors.map(|door| format!("/{}/{door}", platform.kind().name)).collect::<Vec<_>>()
    });
    let read = ["/", "/recover", "/recover/billing", "/phrases/recover.billing.hoped-for", "/search?q=late"];
    let more = ["/random", "/sources", "/sources/power-up", "/check", "/v1/recover", "/nothing/here"];
    fixed.chain(doors).chain(read.into_iter().chain(more).map(str::to_owned)).collect()
}

const DISCORD_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

#[test]
fn every_address_that_answers_get_answers_head_and_says_what_it_does_not_answer() {
    let service = Running::start(&[
        ("SAYWELL_RATE_LIMIT", "off"),
        ("SLACK_SIGNING_SECRET", "saywell-test-secret-01"),
        ("SLACK_CLIENT_ID", "11.22"),
        ("SLACK_CLIENT_SECRET", "saywell-test-secret-02"),
        ("MATTERMOST_TOKEN", "saywell-test-secret-01"),
        ("DISCORD_PUBLIC_KEY", DISCORD_KEY),
    ]);
    let routes = routes();
    for path in ["/healthz", "/metrics", "/slack/oauth", "/mattermost/commands", "/v2/check", "/discord/interactions"] {
        assert!(routes.iter().any(|known| known == path), "{path}");
    }
    for path in routes {
        let (get, head) = (service.get(&path), service.ask("HEAD", &path, &[]));
        assert!(head.status == get.status && head.body.is_empty(), "{path}: {} and {}", get.status, head.status);
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        let other = service.ask("DELETE", &path, &[]);
        assert!(!other.body.is_empty(), "{path}");
        if other.status == 405 {
            let allowed = other.header("allow").unwrap_or_else(|| panic!("{path} does not say what it allows"));
            assert_eq!(allowed.contains("GET"), get.status != 405, "{path}: {allowed}");
            assert_eq!(allowed.contains("GET"), allowed.contains("HEAD"), "{path}: {allowed}");
        } else {
            assert_eq!((other.status, get.status), (404, 404), "{path}");
        }
    }
}

/// In chat, whose answers the terminal shows too.
#[test]
fn what_was_typed_and_not_used_is_said() {
    for (typed, said) in [
        ("recover billing 2 3", "“3” was not used"),
        ("recover billing n=2 n=3", "“n=3” was not used"),
        ("recover billing all 2", "“2” was not used"),
        ("recover billing letter all", "“all” was not used"),
        ("recover billing own explore", "“explore” was not used"),
        ("recover billing step=own step=any", "“step=any” was not used"),
        ("recover billing step=sideways", "“step=sideways” was not used"),
        ("recover billing warm formal", "“formal” was not used"),
        ("recover billing tone=angry", "“tone=angry” was not used"),
        ("recover.billing.hoped-for 2", "“2” was not used"),
        ("recover billing letter short warm", "so warm and short was not used"),
        ("recover billing customer=Ana own why explore", "“explore” was not used"),
        ("recover list late when=today", "“when=today” was not used"),
        ("recover list me=Joe", "“me=Joe” was not used"),
        ("list late me=Joe", "“me=Joe” was not used"),
        ("search refund me=\"Joe B\" n=2", "“me=Joe B n=2” was not used"),
        ("recover xyzzy plugh me=Joe", "“me=Joe” was not used"),
        ("recover billing help Ana", "“Ana” was not used"),
        ("recover billing why help me=Joe", "“why me=Joe” was not used"),
        ("recover billing customer=Ana customer=Bob", "“customer=Ana” was not used"),
        ("recover billing letter me=Joe customer=Ana me=\"Joe B\"", "“me=Joe” was not used"),
        ("recover.billing customer:Ana Customer:Bob", "“customer=Ana” was not used"),
        ("recover random me=Joe me=Jim", "“me=Joe” was not used"),
        ("recover billing --colour", "“--colour” was not used"),
        ("recover billing Ana --colour --why", "“--colour” was not used"),
    ] {
        let notes = answer(book(), &Ask::umbrella(typed), 7).notes.join(" ");
        assert!(notes.contains(said), "{typed}: {notes}");
    }
    for typed in [
        "recover billing customer=Ana customer=Ana",
        "recover billing 2 2",
        "recover billing own warm short why",
        "recover billing own step=own",
    ] {
        let notes = answer(book(), &Ask::umbrella(typed), 7).notes.join(" ");
        assert!(!notes.contains("was not used"), "{typed}: {notes}");
    }
}

/// A flag means what the word means, with its value after a sign or after a blank, and as clients change its dashes.
#[test]
fn whatever_can_be_set_can_be_set_by_a_flag() {
    let said = |typed: &str| {
        let answer = answer(book(), &Ask::umbrella(typed), 7);
        let said: Vec<String> = answer.lines.iter().map(|line| line.words.clone()).collect();
        (answer.notes, said)
    };
    for (flags, words) in [
        ("recover billing --n=2", "recover billing 2"),
        ("recover billing --n 2 --why", "recover billing 2 why"),
        ("recover billing —n 2", "recover billing 2"),
        ("recover billing --step own", "recover billing own"),
        ("recover billing --step=own --tone warm", "recover billing own warm"),
        ("recover billing --customer Ana --all", "recover billing Ana all"),
        (
            "recover billing --customer=\"Ana Lima\" --item invoice",
            "recover billing customer=\"Ana Lima\" item=invoice",
        ),
        ("recover billing --letter --me Joe", "recover billing letter me=Joe"),
    ] {
        assert_eq!(said(flags), said(words), "{flags}");
    }
}

/// Keyboards for other languages, and fingers that are used to programs.
#[test]
fn a_sign_or_quotes_of_another_kind_are_understood() {
    let said = |typed: &str| answer(book(), &Ask::umbrella(typed), 7).lines[0].words.clone();
    let ana = said("recover billing 1 customer=Ana");
    assert!(ana.contains("Ana"));
    for sign in ["＝", "：", ":=", "==", "=>", " ＝ ", " ： ", " := ", " == ", " => ", ": "] {
        let typed = format!("recover billing 1 customer{sign}Ana");
        assert_eq!(said(&typed), ana, "{typed}");
    }
    let matt = said("recover billing 1 customer=\"Dr Matt\"");
    for (open, close) in [('「', '」'), ('『', '』'), ('‹', '›'), ('›', '‹'), ('＂', '＂'), ('‟', '”'), ('»', '«')]
    {
        for typed in [format!("customer={open}Dr Matt{close}"), format!("{open}Dr Matt{close}")] {
            assert_eq!(said(&format!("recover billing 1 {typed}")), matt, "{typed}");
        }
    }
    let quoted = answer(book(), &Ask::umbrella("recover billing 1 customer=\"Dr 「Matt」 ‹x›\""), 7);
    let again = quoted.buttons.iter().find(|button| button.ask.contains("customer=")).unwrap();
    let carried = answer(book(), &Ask::umbrella(&*again.ask), 7).values;
    assert!(carried.iter().flatten().any(|value| value == "Dr 「Matt」 ‹x›"), "{} {carried:?}", again.ask);
}

/// Editors of some systems begin every file with one.
#[test]
fn a_byte_order_mark_is_nothing_in_whatever_is_read() {
    let service = service();
    let json = [("content-type", "application/json")];
    let got = service.send("POST", "/v1/check", &json, "\u{feff}{\"text\":\"Calm down.\"}".as_bytes());
    assert_eq!((got.status, got.json()["total"].as_u64()), (200, Some(1)), "{}", got.text());
    let ping = "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
    let accept = [json[0], ("accept", "application/json, text/event-stream")];
    let got = service.send("POST", "/mcp", &accept, ping.as_bytes());
    assert!(got.status == 200 && !got.text().contains("error"), "{}", got.text());
    let keys =
        String::from_utf8(program("send", &[]).args(["teams", "--keys", "--key", TEST_KEY]).output().unwrap().stdout);
    let keys = format!("\u{feff}{}", keys.unwrap());
    let folder = Folder::with("marks", &[("draft", "\u{feff}Calm down.".as_bytes()), ("keys", keys.as_bytes())]);
    let draft = format!("{}/draft", folder.path());
    let said = String::from_utf8(program("check", &[]).arg(&draft).output().unwrap().stdout).unwrap();
    assert!(said.contains("draft:1:1"), "{said}");
    fs::write(&draft, b"\xff\xfeC\0a\0").unwrap();
    let said = String::from_utf8(program("check", &[]).arg(&draft).output().unwrap().stderr).unwrap();
    assert!(said.contains("it is no UTF-8"), "{said}");
    let keys = format!("{}/keys", folder.path());
    let teams = Running::start(&[("TEAMS_APP_ID", "0a1b2c3d-0000-4000-8000-00000000000f"), ("TEAMS_KEYS", &keys)]);
    assert!(!teams.log().iter().any(|line| line.contains("keys not fetched")), "{:?}", teams.log());
}

#[test]
fn what_was_asked_over_http_and_not_used_is_said() {
    let service = service();
    for path in ["/opener/award", "/v1/opener/award", "/opener/award.html", "/opener/award?all&n=1"] {
        let mark = if path.contains('?') { '&' } else { '?' };
        let tones = service.get("/v1/opener/award?all").json();
        let has = |tone: &str| tones["phrases"].as_array().unwrap().iter().any(|phrase| phrase["tone"] == tone);
        let lacking = ["warm", "direct", "formal"].into_iter().find(|tone| !has(tone)).unwrap();
        let got = service.get(&format!("{path}{mark}tone={lacking}"));
        assert!(got.status == 404 && got.text().contains("tone"), "{path}: {}", got.text());
    }
    let got = service.get("/opener/award?n=1&amount=5");
    let note = got.header("saywell-note").unwrap();
    assert!(got.status == 200 && note.contains("no blank called \"amount\""), "{note}");
    for (path, unused) in [
        ("/recover/billing?letter&short", "short"),
        ("/recover/billing?all&n=2", "\"n=2\""),
        ("/recover/billing?steps&all", "\"all\""),
        ("/recover/billing?letter&steps&n=1", "\"steps\""),
        ("/recover/billing?n=1&seed=7", "\"seed=7\""),
        ("/recover/billing?n=1&line=hoped-for", "\"line\""),
        ("/recover/billing?letter&why", "\"why\""),
    ] {
        let note = service.get(path).header("saywell-note").unwrap_or_default().to_owned();
        assert!(note.contains(unused) && note.contains("not used"), "{path}: {note}");
    }
    assert!(service.get("/v1/recover/billing?all&n=2").json()["notes"][0].as_str().unwrap().contains("n=2"));
    for path in ["/recover/billing?all", "/recover/billing?seed=7", "/recover/billing?letter&line=hoped-for"] {
        assert_eq!(service.get(path).header("saywell-note"), None, "{path}");
    }
    assert_eq!(service.get("/recover/billing?customer=Ana&customer=Bob").status, 400);
    assert_eq!(service.get("/recover/billing?n=1&customer=Ana").header("saywell-note"), None);
    let notes = service.get("/v1/opener/award?n=1&amount=5").json()["notes"].clone();
    assert!(notes[0].as_str().unwrap().contains("amount"), "{notes}");
}

/// What may be typed after a command works as an address.
#[test]
fn help_and_a_random_phrase_have_addresses() {
    let service = service();
    for (path, proper) in [("/help", "/"), ("/recover/help", "/recover"), ("/Recover/Help.json", "/recover.json")] {
        let got = service.get(path);
        assert_eq!((got.status, got.text()), (200, service.get(proper).text()), "{path}");
        let (place, _) = proper.split_once('.').unwrap_or((proper, ""));
        assert_eq!(got.header("content-location"), Some(place), "{path}");
    }
    let ask = |path: &str| service.ask("GET", path, &[("accept", "text/html")]);
    assert!(ask("/recover/help").text().contains("/recover/billing"));
    for path in
        ["/recover/random", "/v1/apology/RANDOM", "/recover/random.html?tone=warm", "/recover/random?customer=Ana"]
    {
        let got = service.get(path);
        assert_eq!((got.status, got.header("cache-control")), (200, Some("no-store")), "{path}: {}", got.text());
    }
    let seeded = service.get("/v1/recover/random?seed=5");
    assert!(seeded.header("etag").is_some() && seeded.json()["command"] == "recover", "{}", seeded.text());
    assert_eq!(seeded.text(), service.get("/v1/random?seed=5&command=recover").text());
    for path in ["/nope/random", "/nope/help"] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
    assert_eq!(service.get("/recover/random?command=apology").status, 400);
    assert_eq!(service.ask("DELETE", "/recover/random", &[]).header("allow"), Some("GET, HEAD, OPTIONS"));
    let paths = service.get("/openapi.json").json()["paths"].clone();
    for path in ["/{command}/random", "/v1/{command}/random", "/{command}/help", "/v1/{command}/help"] {
        assert!(paths[path]["get"].is_object(), "{path}");
    }
}

#[test]
fn capitals_name_the_same_command_topic_format_and_tone() {
    let service = service();
    let proper = service.get("/v1/recover/billing?n=1").text().to_owned();
    for path in [
        "/v1/RECOVER/billing?n=1",
        "/v1/Recover/Billing?n=1",
        "/Recover/billing?n=1&format=JSON",
        "/Recover/billing.JSON?n=1",
    ] {
        let got = service.get(path);
        assert_eq!((got.status, got.text()), (200, &*proper), "{path}");
        assert_eq!(got.header("content-location"), Some("/recover/billing"), "{path}");
    }
    for path in
        ["/Recover", "/v1/random?command=APOLOGY", "/v1/recover/billing?tone=Warm", "/search?q=late&command=Recover"]
    {
        assert_eq!(service.get(path).status, 200, "{path}");
    }
}

#[test]
fn of_several_mistakes_in_a_query_the_first_is_named() {
    let service = service();
    let got = service.get("/recover/billing?n=1&colour=red&why&size=2&shape=round");
    assert!(got.status == 400 && got.text().contains("`colour`"), "{}", got.text());
    let got = service.get("/recover/billing?n=1&CUSTOMER=Ana");
    assert!(got.status == 400 && got.text().contains("Did you mean `customer`?"), "{}", got.text());
    let got = service.get("/recover/billing?=x");
    assert!(got.status == 400 && got.text().contains("has no name"), "{}", got.text());
}

#[test]
fn a_draft_that_is_no_utf_8_is_refused_in_words() {
    let service = service();
    let plain = [("content-type", "text/plain")];
    for (path, headers, body) in [
        ("/check", &plain, &b"caf\xe9: calm down"[..]),
        ("/check", &plain, b"\xff\xfec\0a\0"),
        ("/check", &FORM, b"text=caf\xe9"),
        ("/check", &FORM, b"text=caf%E9"),
        ("/v2/check", &FORM, b"language=en&text=caf%E9"),
        ("/v2/check", &FORM, b"language=en&text=caf\xe9"),
    ] {
        let got = service.send("POST", path, headers, body);
        assert!(got.status == 400 && got.text().contains("UTF-8"), "{path} {body:?}: {}", got.text());
    }
    assert_eq!(service.send("POST", "/check", &FORM, b"text=caf%C3%A9").status, 200);
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
    for number in 0..3000 {
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
    let faults = Phrasebook::parse(&sources, &[]).map_or_else(|faults| faults.len(), |_| 0);
    let drawn = began.elapsed();
    (drawn, faults)
}

fn keys(size: usize) -> String {
    let keys = (0..size / 12).map(|n| format!("k{n:06} = 1\n"));
    keys.collect()
}

/// A tenth as large takes about a tenth of the time, whatever the shape: what grows with the square takes a hundredth.
#[test]
fn reading_a_book_is_linear_in_any_shape() {
    const PHRASE: &str = "[[topic.a.phrase]]\nid = \"one\"\nsay = \"Words.\"\nwhy = \"Why.\"\nsource = \"saywell\"\n";
    const HEAD: &str =
        "title = \"T\"\nabout = \"A.\"\n[topic.a]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n";
    let shapes: [(&str, &dyn Fn(usize) -> String); 13] = [
        ("keys that there are not", &keys),
        ("nothing but comments", &|size| format!("[a]\n{}", "# Words.\n".repeat(size / 9))),
        ("deep keys", &|size| {
            let keys = (0..size / 130).map(|n| format!("a{}.k{n} = 1\n", ".a".repeat(60)));
            keys.collect()
        }),
        ("a topic that hides what is not there", &|size| {
            let hidden = (0..size / 10).map(|n| format!("\"a{n:06}\","));
            format!("[topic.a]\nextend = true\nhide = [{}]\n", hidden.collect::<String>())
        }),
        ("the same phrase", &|size| HEAD.to_owned() + &PHRASE.repeat(size / PHRASE.len())),
        ("the same header", &|size| "[topic.a]\n".repeat(size / 10)),
        ("the same key", &|size| "title = \"T\"\n".repeat(size / 12)),
        ("the same blank", &|size| format!("{HEAD}{}", PHRASE.replace("Words.", &"{{a}} ".repeat(size / 6)))),
        ("blanks of different names", &|size| {
            let slots = (0..size / 40).map(|n| format!("[slot.s{n}]\nask = \"A?\"\nexample = \"e\"\n"));
            slots.collect()
        }),
        ("topics of different names", &|size| {
            let topics = (0..size / 40).map(|n| format!("[topic.t{n}]\ntitle = \"T\"\n"));
            topics.collect()
        }),
        ("topics that refer to nothing", &|size| {
            let topics = (0..size / 130).map(|n| {
                let related = format!("related = [\"slow.x{n}\", \"y.z{n}\"]");
                format!("[topic.t{n}]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n{related}\n")
            });
            topics.collect()
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

/// What would take seconds and gigabytes is refused at once.
#[test]
fn a_book_of_too_many_signs_is_not_read() {
    let size = 16 << 20;
    for (name, text) in [
        ("points", ".".repeat(size)),
        ("ends of lines", "\r".repeat(size)),
        ("empty tables", format!("a = [{}]", "{},".repeat(size / 3))),
        ("keys", keys(size)),
        ("escapes that are none", format!("title = \"{}\"", "\\q".repeat(size / 8))),
    ] {
        let (took, faults) = judged(text);
        assert_eq!(faults, 1, "{name}");
        // Unoptimized, on a machine that does much else.
        assert!(took < Duration::from_secs(20), "{name}: {took:?}");
    }
    let escapes = format!("title = \"{}\"", "\\q".repeat(300));
    assert!(judged(escapes).1 > 100, "a small file is told all of its faults");
}

const TEST_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tokens/other.pem");

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

#[test]
fn a_browsers_add_on_may_have_drafts_reviewed_where_the_admin_lists_it() {
    let listed = "https://mail.example.com, chrome-extension://abc, moz-extension://*";
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off"), ("SAYWELL_CORS", listed)]);
    for path in ["/v2/check", "/check", "/v1/check"] {
        for (origin, may) in [
            ("https://mail.example.com", true),
            ("chrome-extension://abc", true),
            ("moz-extension://9f6c-any", true),
            ("chrome-extension://abcd", false),
            ("https://mail.example.com.evil.org", false),
            ("null", false),
        ] {
            let asks = [("origin", origin), ("access-control-request-method", "POST")];
            let before = service.ask("OPTIONS", path, &asks);
            let headers = [FORM[0], ("origin", origin)];
            let got = service.send(
                "POST",
                path,
                &headers,
                &form(&[("text", "Calm down."), ("language", "en")][..if path == "/v2/check" { 2 } else { 1 }]),
            );
            assert_eq!((before.status, got.status), (204, 200), "{path} {origin}: {}", got.text());
            let expected = may.then_some(origin);
            for (what, answer) in [("before", &before), ("then", &got)] {
                assert_eq!(answer.header("access-control-allow-origin"), expected, "{path} {origin} {what}");
            }
            assert_eq!(before.header("access-control-allow-methods").is_some(), may, "{path} {origin}");
        }
    }
    for path in ["/v2/languages", "/recover", "/v1/search?q=late"] {
        assert_eq!(service.get(path).header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(service.ask("OPTIONS", path, &[("origin", "https://any.org")]).status, 204, "{path}");
    }
}

#[test]
fn an_annotated_text_is_read_as_it_is_meant_and_its_places_are_the_clients_own() {
    let service = service();
    let at = |data: &str, words: &str| {
        let got = service.send("POST", "/v2/check", &FORM, &form(&[("data", data), ("language", "en-US")]));
        assert_eq!(got.status, 200, "{}", got.text());
        let json = got.json();
        let found = &json["matches"][0];
        let number = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
        let (offset, length) = (number("offset"), number("length"));
        let pieces: serde_json::Value = serde_json::from_str(data).unwrap();
        let whole: String = match pieces["text"].as_str() {
            Some(text) => text.to_owned(),
            None => pieces["annotation"]
                .as_array()
                .unwrap()
                .iter()
                .map(|piece| piece["text"].as_str().or(piece["markup"].as_str()).unwrap())
                .collect(),
        };
        let units: Vec<u16> = whole.encode_utf16().skip(offset).take(length).collect();
        assert_eq!(String::from_utf16(&units).unwrap(), words, "{data}");
    };
    at(r#"{"text":"Hello. Calm down."}"#, "Calm down");
    at(
        r#"{"annotation":[{"markup":"<p>"},{"text":"😀 Hello. "},{"markup":"<b>"},{"text":"Calm down"},{"markup":"</b>"},{"text":"."}]}"#,
        "Calm down",
    );
    // The words are only there once the markup is read as what it means.
    at(
        r#"{"annotation":[{"text":"Hello. Calm"},{"markup":"&nbsp;","interpretAs":" "},{"text":"down."}]}"#,
        "Calm&nbsp;down",
    );
    at(
        r#"{"annotation":[{"text":"Hello. Ca"},{"markup":"<i>"},{"text":"lm down"},{"markup":"</i>"}]}"#,
        "Ca<i>lm down",
    );
    for data in ["{}", "[]", "{\"annotation\":1}", "x"] {
        let got = service.send("POST", "/v2/check", &FORM, &form(&[("data", data), ("language", "en-US")]));
        assert!(got.status == 400 && got.text().contains("`annotation`"), "{data}: {}", got.text());
    }
}

#[test]
fn what_clients_of_languagetool_ask_besides_is_answered() {
    let service = service();
    assert_eq!(service.get("/v2/maxtextlength").text(), "20000");
    assert_eq!(service.get("/v2/healthcheck").text(), "OK");
    assert_eq!(service.get("/v2/info").json()["software"]["name"], "Saywell");
    assert_eq!(service.get("/v2/configinfo").json()["parameter"]["maxTextLength"], 20000);
    for path in ["/v2/languages", "/v2/maxtextlength", "/v2/healthcheck", "/v2/info", "/v2/configinfo"] {
        let head = service.ask("HEAD", path, &[]);
        assert!(head.status == 200 && head.body.is_empty(), "{path}");
        assert_eq!(service.ask("POST", path, &[]).status, 405, "{path}");
    }
    let matches = |query: &str, body: &[(&str, &str)]| {
        let got = service.send("POST", &format!("/v2/check{query}"), &FORM, &form(body));
        assert_eq!(got.status, 200, "{}", got.text());
        got.json()["matches"].as_array().unwrap().len()
    };
    let text = ("text", "Calm down.");
    assert_eq!(matches("?language=en-US&text=Calm+down.", &[]), 1);
    assert_eq!(matches("?language=en-US", &[text]), 1);
    let language = ("language", "en");
    assert_eq!(matches("", &[language, text, ("enabledOnly", "true"), ("enabledCategories", "SAYWELL")]), 1);
    assert_eq!(matches("", &[language, text, ("enabledOnly", "true"), ("enabledCategories", "TYPOS")]), 0);
    assert_eq!(matches("", &[language, text, ("disabledCategories", "TYPOS,SAYWELL")]), 0);
}

/// A folder with these files that goes when the test ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn with(name: &str, files: &[(&str, &[u8])]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("strangers-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(folder)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn validate(path: &str) -> (Option<i32>, String) {
    let output = program("validate", &[]).arg(path).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

const MEND: &[u8] = include_bytes!("../fixtures/mend.toml");
const SOURCES: &[u8] = include_bytes!("../fixtures/sources.toml");

#[test]
fn a_folder_of_which_nothing_is_read_is_not_fine() {
    for file in ["en-US/mend.toml", "ours/en/mend.toml", "fr/mend.toml", "en/sub/mend.toml", "mend.yaml", "mend.TOML"] {
        let folder = Folder::with("unread", &[(file, MEND)]);
        let (code, said) = validate(folder.path());
        assert!(code == Some(1) && said.contains(file) && said.contains("nothing in"), "{file}: {said}");
    }
    let folder = Folder::with("empty", &[]);
    assert!(validate(folder.path()).0 == Some(1));
    let folder = Folder::with("file", &[("en/mend.toml", MEND), ("sources.toml", SOURCES)]);
    let (code, said) = validate(&format!("{}/en/mend.toml", folder.path()));
    assert!(code == Some(1) && said.contains(&format!("saywell validate {}\n", folder.path())), "{said}");
}

#[test]
fn validate_says_what_a_folder_adds_and_changes_and_which_files_are_not_read() {
    let ours = b"[topic.billing]\ntitle = \"Bills\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n\
        [[topic.billing.phrase]]\nid = \"one\"\nsay = \"One.\"\nwhy = \"W.\"\nsource = \"saywell\"\n\
        [[topic.billing.phrase]]\nid = \"two\"\nsay = \"Two.\"\nwhy = \"W.\"\nsource = \"saywell\"\n";
    let folder = Folder::with(
        "changes",
        &[("mend.toml", MEND), ("sources.toml", SOURCES), ("recover.toml", ours), ("fr/mend.toml", MEND)],
    );
    let (code, said) = validate(folder.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Adds: /mend "), "{said}");
    assert!(said.contains("changes: /recover billing\n"), "{said}");
    assert!(said.contains("Not read: ") && said.contains("fr/mend.toml"), "{said}");
    let service = Running::start(&[("SAYWELL_PHRASEBOOK", folder.path())]);
    assert!(service.log().iter().any(|line| line.contains("WARN") && line.contains("fr/mend.toml is not read")));
    for file in ["mend.toml", "sources.toml", "recover.toml"] {
        fs::remove_file(folder.0.join(file)).unwrap();
    }
    eventually("a warning", || service.log().iter().any(|line| line.contains("holds no phrases")).then_some(()));
}

/// The examples of the page on drafts, as they stand there.
#[test]
fn a_folder_may_add_rules_and_grave_matters() {
    let page = include_str!("../../docs/check.md");
    let example = |begins: &str| {
        let example = page.split("```toml\n").find(|text| text.starts_with(begins)).unwrap();
        example.split("```").next().unwrap().as_bytes()
    };
    let (rules, matters) = (example("[rule."), example("harmless"));
    let folder = Folder::with("drafts", &[("en/check.toml", rules), ("en/careful.toml", matters)]);
    let (code, said) = validate(folder.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("\nAdds: the rule jargon, the grave matter strike\n"), "{said}");
}

/// The example of the page on the format, as it stands there.
#[test]
fn a_folder_may_extend_a_topic_and_hide_phrases_of_it() {
    let page = include_str!("../../docs/phrasebook.md");
    let ours = page.split("is the whole of `ours/en/recover.toml`:\n\n```toml\n").nth(1).unwrap();
    let ours = ours.split("```").next().unwrap();
    let folder = Folder::with("extend", &[("en/recover.toml", ours.as_bytes())]);
    let (code, said) = validate(folder.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\nAdds: recover.billing.desk-number\n"), "{said}");
    assert!(said.contains("changes: /recover billing\n"), "{said}");
    assert!(said.ends_with("\nHides: recover.billing.hoped-for\n"), "{said}");
    let service = Running::start(&[("SAYWELL_PHRASEBOOK", folder.path())]);
    assert_eq!(service.get("/phrases/recover.billing.hoped-for").status, 404);
    let all = service.get("/recover/billing?all&customer=Ana");
    assert!(all.text().contains("I'll call our billing desk for you now, Ana."), "{}", all.text());
    assert_eq!(service.get("/recover/billing?letter&customer=Ana").status, 200);
}

#[test]
fn a_file_that_is_no_utf_8_gets_its_line_and_help() {
    let utf16: Vec<u8> = "title = \"T\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xff, 0xfe][..], &utf16].concat();
    for (text, line) in [
        (&b"title = \"T\"\nabout = \"Caf\xe9.\"\n"[..], "line 2: the file is not in UTF-8"),
        (&utf16, "line 1: the file is in UTF-16"),
        (&marked, "line 1: the file is in UTF-16"),
    ] {
        let folder = Folder::with("encodings", &[("mend.toml", text)]);
        let (code, said) = validate(folder.path());
        assert!(code == Some(1) && said.contains(line) && said.contains("save it as UTF-8"), "{said}");
    }
    let folder = Folder::with("mark", &[("mend.toml", &[b"\xef\xbb\xbf", MEND].concat()), ("sources.toml", SOURCES)]);
    assert_eq!(validate(folder.path()).0, Some(0));
}

#[test]
fn what_is_misspelt_in_a_file_gets_the_nearest_right_word() {
    let mend = std::str::from_utf8(MEND).unwrap();
    let start = "[topic.x]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\nrelated = [\"recover.biling\"]\n\
        [topic.x.slot.customer]\nask = \"Who?\"\nexample = \"Ana\"\n\
        [[topic.x.phrase]]\nid = \"a\"\nsay = \"Hi {{custmer}}.\"\nwhy = \"W.\"\nsource = \"saywell\"\n\
        [[topic.x.phrase]]\nid = \"b\"\nsay = \"Hi {{customer}}.\"\nwhy = \"W.\"\nsource = \"saywell\"\ntone = \"wram\"\n";
    let text = format!("{mend}\n{start}");
    let folder = Folder::with("misspelt", &[("mend.toml", text.as_bytes()), ("sources.toml", SOURCES)]);
    let (code, said) = validate(folder.path());
    assert_eq!(code, Some(1));
    for near in ["`customer`?", "`recover.billing`?", "`warm`?"] {
        assert!(said.contains(&format!("did you mean {near}")), "{near}: {said}");
    }
}

#[test]
fn a_new_command_starts_from_a_file_that_is_fine() {
    let folder = Folder::with("new", &[]);
    let new = |command: &str| program("new", &[]).arg(command).arg("--folder").arg(folder.path()).output().unwrap();
    assert!(new("onboard").status.success());
    let (code, said) = validate(folder.path());
    assert!(code == Some(0) && said.contains("Adds: /onboard welcome"), "{said}");
    let before = fs::read(folder.0.join("onboard.toml")).unwrap();
    for wrong in ["onboard", "recover", "search", "Two Words", "9x", "../x", ""] {
        let output = new(wrong);
        assert_eq!(output.status.code(), Some(1), "{wrong}");
        assert!(output.stderr.starts_with(b"error: "), "{wrong}");
    }
    assert_eq!(fs::read(folder.0.join("onboard.toml")).unwrap(), before);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
}

/// A proxy may strip the base or not; links lead below it either way.
#[test]
fn everything_is_served_below_a_base_path() {
    let service = Running::start(&[
        ("SAYWELL_RATE_LIMIT", "off"),
        ("SAYWELL_BASE_PATH", "/tools/saywell"),
        ("SLACK_SIGNING_SECRET", "saywell-test-secret-01"),
    ]);
    let html = [("accept", "text/html")];
    for path in [
        "/",
        "/recover",
        "/recover/billing",
        "/phrases/recover.billing.hoped-for",
        "/check",
        "/docs",
        "/install",
        "/sources",
        "/sources/power-up",
        "/search?q=late",
        "/nope",
    ] {
        let page = service.ask("GET", &format!("/tools/saywell{path}"), &html);
        assert_eq!(page.text(), service.ask("GET", path, &html).text(), "{path}");
        let links: Vec<&str> = ["href=\"", "src=\"", "action=\""]
            .iter()
            .flat_map(|mark| page.text().split(mark).skip(1))
            .map(|rest| rest.split('"').next().unwrap())
            .filter(|link| link.starts_with('/'))
            .collect();
        assert!(links.len() > 5, "{path}");
        for link in links {
            assert!(link == "/tools/saywell" || link.starts_with("/tools/saywell/"), "{path}: {link}");
            let link = link.replace("&amp;", "&");
            let link = link.split('#').next().unwrap();
            // `/docs` shows addresses that take a `POST` alone.
            assert!(matches!(service.ask("GET", link, &html).status, 200 | 405), "{path}: {link}");
        }
    }
    assert_eq!(service.ask("POST", "/tools/saywell/slack/commands", &[]).status, 401);
    assert_eq!(service.get("/tools/saywell/healthz").status, 200);
    let alias = service.get("/tools/saywell/recover/invoice?n=1");
    assert_eq!(alias.header("content-location"), Some("/tools/saywell/recover/billing"));
    assert_eq!(service.get("/tools/saywell/openapi.json").json()["servers"][0]["url"], "/tools/saywell/");
    assert!(service.get("/tools/saywell/recovr").text().contains("Did you mean /tools/saywell/recover?"));
    let wrong = program("serve", &[("SAYWELL_BASE_PATH", "https://x"), ("SAYWELL_CORS", "*")]).output().unwrap();
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("SAYWELL_BASE_PATH: expected ") && said.contains("SAYWELL_CORS: expected "), "{said}");
}

#[test]
fn an_emoji_code_is_nobodys_words() {
    for (typed, expected) in [
        ("recover billing 1 Ana:heart:", "Ana"),
        ("recover billing 1 ana:heart::tada:", "Ana"),
        ("recover billing 1 :wave: Ana", "Ana"),
        ("recover billing 1 :wave::skin-tone-3: Ana :größe:", "Ana"),
        ("recover billing 1 customer=Ana:heart:", "Ana"),
        ("recover billing 1 customer:Ana:heart:", "Ana"),
        ("recover billing 1 customer=\"Ana :heart:\"", "Ana"),
        ("recover billing 1 <:party:123> Ana<a:dance:45>", "Ana"),
        ("recover :package: billing 1 Ana", "Ana"),
        ("recover billing:moneybag: 1 Ana", "Ana"),
        ("recover billing 1 :smile:", ""),
        ("recover billing 1 :smile::heart:", ""),
    ] {
        let answer = answer(book(), &Ask::umbrella(typed), 7);
        let [line] = &*answer.lines else { panic!("{typed}: {answer:?}") };
        let values: Vec<&str> = line.slots.iter().filter_map(|(_, value)| value.as_deref()).collect();
        assert_eq!(values.join("/"), expected, "{typed}: {}", line.words);
        assert!(!line.words.contains(':') && answer.notes.is_empty(), "{typed}: {} {:?}", line.words, answer.notes);
    }
    let service = service();
    let got = service.get("/v1/recover/billing?n=4&customer=Ana:heart:&item=:package:").json();
    assert_eq!((got["slots"][1]["value"].as_str(), &got["slots"][0]["value"]), (Some("Ana"), &serde_json::Value::Null));
    let found = |query: &str| service.get(&format!("/v1/search?q={query}")).json();
    assert_eq!(found("late+:moneybag:")["hits"], found("late")["hits"]);
}
