//! `saywell connect telegram`, against a Bot API that is one in what is needed of it: it keeps updates until they are
//! confirmed, gives them to one at a time, and counts what is called.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::{Connected, free_address};
use crate::running::{Running, eventually, program};

const TOKEN: &str = "123456:xyzzymarker-key-0123456789";

/// What the Bot API knows.
#[derive(Default)]
struct State {
    updates: Vec<Value>,
    calls: Vec<(String, Value)>,
    /// Why updates are not given, as a code and in Telegram's words.
    trouble: Option<(u16, &'static str)>,
    has_webhook: bool,
}

/// A Bot API for one bot.
#[derive(Clone)]
struct Bot {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Bot {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let bot = Self { url: format!("http://{}", listener.local_addr().unwrap()), state: Arc::default() };
        let one = bot.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let one = one.clone();
                thread::spawn(move || while one.answer(stream.as_ref().unwrap()).is_some() {});
            }
        });
        bot
    }

    fn answer(&self, mut stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let (mut first, mut length) = (String::new(), 0);
        reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let path = first.split(' ').nth(1)?;
        let given: Value = serde_json::from_slice(&body).ok()?;
        let (status, answer) = match path.strip_prefix(&format!("/bot{TOKEN}/")) {
            Some(method) => self.call(method, &given),
            None => (401, json!({"ok": false, "error_code": 401, "description": "Unauthorized"})),
        };
        let answer = answer.to_string();
        write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).ok()
    }

    fn call(&self, method: &str, given: &Value) -> (u16, Value) {
        if method == "getUpdates" {
            return self.updates(given);
        }
        let mut state = self.state.lock().unwrap();
        state.has_webhook &= method != "deleteWebhook";
        state.calls.push((method.to_owned(), given.clone()));
        (200, json!({"ok": true, "result": true}))
    }

    /// What comes from this offset on, now or, where there is nothing, a little later.
    fn updates(&self, given: &Value) -> (u16, Value) {
        let end = Instant::now() + Duration::from_millis(if given["timeout"] == 0 { 0 } else { 300 });
        loop {
            let mut state = self.state.lock().unwrap();
            let webhook = "Conflict: can't use getUpdates method while webhook is active";
            let trouble = if state.has_webhook { Some((409, webhook)) } else { state.trouble };
            if let Some((code, said)) = trouble {
                return (code, json!({"ok": false, "error_code": code, "description": said}));
            }
            let offset = given["offset"].as_i64().unwrap();
            state.updates.retain(|update| update["update_id"].as_i64().unwrap() >= offset);
            if !state.updates.is_empty() || Instant::now() >= end {
                return (200, json!({"ok": true, "result": state.updates}));
            }
            drop(state);
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn says(&self, id: i64, update: &Value) {
        let mut update = update.clone();
        update["update_id"] = id.into();
        self.state.lock().unwrap().updates.push(update);
    }

    fn types(&self, id: i64, text: &str) {
        let from = json!({"id": 111, "is_bot": false, "first_name": "xyzzymarker"});
        let chat = json!({"id": 111, "type": "private"});
        self.says(id, &json!({"message": {"message_id": id, "date": 1, "from": from, "chat": chat, "text": text}}));
    }

    fn calls(&self, method: &str) -> Vec<Value> {
        let state = self.state.lock().unwrap();
        state.calls.iter().filter(|(name, _)| name == method).map(|(_, given)| given.clone()).collect()
    }

    fn called(&self, method: &str, times: usize) -> Vec<Value> {
        eventually(method, || Some(self.calls(method)).filter(|calls| calls.len() >= times))
    }

    fn trouble(&self, trouble: Option<(u16, &'static str)>) {
        self.state.lock().unwrap().trouble = trouble;
    }

    fn connect(&self, arguments: &[&str], more: &[(&str, &str)]) -> Connected {
        let common = [
            ("TELEGRAM_BOT_TOKEN", TOKEN),
            ("TELEGRAM_ORIGIN", &*self.url),
            ("SAYWELL_RATE_LIMIT", "off"),
            ("SAYWELL_LOG", "trace"),
        ];
        Connected::start(&[&["telegram"], arguments].concat(), &[&common[..], more].concat())
    }
}

#[test]
fn one_token_and_one_command_are_all_that_a_conversation_with_the_bot_needs() {
    let bot = Bot::open();
    bot.types(1, "recover billing 1 customer=xyzzymarker");
    let probes = free_address();
    let connected = bot.connect(&[], &[("SAYWELL_LISTEN", &*probes)]);
    let shown = bot.called("sendMessage", 1).remove(0);
    assert!(shown["chat_id"] == 111 && shown["text"].as_str().unwrap().contains("1 of 6"), "{shown}");
    assert!(shown.get("method").is_none());
    let another = shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"].clone();
    let message = json!({"message_id": 5, "date": 1, "chat": {"id": 111, "type": "private"}, "text": "x"});
    let person = json!({"id": 111, "is_bot": false, "first_name": "xyzzymarker"});
    bot.says(2, &json!({"callback_query": {"id": "7", "from": person, "message": message, "data": another}}));
    bot.says(3, &json!({"inline_query": {"id": "8", "from": person, "query": "billing xyzzymarker", "offset": ""}}));
    bot.says(4, &json!({"poll": {"id": "1"}}));
    assert_eq!(bot.called("editMessageText", 1)[0]["message_id"], 5);
    assert_eq!(bot.called("answerCallbackQuery", 1)[0], json!({"callback_query_id": "7"}));
    assert_eq!(bot.called("answerInlineQuery", 1)[0]["inline_query_id"], "8");
    eventually("everything confirmed", || bot.state.lock().unwrap().updates.is_empty().then_some(()));
    let look =
        |path: &str| ureq::get(format!("http://{probes}{path}")).call().unwrap().body_mut().read_to_string().unwrap();
    assert_eq!(look("/readyz"), "ready\n");
    assert!(look("/metrics").contains("saywell_connect_deliveries_total{kind=\"message\",outcome=\"answered\"} 1"));
    connected.stop();
    // Each was answered once.
    assert_eq!((bot.calls("sendMessage").len(), bot.calls("editMessageText").len()), (1, 1));
}

#[test]
fn a_webhook_is_taken_away_only_where_that_is_said_and_nothing_is_lost_by_it() {
    let bot = Bot::open();
    bot.state.lock().unwrap().has_webhook = true;
    bot.types(1, "late");
    let mut connected = bot.connect(&[], &[]);
    assert_eq!(connected.ended(), Some(1));
    assert!(connected.log().contains("--take-over") && bot.calls("deleteWebhook").is_empty(), "{}", connected.log());
    let connected = bot.connect(&["--take-over"], &[]);
    bot.called("sendMessage", 1);
    assert_eq!(bot.calls("deleteWebhook"), [json!({"drop_pending_updates": false})]);
    connected.stop();
}

#[test]
fn another_program_that_fetches_and_a_wrong_token_are_said_in_words() {
    let bot = Bot::open();
    bot.trouble(Some((
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot is running",
    )));
    let connected = bot.connect(&[], &[]);
    connected.says("another program fetches");
    bot.trouble(Some((502, "Bad Gateway")));
    connected.says("Telegram answers 502");
    bot.trouble(None);
    bot.types(1, "late");
    bot.called("sendMessage", 1);
    connected.stop();
    let mut wrong = bot.connect(&[], &[("TELEGRAM_BOT_TOKEN", "654321:xyzzymarker-key-0123456789")]);
    assert_eq!(wrong.ended(), Some(1));
    assert!(wrong.log().contains("TELEGRAM_BOT_TOKEN: Telegram refuses it") && !wrong.log().contains("xyzzymarker"));
}

#[test]
fn a_service_that_is_started_late_is_waited_for_and_whoever_asks_one_that_fails_is_told() {
    let (bot, address) = (Bot::open(), free_address());
    let url = format!("http://{address}");
    let secret = ("TELEGRAM_SECRET_TOKEN", "xyzzymarker-secret");
    let connected = bot.connect(&[], &[("SAYWELL_CONNECT_TO", &*url), secret]);
    bot.types(1, "late");
    thread::sleep(Duration::from_millis(500));
    let mut service = Running::spawn_at(&address, &mut program("serve", &[secret, ("SAYWELL_RATE_LIMIT", "off")]));
    assert!(bot.called("sendMessage", 1)[0]["text"].as_str().unwrap().contains("<b>"));
    service.signal(Signal::TERM);
    assert_eq!(service.ended(), Some(0));
    let _other = Running::spawn_at(&address, &mut program("serve", &[("TELEGRAM_SECRET_TOKEN", "another")]));
    bot.types(2, "late");
    assert!(bot.called("sendMessage", 2)[1]["text"].as_str().unwrap().contains("not answering"));
    connected.says("TELEGRAM_SECRET_TOKEN the same on both sides");
    connected.stop();
}

#[test]
fn what_is_wrong_with_the_settings_is_said_at_once() {
    let bot = Bot::open();
    let mut connected = bot.connect(&[], &[("TELEGRAM_BOT_TOKEN", "xyzzymarker"), ("SAYWELL_CONNECT_TO", "nowhere")]);
    assert_eq!(connected.ended(), Some(1));
    for words in ["TELEGRAM_BOT_TOKEN: expected", "SAYWELL_CONNECT_TO: expected", "TELEGRAM_SECRET_TOKEN: expected"] {
        connected.says(words);
    }
    assert!(!connected.log().contains("xyzzymarker"));
}
