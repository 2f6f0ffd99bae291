//! Google Chat from the bytes that it sends to the bytes that it gets, in both envelopes.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::*;
use crate::{
    chat::{
        Gesture,
        proof::{RsaPair, STAND_KEYS},
        stand::Variables,
    },
    say::{
        answer::answer,
        ask::{Ask, Choice},
    },
    shelf::tests::book,
};

const AT: i64 = 1_800_000_000;
const URL: &str = "https://saywell.example.com/google-chat/events";
const ACCOUNT: &str = "service-1234567890@gcp-sa-gsuiteaddons.iam.gserviceaccount.com";
const BOTH: &str = "1234567890,https://saywell.example.com/google-chat/events";
const SET: Variables = &[
    ("GOOGLE_CHAT_AUDIENCE", BOTH),
    ("GOOGLE_CHAT_SERVICE_ACCOUNT", ACCOUNT),
    ("GOOGLE_CHAT_KEYS", STAND_KEYS),
    ("GOOGLE_CHAT_PROJECT_KEYS", STAND_KEYS),
];

fn deliver(set: Variables, claims: &Value, body: &str) -> Result<Value, Refusal> {
    let adapter = KIND.set(set).unwrap();
    let mut headers = HeaderMap::new();
    let token = format!("Bearer {}", RsaPair::stand().unwrap().sign(claims));
    headers.insert(HeaderName::from_static("authorization"), HeaderValue::from_str(&token).unwrap());
    let delivery =
        Delivery { door: "events", headers: &headers, query: "", body: body.as_bytes(), at: AT, book: book() };
    let reply = adapter.handle(delivery, &mut |call| answer(book(), &call.ask, 7))?;
    assert!(reply.after.is_empty() && reply.body.len() < 32_000, "{}", reply.body.len());
    Ok(serde_json::from_slice(&reply.body).unwrap())
}

fn project() -> Value {
    json!({"iss": CHAT, "aud": "1234567890", "iat": AT, "exp": AT + 3_600})
}

fn address(email: &str) -> Value {
    json!({
        "iss": "https://accounts.google.com", "aud": URL, "email": email, "email_verified": true, "iat": AT,
        "exp": AT + 3_600,
    })
}

/// An event in the envelope of an app with interaction events, answered.
fn classic(event: &Value) -> Value {
    deliver(SET, &project(), &event.to_string()).unwrap()
}

/// The payload of an add-on, answered.
fn add_on(payload: &str, event: &Value, common: &Value) -> Value {
    let event = json!({"commonEventObject": common, "chat": {"user": stand::user(), payload: event}});
    deliver(SET, &address(ACCOUNT), &event.to_string()).unwrap()
}

fn message(reply: &Value, action: &str) -> Value {
    reply["hostAppDataAction"]["chatDataAction"][action]["message"].clone()
}

fn widgets(card: &Value) -> Vec<Value> {
    card["sections"][0]["widgets"].as_array().unwrap_or_else(|| panic!("{card:#}")).clone()
}

/// What a button of a card calls.
fn action(card: &Value, label: &str) -> Value {
    let buttons = widgets(card).into_iter().filter_map(|one| one["buttonList"]["buttons"].as_array().cloned());
    let found = buttons.flatten().find(|button| button["text"] == label);
    found.unwrap_or_else(|| panic!("{label}: {card:#}"))["onClick"]["action"].clone()
}

fn parameters(action: &Value) -> Value {
    let pairs = action["parameters"].as_array().unwrap().iter();
    Value::Object(pairs.map(|one| (one["key"].as_str().unwrap().to_owned(), one["value"].clone())).collect())
}

fn click(action: &Value, inputs: &Value) -> Value {
    let common = json!({"parameters": parameters(action), "formInputs": inputs, "userLocale": "en"});
    classic(&json!({"type": "CARD_CLICKED", "user": stand::user(), "space": stand::space(), "common": common}))
}

fn input(words: &str) -> Value {
    json!({"stringInputs": {"value": [words]}})
}

fn card(message: &Value) -> &Value {
    &message["cardsV2"][0]["card"]
}

#[test]
fn a_command_is_answered_for_one_person_and_each_move_works() {
    let first = classic(&stand::typed("/recover", "billing"));
    assert_eq!(first["privateMessageViewer"]["name"], "users/1111");
    assert!(first.get("actionResponse").is_none() && first.get("text").is_none(), "{first:#}");
    for label in ["Another", "Next: Own", "Whole play"] {
        let next = click(&action(card(&first), label), &json!({}));
        assert_eq!(next["actionResponse"]["type"], "UPDATE_MESSAGE", "{label}");
        assert!(next["cardsV2"].is_array() && next.get("privateMessageViewer").is_none(), "{next:#}");
    }
    let fill = action(card(&first), "Fill in");
    assert_eq!(fill["interaction"], "OPEN_DIALOG");
    let dialog = click(&fill, &json!({}));
    assert_eq!(dialog["actionResponse"]["type"], "DIALOG");
    let body = &dialog["actionResponse"]["dialogAction"]["dialog"]["body"];
    assert!(widgets(body).iter().any(|widget| widget["textInput"]["name"] == "customer"), "{body:#}");
    // Some clients put what is entered a level deeper.
    for customer in [input("Ana <users/all>"), json!({"": input("Ana <users/all>")})] {
        let filled = click(&action(body, "Done"), &json!({"customer": customer}));
        assert_eq!(filled["actionResponse"]["type"], "NEW_MESSAGE");
        assert_eq!(filled["privateMessageViewer"]["name"], "users/1111");
        assert!(filled.to_string().contains("Ana &lt;users/all&gt;"), "{filled:#}");
    }
}

#[test]
fn what_is_shared_is_the_words_for_everyone_once_nothing_is_missing() {
    let asks = book()
        .topics()
        .flat_map(|topic| topic.phrases.iter().map(move |phrase| Choice::ask(topic, Some(&phrase.id), "", &[])));
    let with_blank = asks.into_iter().find(|ask| {
        let first = answer(book(), &Ask::umbrella(ask.as_str()), 7);
        first.lines.len() == 1 && !first.lines[0].blanks.is_empty()
    });
    let open = classic(&stand::typed("/saywell", &with_blank.unwrap()));
    let share = action(card(&open), "Share");
    assert_eq!(share["interaction"], "OPEN_DIALOG");
    let dialog = click(&share, &json!({}));
    let body = &dialog["actionResponse"]["dialogAction"]["dialog"]["body"];
    let names = widgets(body).into_iter().filter_map(|one| Some(one["textInput"]["name"].as_str()?.to_owned()));
    let inputs: Value = names.map(|name| (name, input("<users/all> *x*"))).collect::<serde_json::Map<_, _>>().into();
    let shared = click(&action(body, "Share"), &inputs);
    assert_eq!(shared["actionResponse"]["type"], "NEW_MESSAGE");
    assert!(shared.get("privateMessageViewer").is_none() && shared.get("cardsV2").is_none(), "{shared:#}");
    let text = shared["text"].as_str().unwrap();
    assert!(text.ends_with("Shared by Ada Example") && text.contains("<\u{200b}users/all>"), "{text}");
    let typed = classic(&stand::typed("/recover", "billing 1 customer=Ana share"));
    assert!(typed["text"].as_str().unwrap().ends_with("Shared by Ada Example"), "{typed:#}");
    assert!(typed.get("privateMessageViewer").is_none(), "{typed:#}");
}

#[test]
fn an_add_on_gets_the_same_in_its_own_envelope() {
    let event = stand::typed("/recover", "billing");
    let payload = json!({
        "appCommandMetadata": {"appCommandId": "1", "appCommandType": "SLASH_COMMAND"}, "space": event["space"],
        "message": {"text": "/recover billing", "argumentText": " billing"},
    });
    let first = message(&add_on("appCommandPayload", &payload, &json!({})), "createMessageAction");
    assert_eq!(first["privateMessageViewer"]["name"], "users/1111");
    let another = action(card(&first), "Another");
    assert_eq!(another["function"], URL);
    let click = |action: &Value, inputs: Value, kind: &str| {
        let common = json!({"parameters": parameters(action), "formInputs": inputs});
        add_on("buttonClickedPayload", &json!({"space": event["space"], "dialogEventType": kind}), &common)
    };
    let next = message(&click(&another, json!({}), ""), "updateMessageAction");
    assert!(next["cardsV2"].is_array(), "{next:#}");
    let dialog = click(&action(card(&first), "Fill in"), json!({}), "REQUEST_DIALOG");
    let form = &dialog["action"]["navigations"][0]["pushCard"];
    let done = action(form, "Done");
    let filled = click(&done, json!({"customer": input("Ana")}), "SUBMIT_DIALOG");
    assert!(message(&filled, "createMessageAction").to_string().contains("Ana"), "{filled:#}");
    let nothing = json!({"hostAppDataAction": {"chatDataAction": {}}});
    assert_eq!(click(&done, json!({}), "CANCEL_DIALOG"), nothing);
    for (payload, event) in [
        ("addedToSpacePayload", json!({"space": event["space"], "interactionAdd": true})),
        ("removedFromSpacePayload", json!({"space": event["space"]})),
        ("widgetUpdatedPayload", json!({})),
        ("unheardOf", json!([1])),
        ("messagePayload", json!({"space": 1})),
    ] {
        assert_eq!(add_on(payload, &event, &json!({})), nothing, "{payload}");
    }
    let added = add_on("addedToSpacePayload", &json!({"space": event["space"]}), &json!({}));
    assert!(message(&added, "createMessageAction")["cardsV2"].is_array());
}

#[test]
fn a_person_is_understood_however_they_call() {
    let heading = |event: &Value| classic(event)["cardsV2"][0]["card"]["sections"][0]["widgets"][0].to_string();
    let event = |kind: &str, rest: Value| {
        let mut event = json!({"type": kind, "user": stand::user(), "space": stand::space()});
        event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        event
    };
    let billing = "A bill higher than hoped";
    // A mention; a command that is named by its text alone, with its id as a text or a number; the add event with one.
    for message in [
        json!({"text": "@Saywell recover billing", "argumentText": " recover billing"}),
        json!({"text": "/recover billing", "slashCommand": {"commandId": "7"}}),
        json!({"text": "/recover billing", "argumentText": " billing", "slashCommand": {"commandId": 7}}),
    ] {
        assert!(heading(&event("MESSAGE", json!({"message": message}))).contains(billing), "{message}");
        assert!(heading(&event("ADDED_TO_SPACE", json!({"message": message}))).contains(billing), "{message}");
    }
    let quick = |id: Value| {
        event("APP_COMMAND", json!({"appCommandMetadata": {"appCommandId": id, "appCommandType": "QUICK_COMMAND"}}))
    };
    assert_eq!(heading(&quick(json!(1))), heading(&event("MESSAGE", json!({"message": {"text": "@Saywell"}}))));
    for id in [json!(2), json!("2")] {
        let form = click(&action(card(&classic(&quick(id))), "Paste a draft"), &json!({}));
        let body = &form["actionResponse"]["dialogAction"]["dialog"]["body"];
        let review = click(&action(body, "Check"), &json!({"draft": input("You should have told us.")}));
        assert!(review.to_string().contains("You should have told"), "{review:#}");
    }
    let metadata = json!({"appCommandId": 3, "appCommandType": "MESSAGE_ACTION"});
    let pointed = json!({"appCommandMetadata": metadata, "message": {"text": "You should have told us."}});
    let review = classic(&event("APP_COMMAND", pointed));
    assert!(review.to_string().contains("You should have told") && review["privateMessageViewer"].is_object());
    let alone =
        event("MESSAGE", json!({"space": {"name": "spaces/D", "type": "DM"}, "message": {"argumentText": "recover"}}));
    assert!(classic(&alone).get("privateMessageViewer").is_none(), "two are among themselves");
    assert!(classic(&event("ADDED_TO_SPACE", json!({})))["cardsV2"].is_array());
    for kind in ["REMOVED_FROM_SPACE", "WIDGET_UPDATED", "", "UNHEARD_OF"] {
        assert_eq!(classic(&event(kind, json!({}))), json!({}), "{kind}");
    }
}

#[test]
fn the_ids_on_the_sheet_say_which_command_it_is_whatever_it_is_called() {
    let sheet = manifest::sheet(book(), "https://saywell.example.com").unwrap();
    let rows = sheet.split("Command ID    ").filter_map(|row| {
        let (id, rest) = row.split_once("\nCommand type  Slash command\nName          /")?;
        Some((id.parse::<u32>().ok()?, rest.split_once('\n')?.0))
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), book().commands.len() + 2);
    for (id, name) in rows {
        let expected = classic(&stand::typed(name, ""));
        let digits = id.to_string();
        let other = json!([{"type": "SLASH_COMMAND", "slashCommand": {"commandName": "/power", "commandId": digits}}]);
        for message in [
            json!({"slashCommand": {"commandId": digits}}),
            json!({"text": "/fix", "argumentText": " ", "slashCommand": {"commandId": id}}),
            json!({"text": "/power", "annotations": other}),
        ] {
            let event = json!({"type": "MESSAGE", "user": stand::user(), "space": stand::space(), "message": message});
            assert_eq!(classic(&event), expected, "{name}: {message}");
        }
        let metadata = json!({"appCommandId": digits, "appCommandType": "SLASH_COMMAND"});
        let mut bare = json!({"appCommandMetadata": metadata, "space": stand::space()});
        let answered = add_on("appCommandPayload", &bare, &json!({}));
        bare["message"] = json!({"text": format!("/{name}")});
        bare["appCommandMetadata"]["appCommandId"] = json!(999);
        assert_eq!(answered, add_on("appCommandPayload", &bare, &json!({})), "{name}");
    }
    let renamed = json!({"text": "/fix billing", "slashCommand": {"commandId": manifest::id("recover").to_string()}});
    let event = json!({"type": "MESSAGE", "user": stand::user(), "space": stand::space(), "message": renamed});
    assert!(classic(&event).to_string().contains("A bill higher than hoped"));
}

#[test]
fn a_menu_is_chosen_from_and_an_old_button_says_so() {
    let menu = classic(&stand::typed("/recover", ""));
    let select = widgets(card(&menu)).into_iter().find_map(|one| one.get("selectionInput").cloned()).unwrap();
    let inputs = json!({"pick": input(select["items"][0]["value"].as_str().unwrap())});
    let picked = click(&select["onChangeAction"], &inputs);
    assert_eq!(picked["actionResponse"]["type"], "UPDATE_MESSAGE");
    action(card(&picked), "Another");
    for carried in ["", "v0 press recover", "v1 jump recover"] {
        let old = click(&json!({"parameters": [{"key": CARRIED, "value": carried}]}), &json!({}));
        assert_eq!(old["text"], crate::say::words::OLD_BUTTON, "{carried}");
    }
}

#[test]
fn every_kind_of_token_is_taken_for_what_it_is_for_alone() {
    const ADDRESS: Variables = &[("GOOGLE_CHAT_AUDIENCE", URL), ("GOOGLE_CHAT_KEYS", STAND_KEYS)];
    const NUMBER: Variables = &[("GOOGLE_CHAT_AUDIENCE", "1234567890"), ("GOOGLE_CHAT_PROJECT_KEYS", STAND_KEYS)];
    let body = stand::typed("/recover", "billing").to_string();
    let judged = |set: Variables, claims: &Value| deliver(set, claims, &body).map(|_| ());
    let unproved = Err(Refusal::Unproved);
    assert_eq!(judged(SET, &project()), Ok(()));
    assert_eq!(judged(NUMBER, &project()), Ok(()));
    assert_eq!(judged(ADDRESS, &project()), unproved);
    for (email, with_account) in
        [(CHAT, true), (ACCOUNT, true), ("service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com", false)]
    {
        let expected = if with_account { Ok(()) } else { unproved };
        assert_eq!(judged(SET, &address(email)), expected, "{email}");
        assert_eq!(judged(ADDRESS, &address(email)), if email == CHAT { Ok(()) } else { unproved }, "{email}");
        assert_eq!(judged(NUMBER, &address(email)), unproved, "{email}");
    }
    let with = |mut claims: Value, name: &str, value: Value| {
        claims[name] = value;
        claims
    };
    assert_eq!(judged(SET, &with(address(CHAT), "iss", json!("accounts.google.com"))), Ok(()));
    assert_eq!(judged(SET, &with(project(), "exp", json!(AT - 900))), Err(Refusal::Stale));
    for claims in [
        with(address(CHAT), "email_verified", json!(false)),
        with(address(CHAT), "email", json!(null)),
        with(address(CHAT), "aud", json!(format!("{URL}/"))),
        with(address(CHAT), "aud", json!("1234567890")),
        with(address(CHAT), "iss", json!(CHAT)),
        with(project(), "aud", json!(URL)),
        with(project(), "aud", json!(1_234_567_890)),
        with(project(), "iss", json!("https://accounts.google.com")),
    ] {
        assert_eq!(judged(SET, &claims), unproved, "{claims}");
    }
}

#[test]
fn every_answer_over_the_whole_book_fits() {
    let hostile = "<users/all> *x* [a](https://x) 💙".repeat(8);
    let letter = Letter { add_on: Some(URL.into()), viewer: Some("users/1".into()), name: hostile.clone() };
    let written = |text: String, gesture| {
        let call = Call { ask: Ask::umbrella(text), gesture, ..Call::default() };
        let reply = outgoing::reply(&letter, &call, &answer(book(), &call.ask, 7));
        assert!(reply.body.len() < 32_000, "{} {gesture:?}: {}", call.ask.text, reply.body.len());
    };
    for topic in book().topics() {
        for mark in ["all", "all why", "steps", "letter", "why", "share", "help"] {
            written(format!("{} {mark}", topic.dotted()), Gesture::Typed);
        }
        let values: Vec<(&str, &str)> = topic.slots.iter().map(|slot| (&*slot.name, &*hostile)).collect();
        for phrase in &topic.phrases {
            for gesture in [Gesture::Typed, Gesture::Pressed, Gesture::Open, Gesture::Filled, Gesture::Shared] {
                written(Choice::ask(topic, Some(&phrase.id), "", &values), gesture);
            }
        }
        written(Choice::ask(topic, None, "all why", &values), Gesture::Typed);
        written(Choice::ask(topic, None, "letter", &values), Gesture::Typed);
    }
    for text in ["", "help", "list", "sources", "search bill", "recover", "check", &hostile, &"<".repeat(16_000)] {
        written(text.into(), Gesture::Typed);
    }
}
