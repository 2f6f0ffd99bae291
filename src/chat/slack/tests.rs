//! Deliveries in, messages out.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::{blocks::most, *};
use crate::{
    chat::{
        Adapter as _, Gesture, Outbound,
        proof::{ExposeSecret as _, hex},
    },
    say::{
        answer::answer,
        ask::{Ask, Choice},
        book::Phrasebook,
    },
    shelf::tests::book,
};

const SECRET: &str = "saywell-test-signing-secret-0001";
const AT: i64 = 1_760_000_000;
const V1: &str = "token=deprecatedtok&team_id=T0SAYWELL&team_domain=acme&channel_id=C0CHAN001&channel_name=general&user_id=U0USER001&user_name=pat&command=%2Frecover&text=billing&api_app_id=A0SAYWELL1&is_enterprise_install=false&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0SAYWELL%2F111%2Fabc&trigger_id=111.222.0123456789abcdef0123456789abcdef";
const V1_SIGNATURE: &str = "v0=616e81f4064caa67dc66d64ab9aa215b9ff690f94ab81b877e0c336eeb354fc0";
const V2: &str = "payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%7B%22id%22%3A%22T0SAYWELL%22%2C%22domain%22%3A%22acme%22%7D%2C%22user%22%3A%7B%22id%22%3A%22U0USER001%22%2C%22username%22%3A%22pat%22%2C%22team_id%22%3A%22T0SAYWELL%22%7D%2C%22api_app_id%22%3A%22A0SAYWELL1%22%2C%22container%22%3A%7B%22type%22%3A%22message%22%2C%22message_ts%22%3A%221760000001.000100%22%2C%22channel_id%22%3A%22C0CHAN001%22%2C%22is_ephemeral%22%3Atrue%7D%2C%22channel%22%3A%7B%22id%22%3A%22C0CHAN001%22%2C%22name%22%3A%22general%22%7D%2C%22trigger_id%22%3A%22111.333.fedcba%22%2C%22response_url%22%3A%22https%3A%2F%2Fhooks.slack.com%2Factions%2FT0SAYWELL%2F222%2Fdef%22%2C%22actions%22%3A%5B%7B%22type%22%3A%22button%22%2C%22action_id%22%3A%22another%22%2C%22block_id%22%3A%22b1%22%2C%22value%22%3A%22recover.billing.7%22%2C%22action_ts%22%3A%221760000002.000000%22%7D%5D%7D";
const V2_SIGNATURE: &str = "v0=d29160c471e6e662374fd7e6358f3a6feaca7db9bb83074222e53c3e1ff3d4a7";
const V3: &str = "command=%2Fapology&text=sincere+caf%C3%A9+%F0%9F%92%99";
const V3_SIGNATURE: &str = "v0=0e9dec4e34425d92747b7f58581b1f37a6168c0948f8114815e3c1700bfdb9c0";
const V4_SIGNATURE: &str = "v0=fc588f431a74bb0e705ba9a18e87a8f66ba01f965edaafe7d67ae0139f166556";
const V5: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const V5_SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

fn slack() -> Slack {
    Slack::new(&[Secret::from("another"), Secret::from(SECRET)])
}

fn headers(pairs: &[(&str, &[u8])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(
            HeaderName::from_bytes(name.to_lowercase().as_bytes()).unwrap(),
            HeaderValue::from_bytes(value).unwrap(),
        );
    }
    headers
}

const TIMESTAMP: &str = "X-Slack-Request-Timestamp";
const SIGNATURE: &str = "X-Slack-Signature";

/// Whether this is proved; what can be read of it is another matter.
fn prove_at(slack: &Slack, delivery: Delivery<'_>) -> Result<(), Refusal> {
    match slack.read(delivery) {
        Err(Refusal::Unreadable) | Ok(_) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

fn prove(door: &str, pairs: &[(&str, &[u8])], body: &[u8], at: i64) -> Result<(), Refusal> {
    let headers = headers(pairs);
    prove_at(&slack(), Delivery { door, headers: &headers, query: "", body, at, book: book() })
}

fn sign(body: &[u8]) -> String {
    let keys = HmacKeys::new(&[Secret::from(SECRET)]);
    format!("v0={}", hex(&keys.sign(&[b"v0:", AT.to_string().as_bytes(), b":", body]).unwrap()))
}

/// What comes back to a body that is signed as it should be.
fn post(slack: &Slack, door: &str, body: &[u8]) -> Result<Reply, Refusal> {
    let book = book();
    let headers = headers(&[(TIMESTAMP, AT.to_string().as_bytes()), (SIGNATURE, sign(body).as_bytes())]);
    let delivery = Delivery { door, headers: &headers, query: "", body, at: AT, book };
    slack.handle(delivery, &mut |call| answer(book, &call.ask, 0))
}

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

fn command(command: &str, text: &str) -> Json {
    let body = form(&[("command", command), ("text", text), ("user_id", "U0USER001"), ("team_id", "T0SAYWELL")]);
    serde_json::from_slice(&post(&slack(), "commands", &body).unwrap().body).unwrap()
}

const HOOK: &str = "https://hooks.slack.com/actions/T0SAYWELL/222/def";

fn click(slack: &Slack, url: &str, action: &Json, state: &Json) -> Reply {
    let payload = json!({
        "type": "block_actions", "team": {"id": "T0SAYWELL"}, "user": {"id": "U0USER001"},
        "trigger_id": "111.333.fedcba", "response_url": url, "actions": [action], "state": {"values": state},
    });
    post(slack, "interactions", &form(&[("payload", &payload.to_string())])).unwrap()
}

fn button(message: &Json, action: &str) -> Json {
    let blocks = message["blocks"].as_array().unwrap();
    blocks
        .iter()
        .flat_map(|block| block["elements"].as_array().into_iter().flatten().chain([&block["accessory"]]))
        .find(|element| element["action_id"] == action)
        .unwrap_or_else(|| panic!("no {action} in {message:#}"))
        .clone()
}

fn bodies(reply: &Reply) -> Vec<Json> {
    assert!(reply.body.is_empty() && reply.content_type.is_none());
    reply.after.iter().map(|outbound| serde_json::from_slice(&outbound.body).unwrap()).collect()
}

fn press(message: &Json, action: &str) -> Vec<Json> {
    bodies(&click(&slack(), HOOK, &button(message, action), &json!({})))
}

#[test]
fn published_signatures_are_right() {
    let now = AT.to_string();
    for (door, body, signature) in [
        ("commands", V1, V1_SIGNATURE),
        ("interactions", V2, V2_SIGNATURE),
        ("commands", V3, V3_SIGNATURE),
        ("options", "", V4_SIGNATURE),
    ] {
        let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, now.as_bytes()), (SIGNATURE, signature.as_bytes())];
        for at in [AT, AT + 300, AT - 300] {
            assert_eq!(prove(door, &pairs, body.as_bytes(), at), Ok(()), "{signature} at {at}");
        }
        for at in [AT + 301, AT - 301, i64::MAX, i64::MIN] {
            assert_eq!(prove(door, &pairs, body.as_bytes(), at), Err(Refusal::Stale), "{signature} at {at}");
        }
        let longer = format!("{body} ");
        assert_eq!(prove(door, &pairs, longer.as_bytes(), AT), Err(Refusal::Unproved), "{signature}, one byte more");
    }
    let slack = Slack::new(&[Secret::from("8f742231b10e8888abcd99yyyzzz85a5")]);
    let headers = headers(&[(TIMESTAMP, b"1531420618"), (SIGNATURE, V5_SIGNATURE.as_bytes())]);
    let delivery = Delivery {
        door: "commands",
        headers: &headers,
        query: "",
        body: V5.as_bytes(),
        at: 1_531_420_618,
        book: book(),
    };
    assert!(prove_at(&slack, delivery).is_ok());
}

#[test]
fn whatever_is_not_signed_right_is_refused_without_a_word() {
    let digits = V1_SIGNATURE.strip_prefix("v0=").unwrap();
    let signatures = [
        String::new(),
        "v0=".into(),
        digits.into(),
        digits.to_uppercase(),
        format!("v0={}", digits.to_uppercase()),
        format!("V0={digits}"),
        format!("v1={digits}"),
        format!("v0=v0={digits}"),
        format!("v0={digits}0"),
        format!("v0={digits};junk"),
        format!(" v0={digits}"),
        format!("v0={digits},v0={digits}"),
        format!("v0={}", digits.get(..63).unwrap()),
        format!("v0={}", digits.get(..62).unwrap()),
        format!("v0={}", "é".repeat(32)),
        V2_SIGNATURE.into(),
        format!("v0={}", "0".repeat(64)),
        "\u{ff}".into(),
    ];
    for signature in signatures {
        let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, b"1760000000"), (SIGNATURE, signature.as_bytes())];
        assert_eq!(prove("commands", &pairs, V1.as_bytes(), AT), Err(Refusal::Unproved), "{signature}");
    }
    let long = "1".repeat(4_000);
    for timestamp in [
        "",
        "0",
        "1760000001",
        "1759999999",
        "1760000000.0",
        "1.76e9",
        "+1760000000",
        "-1760000000",
        " 1760000000",
        "0x68E77D00",
        "1760000000000",
        "9223372036854775807",
        "-9223372036854775808",
        "now",
        "١٧٦٠٠٠٠٠٠٠",
        "NaN",
        &long,
    ] {
        let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, timestamp.as_bytes()), (SIGNATURE, V1_SIGNATURE.as_bytes())];
        assert_eq!(prove("commands", &pairs, V1.as_bytes(), AT), Err(Refusal::Unproved), "{timestamp}");
    }
    let time: (&str, &[u8]) = (TIMESTAMP, b"1760000000");
    let sign: (&str, &[u8]) = (SIGNATURE, V1_SIGNATURE.as_bytes());
    for pairs in [
        vec![],
        vec![time],
        vec![sign],
        vec![time, time, sign],
        vec![time, sign, sign],
        vec![time, (SIGNATURE, b"v0=0"), sign],
        vec![time, sign, (SIGNATURE, b"v0=0")],
        vec![(TIMESTAMP, b"\xff"), sign],
        vec![time, (SIGNATURE, b"\xff\xfe")],
    ] {
        assert_eq!(prove("commands", &pairs, V1.as_bytes(), AT), Err(Refusal::Unproved), "{pairs:?}");
    }
    let spaces = V3.replace('+', "%20");
    let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, b"1760000000"), (SIGNATURE, V3_SIGNATURE.as_bytes())];
    assert_eq!(prove("commands", &pairs, spaces.as_bytes(), AT), Err(Refusal::Unproved));
    assert_eq!(prove("nowhere", &pairs, V3.as_bytes(), AT), Err(Refusal::NoDoor));
    assert_eq!(prove("probe", &pairs, V3.as_bytes(), AT), Err(Refusal::NoDoor));
    let headers = headers(&pairs);
    let delivery =
        Delivery { door: "commands", headers: &headers, query: "", body: V3.as_bytes(), at: AT, book: book() };
    assert!(Slack::new(&[]).read(delivery).is_err(), "without a key everything is refused");
}

#[test]
fn a_probe_of_the_certificate_gets_an_empty_answer_and_nothing_else_does() {
    let headers = headers(&[]);
    let ask = |door, body: &str| {
        slack().handle(
            Delivery { door, headers: &headers, query: "", body: body.as_bytes(), at: AT, book: book() },
            &mut |call| panic!("answered {call:?}"),
        )
    };
    for body in
        ["ssl_check=1", "ssl_check=1&token=x", "token=x&ssl_check=1", "command=%2Frecover&text=billing&ssl_check=1"]
    {
        assert_eq!(ask("commands", body), Ok(Reply::default()), "{body}");
    }
    for body in [
        "",
        "ssl_check",
        "ssl_check=",
        "ssl_check=true",
        "ssl_check=01",
        "ssl_check=1 ",
        "ssl_check=%31",
        "ssl_check=2",
        "ssl_check=1&ssl_check=1",
        "ssl_check=0&ssl_check=1",
        "ssl_check=1&ssl_check",
        "xssl_check=1",
        "SSL_CHECK=1",
    ] {
        assert_eq!(ask("commands", body), Err(Refusal::Unproved), "{body}");
    }
    assert_eq!(ask("interactions", "ssl_check=1"), Err(Refusal::Unproved));
    assert_eq!(post(&slack(), "commands", b"ssl_check=1&token=x"), Ok(Reply::default()), "signed");
}

#[test]
fn commands_are_read_whatever_else_comes_with_them() {
    let decode = |body: &[u8]| {
        let headers = headers(&[(TIMESTAMP, AT.to_string().as_bytes()), (SIGNATURE, sign(body).as_bytes())]);
        let slack = slack();
        match slack
            .read(Delivery { door: "commands", headers: &headers, query: "", body, at: AT, book: book() })?
            .take()
        {
            Event::Call(call, _) => Ok(call),
            Event::Handshake(_) => panic!("no command"),
        }
    };
    let call = decode(V1.as_bytes()).unwrap();
    assert_eq!((&*call.team, &*call.user), ("T0SAYWELL", "U0USER001"));
    assert_eq!(call.ask, Ask { command: "recover".into(), text: "billing".into() });
    assert_eq!(decode(V3.as_bytes()).unwrap().ask, Ask { command: "apology".into(), text: "sincere café 💙".into() });
    for (body, text) in [
        ("command=/recover", ""),
        ("command=%2frecover&text=a+%26amp%3B+b", "a & b"),
        ("c%6fmmand=/recover&text=&new_field=%ff", ""),
        ("enterprise_id=E1&command=/recover&text=100%", "100%"),
        ("command=/recover&text=%00%EF%BB%BFbilling", "\0\u{feff}billing"),
    ] {
        let call = decode(body.as_bytes()).unwrap();
        assert_eq!(call.ask, Ask { command: "recover".into(), text: text.into() }, "{body}");
    }
    let many = "command=/recover&".to_owned() + &"text=billing&".repeat(1_000);
    for body in [
        &b""[..],
        b"text=billing",
        b"command=/recover&text=%ff",
        b"command=/recover&text=\xff",
        b"\xff\xfec\0o\0",
        b"{}",
        b"command=/recover&command=/apology",
        many.as_bytes(),
    ] {
        assert_eq!(decode(body).map(|call| call.ask), Err(Refusal::Unreadable), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn rotten_payloads_are_refused_and_unknown_ones_acknowledged() {
    let deep = format!("{{\"type\":{}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let long = format!("{{\"type\":\"block_actions\",\"actions\":[{}]}}", "9".repeat(5_000));
    for payload in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "1 2",
        r#"{"type":1}"#,
        r#"{"type":null}"#,
        r#"{"type":"block_actions"}"#,
        r#"{"type":"block_actions","type":"x"}"#,
        r#"{"type":"block_actions","actions":[]}"#,
        r#"{"type":"a\ud800"}"#,
        r#"{"type":"block_actions","actions":{}}"#,
        r#"{"type":"block_actions","actions":[NaN]}"#,
        &deep,
        &long,
        r#"{"type":"block_actions","actions":[{"action_id":7}]}"#,
        r#"{"type":"block_actions","user":"U1","actions":[{}]}"#,
    ] {
        let body = form(&[("payload", payload)]);
        assert_eq!(post(&slack(), "interactions", &body), Err(Refusal::Unreadable), "{payload:.100}");
    }
    for body in [&b"payload=%7B%7D&payload=%7B%7D"[..], b"", b"payload", b"payload=%ff", b"\xff"] {
        assert_eq!(post(&slack(), "interactions", body), Err(Refusal::Unreadable));
    }
    for payload in [
        r#"{"type":"view_closed"}"#,
        r#"{"type":"shortcut","user":null,"team":null}"#,
        r#"{"type":"view_submission"}"#,
        r#"{"type":"view_submission","view":{"callback_id":"fill","private_metadata":"v9 x"}}"#,
    ] {
        assert_eq!(post(&slack(), "interactions", &form(&[("payload", payload)])), Ok(Reply::default()), "{payload}");
    }
}

#[test]
fn old_buttons_get_a_kind_word_in_private() {
    let reply = post(&slack(), "interactions", V2.as_bytes()).unwrap();
    let [message] = &*bodies(&reply) else { panic!("{reply:?}") };
    assert_eq!(message["response_type"], "ephemeral");
    assert_eq!(message["replace_original"], false);
    assert!(message["text"].as_str().unwrap().contains("older version"));
    for action in [
        json!({"action_id": "another", "value": "v2 recover.billing"}),
        json!({"action_id": "explode", "value": "v1 recover.billing"}),
        json!({"action_id": "another"}),
        json!({}),
    ] {
        assert_eq!(bodies(&click(&slack(), HOOK, &action, &json!({}))).len(), 1, "{action}");
    }
}

#[test]
fn a_topic_that_is_gone_takes_no_message_away() {
    let action = json!({"action_id": "another", "value": "v1 qwxyz vbnmk"});
    let [message] = &*bodies(&click(&slack(), HOOK, &action, &json!({}))) else { panic!() };
    assert_eq!((&message["response_type"], &message["replace_original"]), (&json!("ephemeral"), &json!(false)));
}

#[test]
fn answers_go_only_to_addresses_that_slack_has() {
    let action = json!({"action_id": "another", "value": "v1 recover.billing 2"});
    for (url, sent) in [
        (HOOK, 1),
        ("https://hooks.slack.com/commands/T/1/a", 1),
        ("https://hooks.slack.com/app/T/1/a", 1),
        ("https://hooks.slack.com:443/actions/T", 1),
        ("https://HOOKS.slack.com/actions/T", 1),
        ("http://hooks.slack.com/actions/T", 0),
        ("https://hooks.slack.com/services/T/B/x", 0),
        ("https://hooks.slack.com/actions/../services/T", 0),
        ("https://hooks.slack.com/", 0),
        ("https://hooks.slack.com:8443/actions/T", 0),
        ("https://hooks.slack.com.evil.example/actions/T", 0),
        ("https://hooks.slack.com@evil.example/actions/T", 0),
        ("https://u@hooks.slack.com/actions/T", 0),
        ("https://evil.example/actions/?https://hooks.slack.com/", 0),
        ("https://evil.example\\@hooks.slack.com/actions/T", 0),
        ("https://127.0.0.1/actions/T", 0),
        ("//hooks.slack.com/actions/T", 0),
        ("file:///actions/T", 0),
        ("", 0),
    ] {
        assert_eq!(click(&slack(), url, &action, &json!({})).after.len(), sent, "{url}");
    }
    let local = slack().hooks("http://127.0.0.1:8099").unwrap();
    assert_eq!(click(&local, "http://127.0.0.1:8099/actions/T", &action, &json!({})).after.len(), 1);
    assert_eq!(click(&local, HOOK, &action, &json!({})).after.len(), 0);
    assert!(slack().hooks("hooks.slack.com").is_none());
}

#[test]
fn another_replaces_the_message_and_share_posts_only_the_words() {
    let first = command("/recover", "billing 1 Ana");
    assert_eq!(first["response_type"], "ephemeral");
    assert_eq!(first["replace_original"], Json::Null);
    assert_eq!((&first["unfurl_links"], &first["unfurl_media"]), (&json!(false), &json!(false)));
    assert!(first["text"].as_str().unwrap().contains("Ana"), "{first:#}");
    let [second] = &*press(&first, "another") else { panic!() };
    assert_eq!(second["replace_original"], true);
    assert_ne!(first["text"], second["text"]);
    assert!(second["text"].as_str().unwrap().contains("Ana"), "{second:#}");
    let [words, gone] = &*press(second, "share") else { panic!() };
    assert_eq!(gone, &json!({"delete_original": true}));
    assert_eq!((&words["response_type"], &words["replace_original"]), (&json!("in_channel"), &json!(false)));
    assert_eq!(words["text"], second["text"]);
    let [line, by] = &**words["blocks"].as_array().unwrap() else { panic!("{words:#}") };
    assert_eq!(line["text"]["text"], second["text"]);
    assert_eq!(by["elements"][0]["text"], "Shared by <@U0USER001>");
    let typed = command("/recover", "billing 1 share");
    assert_eq!(typed["response_type"], "in_channel");
    assert_eq!(typed["blocks"].as_array().unwrap().len(), 1);
}

/// A command and topic whose first phrase shows a blank, and its slots.
fn with_blank(book: &Phrasebook) -> (String, usize) {
    book.topics()
        .flat_map(|topic| topic.phrases.iter().map(move |phrase| (topic, phrase)))
        .find(|(_, phrase)| !phrase.say.required().is_empty())
        .map(|(topic, phrase)| (topic.phrase_id(phrase), phrase.say.required().len()))
        .unwrap()
}

fn inputs(message: &Json) -> Vec<Json> {
    message["blocks"].as_array().unwrap().iter().filter(|block| block["type"] == "input").cloned().collect()
}

#[test]
fn blanks_are_filled_in_the_message_and_then_shared() {
    let (id, ..) = with_blank(book());
    let message = command("/saywell", &id);
    let [form] = &*press(&message, "fill") else { panic!() };
    assert_eq!(form["replace_original"], true);
    let fields = inputs(form);
    // One for every blank of the topic: what is filled in serves the whole play.
    let (topic, _) = book().phrase(&id).unwrap();
    assert_eq!(fields.len(), topic.slots.len());
    let value = r#"“Ana” & "Bo" <@U1> 100% `x`"#;
    let state: serde_json::Map<String, Json> = fields
        .iter()
        .map(|field| {
            let id = field["block_id"].as_str().unwrap();
            (id.to_owned(), json!({"value": {"type": "plain_text_input", "value": value}}))
        })
        .collect();
    let state = Json::Object(state);
    let done = bodies(&click(&slack(), HOOK, &button(form, "done"), &state));
    let [filled] = &*done else { panic!() };
    let shown = "“Ana” &amp; \"Bo\" &lt;@U1&gt; 100% `x`";
    assert!(filled["text"].as_str().unwrap().contains(shown), "{filled:#}");
    let [shared, _] = &*press(filled, "share") else { panic!("{filled:#}") };
    assert_eq!(shared["response_type"], "in_channel");
    assert_eq!(shared["text"], filled["text"], "values travel in the button unharmed");
    let [back] = &*press(form, "back") else { panic!() };
    assert_eq!(back["text"], message["text"]);

    // Who shares with blanks open is asked for them, and then it is shared.
    let [form] = &*press(&message, "share") else { panic!() };
    assert_eq!(inputs(form).len(), topic.slots.len());
    assert_eq!(button(form, "done")["text"]["text"], "Share");
    let [shared, _] = &*bodies(&click(&slack(), HOOK, &button(form, "done"), &state)) else { panic!() };
    assert_eq!(shared["response_type"], "in_channel");
    let [open] = &*press(form, "done") else { panic!() };
    assert_eq!(open["response_type"], "ephemeral", "blanks that stay open are not shared");
}

#[test]
fn with_a_bot_token_a_window_opens() {
    let slack = slack().bot_token(Secret::from("xoxb-1"));
    assert_eq!(slack.origins(), ["https://hooks.slack.com", "https://slack.com"]);
    assert_eq!(self::slack().origins(), ["https://hooks.slack.com"]);
    let government = slack.clone().hooks("https://hooks.slack-gov.com/").unwrap();
    assert_eq!(government.origins(), ["https://hooks.slack-gov.com", "https://slack-gov.com"]);
    let (id, _) = with_blank(book());
    let message = command("/saywell", &id);
    let reply = click(&slack, HOOK, &button(&message, "fill"), &json!({}));
    let [Outbound { url, bearer, .. }] = &*reply.after else { panic!() };
    assert_eq!((&**url, bearer.as_ref().unwrap().expose_secret()), ("https://slack.com/api/views.open", "xoxb-1"));
    let [call] = &*bodies(&reply) else { panic!() };
    assert_eq!(call["trigger_id"], "111.333.fedcba");
    assert_eq!(call["view"]["type"], "modal");
    let block = inputs(&call["view"])[0]["block_id"].as_str().unwrap().to_owned();
    let sent = |metadata: &str| {
        let payload = json!({
            "type": "view_submission", "user": {"id": "U0USER001"}, "team": null,
            "view": {
                "callback_id": call["view"]["callback_id"], "private_metadata": metadata,
                "state": {"values": {&block: {"value": {"value": "Ana"}}, "x y": {"z": {"value": null}}}},
            },
        });
        post(&slack, "interactions", &form(&[("payload", &payload.to_string())])).unwrap()
    };
    let sealed = call["view"]["private_metadata"].as_str().unwrap();
    assert!(!sealed.contains("hooks") && !sealed.contains("recover"), "{sealed}");
    // The second was opened before what a form carries was sealed.
    for metadata in [sealed, &*format!("v1 {HOOK} {id}")] {
        let reply = sent(metadata);
        assert_eq!(reply.after[0].url, HOOK);
        let [filled] = &*bodies(&reply) else { panic!() };
        assert_eq!(filled["replace_original"], true);
        assert!(filled["text"].as_str().unwrap().contains("Ana"), "{filled:#}");
    }
    for forged in ["v1 AAAA", &sealed[..sealed.len() - 1], &format!("{sealed}A")] {
        assert_eq!(sent(forged), Reply::default(), "{forged}");
    }
}

#[test]
fn typing_in_a_menu_lists_what_fits() {
    let options = |block: &str, typed: &str| -> Vec<String> {
        let payload = json!({"type": "block_suggestion", "action_id": "pick", "block_id": block, "value": typed});
        let reply = post(&slack(), "options", &form(&[("payload", &payload.to_string())])).unwrap();
        let reply: Json = serde_json::from_slice(&reply.body).unwrap();
        reply["options"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
    };
    let all = options("v1 recover list", "");
    assert!(all.len() > 5 && all.iter().all(|value| value.starts_with("v1 recover.")), "{all:?}");
    assert_eq!(options("v1 recover list", "bil").first().map(String::as_str), Some("v1 recover.billing"));
    assert_eq!(options("v1 recover list", "refu").first().map(String::as_str), Some("v1 recover.billing"));
    assert!(options("old", "bil").contains(&"v1 recover.billing".to_owned()));
    assert_eq!(options("v1 recover list", "xyzzy qqq"), Vec::<String>::new());
}

fn text_length(text: &Json) -> usize {
    text.as_str().unwrap().encode_utf16().count()
}

/// Everything that Slack would refuse, and every text that is not inert.
fn check(message: &Json, what: &str) {
    let blocks = message["blocks"].as_array().unwrap();
    assert!((1..=most::BLOCKS).contains(&blocks.len()), "{what}: {} blocks", blocks.len());
    assert!((1..=4_000).contains(&text_length(&message["text"])), "{what}: {}", message["text"]);
    let mut queue: Vec<&Json> = blocks.iter().collect();
    while let Some(value) = queue.pop() {
        let kind = value["type"].as_str().unwrap_or_default();
        match kind {
            "mrkdwn" => {
                assert_eq!(value["verbatim"], true, "{what}");
                assert!((1..=most::TEXT).contains(&text_length(&value["text"])), "{what}: {value}");
                let text = value["text"].as_str().unwrap().replace("Shared by <@U0USER001>", "");
                assert!(!text.contains(['<', '>']), "{what}: {text}");
            }
            "plain_text" => {
                assert_eq!(value["emoji"], false, "{what}");
                assert!((1..=150).contains(&text_length(&value["text"])), "{what}: {value}");
            }
            "button" => {
                assert!(text_length(&value["text"]["text"]) <= most::LABEL, "{what}: {value}");
                assert!(text_length(&value["value"]) <= most::VALUE, "{what}: {value}");
            }
            "context" => assert!((1..=10).contains(&value["elements"].as_array().unwrap().len()), "{what}"),
            "actions" => assert!((1..=25).contains(&value["elements"].as_array().unwrap().len()), "{what}"),
            "static_select" => assert!((1..=100).contains(&value["options"].as_array().unwrap().len()), "{what}"),
            _ => {}
        }
        match value {
            Json::Array(all) => queue.extend(all),
            Json::Object(all) => queue.extend(all.values()),
            _ => {}
        }
    }
}

#[test]
fn every_answer_over_the_whole_book_keeps_to_the_limits() {
    let (book, slack) = (book(), slack());
    let hostile = "<!channel> &<@U1>&amp; ".repeat(20);
    let written = |text: String, gesture| {
        let call = Call { user: "U0USER001".into(), ask: Ask::umbrella(text), gesture, ..Call::default() };
        let letter = Letter { reply_to: Some(HOOK.into()), ticket: None };
        let reply = slack.reply(letter, &call, &answer(book, &call.ask, 7));
        let bodies = reply.after.into_iter().map(|outbound| outbound.body).chain([reply.body]);
        for body in bodies.filter(|body| !body.is_empty()) {
            let message: Json = serde_json::from_slice(&body).unwrap();
            if message["delete_original"] != true {
                check(&message, &call.ask.text);
            }
        }
    };
    for topic in book.topics() {
        for mark in ["all", "all why", "steps", "why", "share", "help", "tone=warm", "99", "no=1 such=2"] {
            written(format!("{} {mark}", topic.dotted()), Gesture::Typed);
        }
        for phrase in &topic.phrases {
            let values: Vec<(&str, &str)> = topic.slots.iter().map(|slot| (&*slot.name, &*hostile)).collect();
            for values in [&[][..], &values[..]] {
                for gesture in [Gesture::Typed, Gesture::Pressed, Gesture::Open, Gesture::Filled, Gesture::Shared] {
                    written(Choice::ask(topic, Some(&phrase.id), "", values), gesture);
                }
                written(Choice::ask(topic, Some(&phrase.id), "share", values), Gesture::Shared);
            }
        }
    }
    let many = (0..2_000).map(|number| format!("a{number}=<b>")).collect::<Vec<_>>().join(" ");
    for text in [
        String::new(),
        "help".into(),
        "list".into(),
        "sources".into(),
        "sources dont-be-sorry".into(),
        "search bill".into(),
        "recover".into(),
        "recover help".into(),
        "recover random".into(),
        "search <!channel>".into(),
        hostile.clone(),
        format!("recover {hostile}"),
        format!("recover billing {many}"),
        format!("{} x", "<".repeat(16_000)),
        "recover biling".into(),
        "angry about the bill".into(),
        "recover billing \u{202e}x".into(),
    ] {
        written(text, Gesture::Typed);
    }
}

#[test]
fn a_button_whose_values_are_too_long_leaves_them_behind() {
    let ask = format!("recover.billing.hoped-for share customer=\"{}\"", "<".repeat(700));
    assert_eq!(blocks::Value::of(&*ask).text(), "v1 recover.billing.hoped-for share");
    let ask = "recover.billing customer=\"a<b & 5%\"";
    assert_eq!(blocks::Value::of(ask).text(), "v1 recover.billing customer=\"a%3Cb %26 5%25\"");
    let sent = blocks::Value::of(ask).text().len();
    assert!(blocks::Value::of(ask).fits(sent) && !blocks::Value::of(ask).fits(sent - 1));
}

/// The one field of a form for a draft, filled in.
fn drafted(form: &Json, draft: &str) -> Json {
    let [field] = &*inputs(form) else { panic!("{form:#}") };
    assert_eq!(field["element"]["multiline"], true);
    json!({field["block_id"].as_str().unwrap(): {"value": {"type": "plain_text_input", "value": draft}}})
}

fn reviewed(message: &Json, words: &str) {
    let text = message["text"].as_str().unwrap();
    assert_eq!(message["response_type"], "ephemeral");
    assert!(text.starts_with("One thing to look at again.") && text.contains(words), "{text}");
}

const DRAFT: &str = "Hi \"Bo\",\nyou&amp;I: it comes &lt;today&gt;.\nYou never called us.";

#[test]
fn a_draft_is_pasted_into_a_field_of_several_lines() {
    let form = command("/check", "");
    check(&form, "the form");
    assert_eq!(form["response_type"], "ephemeral");
    let done = click(&slack(), HOOK, &button(&form, "done"), &drafted(&form, DRAFT));
    let [review] = &*bodies(&done) else { panic!() };
    reviewed(review, "“You never");
    assert_eq!(review["replace_original"], true);
    let [again] = &*bodies(&click(&slack(), HOOK, &button(&form, "done"), &json!({}))) else { panic!() };
    let [form] = &*press(again, "fill") else { panic!("{again:#}") };
    assert_eq!((&form["replace_original"], inputs(form).len()), (&true.into(), 1));
    // Settings stay what they are.
    let form = command("/check", "school=thanks");
    assert_eq!(button(&form, "done")["value"], "v1 check school=thanks");
}

#[test]
fn a_draft_is_pasted_into_a_window_where_there_is_a_bot_token() {
    let slack = slack().bot_token(Secret::from("xoxb-1"));
    let reply = post(&slack, "commands", &form(&[("command", "/check"), ("text", "")])).unwrap();
    let message: Json = serde_json::from_slice(&reply.body).unwrap();
    check(&message, "what leads to the window");
    let [call] = &*bodies(&click(&slack, HOOK, &button(&message, "fill"), &json!({}))) else { panic!() };
    let view = &call["view"];
    let payload = json!({
        "type": "view_submission", "user": {"id": "U0USER001"},
        "view": {
            "callback_id": view["callback_id"], "private_metadata": view["private_metadata"],
            "state": {"values": drafted(view, DRAFT)},
        },
    });
    let reply = post(&slack, "interactions", &form(&[("payload", &payload.to_string())])).unwrap();
    assert_eq!(reply.after[0].url, HOOK);
    reviewed(&bodies(&reply)[0], "“You never");
}

#[test]
fn a_message_is_checked_for_the_one_who_pointed_at_it() {
    let point = |slack: &Slack, callback: &str, url: &str, message: Json| {
        let payload = json!({
            "type": "message_action", "callback_id": callback, "trigger_id": "1.2.3", "response_url": url,
            "team": {"id": "T0SAYWELL"}, "user": {"id": "U0USER001"}, "channel": {"id": "C0CHAN001"}, "message": message,
        });
        post(slack, "interactions", &form(&[("payload", &payload.to_string())])).unwrap()
    };
    let hook = "https://hooks.slack.com/app/T0SAYWELL/222/def";
    let message = || json!({"type": "message", "user": "U0OTHER01", "ts": "1.1", "text": DRAFT});
    let reply = point(&slack(), "check", hook, message());
    assert_eq!(reply.after[0].url, hook);
    let [review] = &*bodies(&reply) else { panic!() };
    check(review, "the review of a message");
    reviewed(review, "“You never");
    assert_eq!(review["replace_original"], false, "the message stays");
    for (callback, url) in [("another", hook), ("check", "https://example.org/app/x")] {
        assert_eq!(point(&slack(), callback, url, message()), Reply::default());
    }
    // A picture, say: there is a form instead, in a window where one can be opened.
    let [form] = &*bodies(&point(&slack(), "check", hook, json!({"text": ""}))) else { panic!() };
    assert_eq!((&form["replace_original"], inputs(form).len()), (&false.into(), 1));
    let slack = slack().bot_token(Secret::from("xoxb-1"));
    assert!(point(&slack, "check", hook, json!({})).after[0].url.ends_with("/api/views.open"));
}
