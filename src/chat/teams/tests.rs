//! Teams from the bytes that it sends to the bytes that it gets.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::{
    stand::{APP, SERVICE, invoke, token},
    *,
};
use crate::{
    chat::{
        Adapter as _,
        proof::{RsaPair, STAND_KEYS, Secret},
        stand::every,
    },
    say::answer::answer,
    shelf::tests::book,
};

const AT: i64 = 1_800_000_000;
const TOKEN: &str = "U2F5d2VsbC10ZXN0LWtleS0zMi1ieXRlcy1sb25nISE=";
const MENTION: &str = r#"{"type":"message","id":"1700000000001","text":"<at>Saywell</at> recover billing\n"}"#;
const SIGNED: &str = "HMAC g0jtMHM0EAFrOkSbDMC+3g00ILgb3CN9L3y4lISjp1M=";

fn teams() -> Teams {
    let keys = [Arc::new(Keys::read(STAND_KEYS).unwrap())];
    let extension = Extension { apps: vec![APP.into()], issuer: ISSUER.into(), keys };
    let keys = HmacKeys::decoded(&[Secret::from("AAAAAAAAAAAAAAAAAAAAAA=="), Secret::from(TOKEN)]).unwrap();
    Teams { extension: Some(extension), webhook: Some(Webhook { keys, more: "More in the message box.".into() }) }
}

fn sent(teams: &Teams, authorization: &str, body: &[u8]) -> Result<Reply, Refusal> {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("authorization"), HeaderValue::from_str(authorization).unwrap());
    let delivery = Delivery { door: "messages", headers: &headers, query: "", body, at: AT, book: book() };
    teams.handle(delivery, &mut |call| answer(book(), &call.ask, 1))
}

fn bearer_of(app: &str) -> String {
    format!("Bearer {}", token(&RsaPair::stand().unwrap(), app, AT))
}

/// What the extension answers.
fn invoked(name: &str, value: &Value) -> Value {
    let body = invoke(&format!("composeExtension/{name}"), value).to_string();
    let reply = sent(&teams(), &bearer_of(APP), body.as_bytes()).unwrap();
    assert!(reply.after.is_empty() && reply.body.len() <= card::most::ANSWER, "{}", reply.body.len());
    serde_json::from_slice(&reply.body).unwrap()
}

fn submitted(data: &Value) -> Value {
    invoked("submitAction", &json!({"commandId": "recover", "data": data}))
}

fn searched(text: &str) -> Value {
    invoked("query", &json!({"commandId": "search", "parameters": [{"name": "text", "value": text}]}))
}

/// Everything that is read in an answer.
fn read(answer: &Value) -> String {
    let mut texts = String::new();
    every(answer, &["data"], &mut |part| {
        for name in ["title", "text"] {
            let text = part.get(name).and_then(Value::as_str);
            texts.extend(text.into_iter().flat_map(|text| [text, "\n"]));
        }
    });
    texts
}

/// The data of a button.
fn button(answer: &Value, title: &str) -> Value {
    let mut found = Value::Null;
    every(answer, &[], &mut |part| {
        if part["type"] == "Action.Submit" && part["title"].as_str().unwrap().starts_with(title) {
            found = part["data"].clone();
        }
    });
    assert!(found.is_object(), "no {title} in {}", read(answer));
    found
}

#[test]
fn a_webhook_is_proved_by_the_key_that_its_token_stands_for() {
    let body_2 = "{\"type\":\"message\",\"text\":\"<at>Saywell</at> apology sincère ☕\"}".as_bytes();
    for (header, body, expected) in [
        (SIGNED, MENTION.as_bytes(), true),
        ("hmac  g0jtMHM0EAFrOkSbDMC+3g00ILgb3CN9L3y4lISjp1M=", MENTION.as_bytes(), true),
        ("HMAC 5gZAGJ4DnNdLG6n+VBPp9QrWtQKmI+uadE4PAOtVdW8=", body_2, true),
        ("HMAC w75rIEiQLjuO0kRMhU8W+ht8/rqJL/C44I8FJexZciQ=", MENTION.as_bytes(), false),
        (SIGNED, body_2, false),
        (SIGNED, b"", false),
        (SIGNED.trim_end_matches('='), MENTION.as_bytes(), false),
        ("HMAC", MENTION.as_bytes(), false),
        ("HMAC ", MENTION.as_bytes(), false),
        ("Bearer g0jtMHM0EAFrOkSbDMC+3g00ILgb3CN9L3y4lISjp1M=", MENTION.as_bytes(), false),
        ("g0jtMHM0EAFrOkSbDMC+3g00ILgb3CN9L3y4lISjp1M=", MENTION.as_bytes(), false),
    ] {
        let got = sent(&teams(), header, body);
        assert_eq!(got.is_ok(), expected, "{header}: {got:?}");
        assert!(expected || got == Err(Refusal::Unproved), "{header}: {got:?}");
    }
    let without = Teams { webhook: None, ..teams() };
    assert_eq!(sent(&without, SIGNED, MENTION.as_bytes()), Err(Refusal::Unproved));
}

/// What the webhook tells the channel.
fn told(text: &str) -> Value {
    let body = json!({"type": "message", "text": text, "recipient": null, "from": {"id": "29:1"}}).to_string();
    let keys = HmacKeys::decoded(&[Secret::from(TOKEN)]).unwrap();
    let mac = BASE64_STANDARD.encode(keys.sign(&[body.as_bytes()]).unwrap());
    let reply = sent(&teams(), &format!("HMAC {mac}"), body.as_bytes()).unwrap();
    assert!(reply.body.len() < 25_000);
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn a_channel_gets_the_words_alone_and_where_there_is_more() {
    let words = told("<at>Saywell</at> recover billing 1 customer=Ana\n");
    assert_eq!(words["type"], "message");
    assert_eq!(words["attachments"][0]["contentType"], "application/vnd.microsoft.card.adaptive");
    let words = read(&words);
    assert!(words.contains("Ana") && words.ends_with("More in the message box.\n"), "{words}");
    assert!(!words.contains("Why:") && !words.contains("Source:"), "{words}");
    let topics = read(&told("<at>Saywell</at> recover"));
    assert!(topics.contains("recover billing: A bill higher than hoped"), "{topics}");
    assert!(read(&told("<at>Saywell</at>")).contains("recover: A problem has landed on you"));
    for empty in ["<at>Saywell</at>", "<at>Saywell</at> help", "<at>Saywell</at> /saywell"] {
        assert!(read(&told(empty)).contains("recover"), "{empty}");
    }
    for check in ["<at>Saywell</at> check You never called.", "<at>Saywell</at> /saywell Check you never called"] {
        let refused = read(&told(check));
        assert!(refused.contains("for you alone") && !refused.contains("never"), "{refused}");
    }
}

#[test]
fn the_extension_is_proved_by_a_token_for_this_app_this_channel_and_this_service() {
    let body = |change: fn(&mut Value)| {
        let mut body = invoke("composeExtension/fetchTask", &json!({"commandId": "recover"}));
        change(&mut body);
        body.to_string()
    };
    let right = body(|_| {});
    assert!(sent(&teams(), &bearer_of(APP), right.as_bytes()).is_ok());
    let unproved = |teams: &Teams, header: &str, body: &str, what: &str| {
        assert_eq!(sent(teams, header, body.as_bytes()), Err(Refusal::Unproved), "{what}");
    };
    unproved(&teams(), &bearer_of("1a1b2c3d-0000-4000-8000-00000000000f"), &right, "another app");
    unproved(
        &teams(),
        &bearer_of(APP),
        &body(|body| body["serviceUrl"] = "https://evil.example.com/".into()),
        "service",
    );
    unproved(&teams(), &bearer_of(APP), &body(|body| body["serviceUrl"] = json!(null)), "no service");
    unproved(&teams(), &bearer_of(APP), &body(|body| body["channelId"] = "webchat".into()), "another channel");
    let claims = json!({"iss": ISSUER, "aud": APP, "exp": AT + 60});
    unproved(&teams(), &format!("Bearer {}", RsaPair::stand().unwrap().sign(&claims)), &right, "no serviceurl");
    unproved(&Teams { extension: None, ..teams() }, &bearer_of(APP), &right, "off");
    let endorsed_otherwise = Keys::read(&STAND_KEYS.replace("msteams", "webchat")).unwrap();
    let extension = Extension { apps: vec![APP.into()], issuer: ISSUER.into(), keys: [Arc::new(endorsed_otherwise)] };
    let other = Teams { extension: Some(extension), webhook: None };
    unproved(&other, &bearer_of(APP), &right, "a key for another channel");
    assert_eq!(sent(&teams(), &bearer_of(APP), b"{"), Err(Refusal::Unreadable));
    let keys = [Arc::new(Keys::read("https://keys.example.com").unwrap())];
    let extension = Extension { apps: vec![APP.into()], issuer: ISSUER.into(), keys };
    let waiting = Teams { extension: Some(extension), webhook: None };
    assert_eq!(sent(&waiting, &bearer_of(APP), right.as_bytes()), Err(Refusal::UnknownKey));
    assert_eq!(waiting.keys().len(), 1);
}

#[test]
fn what_is_not_asked_by_a_person_is_taken_and_not_answered() {
    for (kind, name) in [
        ("conversationUpdate", json!(null)),
        ("installationUpdate", json!(null)),
        ("message", json!(null)),
        ("invoke", json!("composeExtension/setting")),
        ("invoke", json!(null)),
    ] {
        let body = json!({"type": kind, "name": name, "channelId": CHANNEL, "serviceUrl": SERVICE, "value": [1]});
        let got = sent(&teams(), &bearer_of(APP), body.to_string().as_bytes());
        assert_eq!(got, Ok(Reply::default()), "{kind} {name}");
    }
}

#[test]
fn a_walk_leads_from_the_menu_to_words_in_the_message_box() {
    let menu = invoked("fetchTask", &json!({"commandId": "recover", "commandContext": "compose"}));
    assert_eq!(menu["task"]["type"], "continue");
    let mut choose = button(&menu, "Take it");
    choose["choice"] = "recover.billing".into();
    choose["text"] = "".into();
    let line = submitted(&choose);
    assert!(read(&line).contains("A bill higher than hoped · 1 of 6, Acknowledge"), "{}", read(&line));
    let another = submitted(&button(&line, "Another"));
    assert!(read(&another).contains("1 of 6") && read(&another) != read(&line));
    let next = submitted(&button(&another, "Next: Own"));
    assert!(read(&next).contains("2 of 6, Own"), "{}", read(&next));
    let form = submitted(&button(&next, "Fill in"));
    let mut done = button(&form, "Done");
    done["slot.customer"] = "Ana".into();
    done["slot.item"] = "your \"late\" <at>van</at>".into();
    let filled = submitted(&done);
    let mut share = button(&filled, "Share");
    share["text"] = "something else".into();
    let shared = submitted(&share);
    let composed = &shared["composeExtension"];
    assert_eq!((&composed["type"], &composed["attachmentLayout"]), (&json!("result"), &json!("list")));
    let card = &composed["attachments"][0]["content"];
    assert_eq!((card["type"].as_str(), card.get("actions")), (Some("AdaptiveCard"), None));
    assert!(!read(card).contains("Why:"), "{}", read(card));
    let back = submitted(&button(&form, "Back"));
    assert!(read(&back).contains("2 of 6, Own"));
}

#[test]
fn who_shares_a_line_with_blanks_is_asked_for_them_first() {
    let line = submitted(&json!({"saywell": "v1 q recover", "text": "billing 1"}));
    let form = submitted(&json!({"saywell": button(&line, "Share")["saywell"]}));
    if form.get("task").is_some() {
        let mut share = button(&form, "Share");
        every(&form, &[], &mut |part| {
            if part["type"] == "Input.Text" {
                share[part["id"].as_str().unwrap()] = "Xyz".into();
            }
        });
        assert!(read(&submitted(&share)["composeExtension"]).contains("Xyz"));
    }
    let lines = submitted(&json!({"saywell": "v1 q recover", "text": "billing all"}));
    let blank = lines["task"]["value"]["card"]["content"]["body"].as_array().unwrap();
    assert!(blank.len() > 20);
}

#[test]
fn a_search_gives_lines_to_pick_and_a_word_where_there_are_none() {
    let all = searched("recover billing customer=Ana");
    let list = all["composeExtension"]["attachments"].as_array().unwrap();
    assert!(list.len() > 5 && list.len() <= 25, "{}", list.len());
    for entry in list {
        let words = entry["preview"]["content"]["text"].as_str().unwrap();
        assert!(entry["contentType"] == "application/vnd.microsoft.card.adaptive" && words.len() > 10);
    }
    assert!(read(&all).contains("Ana"));
    let topics = searched("recover");
    let tap = &topics["composeExtension"]["attachments"][0]["preview"]["content"]["tap"];
    assert_eq!(tap["type"], "invoke");
    let picked = invoked("selectItem", &tap["value"]);
    let card = &picked["composeExtension"]["attachments"][0]["content"];
    assert!(card["type"] == "AdaptiveCard" && read(card).len() > 10, "{picked}");
    for (typed, said) in [
        ("", "Type what happened"),
        ("qwxz", "Nothing here fits that. Type what"),
        ("their lawyer wrote", "legal team"),
    ] {
        let word = &searched(typed)["composeExtension"];
        assert!(word["type"] == "message" && word["text"].as_str().unwrap().contains(said), "{typed}: {word}");
    }
    let first =
        invoked("query", &json!({"commandId": "search", "parameters": [{"name": "initialRun", "value": "true"}]}));
    assert_eq!(first["composeExtension"]["type"], "message");
}

#[test]
fn a_draft_is_reviewed_from_a_form_and_on_a_message() {
    let form = invoked("fetchTask", &json!({"commandId": "check", "commandContext": "compose"}));
    let mut check = button(&form, "Check");
    check["draft"] = "You should have told us sooner.".into();
    assert!(read(&submitted(&check)).contains("You should have"));
    let body = json!({"contentType": "html", "content": "<p>You should&nbsp;have told us.</p>"});
    let value = json!({"commandId": "check", "commandContext": "message", "messagePayload": {"id": "1", "body": body}});
    let review = read(&invoked("fetchTask", &value));
    assert!(review.contains("“You should have told”"), "{review}");
}

#[test]
fn a_button_of_another_version_gets_a_kind_word() {
    for data in [json!({}), json!({"saywell": "v0 a recover"}), json!({"saywell": 1}), json!({"saywell": "v1 z x"})] {
        assert!(read(&submitted(&data)).contains("older version"), "{data}");
    }
    assert!(read(&invoked("selectItem", &json!({"saywell": "x"}))).contains("older version"));
}

#[test]
fn every_answer_fits_whatever_fills_its_blanks() {
    for filler in ["w".repeat(200), "💙".repeat(200), "<&".repeat(100)] {
        for topic in book().topics() {
            let values: Vec<String> = topic.slots.iter().map(|slot| format!(" {}=\"{filler}\"", slot.name)).collect();
            let values = values.concat();
            let asks = ["", " all why", " steps", " letter"].map(|what| format!("{}{what}", topic.dotted()));
            for ask in asks.into_iter().chain(topic.phrases.iter().map(|phrase| topic.phrase_id(phrase))) {
                let text = format!("{ask}{values}");
                submitted(&json!({"saywell": "v1 q saywell", "text": text}));
                searched(&text);
            }
        }
    }
}

#[test]
fn whatever_is_typed_comes_back_inert() {
    for name in ["Zoë O’Hara", "שלום", "नमस्ते", "👩‍👩‍👧", "Ann 100%"] {
        let answer = submitted(&json!({"saywell": "v1 q recover", "text": format!("billing 1 customer=\"{name}\"")}));
        assert!(read(&answer).contains(name), "{name}: {}", read(&answer));
    }
    let (long, signs, mentions) = ("wörd ".repeat(800), "<".repeat(4_000), "@all ".repeat(800));
    for bad in [
        &long,
        &signs,
        &mentions,
        "100%",
        "> quote",
        "| a | b |",
        "a@b.c",
        "https://evil.example",
        "&#64;channel",
        "",
        "\0",
        "\u{feff}",
        "=",
        "\"",
        "{{customer}}",
        "{% x %}",
        "<!channel>",
        "<@U0VICTIM>",
        "<at>x</at>",
        "@here",
        "[Pay](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "&lt;!channel&gt;",
        "<<!channel>>",
        "<\u{200b}!channel>",
        "\u{2066}x\u{2069}",
        "a\u{2028}b\u{2029}c",
        "\u{1b}[31mred",
        "\"},\"blocks\":[]",
    ] {
        for text in [
            bad.to_owned(),
            format!("billing {bad}"),
            format!("billing 1 customer=\"{bad}\""),
            format!("billing share customer=\"{bad}\""),
            format!("billing all why customer='{bad}'"),
            format!("search {bad}"),
        ] {
            for command in ["recover", "saywell", bad] {
                let answer = submitted(&json!({"saywell": format!("v1 q /{command}"), "text": text}));
                let texts = (stand::STAND.texts)(&answer);
                assert!(!texts.is_empty(), "{command} {text:?}: {answer}");
                for (shown, most) in texts {
                    let length = shown.encode_utf16().count();
                    assert!((1..=most).contains(&length), "{command} {text:?}: {length} of {most}: {shown}");
                    assert_eq!((stand::STAND.live)(&shown), None, "{command} {text:?}: {shown}");
                    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{command} {text:?}: {shown:?}");
                }
            }
            let list = searched(&text);
            for (shown, _) in (stand::STAND.texts)(&list) {
                assert_eq!((stand::STAND.live)(&shown), None, "{text:?}: {shown}");
            }
        }
    }
}
