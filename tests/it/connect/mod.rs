//! `saywell connect slack`, against a stand-in for Slack that its own clients take for Slack as well.

mod sdk;
mod service;
mod slack;
mod telegram;

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::running::{Running, eventually, program};
use service::{SECRET, Service};
use slack::{Order, Slack, TOKEN};

/// The program, connected; it is killed when this goes.
struct Connected {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Connected {
    /// To this Slack, with a service of its own within unless the variables name another.
    fn to(slack: &Slack, variables: &[(&str, &str)]) -> Self {
        let common = [
            ("SLACK_APP_TOKEN", TOKEN),
            ("SLACK_HOOKS_ORIGIN", &*slack.url),
            ("SAYWELL_RATE_LIMIT", "off"),
            ("SAYWELL_LOG", "trace"),
        ];
        Self::start(&["slack"], &[&common[..], variables].concat())
    }

    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = program("connect", variables).args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()).lines(), log.clone());
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        Self { child, log }
    }

    /// To this Slack and this service.
    fn between(slack: &Slack, service: &Service, more: &[(&str, &str)]) -> Self {
        let variables = [("SAYWELL_CONNECT_TO", &*service.url), ("SLACK_SIGNING_SECRET", SECRET)];
        Self::to(slack, &[&variables[..], more].concat())
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    fn says(&self, words: &str) {
        eventually(words, || self.log().contains(words).then_some(()));
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The exit code, once it has ended.
    fn ended(&mut self) -> Option<i32> {
        eventually("an end", || self.child.try_wait().unwrap()).code()
    }

    /// It is told to stop, ends well, and has logged nothing that is nobody's business.
    fn stop(mut self) {
        self.signal(Signal::TERM);
        assert_eq!(self.ended(), Some(0), "{}", self.log());
        // Tokens, tickets, hooks, secrets and what people typed have it in them.
        assert!(!self.log().contains("xyzzymarker"), "{}", self.log());
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn blocks<'a>(message: &'a Value, kind: &str) -> Vec<&'a Value> {
    let blocks = message["blocks"].as_array().into_iter().flatten();
    blocks
        .flat_map(|block| block["elements"].as_array().into_iter().flatten())
        .filter(|one| one["type"] == kind)
        .collect()
}

#[test]
fn one_token_and_one_command_are_all_that_a_conversation_needs() {
    let slack = Slack::open();
    let connected = Connected::to(&slack, &[]);
    slack.command("e-1", "billing customer=xyzzymarker");
    let answered = slack.answered("e-1", 1, 0);
    let shown = answered.reply();
    assert_eq!(shown["response_type"], "ephemeral");
    let buttons = blocks(shown, "button");
    let another = buttons.iter().find(|button| button["action_id"] == "another").expect("Another");
    let share = buttons.iter().find(|button| button["action_id"] == "share").expect("Share");
    for (id, button, messages) in [("e-2", another, 1), ("e-3", share, 2)] {
        let action = json!({"type": "button", "action_id": button["action_id"], "value": button["value"]});
        let payload = json!({
            "type": "block_actions", "team": {"id": "T0SAYWELL"}, "user": {"id": "U0USER001"},
            "channel": {"id": "C0CHAN001"}, "trigger_id": "1.2.4", "actions": [action],
        });
        slack.deliver(id, "interactive", payload);
        let answered = slack.answered(id, 1, messages);
        assert_eq!((answered.reply(), answered.messages.len()), (&Value::Null, messages));
        assert!(answered.messages[0]["blocks"].is_array(), "{answered:?}");
    }
    assert_eq!(slack.delivery("e-3").messages[0]["response_type"], "in_channel");
    let typing = json!({
        "type": "block_suggestion", "action_id": "find", "value": "bill", "team": {"id": "T0SAYWELL"},
        "user": {"id": "U0USER001"},
    });
    // The first search makes the index, for which a busy machine may need more time than Slack gives.
    slack.deliver("e-3a", "interactive", typing.clone());
    slack.answered("e-3a", 1, 0);
    slack.deliver("e-4", "interactive", typing);
    assert!(slack.answered("e-4", 1, 0).reply()["options"].is_array());
    slack.deliver("e-5", "events_api", json!({"type": "event_callback", "event": {"type": "app_mention"}}));
    assert_eq!(slack.answered("e-5", 1, 0).reply(), &Value::Null);
    connected.stop();
}

/// Connections are replaced all the while: announced in both of Slack's ways, or gone without a word with whatever was
/// on its way in them, which Slack then sends again.
#[test]
fn of_ten_thousand_deliveries_over_two_hundred_reconnects_none_is_lost_and_none_is_answered_twice() {
    const DELIVERIES: usize = 10_000;
    const RECONNECTS: usize = 200;
    const AT_ONCE: usize = 100;
    let (slack, service) = (Slack::open(), Service::open());
    let connected = Connected::between(&slack, &service, &[("SLACK_CONNECTIONS", "4"), ("SAYWELL_LOG", "info")]);
    slack.connected(4);
    let mut ended = BTreeSet::new();
    for number in 0..DELIVERIES {
        if number % (DELIVERIES / RECONNECTS) == 0 {
            reconnect(&slack, number / (DELIVERIES / RECONNECTS), &mut ended);
        }
        if number % 10 == 0 {
            eventually("answers", || (slack.waiting() < AT_ONCE).then_some(()));
        }
        slack.command(&format!("e-{number}"), &format!("words {number}"));
    }
    eventually("every answer", || (slack.waiting() == 0).then_some(()));
    // What would be answered twice has time to be.
    thread::sleep(Duration::from_millis(1_500));
    for number in 0..DELIVERIES {
        let delivery = slack.delivery(&format!("e-{number}"));
        let seen = delivery.seen();
        assert!(seen.len() == 1 && delivery.acks.len() == 1, "{number}: {delivery:?}");
        assert_eq!(seen[0]["text"], format!("words {number}"));
    }
    let asked = service.asked();
    assert_eq!(asked.len(), DELIVERIES);
    assert!(asked.values().all(|times| *times == 1), "the service was asked twice");
    assert!(slack.connections() >= RECONNECTS, "{}", slack.connections());
    connected.stop();
}

/// Ends a connection that was not told to end before.
fn reconnect(slack: &Slack, number: usize, ended: &mut BTreeSet<usize>) {
    let lines = eventually("two connections", || {
        let lines = Some(slack.lines()).filter(|lines| lines.len() >= 2)?;
        Some(lines.into_iter().filter(|line| !ended.contains(line)).collect::<Vec<_>>())
            .filter(|lines| !lines.is_empty())
    });
    let line = lines[number % lines.len()];
    ended.insert(line);
    match number % 4 {
        0 => slack.order(line, Order::Break),
        1 => slack.order(line, Order::Close),
        way => {
            slack.announce(line, if way == 2 { "warning" } else { "refresh_requested" });
            let slack = slack.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(300));
                slack.order(line, if way == 2 { Order::Close } else { Order::Break });
            });
        }
    }
}

#[test]
fn the_next_connection_is_open_before_one_that_is_announced_to_end_has_ended() {
    let (slack, service) = (Slack::open(), Service::open());
    let connected = Connected::between(&slack, &service, &[]);
    let first = slack.connected(1)[0];
    slack.announce(first, "warning");
    let second = slack.connected(1)[0];
    assert_ne!(first, second);
    // The old one still works.
    let frame = slack.prepare("e-1", "slash_commands", json!({"command": "/recover", "text": "late"}));
    slack.order(first, Order::Say(frame));
    assert_eq!(slack.answered("e-1", 1, 0).reply()["text"], "late");
    slack.order(first, Order::Close);
    slack.command("e-2", "on");
    assert_eq!(slack.answered("e-2", 1, 0).reply()["text"], "on");
    connected.stop();
}

#[test]
fn a_slow_service_is_acknowledged_in_time_and_its_answer_follows_as_a_message() {
    let (slack, service) = (Slack::open(), Service::open());
    service.behaves(Duration::from_secs(4), 200);
    let connected = Connected::between(&slack, &service, &[]);
    slack.command("e-1", "slow");
    let answered = slack.answered("e-1", 1, 1);
    assert_eq!(answered.reply(), &Value::Null);
    assert!(answered.acks[0].1 < Duration::from_secs(3), "{answered:?}");
    assert_eq!(answered.messages, [json!({"response_type": "ephemeral", "text": "slow"})]);
    assert_eq!(service.asked()["e-1"], 1);
    connected.stop();
}

#[test]
fn where_the_service_fails_people_are_told_and_what_they_filled_in_stays() {
    let (slack, service) = (Slack::open(), Service::open());
    let connected = Connected::between(&slack, &service, &[]);
    for (status, words) in [(500, "answered 500"), (401, "refuses the signature"), (404, "there is no Slack")] {
        service.behaves(Duration::ZERO, status);
        let id = format!("e-{status}");
        slack.command(&id, "x");
        let answered = slack.answered(&id, 1, 0);
        assert!(answered.reply()["text"].as_str().unwrap().contains("try again"), "{answered:?}");
        connected.says(words);
    }
    service.behaves(Duration::ZERO, 500);
    slack.deliver("e-click", "interactive", json!({"type": "block_actions"}));
    let answered = slack.answered("e-click", 1, 1);
    assert_eq!((answered.reply(), &answered.messages[0]["replace_original"]), (&Value::Null, &json!(false)));
    slack.deliver("e-form", "interactive", json!({"type": "view_submission"}));
    slack.command("e-after", "x");
    slack.answered("e-after", 1, 0);
    // An acknowledgement would close it.
    let form = slack.delivery("e-form");
    assert!(form.acks.is_empty() && form.messages.is_empty(), "{form:?}");
    connected.stop();
}

#[test]
fn a_service_that_is_restarted_is_waited_for_and_one_that_stays_away_is_told_of() {
    let (slack, address) = (Slack::open(), free_address());
    let url = format!("http://{address}");
    let connected = Connected::to(&slack, &[("SAYWELL_CONNECT_TO", &*url), ("SLACK_SIGNING_SECRET", SECRET)]);
    slack.command("e-1", "away");
    let answered = slack.answered("e-1", 1, 0);
    assert!(answered.reply()["text"].as_str().unwrap().contains("not answering"), "{answered:?}");
    assert!(answered.acks[0].1 < Duration::from_secs(3), "{answered:?}");
    slack.command("e-2", "back");
    thread::sleep(Duration::from_millis(500));
    let _service = Service::at(&address);
    assert_eq!(slack.answered("e-2", 1, 0).reply()["text"], "back");
    connected.stop();
}

#[test]
fn the_real_service_may_be_restarted_under_it() {
    let (slack, address) = (Slack::open(), free_address());
    let url = format!("http://{address}");
    let variables = [("SLACK_SIGNING_SECRET", SECRET), ("SAYWELL_RATE_LIMIT", "off")];
    let mut service = Running::spawn_at(&address, &mut program("serve", &variables));
    let connected = Connected::to(&slack, &[("SAYWELL_CONNECT_TO", &*url), ("SLACK_SIGNING_SECRET", SECRET)]);
    slack.connected(1);
    for number in 0..100 {
        if number == 20 {
            service.signal(Signal::TERM);
            assert_eq!(service.ended(), Some(0));
            service = Running::spawn_at(&address, &mut program("serve", &variables));
        }
        slack.command(&format!("e-{number}"), "billing");
        thread::sleep(Duration::from_millis(20));
    }
    eventually("every answer", || (slack.waiting() == 0).then_some(()));
    assert!(slack.deliveries().iter().any(|delivery| delivery.seen()[0]["blocks"].is_array()));
    for delivery in slack.deliveries() {
        let seen = delivery.seen();
        // Where the restart takes a busy machine longer than Slack waits, people are told.
        let told = seen[0]["text"].as_str().is_some_and(|text| text.contains("not answering"));
        assert!(seen.len() == 1 && (seen[0]["blocks"].is_array() || told), "{delivery:?}");
    }
    connected.stop();
}

/// A frame of a server, of less than 64 KiB.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let head = match length {
        0..126 => vec![first, u8::try_from(length).unwrap()],
        _ => [&[first, 126][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
    };
    [head, payload.to_vec()].concat()
}

#[test]
fn frames_that_are_split_are_read_and_those_that_are_nothing_of_slacks_are_passed_over() {
    const TEXT: u8 = 1;
    const BINARY: u8 = 2;
    const PING: u8 = 9;
    const LAST: u8 = 0x80;
    let (slack, service) = (Slack::open(), Service::open());
    let connected = Connected::between(&slack, &service, &[]);
    let line = slack.connected(1)[0];
    let text = slack.prepare("e-1", "slash_commands", json!({"command": "/recover", "text": "café in pieces"}));
    let bytes = text.as_bytes();
    slack.order(line, Order::Raw(frame(TEXT, &bytes[..7])));
    slack.order(line, Order::Raw(frame(LAST | PING, b"Ping from applink-1")));
    slack.order(line, Order::Raw(frame(0, &bytes[7..40])));
    // A byte at a time, on the wire.
    for byte in frame(LAST, &bytes[40..]) {
        slack.order(line, Order::Raw(vec![byte]));
    }
    assert_eq!(slack.answered("e-1", 1, 0).reply()["text"], "café in pieces");
    slack.order(line, Order::Raw(frame(LAST | BINARY, b"{\"type\":\"hello\"}")));
    for said in ["", "null", "nonsense", "{\"type\":\"goodbye\"}", "{\"type\":\"slash_commands\"}"] {
        slack.order(line, Order::Say(said.into()));
    }
    slack.command("e-2", "still there");
    assert_eq!(slack.answered("e-2", 1, 0).reply()["text"], "still there");
    assert_eq!(slack.lines(), [line], "the connection is still the first one");
    connected.stop();
}

#[test]
fn a_connection_that_breaks_the_rules_or_goes_without_a_word_is_replaced() {
    let (slack, service) = (Slack::open(), Service::open());
    let connected = Connected::between(&slack, &service, &[]);
    let large = vec![b'x'; 300 << 10];
    let too_large = [&[0x81, 127][..], &(large.len() as u64).to_be_bytes(), &large].concat();
    let faults: [(&str, Vec<Order>); 6] = [
        ("too_large", vec![Order::Raw(too_large)]),
        // A reserved opcode, a masked frame of a server, a text that is no UTF-8.
        ("garbled", vec![Order::Raw(frame(0x83, b"x"))]),
        ("garbled", vec![Order::Raw(vec![0x81, 0x81, 1, 2, 3, 4, 5])]),
        ("garbled", vec![Order::Raw(frame(0x81, b"\xff\xfe"))]),
        ("broken", vec![Order::Break]),
        ("closed", vec![Order::Close]),
    ];
    for (number, (how, orders)) in faults.into_iter().enumerate() {
        let line = slack.connected(1)[0];
        for order in orders {
            slack.order(line, order);
        }
        eventually("another connection", || slack.lines().first().is_some_and(|now| *now != line).then_some(()));
        connected.says(&format!("the connection has ended: {how}"));
        let id = format!("e-{number}");
        slack.command(&id, "on");
        assert_eq!(slack.answered(&id, 1, 0).reply()["text"], "on");
    }
    connected.stop();
}

#[test]
fn a_connection_that_falls_silent_is_replaced_within_half_a_minute() {
    let (slack, service) = (Slack::open(), Service::open());
    let connected = Connected::between(&slack, &service, &[]);
    let line = slack.connected(1)[0];
    slack.order(line, Order::Hush);
    let began = Instant::now();
    while slack.connections() < 2 {
        assert!(began.elapsed() < Duration::from_secs(30), "{}", connected.log());
        thread::sleep(Duration::from_millis(100));
    }
    connected.says("the connection has ended: silent");
    connected.stop();
}

#[test]
fn the_answer_to_a_delivery_whose_connection_is_gone_for_good_goes_out_as_a_message() {
    let (slack, service) = (Slack::open(), Service::open());
    service.behaves(Duration::from_millis(500), 200);
    let connected = Connected::between(&slack, &service, &[]);
    let line = slack.connected(1)[0];
    slack.command("once-1", "gone");
    eventually("the question", || service.asked().contains_key("once-1").then_some(()));
    slack.order(line, Order::Break);
    let answered = slack.answered("once-1", 0, 1);
    assert_eq!((answered.seen().len(), &answered.messages[0]["text"]), (1, &json!("gone")));
    connected.stop();
}

#[test]
fn what_is_under_way_is_finished_before_the_end() {
    let (slack, service) = (Slack::open(), Service::open());
    service.behaves(Duration::from_secs(1), 200);
    let connected = Connected::between(&slack, &service, &[("SLACK_CONNECTIONS", "2")]);
    slack.connected(2);
    for number in 0..20 {
        slack.command(&format!("e-{number}"), "last words");
    }
    eventually("the questions", || (service.asked().len() == 20).then_some(()));
    connected.stop();
    assert!(slack.deliveries().iter().all(|delivery| delivery.reply()["text"] == "last words"));
    assert_eq!(slack.lines(), [0; 0]);
}

#[test]
fn slack_is_asked_again_after_a_pause_and_not_before_it_wants() {
    let slack = Slack::open();
    slack.refuse("500 Oops", "", "");
    slack.refuse("200 OK", "", r#"{"ok":false,"error":"internal_error"}"#);
    slack.refuse("429 Slow down", "retry-after: 3\r\n", "");
    let service = Service::open();
    let began = Instant::now();
    let connected = Connected::between(&slack, &service, &[]);
    slack.connected(1);
    assert_eq!(slack.asked(), 4);
    assert!(began.elapsed() >= Duration::from_secs(3), "{:?}", began.elapsed());
    for words in ["a pause of 3 seconds", "Slack says internal_error", "Slack answers 500"] {
        connected.says(words);
    }
    slack.announce(slack.lines()[0], "link_disabled");
    connected.says("Socket Mode is switched off");
    connected.stop();
}

#[test]
fn a_token_that_slack_refuses_ends_it_with_words() {
    let slack = Slack::open();
    slack.refuse("200 OK", "", r#"{"ok":false,"error":"invalid_auth"}"#);
    let mut connected = Connected::to(&slack, &[]);
    assert_eq!(connected.ended(), Some(1));
    connected.says("SLACK_APP_TOKEN: Slack refuses it (invalid_auth)");
}

#[test]
fn every_wrong_setting_of_a_connection_is_named_at_once() {
    let wrong = [
        ("SLACK_APP_TOKEN", "xoxb-xyzzymarker"),
        ("SAYWELL_CONNECT_TO", "somewhere"),
        ("SLACK_CONNECTIONS", "11"),
        ("SAYWELL_LISTEN", "here"),
        ("SAYWELL_DRAIN", "soon"),
        ("HTTPS_PROXY", "https://proxy.example.com"),
    ];
    let output = program("connect", &wrong).arg("slack").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for (name, _) in wrong {
        assert!(said.contains(&format!("error: {name}: expected")), "{name}: {said}");
    }
    assert!(said.contains("error: SLACK_SIGNING_SECRET: expected"), "{said}");
    assert!(!said.contains("xyzzymarker"), "{said}");
}

#[test]
fn probes_and_metrics_tell_how_the_connections_are() {
    let (slack, address) = (Slack::open(), free_address());
    let connected = Connected::to(&slack, &[("SAYWELL_LISTEN", &*address), ("SLACK_CONNECTIONS", "3")]);
    slack.connected(3);
    slack.command("e-1", "billing");
    slack.answered("e-1", 1, 0);
    let get =
        |path: &str| ureq::get(format!("http://{address}{path}")).call().unwrap().body_mut().read_to_string().unwrap();
    assert_eq!((get("/healthz").as_str(), get("/readyz").as_str()), ("ok\n", "ready\n"));
    let metrics = get("/metrics");
    for series in [
        "saywell_connect_connections 3",
        "saywell_connect_opened_total 3",
        "saywell_connect_deliveries_total{kind=\"command\",outcome=\"in_time\"} 1",
        "saywell_connect_ended_total{how=\"silent\"} 0",
        "saywell_outbound_posts_total{outcome=\"sent\",platform=\"slack\"} 0",
    ] {
        assert!(metrics.lines().any(|line| line == series), "{series} in {metrics}");
    }
    assert!(program("healthcheck", &[("SAYWELL_LISTEN", &*address)]).output().unwrap().status.success());
    connected.stop();
}

/// A proxy that connects whoever has the login, and counts. It alone knows where `name` is.
fn proxy(name: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://pat:p%40ss@{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, counted) = (stream.unwrap(), counted.clone());
            thread::spawn(move || connect(stream, name, &counted));
        }
    });
    (url, count)
}

fn connect(mut stream: TcpStream, name: &str, counted: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut lines, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        lines.push(std::mem::take(&mut line).trim_end().to_ascii_lowercase());
    }
    let Some(target) = lines.first().and_then(|line| line.strip_prefix("connect ")?.split(' ').next()) else { return };
    // pat:p@ss
    if !lines.iter().any(|line| line == "proxy-authorization: basic cgf0onbac3m=") {
        let _ = stream.write_all(b"HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\n\r\n");
        return;
    }
    let there = TcpStream::connect(target.replace(name, "127.0.0.1")).unwrap();
    counted.fetch_add(1, Ordering::SeqCst);
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
    let (mut out, mut back) = (there.try_clone().unwrap(), stream.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut reader, &mut out));
    let _ = std::io::copy(&mut { there }, &mut back);
}

#[test]
fn everything_for_slack_goes_through_the_proxy_and_what_is_near_does_not() {
    let slack = Slack::open();
    let (proxy, counted) = proxy("slack.invalid");
    // A name that only the proxy knows, for the API and the hooks.
    let hooks = slack.url.replace("127.0.0.1", "slack.invalid");
    let variables = [("HTTPS_PROXY", &*proxy), ("SLACK_HOOKS_ORIGIN", &*hooks)];
    let connected = Connected::to(&slack, &variables);
    slack.connected(1);
    assert_eq!(counted.load(Ordering::SeqCst), 2, "the API and the connection");
    let url = format!("{hooks}/actions/T0/xyzzymarker/e-2");
    slack.command("e-1", "billing");
    let shown = slack.answered("e-1", 1, 0).reply().clone();
    let button = blocks(&shown, "button").into_iter().find(|button| button["action_id"] == "another").unwrap().clone();
    let action = json!({"type": "button", "action_id": "another", "value": button["value"]});
    let frame = slack.prepare("e-2", "interactive", json!({"type": "block_actions", "actions": [action]}));
    let frame = frame.replace(&format!("{}/actions/T0/xyzzymarker/e-2", slack.url), &url);
    slack.order(slack.lines()[0], Order::Say(frame));
    slack.answered("e-2", 1, 1);
    assert_eq!(counted.load(Ordering::SeqCst), 3, "and the message");
    connected.stop();
    let direct = Connected::to(&slack, &[("HTTPS_PROXY", &*proxy), ("NO_PROXY", "127.0.0.1")]);
    slack.connected(1);
    assert_eq!(counted.load(Ordering::SeqCst), 3);
    direct.stop();
}
