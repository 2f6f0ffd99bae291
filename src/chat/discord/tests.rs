//! Deliveries in, messages out.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value as Json, json};

use super::{
    message::{Id, Purpose, most},
    *,
};
use crate::{
    chat::{
        Adapter as _,
        proof::{Pair, hex},
    },
    say::{answer::answer, ask::Choice, book::Phrasebook},
    shelf::tests::book,
};

const AT: i64 = 1_760_000_000;
const KEY: &str = "b6f7175009b5a1c3d9bd246a4e8a7a6d109a40b26edcb582b77e20f7cbddfd65";
const DV1: &str =
    r#"{"id":"100000000000000001","application_id":"100000000000000000","type":1,"version":1,"token":"ping-token"}"#;
const DV1_SIGNATURE: &str = "ba53abc1e5bc824693e4ab5342319bb784259c872919b579a942fb53d027d50694d7bea7eb319777cb5bb5052312199ad00ed42e3e2559b397e9eef888b2ad05";
const DV2: &str = r#"{"type":2,"id":"100000000000000002","application_id":"100000000000000000","token":"itok","version":1,"guild_id":"100000000000000010","channel_id":"100000000000000011","locale":"de","context":0,"data":{"id":"100000000000000020","name":"recover","type":1,"options":[{"name":"situation","type":3,"value":"billing"}]},"member":{"user":{"id":"100000000000000030","username":"pat"},"permissions":"0","roles":[]}}"#;
const DV2_SIGNATURE: &str = "83ebb53b63eb1bb130feb5647f915f8f8dc82aa8cdbea614a3c5e5dc0ae9899f22391dd424257d7a481558984860cf2f65cd54b88bbf908b0175749e7e6f4901";
const DV3: &str = r#"{"type":2,"data":{"name":"apology","options":[{"name":"to","type":3,"value":"Zoë 💙"}]}}"#;
const DV3_SIGNATURE: &str = "2ccbb6b630e349e8b989274be160689d9b95b9880ed606f4ac2872d25fc898b0d3d559d03cc9325b9c7257756df647cce9965e7906a2ecab2a47a1efc7ff6701";
const DV4: &str = r#"{"type":3,"id":"100000000000000003","application_id":"100000000000000000","token":"ctok","version":1,"guild_id":"100000000000000010","channel_id":"100000000000000011","context":0,"data":{"id":2,"component_type":2,"custom_id":"s1:a:recover:billing:7"},"member":{"user":{"id":"100000000000000030","username":"pat"},"permissions":"0","roles":[]}}"#;
const DV4_SIGNATURE: &str = "c4bbd4acbe169b85fb1816500d91ee3e6674f6009d77d215e3501a5464696d34bd1fa25a6e30df9bbeacd2fcee07f695378f7a3b11c4f697375269112f5ee50b";
const DV5: &str = r#"{"type":5,"id":"100000000000000004","application_id":"100000000000000000","token":"mtok","version":1,"guild_id":"100000000000000010","channel_id":"100000000000000011","context":0,"data":{"custom_id":"s1:f:recover:billing:7","components":[{"type":18,"id":1,"component":{"type":4,"id":2,"custom_id":"name","value":"Ada"}}]},"member":{"user":{"id":"100000000000000030","username":"pat"},"permissions":"0","roles":[]}}"#;
const DV5_SIGNATURE: &str = "f0d7399771226f938e6b750a442f3a32a949725c4d93d94f89024ccf2d73156e78d85eeb571075f4834b9ec99bdce512c32bc8d8e8dcdc805399c1dac48d3902";
const DV6: &str = r#"{"type":4,"id":"100000000000000005","application_id":"100000000000000000","token":"atok","version":1,"guild_id":"100000000000000010","channel_id":"100000000000000011","context":0,"data":{"id":"100000000000000020","name":"recover","type":1,"options":[{"name":"situation","type":3,"value":"bil","focused":true}]},"member":{"user":{"id":"100000000000000030","username":"pat"},"permissions":"0","roles":[]}}"#;
const DV6_SIGNATURE: &str = "b624c46c2d6c1e2b8f57fe8e8c7cf44a2fc43662b195f68b416cfa0a671a8fbb8264557fb1859ec0db4d81a885c238743612c919380171fdcdc16e974c85130b";
const VECTORS: [(&str, &str); 6] = [
    (DV1, DV1_SIGNATURE),
    (DV2, DV2_SIGNATURE),
    (DV3, DV3_SIGNATURE),
    (DV4, DV4_SIGNATURE),
    (DV5, DV5_SIGNATURE),
    (DV6, DV6_SIGNATURE),
];

const TIMESTAMP: &str = "x-signature-timestamp";
const SIGNATURE: &str = "x-signature-ed25519";

fn discord() -> Discord {
    let other = Ed25519Keys::key(&Pair::of("another").public()).unwrap();
    Discord::new(vec![other, Ed25519Keys::key(KEY).unwrap()])
}

fn headers(pairs: &[(&str, &[u8])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

/// Whether this is proved; what can be read of it is another matter.
fn prove_at(discord: &Discord, delivery: Delivery<'_>) -> Result<(), Refusal> {
    match discord.read(delivery) {
        Err(Refusal::Unreadable) | Ok(_) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

fn prove(pairs: &[(&str, &[u8])], body: &str, at: i64) -> Result<(), Refusal> {
    let (headers, body) = (headers(pairs), body.as_bytes());
    prove_at(&discord(), Delivery { door: "interactions", headers: &headers, query: "", body, at, book: book() })
}

fn signed(signature: &str, body: &str, at: i64) -> Result<(), Refusal> {
    prove(&[(TIMESTAMP, b"1760000000"), (SIGNATURE, signature.as_bytes())], body, at)
}

/// What comes back to a body that is signed as it should be.
fn post(book: &Phrasebook, body: &str) -> Result<Json, Refusal> {
    let signature = Pair::of("saywell discord test key 1").sign(&[b"1760000000", body.as_bytes()]);
    let headers = headers(&[(TIMESTAMP, b"1760000000"), (SIGNATURE, hex(&signature).as_bytes())]);
    let delivery = Delivery { door: "interactions", headers: &headers, query: "", body: body.as_bytes(), at: AT, book };
    let reply = discord().handle(delivery, &mut |call| answer(book, &call.ask, 0))?;
    Ok(read(&reply))
}

fn read(reply: &Reply) -> Json {
    assert!(reply.after.is_empty() && reply.content_type.unwrap().starts_with("application/json"));
    let reply: Json = serde_json::from_slice(&reply.body).unwrap();
    check(&reply);
    reply
}

fn interact(book: &Phrasebook, kind: u8, data: &Json, message: Option<&Json>) -> Json {
    let mut body = json!({
        "type": kind, "token": "t", "guild_id": "10", "data": data,
        "member": {"user": {"id": "30", "username": "pat"}},
    });
    if let Some(message) = message {
        body["message"] = message.clone();
    }
    // Whether it is signed is another test's matter; here it would only take long.
    let event = incoming::interaction(body.to_string().as_bytes()).unwrap();
    let reply = match event {
        Event::Handshake(reply) => reply,
        Event::Call(call, letter) => Discord::new(Vec::new()).reply(letter, &call, &answer(book, &call.ask, 0)),
    };
    read(&reply)
}

fn command(book: &Phrasebook, name: &str, options: &[(&str, &str)]) -> Json {
    let options: Vec<Json> =
        options.iter().map(|(name, value)| json!({"name": name, "type": 3, "value": value})).collect();
    interact(book, 2, &json!({"name": name, "type": 1, "options": options}), None)
}

fn press(book: &Phrasebook, message: &Json, letter: &str) -> Json {
    let id = controls(message)
        .into_iter()
        .map(|control| control["custom_id"].as_str().unwrap().to_owned())
        .find(|id| id.starts_with(&format!("v1 {letter}")))
        .unwrap_or_else(|| panic!("no {letter} in {message:#}"));
    interact(book, 3, &json!({"custom_id": id, "component_type": 2}), Some(message))
}

fn send(book: &Phrasebook, form: &Json, value: &str, message: Option<&Json>) -> Json {
    let rows: Vec<Json> = form["components"].as_array().unwrap().iter().map(|label| {
        json!({"type": 18, "id": 1, "component": {"type": 4, "custom_id": label["component"]["custom_id"], "value": value}})
    }).collect();
    interact(book, 5, &json!({"custom_id": form["custom_id"], "components": rows}), message)
}

fn controls(message: &Json) -> Vec<Json> {
    let rows = message["components"].as_array().unwrap().iter();
    rows.flat_map(|row| row["components"].as_array().unwrap()).cloned().collect()
}

fn content(reply: &Json) -> &str {
    reply["data"]["content"].as_str().unwrap()
}

fn size(text: &Json) -> usize {
    text.as_str().map_or(0, |text| text.encode_utf16().count())
}

fn within(text: &Json, most: usize) {
    assert!((1..=most).contains(&size(text)), "{text}, at most {most}");
}

/// Everything that Discord would refuse.
fn check(reply: &Json) {
    let data = &reply["data"];
    match reply["type"].as_u64().unwrap() {
        1 => assert_eq!(reply, &json!({"type": 1})),
        4 | 7 => {
            assert_eq!(data["allowed_mentions"], json!({"parse": []}));
            assert!(size(&data["content"]) <= most::CONTENT);
            let embeds = data["embeds"].as_array().unwrap();
            assert!(!embeds.is_empty() || size(&data["content"]) > 0, "{data:#}");
            for embed in embeds {
                within(&embed["title"], most::TITLE);
                assert!(
                    size(&embed["description"]) <= most::DESCRIPTION && size(&embed["footer"]["text"]) <= most::FOOTER
                );
                let fields: Vec<&Json> = embed["fields"].as_array().into_iter().flatten().collect();
                assert!(fields.len() <= most::FIELDS);
                let mut sum = size(&embed["title"]) + size(&embed["description"]) + size(&embed["footer"]["text"]);
                for field in fields {
                    within(&field["name"], most::FIELD_NAME);
                    within(&field["value"], most::FIELD);
                    sum += size(&field["name"]) + size(&field["value"]);
                }
                assert!(sum <= most::EMBED, "{sum}");
            }
            let rows = data["components"].as_array().unwrap();
            assert!(rows.len() <= most::ROWS);
            let mut ids: Vec<String> = Vec::new();
            for row in rows {
                let controls = row["components"].as_array().unwrap();
                assert!((1..=most::BUTTONS).contains(&controls.len()) && row["type"] == 1);
                for control in controls {
                    within(&control["custom_id"], most::ID);
                    ids.push(control["custom_id"].to_string());
                    if control["type"] == 2 {
                        within(&control["label"], most::LABEL);
                        continue;
                    }
                    assert_eq!(controls.len(), 1);
                    within(&control["placeholder"], most::MENU_PLACEHOLDER);
                    let options = control["options"].as_array().unwrap();
                    assert!((1..=most::OPTIONS).contains(&options.len()));
                    for option in options {
                        within(&option["label"], most::OPTION);
                        within(&option["value"], most::OPTION);
                        assert!(size(&option["description"]) <= most::OPTION);
                    }
                    let mut values: Vec<String> = options.iter().map(|option| option["value"].to_string()).collect();
                    values.sort();
                    values.dedup();
                    assert_eq!(values.len(), options.len());
                }
            }
            let count = ids.len();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), count, "{ids:?}");
        }
        8 => {
            let choices = data["choices"].as_array().unwrap();
            assert!(choices.len() <= most::OPTIONS);
            for choice in choices {
                within(&choice["name"], most::OPTION);
                within(&choice["value"], most::OPTION);
            }
        }
        9 => {
            within(&data["custom_id"], most::ID);
            within(&data["title"], most::FORM_LABEL);
            let labels = data["components"].as_array().unwrap();
            assert!((1..=most::INPUTS).contains(&labels.len()));
            for label in labels {
                within(&label["label"], most::FORM_LABEL);
                within(&label["component"]["custom_id"], most::ID);
                assert!(size(&label["component"]["value"]) <= 200);
                assert!((1..=4_000).contains(&label["component"]["max_length"].as_u64().unwrap()));
            }
        }
        other => panic!("{other}"),
    }
}

#[test]
fn published_signatures_are_right() {
    for (body, signature) in VECTORS {
        for at in [AT, AT + 300, AT - 300] {
            assert_eq!(signed(signature, body, at), Ok(()), "{body}");
        }
        for at in [AT + 301, AT - 301, i64::MAX, i64::MIN] {
            assert_eq!(signed(signature, body, at), Err(Refusal::Stale), "{body}");
        }
        assert_eq!(signed(&signature.to_uppercase(), body, AT), Ok(()));
        assert_eq!(signed(signature, &format!("{body} "), AT), Err(Refusal::Unproved));
        assert_eq!(signed(signature, &body.replacen('d', "D", 1), AT), Err(Refusal::Unproved));
    }
    let headers = headers(&[(TIMESTAMP, b"1760000000"), (SIGNATURE, DV1_SIGNATURE.as_bytes())]);
    let delivery =
        Delivery { door: "interactions", headers: &headers, query: "", body: DV1.as_bytes(), at: 0, book: book() };
    assert!(prove_at(&discord().window(None), delivery).is_ok());
    assert_eq!(discord().read(Delivery { door: "commands", ..delivery }).err(), Some(Refusal::NoDoor));
    assert!(Discord::new(Vec::new()).read(delivery).is_err(), "without a key everything is refused");
}

#[test]
fn whatever_is_not_signed_right_is_refused_without_a_word() {
    let good = DV1_SIGNATURE;
    let (r, s) = good.split_at(64);
    for signature in [
        String::new(),
        "zz".repeat(64),
        good[..126].into(),
        good[..127].into(),
        format!("{good}00"),
        format!("0x{good}"),
        format!(" {good}"),
        format!("{good},{good}"),
        format!("{s}{r}"),
        format!("{}{s}", "0".repeat(64)),
        format!("{r}{}", "f".repeat(64)),
        "0".repeat(128),
        "é".repeat(64),
        DV2_SIGNATURE.into(),
    ] {
        assert_eq!(signed(&signature, DV1, AT), Err(Refusal::Unproved), "{signature}");
    }
    assert_eq!(signed(DV1_SIGNATURE, DV2, AT), Err(Refusal::Unproved));
    let long = "1".repeat(4_000);
    for time in ["", "0", "1760000001", "1760000000.0", "+1760000000", " 1760000000", "-1", "now", "١٧٦٠٠٠٠٠٠٠", &long]
    {
        let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, time.as_bytes()), (SIGNATURE, good.as_bytes())];
        assert_eq!(prove(&pairs, DV1, AT), Err(Refusal::Unproved), "{time}");
    }
    let time: (&str, &[u8]) = (TIMESTAMP, b"1760000000");
    let sign: (&str, &[u8]) = (SIGNATURE, good.as_bytes());
    for pairs in [
        vec![],
        vec![time],
        vec![sign],
        vec![time, time, sign],
        vec![time, sign, sign],
        vec![time, (SIGNATURE, b"00"), sign],
        vec![time, (SIGNATURE, b"\xff\xfe")],
        vec![(TIMESTAMP, b"\xff"), sign],
    ] {
        assert_eq!(prove(&pairs, DV1, AT), Err(Refusal::Unproved), "{pairs:?}");
    }
}

#[test]
fn a_digit_cannot_move_between_timestamp_and_body() {
    let pair = Pair::of("saywell discord test key 1");
    for (time, body) in [("176000000", format!("0{DV1}")), ("1760000000{", DV1[1..].to_owned())] {
        let signature = hex(&pair.sign(&[b"1760000000", DV1.as_bytes()]));
        let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, time.as_bytes()), (SIGNATURE, signature.as_bytes())];
        assert_eq!(prove(&pairs, &body, AT), Err(Refusal::Unproved), "{time}");
    }
    for time in ["now", "-1", "1e9", "1760000000000", "9223372036854775808"] {
        let signature = hex(&pair.sign(&[time.as_bytes(), DV1.as_bytes()]));
        let pairs: [(&str, &[u8]); 2] = [(TIMESTAMP, time.as_bytes()), (SIGNATURE, signature.as_bytes())];
        assert_eq!(prove(&pairs, DV1, AT), Err(Refusal::Unproved), "signed, but {time}");
    }
}

#[test]
fn the_vectors_are_answered() {
    let book = book();
    assert_eq!(post(book, DV1).unwrap(), json!({"type": 1}));
    let reply = post(book, DV2).unwrap();
    assert_eq!((&reply["type"], &reply["data"]["flags"]), (&json!(4), &json!(64)));
    assert!(!content(&reply).is_empty() && reply["data"]["embeds"][0]["fields"].as_array().unwrap().len() >= 4);
    assert_eq!(post(book, DV3).unwrap()["type"], 4);
    for old in [DV4, DV5] {
        let reply = post(book, old).unwrap();
        assert_eq!((&reply["type"], &reply["data"]["flags"]), (&json!(4), &json!(64)));
        assert!(reply["data"]["embeds"][0]["title"].as_str().unwrap().contains("older version"));
    }
    let reply = post(book, DV6).unwrap();
    assert_eq!(reply["type"], 8);
    assert_eq!(reply["data"]["choices"][0]["value"], "recover.billing");
}

#[test]
fn rotten_bodies_are_refused() {
    let book = book();
    let deep = format!("{{\"type\":2,\"data\":{}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let long = format!("{{\"type\":{}}}", "9".repeat(5_000));
    for body in [
        "{",
        "{}",
        "{} {}",
        r#"{"type":"1"}"#,
        r#"{"type":null}"#,
        r#"{"type":-1}"#,
        r#"{"type":6,"data":{}}"#,
        r#"{"type":2}"#,
        r#"{"type":2,"data":{}}"#,
        r#"{"type":3,"data":{}}"#,
        r#"{"type":5,"data":{"custom_id":7}}"#,
        r#"{"type":1,"type":2}"#,
        r#"{"type":2,"data":{"name":"a\ud800"}}"#,
        r#"{"type":2,"data":{"name":"x","options":{}}}"#,
        &deep,
        &long,
    ] {
        assert_eq!(post(book, body), Err(Refusal::Unreadable), "{body:.100}");
    }
    for body in [
        r#"{"type":2,"data":{"name":"recover","options":null},"member":null,"user":null,"guild_id":null}"#,
        r#"{"type":2,"data":{"name":"gone","options":[{"name":"n","type":4,"value":7},{"name":"b","value":false}]}}"#,
        r#"{"type":3,"data":{"custom_id":""}}"#,
        r#"{"type":3,"data":{"custom_id":"v1 m 0","values":[]}}"#,
        r#"{"type":3,"data":{"custom_id":"v1 s+ recover.billing.hoped-for share"}}"#,
        r#"{"type":5,"data":{"custom_id":"v1 d recover.billing","components":[{"type":1}]}}"#,
    ] {
        assert!(post(book, body).is_ok(), "{body}");
    }
}

#[test]
fn options_make_an_ask_in_any_order_and_with_subcommands() {
    let read = |options: Json| {
        let body = json!({"type": 2, "user": {"id": "7"}, "data": {"name": "recover", "options": options}}).to_string();
        let Ok(Event::Call(call, _)) = incoming::interaction(body.as_bytes()) else { panic!() };
        assert_eq!((&*call.team, &*call.user), ("7", "7"));
        call.ask.text
    };
    for (options, text) in [
        (json!([]), ""),
        (json!([{"name": "fill", "value": "Ana"}]), ""),
        (json!([{"name": "fill", "value": "Ana"}, {"name": "topic", "value": "billing"}]), "billing Ana"),
        (
            json!([{"name": "share", "value": true}, {"name": "show", "value": "all"}, {"name": "topic", "value": "late"}]),
            "late share all",
        ),
        (json!([{"name": "share", "value": false}, {"name": "topic", "value": "late"}]), "late"),
        (json!([{"name": "billing", "type": 1, "options": [{"name": "fill", "value": "x=y"}]}]), "billing x=y"),
        (json!([{"name": "billing", "type": 1}]), "billing"),
        (json!([{"name": "ask", "value": "search refund"}]), "search refund"),
    ] {
        assert_eq!(read(options.clone()), text, "{options}");
    }
}

#[test]
fn what_is_typed_ahead_is_suggested() {
    let book = book();
    let ahead = |name: &str, options: Json| -> Vec<String> {
        let reply = interact(book, 4, &json!({"name": name, "options": options}), None);
        let choices = reply["data"]["choices"].as_array().unwrap();
        assert!(choices.iter().all(|choice| choice["name"] == choice["value"]), "{choices:?}");
        choices.iter().map(|choice| choice["value"].as_str().unwrap().to_owned()).collect()
    };
    let topic = |typed: &str| json!([{"name": "topic", "type": 3, "value": typed, "focused": true}]);
    assert!(ahead("recover", topic("")).len() > 5);
    assert_eq!(ahead("recover", topic("bil"))[0], "recover.billing");
    assert_eq!(ahead("recover", topic("invo"))[0], "recover.billing", "an alias");
    assert!(ahead("saywell", topic("bil")).contains(&"recover.billing".to_owned()));
    assert!(ahead("saywell", topic("")).contains(&"recover".to_owned()));
    assert!(ahead("recover", topic("qqxyzzy")).iter().all(|value| value.starts_with("recover.")));
    let fill = |typed: &str| json!([{"name": "fill", "value": typed, "focused": true}, {"name": "topic", "value": "recover.billing"}]);
    let slots: Vec<String> =
        book.topic("recover.billing").unwrap().slots.iter().map(|slot| format!("{}=", slot.name)).collect();
    assert_eq!(ahead("recover", fill("")), slots);
    assert_eq!(ahead("recover", fill(&slots[0][..3])), [&*slots[0]]);
    let typed = format!("{}Ana", slots[0]);
    assert!(ahead("recover", fill(&typed)).contains(&format!("{typed} {}", slots[1])));
    assert!(ahead("recover", fill(&typed)).iter().all(|value| value.matches(&*slots[0]).count() == 1));
    assert!(ahead("recover", json!([{"name": "fill", "value": "", "focused": true}])).is_empty());
    assert!(ahead("recover", fill(&"x".repeat(200))).is_empty());
}

#[test]
fn a_client_that_sends_the_name_of_an_old_choice_gets_what_its_value_meant() {
    let book = book();
    for (sent, meant) in [
        ("customer= (What is the customer's name? Dr. Matt)", "customer="),
        ("customer= (What is the customer's (full) name? Dr. Matt) Ana", "customer=Ana"),
        (
            "customer=Ana item= (What is it about, in two or three words, as the customer would say it? the inv…",
            "customer=Ana item=",
        ),
        ("customer=\"Ana (Bo)\"", "customer=\"Ana (Bo)\""),
    ] {
        let options = |fill| [("topic", "recover.billing"), ("fill", fill)];
        let reply = command(book, "recover", &options(sent));
        assert_eq!(reply, command(book, "recover", &options(meant)), "{sent}");
        assert!(!reply.to_string().contains("name?"), "{reply:#}");
    }
    for topic in book.topics() {
        let name = format!("{}: {}", topic.title, topic.when);
        let name = crate::chat::markup::plain(&name, 100);
        let sent = command(book, &topic.command, &[("topic", &name)]);
        assert_eq!(sent, command(book, &topic.command, &[("topic", &topic.title)]), "{name}");
    }
}

#[test]
fn another_replaces_and_share_posts_only_the_words() {
    let book = book();
    let first = command(book, "recover", &[("topic", "billing 1"), ("fill", "Ana")]);
    assert_eq!((&first["type"], &first["data"]["flags"]), (&json!(4), &json!(64)));
    assert!(content(&first).contains("Ana"));
    let second = press(book, &first["data"], "a");
    assert_eq!(second["type"], 7);
    assert!(content(&second).contains("Ana") && content(&second) != content(&first));
    let shared = press(book, &second["data"], "s");
    assert_eq!((&shared["type"], &shared["data"]["flags"]), (&json!(4), &json!(4)));
    assert_eq!(content(&shared), format!("{}\n-# Shared by <@30>", content(&second)));
    assert_eq!((&shared["data"]["embeds"], &shared["data"]["components"]), (&json!([]), &json!([])));
    let play = press(book, &first["data"], "p");
    assert!(play["data"]["embeds"][0]["fields"][0]["name"].as_str().unwrap().starts_with("1. "));
    let option = controls(&play["data"])[0]["options"][1].clone();
    let id = controls(&play["data"])[0]["custom_id"].clone();
    let picked = interact(book, 3, &json!({"custom_id": id, "values": [option["value"]]}), Some(&play["data"]));
    assert!(content(&picked).contains(option["description"].as_str().unwrap().trim_end_matches('…')));
    let all = command(book, "recover", &[("topic", "billing"), ("show", "all"), ("fill", "Ana Bo")]);
    assert_eq!(content(&all), "");
    let typed = command(book, "recover", &[("topic", "billing hoped-for share")]);
    assert_eq!(typed["type"], 4);
}

/// A phrase that shows a blank.
fn with_blank(book: &Phrasebook) -> String {
    book.topics()
        .flat_map(|topic| topic.phrases.iter().map(move |phrase| (topic, phrase)))
        .find(|(_, phrase)| !phrase.say.required().is_empty())
        .map(|(topic, phrase)| topic.phrase_id(phrase))
        .unwrap()
}

#[test]
fn blanks_are_filled_in_a_form_and_then_shared_however_long_they_are() {
    let book = book();
    let id = with_blank(book);
    let long = format!("“Ana” & <@1> `x` {}", "é".repeat(150));
    for value in ["Ana", "Ana \\ \"Bo\"", &long] {
        let message = command(book, "saywell", &[("topic", &id)]);
        assert!(content(&message).contains(r"\_\_\_\_"), "{message:#}");
        let form = press(book, &message["data"], "f");
        assert_eq!((&form["type"], &form["data"]["title"]), (&json!(9), &json!("Fill in")));
        let filled = send(book, &form["data"], value, Some(&message["data"]));
        assert_eq!(filled["type"], 7);
        assert!(content(&filled).contains("Ana") && !content(&filled).contains(r"\_\_"), "{filled:#}");
        assert!(filled["data"]["embeds"][0]["footer"].is_object() || value != long, "{filled:#}");
        let shared = press(book, &filled["data"], "s");
        assert_eq!(content(&shared), format!("{}\n-# Shared by <@30>", content(&filled)));
        // The form opens again with what was filled in.
        let again = press(book, &filled["data"], "f");
        assert!(size(&again["data"]["components"][0]["component"]["value"]) >= 3, "{again:#}");
        let back = send(book, &again["data"], value, Some(&filled["data"]));
        assert_eq!(content(&back), content(&filled));

        // Who shares with blanks open is asked for them, and then it is shared.
        let form = press(book, &message["data"], "s");
        assert_eq!((&form["type"], &form["data"]["title"]), (&json!(9), &json!("Share")));
        let open = send(book, &form["data"], "  ", Some(&message["data"]));
        assert_eq!(open["type"], 7, "blanks that stay open are not shared");
        let shared = send(book, &form["data"], value, Some(&message["data"]));
        assert_eq!(content(&shared), format!("{}\n-# Shared by <@30>", content(&filled)));
    }
    let message = command(book, "saywell", &[("topic", &id)]);
    let form = press(book, &message["data"], "f");
    assert_eq!(send(book, &form["data"], "Ana", None)["type"], 4, "a form from nowhere makes a new message");
    let old = json!([{"type": 1, "components": [{"type": 4, "custom_id": "customer", "value": "Ana"}]}]);
    interact(book, 5, &json!({"custom_id": form["data"]["custom_id"], "components": old}), None);
}

#[test]
fn every_answer_over_the_whole_book_keeps_to_the_limits() {
    let book = book();
    let hostile = "@everyone <@1> **x** [a](https://x) ".repeat(20);
    let say = |text: &str| command(book, "saywell", &[("topic", text)]);
    for topic in book.topics() {
        for mark in ["all", "all why", "steps", "why", "share", "all share", "help", "tone=warm", "99", "no=1 such=2"] {
            say(&format!("{} {mark}", topic.dotted()));
        }
        for phrase in &topic.phrases {
            let values: Vec<(&str, &str)> = topic.slots.iter().map(|slot| (&*slot.name, &*hostile)).collect();
            for values in [&[][..], &values[..]] {
                let message = say(&Choice::ask(topic, Some(&phrase.id), "", values));
                for control in controls(&message["data"]) {
                    let id = control["custom_id"].as_str().unwrap();
                    interact(book, 3, &json!({"custom_id": id}), Some(&message["data"]));
                }
                let public = say(&Choice::ask(topic, Some(&phrase.id), "share", values));
                let text = public["data"]["content"].as_str().unwrap();
                assert!(!text.contains(" @everyone") && !text.contains("](") && !text.contains("<@"), "{text}");
            }
            let values: Vec<(&str, &str)> = topic.slots.iter().map(|slot| (&*slot.name, &*hostile)).collect();
            say(&Choice::ask(topic, None, "all why", &values));
            say(&Choice::ask(topic, None, "all share", &values));
        }
    }
    let many = (0..2_000).map(|number| format!("a{number}=<b>")).collect::<Vec<_>>().join(" ");
    for text in [
        "",
        "help",
        "list",
        "sources",
        "sources dont-be-sorry",
        "search bill",
        "search customer",
        "recover",
        "recover help",
        "recover random",
        "search @everyone",
        &hostile,
        &format!("recover billing {many}"),
        &format!("{} x", "<".repeat(16_000)),
        "recover biling",
        "angry about the bill",
        "recover billing \u{202e}x",
    ] {
        say(text);
    }
}

#[test]
fn buttons_say_what_they_mean() {
    assert_eq!(
        Id::read("v1 a recover.billing 3"),
        Some(Id { kind: Purpose::Another, ask: "recover.billing 3", carried: false })
    );
    assert_eq!(Id::read("v1 s+ x"), Some(Id { kind: Purpose::Share, ask: "x", carried: true }));
    for id in ["", "v1", "v1 ", "v1 a", "v1 z x", "v2 a x", "v1  a x", "s1:a:recover:billing:7", "v1 + x"] {
        assert_eq!(Id::read(id), None, "{id}");
    }
}

#[test]
fn names_at_their_longest_still_have_buttons() {
    let (command_name, topic, phrase) = ("c".repeat(31), "t".repeat(32), "p".repeat(40));
    let article = "[a]\ntitle = \"T\"\nauthor = \"A\"\nschool = \"S\"\nadvice = \"V.\"\n";
    let slot = "[slot.who]\nask = \"Who?\"\nexample = \"Ana\"\n";
    let head = format!(
        "title = \"C\"\nabout = \"A.\"\n{slot}[topic.{topic}]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n"
    );
    let line = |id: &str| {
        format!(
            "[[topic.{topic}.phrase]]\nid = \"{id}\"\nsay = \"Say {{{{who}}}} {id}.\"\nwhy = \"W.\"\nsource = \"a\"\n"
        )
    };
    let text = format!("{head}{}{}", line(&phrase), line("q"));
    let source = |name: String, text: String| crate::say::book::Source { name, layer: 0, text: text.into() };
    let sources = [source("sources.toml".into(), article.into()), source(format!("{command_name}.toml"), text)];
    let book = Phrasebook::parse(&sources, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let message = command(&book, &command_name, &[("topic", &format!("{topic} 1"))]);
    assert_eq!(controls(&message["data"]).len(), 3, "{message:#}");
    for letter in ["f", "s"] {
        let form = press(&book, &message["data"], letter);
        assert_eq!(form["type"], 9);
        let filled = send(&book, &form["data"], "Zoë", Some(&message["data"]));
        assert!(content(&filled).starts_with("Say Zoë ppp"), "{filled:#}");
    }
}

#[test]
fn every_command_of_the_book_is_registered_within_the_limits() {
    let book = book();
    let commands: Json = serde_json::from_str(&commands::commands(book).unwrap()).unwrap();
    let commands = commands.as_array().unwrap();
    let (on_messages, typed): (Vec<&Json>, Vec<&Json>) = commands.iter().partition(|command| command["type"] == 3);
    assert_eq!((typed.len(), on_messages.len()), (book.commands.len() + 2, 1));
    assert!(on_messages[0].get("description").is_none() && on_messages[0].get("options").is_none());
    within(&on_messages[0]["name"], 32);
    for command in typed {
        within(&command["name"], 32);
        within(&command["description"], 100);
        assert_eq!((&command["integration_types"], &command["contexts"]), (&json!([0, 1]), &json!([0, 1, 2])));
        for option in command["options"].as_array().unwrap() {
            within(&option["name"], 32);
            within(&option["description"], 100);
        }
        assert!(command.to_string().len() < 8_000);
    }
}

const DRAFT: &str = "Hi \"Bo\",\nit comes today.\nYou never called us.";

fn reviewed(reply: &Json) {
    assert_eq!((&reply["type"], &reply["data"]["flags"]), (&4.into(), &64.into()), "{reply:#}");
    let embed = &reply["data"]["embeds"][0];
    assert_eq!(embed["title"], "One thing to look at again.");
    assert!(embed["description"].as_str().unwrap().contains("“You never"), "{embed:#}");
}

#[test]
fn a_draft_is_typed_pasted_or_pointed_at() {
    let book = book();
    reviewed(&command(book, "check", &[("draft", DRAFT)]));
    let form = command(book, "check", &[]);
    assert_eq!((&form["type"], &form["data"]["components"][0]["component"]["style"]), (&9.into(), &2.into()));
    reviewed(&send(book, &form["data"], DRAFT, None));
    let settings = format!("rules=-{}", "you-first,-".repeat(12));
    let long = command(book, "check", &[("draft", &settings)]);
    assert_eq!(long["data"]["custom_id"], "v1 d check", "what does not fit is left behind");

    let point = |content: &str| {
        let message = json!({"id": "9", "content": content, "author": {"id": "31"}, "embeds": []});
        let resolved = json!({"messages": {"8": {"content": "x"}, "9": message}});
        let data = json!({"type": 3, "name": "Check this draft", "target_id": "9", "resolved": resolved});
        interact(book, 2, &data, None)
    };
    reviewed(&point(DRAFT));
    assert_eq!(point("")["type"], 9, "a picture, say");
    for data in [json!({}), json!({"target_id": "7", "resolved": {"messages": {}}}), json!({"target_id": "7"})] {
        let mut body = json!({"type": 2, "data": {"type": 3, "name": "Check this draft"}});
        body["data"].as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
        assert_eq!(incoming::interaction(body.to_string().as_bytes()).unwrap_err(), Refusal::Unreadable);
    }
}

#[test]
fn every_finding_and_every_rule_is_told() {
    let book = book();
    let told = |draft: &str| {
        let reply = command(book, "check", &[("draft", draft)]);
        reply["data"]["embeds"][0]["description"].as_str().unwrap().to_owned()
    };
    let text = told("You never called us. Calm down. It's no big deal. Mistakes were made. It's our policy.");
    for part in
        ["“You never", "“Calm down”", "“no big deal”", "“Mistakes were made”", "“It's our policy”", "○ says when"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = told("rules");
    for rule in &book.check.rules {
        assert!(text.contains(&*rule.id), "{} in {text}", rule.id);
    }
}

#[test]
fn remarks_for_which_there_is_no_room_are_counted() {
    let odd: Vec<String> = (0..20).map(|number| format!("a{number}=x")).collect();
    let reply = command(book(), "recover", &[("topic", &format!("billing {}", odd.join(" ")))]);
    let text = reply["data"]["embeds"][0]["description"].as_str().unwrap();
    assert!(text.contains("“a9”") && !text.contains("“a10”"), "{text}");
    assert!(text.contains("… and 10 more, for which there is no room here."), "{text}");
}
