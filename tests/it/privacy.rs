//! What people write and what proves who they are goes through every door while everything is logged that can be, and
//! none of it is found in the log.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Stdio,
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use saywell::chat::{
    ALL, Kind, google_chat,
    proof::{HmacKeys, Pair, RsaPair, STAND_KEYS, Secret, hex},
    stand::{Forgery, OTHER, SECRET, Sent},
    teams,
};
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::running::{Got, Running, eventually, program};

/// Stands in every draft, value, name, token and address below.
const MARK: &str = "xyzzymarker";
const SIGNING: &str = "xyzzymarker-signing-secret";
const TOKEN: &str = "xyzzymarkertoken0000000001";
const SEALING: &str = "xyzzymarker-sealing-secret-of-some-length";
/// Base64 of 32 bytes.
const HOOK: &str = "xyzzymarkerxyzzymarkerxyzzymarkerxyzzymarkc=";
const DRAFT: &str = "You should have xyzzymarker called xyzzymarker@example.com.";
const FORM: &str = "application/x-www-form-urlencoded";

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Stands for Slack and for a Mattermost server: hands on what is posted there, and says that it
/// was not taken, which is logged.
struct Sink {
    url: String,
    posts: Receiver<Json>,
}

impl Sink {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (posted, posts) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if posted.send(take(stream.unwrap())).is_err() {
                    return;
                }
            }
        });
        Self { url, posts }
    }

    fn next(&self) -> Json {
        self.posts.recv_timeout(Duration::from_secs(15)).expect("a message that follows")
    }
}

fn take(mut stream: TcpStream) -> Json {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// A service with every platform on, and the platforms that call it.
struct World {
    service: Running,
    sink: Sink,
    pair: Pair,
}

impl World {
    fn new() -> Self {
        let (sink, pair) = (Sink::open(), Pair::of(MARK));
        let service = Running::start(&[
            ("SAYWELL_LOG", "trace"),
            ("SAYWELL_RATE_LIMIT", "off"),
            ("SAYWELL_SECRET", SEALING),
            ("SAYWELL_PUBLIC_URL", "http://saywell.example.test"),
            ("SLACK_SIGNING_SECRET", SIGNING),
            ("SLACK_BOT_TOKEN", "xoxb-xyzzymarker"),
            ("SLACK_HOOKS_ORIGIN", &sink.url),
            ("MATTERMOST_TOKEN", TOKEN),
            ("MATTERMOST_SITE_URL", &sink.url),
            ("DISCORD_PUBLIC_KEY", &pair.public()),
            ("TELEGRAM_SECRET_TOKEN", SIGNING),
            ("TEAMS_APP_ID", "0a1b2c3d-0000-4000-8000-00000000000f"),
            ("TEAMS_KEYS", STAND_KEYS),
            ("TEAMS_WEBHOOK_TOKEN", HOOK),
            ("GOOGLE_CHAT_AUDIENCE", "1234567890"),
            ("GOOGLE_CHAT_PROJECT_KEYS", STAND_KEYS),
        ]);
        Self { service, sink, pair }
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Got {
        self.service.send("POST", path, headers, body.as_bytes())
    }

    fn slack(&self, door: &str, pairs: &[(&str, &str)]) -> Got {
        let (body, now) = (form(pairs), now());
        let keys = HmacKeys::new(&[Secret::from(SIGNING)]);
        let mac = keys.sign(&[b"v0:", now.as_bytes(), b":", body.as_bytes()]).unwrap();
        let signature = format!("v0={}", hex(&mac));
        let headers =
            [("content-type", FORM), ("x-slack-request-timestamp", &*now), ("x-slack-signature", &*signature)];
        answered(self.post(&format!("/slack/{door}"), &headers, &body))
    }

    fn slack_command(&self, command: &str, text: &str) {
        self.slack(
            "commands",
            &[
                ("command", command),
                ("text", text),
                ("user_id", MARK),
                ("user_name", MARK),
                ("team_id", MARK),
                ("token", MARK),
                ("response_url", &format!("{}/commands/{MARK}", self.sink.url)),
            ],
        );
    }

    fn slack_payload(&self, door: &str, more: &Json) -> Got {
        let mut payload = json!({
            "token": MARK, "trigger_id": MARK, "team": {"id": MARK, "domain": MARK}, "user": {"id": MARK, "name": MARK},
            "response_url": format!("{}/actions/{MARK}", self.sink.url),
        });
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.slack(door, &[("payload", &payload.to_string())])
    }

    fn mattermost(&self, text: &str) -> Json {
        let hook = format!("{}/hooks/commands/{MARK}", self.sink.url);
        let (command, text) = text.split_once(' ').unwrap_or((text, ""));
        let pairs = [
            ("token", TOKEN),
            ("command", command),
            ("text", text),
            ("user_id", MARK),
            ("user_name", MARK),
            ("team_id", MARK),
            ("trigger_id", MARK),
            ("response_url", &hook),
        ];
        answered(self.post("/mattermost/commands", &[("content-type", FORM)], &form(&pairs))).json()
    }

    fn mattermost_json(&self, door: &str, body: &Json) -> Got {
        let headers = [("content-type", "application/json")];
        answered(self.post(&format!("/mattermost/{door}"), &headers, &body.to_string()))
    }

    fn discord(&self, kind: u8, data: &Json) -> Json {
        let body = json!({
            "type": kind, "token": MARK, "data": data, "guild_id": MARK,
            "member": {"user": {"id": MARK, "username": MARK}}, "message": {"content": MARK, "embeds": []},
        });
        let (body, now) = (body.to_string(), now());
        let signature = hex(&self.pair.sign(&[now.as_bytes(), body.as_bytes()]));
        let headers = [("x-signature-timestamp", &*now), ("x-signature-ed25519", &*signature)];
        answered(self.post("/discord/interactions", &headers, &body)).json()
    }

    /// To a platform that signs with tokens; what comes back holds the mark.
    fn with_token(&self, kind: &Kind, door: &str, body: &Json) -> Json {
        let Sent { headers, body } =
            (kind.stand.prove)(body.to_string().as_bytes(), Forgery::None, now().parse().unwrap());
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let got = answered(self.service.send("POST", &format!("/{}/{door}", kind.name), &headers, &body));
        assert!(got.text().contains(MARK), "it was not there to be logged: {}", got.text());
        got.json()
    }
}

fn now() -> String {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().to_string()
}

/// Only what is answered has gone all the way.
fn answered(got: Got) -> Got {
    assert_eq!(got.status, 200, "{got:?}");
    got
}

fn slack(world: &World) {
    for (command, text) in [
        ("/check", DRAFT),
        ("/check", ""),
        ("/check", "rules=-xyzzymarker x"),
        ("/recover", "billing customer=xyzzymarker share"),
        ("/recover", "billing xyzzymarker=x"),
        ("/saywell", "search xyzzymarker"),
        ("/xyzzymarker", MARK),
    ] {
        world.slack_command(command, text);
    }
    let payload = |more: Json| world.slack_payload("interactions", &more);
    payload(json!({"type": "message_action", "callback_id": "check", "message": {"text": DRAFT, "user": MARK}}));
    assert!(world.sink.next().to_string().contains(MARK));
    let press = |id: &str, value: &str, state: Json| {
        payload(json!({"type": "block_actions", "actions": [{"action_id": id, "value": value}], "state": state}));
        world.sink.next()
    };
    press("another", "v1 recover.billing 1 customer=\"xyzzymarker\"", json!({}));
    press("another", "v0 xyzzymarker", json!({}));
    let field = |value: &str| json!({"values": {"draft 1": {"value": {"value": value}}}});
    press("done", "v1 check", field(DRAFT));
    let window = press("fill", "v1 check", json!({}));
    let view = json!({
        "callback_id": window["view"]["callback_id"], "private_metadata": window["view"]["private_metadata"],
        "state": field(DRAFT),
    });
    payload(json!({"type": "view_submission", "view": view}));
    assert!(world.sink.next().to_string().contains(MARK));
    press("share", "v1 recover.billing.hoped-for share customer=\"xyzzymarker\" item=\"xyzzymarker\"", json!({}));
    let typing = json!({"type": "block_suggestion", "block_id": "v1 recover list", "value": MARK});
    world.slack_payload("options", &typing);
}

fn mattermost(world: &World) {
    for line in ["/recover billing xyzzymarker share", "/saywell search xyzzymarker", "/xyzzymarker xyzzymarker"] {
        world.mattermost(line);
    }
    world.mattermost(&format!("/check {DRAFT}"));
    let press = |message: &Json| {
        let context = &message["attachments"][0]["actions"][0]["integration"]["context"];
        let click = json!({"user_id": MARK, "user_name": MARK, "trigger_id": MARK, "context": context});
        world.mattermost_json("actions", &click);
        world.sink.next()
    };
    press(&world.mattermost("/recover billing 1 xyzzymarker"));
    let open = press(&world.mattermost("/check"));
    let sent = json!({"user_id": MARK, "state": open["dialog"]["state"], "submission": {"draft": DRAFT}});
    world.mattermost_json("dialogs", &sent);
    assert!(world.sink.next().to_string().contains(MARK));
}

fn discord(world: &World) {
    let command = |name: &str, options: Json| world.discord(2, &json!({"type": 1, "name": name, "options": options}));
    let draft = command("check", json!([{"name": "draft", "type": 3, "value": DRAFT}]));
    assert!(draft.to_string().contains(MARK), "{draft}");
    command("xyzzymarker", json!([{"name": "topic", "type": 3, "value": MARK}]));
    command("saywell", json!([{"name": "topic", "type": 3, "value": "search xyzzymarker"}]));
    let fill = json!([{"name": "topic", "type": 3, "value": "billing 1"}, {"name": "fill", "type": 3, "value": MARK}]);
    command("recover", fill);
    world.discord(
        4,
        &json!({"type": 1, "name": "recover", "options": [{"name": "topic", "value": MARK, "focused": true}]}),
    );
    world.discord(3, &json!({"component_type": 2, "custom_id": "v1 a recover.billing 2 customer=\"xyzzymarker\""}));
    let form = command("check", json!([]));
    let field = json!({"type": 18, "component": {"type": 4, "custom_id": "draft", "value": DRAFT}});
    world.discord(5, &json!({"custom_id": form["data"]["custom_id"], "components": [field]}));
    let messages = json!({"9": {"id": "9", "content": DRAFT}});
    let on = json!({"type": 3, "name": "Check this draft", "target_id": "9", "resolved": {"messages": messages}});
    let review = world.discord(2, &on);
    assert!(review.to_string().contains(MARK), "{review}");
}

/// A command, a draft, a press with what was filled in, and what is typed in another chat.
fn telegram(world: &World) {
    let post = |update: Json| {
        let headers = [("content-type", "application/json"), ("x-telegram-bot-api-secret-token", SIGNING)];
        let got = answered(world.post("/telegram/updates", &headers, &update.to_string()));
        assert!(got.text().contains(MARK), "it was not there to be logged: {}", got.text());
    };
    let (person, chat) = (json!({"id": 1, "first_name": MARK, "username": MARK}), json!({"id": 1, "type": "private"}));
    for text in ["recover billing 1 customer=xyzzymarker", "recover xyzzymarker", &format!("check {DRAFT}")] {
        post(json!({"message": {"message_id": 1, "from": person, "chat": chat, "text": text}}));
    }
    let given = "customer=\"xyzzymarker\"";
    let code = json!([{"type": "code", "offset": 0, "length": given.len()}]);
    let message = json!({"message_id": 2, "chat": chat, "text": given, "entities": code});
    let press = json!({"id": MARK, "from": person, "message": message, "data": "1a+recover.billing 1"});
    post(json!({"callback_query": press}));
    post(json!({"inline_query": {"id": MARK, "from": person, "query": "billing customer=xyzzymarker", "offset": ""}}));
}

/// What is typed into a dialog, a form that was sent, a search, the review of a message; and a mention of the webhook.
fn teams(world: &World) {
    let invoke = |name: &str, value: Json| {
        world.with_token(
            &teams::KIND,
            "messages",
            &json!({
                "type": "invoke", "name": format!("composeExtension/{name}"), "channelId": "msteams", "id": MARK,
                "serviceUrl": "https://smba.example.com/emea/", "from": {"id": MARK, "name": MARK},
                "conversation": {"id": MARK, "tenantId": MARK}, "value": value,
            }),
        )
    };
    let send = |data: Json| invoke("submitAction", json!({"commandId": "saywell", "data": data}));
    send(json!({"saywell": "v1 q recover", "text": "billing 1 customer=xyzzymarker"}));
    send(json!({"saywell": "v1 q check", "text": DRAFT}));
    send(json!({"saywell": "v1 d recover.billing.hoped-for", "slot.customer": MARK}));
    let text = [json!({"name": "text", "value": "billing customer=xyzzymarker"})];
    invoke("query", json!({"commandId": "search", "parameters": text}));
    let message = json!({"body": {"content": DRAFT}, "from": {"user": {"displayName": MARK}}});
    invoke("fetchTask", json!({"commandId": "check", "commandContext": "message", "messagePayload": message}));
    let mention = json!({
        "type": "message", "text": "<at>Saywell</at> recover billing 1 customer=xyzzymarker", "from": {"name": MARK},
        "conversation": {"id": MARK, "tenantId": MARK},
    });
    let mention = mention.to_string();
    let mac = HmacKeys::decoded(&[Secret::from(HOOK)]).unwrap().sign(&[mention.as_bytes()]).unwrap();
    let signature = format!("HMAC {}", BASE64_STANDARD.encode(mac));
    assert!(answered(world.post("/teams/messages", &[("authorization", &signature)], &mention)).text().contains(MARK));
    for door in ["teams/messages", "google-chat/events"] {
        let header = json!({"alg": "RS256", "kid": MARK}).to_string();
        let claims = json!({"iss": MARK, "aud": MARK, "email": MARK}).to_string();
        let token = format!("Bearer {}", RsaPair::stand().unwrap().sign_as(&header, &claims));
        assert_eq!(world.post(&format!("/{door}"), &[("authorization", &token)], &mention).status, 401);
    }
}

/// A command, a press, a form that was sent, and the review of a message, in both envelopes.
fn google_chat(world: &World) {
    let (user, space) = (json!({"name": MARK, "displayName": MARK}), json!({"name": MARK, "spaceType": "SPACE"}));
    let inputs = |name: &str, words: &str| json!({name: {"stringInputs": {"value": [words]}}});
    let command = |text: &str| json!({"text": text, "argumentText": text.split_once(' ').map(|(_, words)| words), "slashCommand": {"commandId": "9"}});
    let action = json!({"appCommandId": 3, "appCommandType": "MESSAGE_ACTION"});
    let press = json!({"saywell": "v1 press recover.billing 1 customer=\"xyzzymarker\""});
    let sent = json!({"saywell": "v1 sent recover.billing.hoped-for"});
    for (kind, payload, content) in [
        ("MESSAGE", "messagePayload", json!({"message": command("/recover billing 1 customer=xyzzymarker")})),
        ("MESSAGE", "messagePayload", json!({"message": command("/recover xyzzymarker")})),
        ("MESSAGE", "messagePayload", json!({"message": command(&format!("/check {DRAFT}"))})),
        ("APP_COMMAND", "appCommandPayload", json!({"message": {"text": DRAFT}, "appCommandMetadata": action})),
        ("CARD_CLICKED", "buttonClickedPayload", json!({"common": {"parameters": press}})),
        (
            "CARD_CLICKED",
            "buttonClickedPayload",
            json!({"common": {"parameters": sent, "formInputs": inputs("customer", MARK)}}),
        ),
    ] {
        let post = |body: &Json| world.with_token(&google_chat::KIND, "events", body);
        let mut event = json!({"type": kind, "user": user, "space": space});
        event.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        post(&event);
        let common = event["common"].clone();
        let mut chat = json!({"user": user, payload: content});
        chat[payload]["space"] = space.clone();
        post(&json!({"commonEventObject": if common.is_null() { json!({}) } else { common }, "chat": chat}));
    }
}

/// REST, pages and editors; also what nobody proved, and what cannot be read.
fn web(world: &World) {
    let json = json!({"text": DRAFT}).to_string();
    for (kind, body) in [("text/plain", DRAFT), (FORM, &form(&[("text", DRAFT)])), ("application/json", &json)] {
        for path in ["/check", "/v1/check", "/check.html", "/check.txt"] {
            answered(world.post(path, &[("content-type", kind)], body));
        }
    }
    for body in [form(&[("language", "en"), ("text", DRAFT)]), form(&[("language", MARK), ("text", DRAFT)])] {
        world.post("/v2/check", &[("content-type", FORM)], &body);
    }
    let secrets = [
        ("authorization", "Token xyzzymarker"),
        ("cookie", "a=xyzzymarker"),
        ("user-agent", MARK),
        ("referer", "https://xyzzymarker.example.com/xyzzymarker"),
        ("x-slack-signature", "v0=xyzzymarker"),
        ("x-request-id", "not an id: xyzzymarker"),
    ];
    for path in [
        "/check",
        "/v1/check",
        "/slack/commands",
        "/mattermost/commands",
        "/discord/interactions",
        "/teams/messages",
        "/google-chat/events",
        "/nowhere",
    ] {
        for kind in ["application/pdf", "application/json", FORM] {
            world.post(
                path,
                &[&secrets[..], &[("content-type", kind)]].concat(),
                &format!("text={DRAFT}&token={TOKEN}"),
            );
        }
    }
    for path in [
        "/recover/billing?customer=xyzzymarker",
        "/recover/billing.html?customer=xyzzymarker",
        "/v1/recover/billing?xyzzymarker=1",
        "/search?q=xyzzymarker",
        "/search.html?q=xyzzymarker",
        "/recover/xyzzymarker",
        "/xyzzymarker",
        "/check?text=xyzzymarker",
        "/phrases/recover.billing.hoped-for?item=xyzzymarker",
        "/mattermost/commands?token=xyzzymarker&command=%2Frecover&text=xyzzymarker",
        "/%78yzzymarker/%zz",
    ] {
        world.service.ask("GET", path, &secrets);
    }
}

/// What the program prints of its own accord beside what was asked for.
fn terminal(world: &World) {
    let said = |subcommand: &str, arguments: &[&str]| {
        let variables = [("SAYWELL_LOG", "trace"), ("SLACK_SIGNING_SECRET", SIGNING)];
        let mut command = program(subcommand, &variables);
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(DRAFT.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert!(
            String::from_utf8(output.stdout).unwrap().contains(MARK),
            "{subcommand}: it was not there to be logged"
        );
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(!log.contains(MARK), "{subcommand}: {log}");
    };
    said("check", &["--json"]);
    said("say", &["recover", "billing", "1", "customer=xyzzymarker"]);
    said("send", &["slack", &format!("/check {DRAFT}"), "--url", &world.service.url]);
}

/// Commands of every platform, proved and not, while everything is logged that can be.
#[test]
fn no_platform_has_a_commands_words_or_proof_logged() {
    for kind in ALL {
        let set = kind.stand.set[kind.stand.set.len() - 1];
        let service = Running::start(&[&[("SAYWELL_LOG", "trace"), ("SAYWELL_RATE_LIMIT", "off")], set].concat());
        for forgery in [Forgery::None, Forgery::Wrong, Forgery::Short, Forgery::Old(1_000)] {
            let (door, body) = (kind.stand.command)("/check", DRAFT);
            let Sent { headers, body } = (kind.stand.prove)(body.as_bytes(), forgery, now().parse().unwrap());
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let got = service.send("POST", &format!("/{}/{door}", kind.name), &headers, &body);
            assert_eq!(got.text().contains("You should have"), got.status == 200, "{} {forgery:?}", kind.name);
        }
        let log = eventually("a line of the platform", || {
            let log = service.log();
            log.iter().any(|line| line.contains(&format!("\"platform\":\"{}\"", kind.name))).then_some(log)
        });
        let log = log.join("\n");
        assert!(![MARK, SECRET, OTHER].iter().any(|word| log.contains(word)), "{}: {log}", kind.name);
    }
}

#[test]
fn nobodys_words_are_logged() {
    let world = World::new();
    slack(&world);
    mattermost(&world);
    discord(&world);
    telegram(&world);
    teams(&world);
    google_chat(&world);
    web(&world);
    terminal(&world);
    eventually("a log that has come to rest", || {
        let lines = world.service.log().len();
        thread::sleep(Duration::from_millis(300));
        (world.service.log().len() == lines).then_some(())
    });
    let log = world.service.log();
    for door in ["slack", "mattermost", "discord", "telegram", "teams", "google-chat"] {
        assert!(
            log.iter().any(|line| line.contains(&format!("\"platform\":\"{door}\""))),
            "{door} is not in the log: {}",
            log.join("\n")
        );
    }
    let leaks: Vec<&String> = log.iter().filter(|line| line.to_lowercase().contains(MARK)).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}
