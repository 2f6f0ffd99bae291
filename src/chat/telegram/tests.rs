//! Deliveries in, calls out.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value as Json, json};

use super::{
    message::{Carrier, Data, length, most},
    shown::{self, Shown},
    *,
};
use crate::{
    chat::Adapter as _,
    say::{
        answer::{ButtonKind, answer},
        ask::{Ask, push_slot},
        book::Phrasebook,
    },
    shelf::tests::book,
};

const SECRET: &str = "Saywell_test-token_01";
const GROUP: i64 = -1_001_234_567_890;

fn telegram() -> Telegram {
    Telegram::new(&[Secret::from("old"), Secret::from(SECRET)]).bot(Some("SaywellBot".into()))
}

fn deliver(telegram: &Telegram, secrets: &[&[u8]], body: &[u8]) -> Result<Reply, Refusal> {
    let mut headers = HeaderMap::new();
    for secret in secrets {
        headers.append(HeaderName::from_static(HEADER), HeaderValue::from_bytes(secret).unwrap());
    }
    let delivery = Delivery { door: "updates", headers: &headers, query: "", body, at: 0, book: book() };
    telegram.handle(delivery, &mut |call| answer(book(), &call.ask, 0))
}

/// What comes back to an update; null where that is nothing.
fn post(telegram: &Telegram, update: &Json) -> Json {
    let reply = deliver(telegram, &[SECRET.as_bytes()], update.to_string().as_bytes()).unwrap();
    assert!(reply.after.is_empty());
    if reply.body.is_empty() {
        return Json::Null;
    }
    assert!(reply.content_type.unwrap().starts_with("application/json"));
    let reply: Json = serde_json::from_slice(&reply.body).unwrap();
    check(&reply);
    reply
}

/// Everything that Telegram would refuse without a word.
fn check(reply: &Json) {
    let text = reply["text"].as_str().unwrap_or_default();
    match reply["method"].as_str().unwrap() {
        "answerCallbackQuery" => {
            return assert!((1..=most::NOTICE).contains(&length(text)) && reply["callback_query_id"] == "7");
        }
        "sendMessage" => assert!(reply["message_id"].is_null()),
        "answerInlineQuery" => return check_offer(reply),
        "editMessageText" => assert!(reply["message_id"].is_i64()),
        "editEphemeralMessageText" => {
            assert!(reply["ephemeral_message_id"].is_i64() && reply["receiver_user_id"].is_i64());
        }
        other => panic!("{other}"),
    }
    assert_eq!((&reply["parse_mode"], &reply["link_preview_options"]["is_disabled"]), (&json!("HTML"), &json!(true)));
    let shown = shown::read(text).unwrap_or_else(|| panic!("{text}"));
    assert!((1..=most::TEXT).contains(&length(&shown.text)), "{text}");
    let rows = reply["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
    let buttons: Vec<&Json> = rows.flat_map(|row| row.as_array().unwrap()).collect();
    assert!(buttons.len() <= 100);
    for button in buttons {
        assert!((1..=most::LABEL).contains(&length(button["text"].as_str().unwrap())), "{button}");
        let does = button.as_object().unwrap().iter().find(|(name, _)| *name != "text").unwrap();
        let size = match does {
            (name, Json::String(data)) if name == "callback_data" => data.len() <= 64,
            (name, copies) if name == "copy_text" => (1..=256).contains(&length(copies["text"].as_str().unwrap())),
            (name, Json::String(query)) if name == "switch_inline_query" => length(query) <= 256,
            _ => false,
        };
        assert!(size && button.as_object().unwrap().len() == 2, "{button}");
    }
    if reply["reply_markup"]["force_reply"] == true {
        assert!((1..=64).contains(&length(reply["reply_markup"]["input_field_placeholder"].as_str().unwrap())));
    }
}

/// Everything that Telegram would refuse of what is offered.
fn check_offer(offer: &Json) {
    let results = offer["results"].as_array().unwrap();
    let mut ids: Vec<&str> = results.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(ids.len() <= 50 && ids.iter().all(|id| (1..=64).contains(&id.len())), "{ids:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), results.len());
    for one in results {
        let words = &one["input_message_content"];
        assert!(
            (1..=4_096).contains(&length(words["message_text"].as_str().unwrap())) && words["parse_mode"].is_null()
        );
        assert!(!one["title"].as_str().unwrap().is_empty());
    }
    let start = offer["button"]["start_parameter"].as_str().unwrap();
    let is_plain = start.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    assert!((1..=64).contains(&start.len()) && is_plain, "{start}");
    assert!((1..=64).contains(&length(offer["button"]["text"].as_str().unwrap())));
}

fn offered(query: &str, offset: &str) -> Json {
    let from = json!({"id": 222, "is_bot": false, "first_name": "Pat"});
    let update = json!({"update_id": 3, "inline_query": {"id": "8", "from": from, "query": query, "offset": offset}});
    post(&telegram(), &update)
}

fn results(offer: &Json) -> Vec<(&str, &str, &str)> {
    let results = offer["results"].as_array().unwrap().iter();
    results
        .map(|one| {
            let words = one["input_message_content"]["message_text"].as_str().unwrap();
            (one["title"].as_str().unwrap(), one["description"].as_str().unwrap(), words)
        })
        .collect()
}

fn chat(id: i64) -> Json {
    json!({"id": id, "type": if id > 0 { "private" } else { "supergroup" }})
}

fn entities(parts: &[(&str, usize, usize)]) -> Json {
    parts.iter().map(|(kind, at, size)| json!({"type": kind, "offset": at, "length": size})).collect()
}

/// A message that somebody types, with more fields.
fn typed(id: i64, text: &str, more: &Json) -> Json {
    let command = text.split(char::is_whitespace).next().filter(|word| word.starts_with('/')).unwrap_or_default();
    let mut message = json!({
        "message_id": 77, "date": 1, "text": text, "chat": chat(id),
        "from": {"id": 111, "is_bot": false, "first_name": "Zoë <b>"},
    });
    if !command.is_empty() {
        message["entities"] = entities(&[("bot_command", 0, length(command))]);
    }
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"update_id": 1, "message": message})
}

fn ask(id: i64, text: &str) -> Json {
    post(&telegram(), &typed(id, text, &json!({})))
}

fn ask_unseen(text: &str) -> Json {
    post(&telegram(), &typed(GROUP, text, &json!({"message_id": 0, "ephemeral_message_id": 5})))
}

/// A message of ours as Telegram has it.
fn ours(id: i64, reply: &Json, more: &Json) -> Json {
    let Shown { text, entities: parts } = shown::read(reply["text"].as_str().unwrap()).unwrap();
    let mut message = json!({
        "message_id": 78, "date": 1, "chat": chat(id), "text": text, "entities": entities(&parts),
        "from": {"id": 9, "is_bot": true, "first_name": "Saywell", "username": "SaywellBot"},
    });
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    message
}

fn button<'r>(reply: &'r Json, label: &str) -> Option<&'r Json> {
    let rows = reply["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
    rows.flat_map(|row| row.as_array().unwrap()).find(|button| button["text"].as_str().unwrap().starts_with(label))
}

fn press_in(telegram: &Telegram, message: &Json, data: &Json) -> Json {
    let from = json!({"id": 222, "is_bot": false, "first_name": "Zoë <b>"});
    let press = json!({"id": "7", "from": from, "message": message, "chat_instance": "1", "data": data});
    post(telegram, &json!({"update_id": 2, "callback_query": press}))
}

fn press(id: i64, reply: &Json, label: &str) -> Json {
    let data = &button(reply, label).unwrap_or_else(|| panic!("no {label} in {reply:#}"))["callback_data"];
    let is_for_one = !reply["ephemeral_message_parameters"].is_null() || !reply["ephemeral_message_id"].is_null();
    let more = if is_for_one { json!({"message_id": 0, "ephemeral_message_id": 6}) } else { json!({}) };
    press_in(&telegram(), &ours(id, reply, &more), data)
}

fn reply_to(prompt: &Json, text: &str) -> Json {
    post(&telegram(), &typed(111, text, &json!({"reply_to_message": ours(111, prompt, &json!({}))})))
}

fn text(reply: &Json) -> String {
    shown::read(reply["text"].as_str().unwrap()).unwrap().text.replace('\u{200b}', "")
}

#[test]
fn only_one_of_the_secrets_proves_it_and_then_everything_is_taken() {
    let right = typed(111, "/recover billing", &json!({})).to_string();
    let shorter = &SECRET[..SECRET.len() - 1];
    let longer = format!("{SECRET} ");
    let lower = SECRET.to_lowercase();
    for wrong in [
        &[][..],
        &[b"".as_slice()],
        &[shorter.as_bytes()],
        &[longer.as_bytes()],
        &[lower.as_bytes()],
        &[SECRET.as_bytes(), SECRET.as_bytes()],
        &[b"\xff"],
    ] {
        assert_eq!(deliver(&telegram(), wrong, right.as_bytes()), Err(Refusal::Unproved), "{wrong:?}");
    }
    for secret in ["old", SECRET] {
        assert!(!deliver(&telegram(), &[secret.as_bytes()], right.as_bytes()).unwrap().body.is_empty());
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "\u{0}",
        r#"{"update_id":1,"poll":{}}"#,
        r#"{"message":3}"#,
        r#"{"message":{"text":"/recover"}}"#,
        r#"{"callback_query":{}}"#,
    ] {
        assert_eq!(deliver(&telegram(), &[SECRET.as_bytes()], body.as_bytes()), Ok(Reply::default()), "{body}");
    }
    let headers = HeaderMap::new();
    let other = Delivery { door: "commands", headers: &headers, query: "", body: b"", at: 0, book: book() };
    assert_eq!(telegram().read(other).err(), Some(Refusal::NoDoor));
    assert!(deliver(&Telegram::new(&[]), &[b""], right.as_bytes()).is_err(), "without a secret everything is refused");
}

#[test]
fn commands_are_for_us_unless_they_name_another_bot_and_other_words_only_in_private() {
    let billing = "A bill higher than hoped";
    for (id, typed, expected) in [
        (111, "/recover billing", billing),
        (GROUP, "/recover billing", billing),
        (GROUP, "/recover@SaywellBot billing", billing),
        (GROUP, "/recover@saywellbot\nbilling", billing),
        (111, "/saywell recover billing", billing),
        (111, "recover billing", billing),
        (111, "/start recover_billing", billing),
        (111, "/start", "Pick a command"),
        (111, "/start@SaywellBot", "Pick a command"),
        (111, "/help", "/saywell list"),
        (111, "/opener thought_leader", "An expert others listen to"),
        (111, "/xyzzy", "Nothing here fits"),
    ] {
        let reply = ask(id, typed);
        assert!(!reply.is_null() && text(&reply).contains(expected), "{typed}: {reply:#}");
    }
    let more = |more: Json| post(&telegram(), &typed(GROUP, "/recover billing", &more));
    for (what, reply) in [
        ("another bot's", ask(GROUP, "/recover@OtherBot billing")),
        ("no command", ask(GROUP, "recover billing")),
        ("a command later on", ask(GROUP, "see /recover billing")),
        ("a bot", more(json!({"from": {"id": 5, "is_bot": true, "first_name": "x"}}))),
        ("nobody", more(json!({"from": null}))),
        ("chosen from what we offered", more(json!({"via_bot": {"id": 9}}))),
        ("no text", more(json!({"text": null}))),
        (
            "half a character",
            more(json!({"text": "💙/recover", "entities": [{"type": "bot_command", "offset": 0, "length": 1}]})),
        ),
        ("an edit", post(&telegram(), &json!({"update_id": 1, "edited_message": {"text": "/recover"}}))),
    ] {
        assert!(reply.is_null(), "{what}: {reply:#}");
    }
    let anyone = Telegram::new(&[Secret::from(SECRET)]);
    assert!(!post(&anyone, &typed_for("/recover@OtherBot billing")).is_null(), "without a name all commands are ours");
}

fn typed_for(line: &str) -> Json {
    typed(GROUP, line, &json!({}))
}

#[test]
fn another_and_next_go_on_with_what_was_filled_in() {
    let values = "customer=\"Dr \\\"Zoë\\\" O’Hara\" item=\"the invoice & <more>\"";
    let first = ask(111, &format!("/recover billing {values}"));
    assert!(text(&first).contains("1 of 6, Acknowledge") && text(&first).ends_with(values), "{}", text(&first));
    let another = press(111, &first, "Another");
    assert_eq!((&another["method"], &another["message_id"]), (&json!("editMessageText"), &json!(78)));
    assert_ne!(first["text"], another["text"]);
    let next = press(111, &another, "Next");
    assert!(text(&next).contains("2 of 6") && text(&next).ends_with(values), "{}", text(&next));
    let letter = press(111, &next, "As a letter");
    assert!(text(&letter).contains("Hello Dr \"Zoë\" O’Hara"), "{}", text(&letter));
    let play = press(111, &next, "Whole play");
    let one = press(111, &play, "2");
    assert!(text(&one).contains("of 6"), "{}", text(&one));
    // What is short enough stands in the button alone.
    let short = ask(111, "/recover billing customer=Ana");
    assert!(!text(&short).contains("customer="), "{}", text(&short));
    assert!(button(&short, "Share").unwrap()["callback_data"].as_str().unwrap().ends_with("customer=\"Ana\""));
}

#[test]
fn in_private_words_are_asked_for_by_a_reply_and_shared_words_stand_alone() {
    let first = ask(111, "/recover billing 1");
    let prompt = press(111, &first, "Fill in");
    assert_eq!((&prompt["method"], &prompt["reply_markup"]["force_reply"]), (&json!("sendMessage"), &json!(true)));
    assert!(text(&prompt).contains("customer "), "{}", text(&prompt));
    let filled = reply_to(&prompt, "customer=Ana item: \"the late van\"");
    assert!(text(&filled).contains("Ana"), "{}", text(&filled));
    assert!(text(&reply_to(&prompt, "Ana")).contains("Ana"));
    // Again, with what is there.
    let again = press(111, &filled, "Fill in");
    let other = reply_to(&again, "customer=Bob");
    assert!(text(&other).contains("Bob") && text(&other).contains("the late van"), "{}", text(&other));
    assert!(!text(&other).contains("not used"), "{}", text(&other));
    assert!(text(&again).contains("customer=\"Ana\""), "{}", text(&again));
    assert!(text(&reply_to(&again, "customer=Bob")).contains("Bob"));
    let shared = press(111, &filled, "Share");
    let words = text(&shared);
    assert!(shared["method"] == "sendMessage" && words.contains("Ana") && !words.contains("Shared by"), "{words}");
    assert!(shared["reply_markup"].is_null() && !words.contains("of 6"), "{words}");
    // A reply to anything else is words like any other; other bots' messages ask for nothing.
    let described = text(&reply_to(&filled, "late delivery"));
    assert!(described.contains("We're late"), "{described}");
    let other = ours(111, &prompt, &json!({"from": {"id": 8, "is_bot": true, "username": "OtherBot"}}));
    let reply = post(&telegram(), &typed(111, "late delivery", &json!({"reply_to_message": other})));
    assert!(text(&reply).contains("We're late"));
}

#[test]
fn a_phrase_with_blanks_is_filled_before_it_is_shared() {
    let mut open = book().topics().flat_map(|topic| topic.phrases.iter().map(move |phrase| (topic, phrase)));
    let (topic, phrase) = open.find(|(_, phrase)| !phrase.say.required().is_empty()).unwrap();
    let first = ask(111, &format!("/saywell {}", topic.phrase_id(phrase)));
    let prompt = press(111, &first, "Share");
    assert!(prompt["reply_markup"]["force_reply"] == true, "{prompt:#}");
    let mut values = String::new();
    topic.slots.iter().for_each(|slot| push_slot(&mut values, &slot.name, "so so"));
    let shared = reply_to(&prompt, &values);
    assert!(text(&shared).contains("so so") && !text(&shared).contains(&*topic.title), "{}", text(&shared));
}

#[test]
fn in_a_group_an_unseen_command_is_answered_unseen_until_it_is_shared() {
    let first = ask_unseen("/recover billing 1 customer=Ana");
    assert_eq!(first["ephemeral_message_parameters"], json!({"receiver_user_id": 111}));
    assert_eq!(first["reply_parameters"], json!({"ephemeral_message_id": 5}));
    assert!(text(&first).contains("Why:"));
    let another = press(GROUP, &first, "Another");
    assert_eq!(another["method"], "editEphemeralMessageText");
    assert_eq!((&another["receiver_user_id"], &another["ephemeral_message_id"]), (&json!(222), &json!(6)));
    let prompt = press(GROUP, &another, "Fill in");
    assert_eq!(prompt["method"], "editEphemeralMessageText");
    assert!(text(&prompt).contains("/saywell recover.billing.") && prompt["reply_markup"]["force_reply"].is_null());
    let back = press(GROUP, &prompt, "Back");
    assert!(text(&back).contains("of 6") && button(&back, "Share").is_some(), "{}", text(&back));
    let shared = press(GROUP, &first, "Share");
    assert_eq!((&shared["method"], &shared["chat_id"]), (&json!("sendMessage"), &json!(GROUP)));
    assert!(shared["ephemeral_message_parameters"].is_null() && shared["reply_parameters"].is_null());
    assert!(text(&shared).ends_with("Shared by Zoë <b>") && !text(&shared).contains("Why"), "{}", text(&shared));
    let typed = ask_unseen("/recover billing 1 share customer=Ana");
    assert!(text(&typed).contains("\n\nShared by ") && typed["ephemeral_message_parameters"].is_null(), "{typed:#}");
    assert!(!text(&ask(GROUP, "/recover billing 1 share customer=Ana")).contains("Shared by"));
}

#[test]
fn what_everybody_in_a_group_reads_has_no_coaching_and_whoever_wants_that_gets_it_alone() {
    let first = ask(GROUP, "/recover billing 1");
    assert_eq!(first["reply_parameters"], json!({"message_id": 77, "allow_sending_without_reply": true}));
    assert!(first["ephemeral_message_parameters"].is_null() && !text(&first).contains("Why:"), "{}", text(&first));
    assert!(button(&first, "Share").is_none() && button(&first, "Another").is_some());
    assert_eq!(press(GROUP, &first, "Another")["method"], "editMessageText");
    let mine = press(GROUP, &first, "Only for me");
    let parameters = json!({"receiver_user_id": 222, "callback_query_id": "7", "replace_callback_query_message": true});
    assert_eq!((&mine["method"], &mine["ephemeral_message_parameters"]), (&json!("sendMessage"), &parameters));
    assert!(text(&mine).contains("Why:") && button(&mine, "Share").is_some());
    let topic = json!({"message_thread_id": 3, "is_topic_message": true});
    assert_eq!(post(&telegram(), &typed(GROUP, "/recover", &topic))["message_thread_id"], 3);
    assert!(
        post(&telegram(), &typed(GROUP, "/recover", &json!({"message_thread_id": 3})))["message_thread_id"].is_null()
    );
}

#[test]
fn a_draft_is_typed_replied_or_somebody_elses_message() {
    let prompt = ask(111, "/check");
    assert!(prompt["reply_markup"]["force_reply"] == true, "{prompt:#}");
    assert!(text(&reply_to(&prompt, "You should have called.")).contains("You should have"));
    let draft = json!({"reply_to_message": {"message_id": 3, "chat": chat(GROUP), "text": "You should have called.",
        "from": {"id": 4, "is_bot": false, "first_name": "x"}}, "ephemeral_message_id": 5});
    let checked = post(&telegram(), &typed(GROUP, "/check", &draft));
    assert!(text(&checked).contains("You should have"), "{}", text(&checked));
    assert!(text(&ask(GROUP, "/check")).contains("/check your draft"));
}

#[test]
fn buttons_that_are_not_understood_say_so() {
    for data in [
        json!("0a recover.billing"),
        json!("1z recover.billing"),
        json!("1arecover"),
        json!(""),
        Json::Null,
        json!("1a+recover.billing"),
        json!("1a"),
    ] {
        let notice = press_in(&telegram(), &ours(111, &json!({"text": "x"}), &json!({})), &data);
        assert_eq!(notice["method"], "answerCallbackQuery", "{data}");
    }
    // What was filled in is not in the message any more, or there is no message any more.
    let carried = json!("1a+recover.billing");
    assert_eq!(
        press_in(&telegram(), &json!({"message_id": 78, "date": 0, "chat": chat(111)}), &carried)["method"],
        "answerCallbackQuery"
    );
    assert_eq!(press_in(&telegram(), &Json::Null, &json!("1a recover.billing"))["method"], "answerCallbackQuery");
    assert_eq!(Data::read("1a recover.billing 3 customer=\"Ana\"").unwrap().ask, "recover.billing 3 customer=\"Ana\"");
}

#[test]
fn at_its_longest_an_answer_fits_in_every_place_and_its_buttons_work() {
    for filler in ["<&", "💙"] {
        for topic in book().topics().step_by(12) {
            let mut values = String::new();
            for slot in &topic.slots {
                push_slot(&mut values, &slot.name, &filler.repeat(200 / filler.chars().count()));
            }
            let first = topic.phrase_id(&topic.phrases[0]);
            for asked in [first, format!("{} all why", topic.dotted()), format!("{} letter", topic.dotted())] {
                let asked = format!("/saywell {asked}{values}");
                for (id, reply) in [(111, ask(111, &asked)), (GROUP, ask(GROUP, &asked)), (GROUP, ask_unseen(&asked))] {
                    for label in ["Another", "Next", "Fill in", "Share", "Only for me", "2"] {
                        if button(&reply, label).is_some() {
                            press(id, &reply, label);
                        }
                    }
                }
            }
        }
    }
    for line in
        ["/recover", "/saywell", "/saywell sources", "/saywell search refund", "/help", "/recover help", "/check rules"]
    {
        assert!(!ask(GROUP, line).is_null() && !ask(111, line).is_null(), "{line}");
    }
}

#[test]
fn a_phrase_whose_id_is_too_long_for_a_button_is_called_by_its_number() {
    let (command, topic, phrase) = ("c".repeat(20), "t".repeat(30), "p".repeat(40));
    let slot = "[slot.who]\nask = \"Who?\"\nexample = \"Ana\"\n";
    let head = format!(
        "title = \"C\"\nabout = \"A.\"\n{slot}[topic.{topic}]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n"
    );
    let line = |id: &str| {
        format!(
            "[[topic.{topic}.phrase]]\nid = \"{id}\"\nsay = \"Say {{{{who}}}} {id}.\"\nwhy = \"W.\"\nsource = \"a\"\n"
        )
    };
    let source = |name: String, text: String| crate::say::book::Source { name, layer: 0, text: text.into() };
    let article = "[a]\ntitle = \"T\"\nauthor = \"A\"\nschool = \"S\"\nadvice = \"V.\"\n";
    let text = format!("{head}{}{}", line("q"), line(&phrase));
    let sources = [source("sources.toml".into(), article.into()), source(format!("{command}.toml"), text)];
    let book = Phrasebook::parse(&sources, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let asked = answer(&book, &Ask::umbrella(format!("{command}.{topic} 2 who=Zoë")), 0);
    let carrier = Carrier::of(&asked, asked.buttons.iter().map(|one| &*one.ask));
    let data = |kind| {
        let one = asked.buttons.iter().find(|one| one.kind == kind).unwrap();
        carrier.data(&asked, message::Purpose::Share, &one.ask).unwrap()
    };
    assert_eq!(data(ButtonKind::Share), format!("1s+{command}.{topic} 2 share"));
    assert_eq!(data(ButtonKind::Another), format!("1s+{command}.{topic}.q"));
    assert_eq!(carrier.carried.as_deref(), Some("who=\"Zoë\""));
}

#[test]
fn in_any_chat_every_phrase_of_a_topic_is_offered_with_its_step_and_what_was_typed() {
    let billing = book().topic("recover.billing").unwrap();
    let offer = offered("recover billing customer=\"Dr Zoë @all", "");
    let all = results(&offer);
    assert_eq!(all.len(), billing.phrases.len().min(50));
    assert!(all[0].0.starts_with("1 of 6, Acknowledge · A bill"), "{all:?}");
    let named = all.iter().find(|(_, _, words)| words.contains("Zoë")).expect("a name");
    assert!(named.2.contains("Dr Zoë @all") && named.1.ends_with(named.2), "{named:?}");
    assert_eq!(
        (&offer["cache_time"], &offer["is_personal"], &offer["next_offset"]),
        (&json!(300), &json!(false), &json!(""))
    );
    assert_eq!(offer["button"]["start_parameter"], "recover_billing");
    // From a step on; a phrase; a letter.
    assert!(results(&offered("billing own", ""))[0].0.starts_with("2 of 6, Own"));
    assert_eq!(results(&offered("/recover billing 2", "")).len(), 1);
    assert!(results(&offered("recover billing letter customer=Ana", ""))[0].2.starts_with("Hello Ana,"));
    // What has to be true first is said before the words, and not with them.
    let has_condition = |phrase: &&crate::say::book::Phrase| phrase.only_if.is_some();
    let conditional = book().topics().find_map(|topic| Some((topic, topic.phrases.iter().find(has_condition)?)));
    let (topic, phrase) = conditional.unwrap();
    let offer = offered(&topic.phrase_id(phrase), "");
    assert!(results(&offer)[0].1.starts_with("(Only if ") && !results(&offer)[0].2.contains("Only if"), "{offer:#}");
}

#[test]
fn where_several_topics_are_meant_each_of_them_is_offered_and_where_none_is_only_the_way_on() {
    let offer = offered("late delivery", "");
    assert!(results(&offer).iter().any(|(title, ..)| title.ends_with("We're late")), "{offer:#}");
    let menu = offered("recover", "");
    assert_eq!(results(&menu).len(), book().command("recover").unwrap().topics.len());
    for (query, words) in [("", "Type what happened"), ("xyzzy", "Nothing here fits")] {
        let offer = offered(query, "");
        assert!(results(&offer).is_empty() && offer["button"]["text"].as_str().unwrap().contains(words), "{offer:#}");
    }
    let too_many = Answer::too_many(std::time::Duration::from_secs(3));
    let reply = telegram().reply(Letter::Query("8".into(), 0), &Call::default(), &too_many);
    let offer: Json = serde_json::from_slice(&reply.body).unwrap();
    check_offer(&offer);
    assert_eq!((&offer["cache_time"], &offer["is_personal"]), (&json!(0), &json!(true)));
    assert!(
        results(&offered("recover billing", "50")).len() < 50 && results(&offered("billing", "nonsense")).len() > 3
    );
}

#[test]
fn shared_words_lead_to_another_chat_where_the_bot_may_be_asked_there() {
    let inline = telegram().inline(true);
    let shared = post(&inline, &typed(111, "/recover billing 1 share customer=\"Zoë\"", &json!({})));
    let button = button(&shared, "Say it").unwrap();
    let query = button["switch_inline_query"].as_str().unwrap();
    let offer = offered(query, "");
    assert_eq!(results(&offer)[0].2, text(&shared), "the very words that were shared");
    assert!(post(&inline, &typed(GROUP, "/recover billing 1 share", &json!({})))["reply_markup"].is_null());
}
