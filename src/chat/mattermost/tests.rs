//! Deliveries in, messages out.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::{
    seal::{Meaning, Purpose},
    *,
};
use crate::{
    chat::{Adapter as _, Outbound},
    say::{answer::answer, ask::Choice, book::Phrasebook},
    shelf::tests::book,
};

const TOKEN: &str = "7k4m9x2q8w5e1r6t3y0u1i2o3p";
const OTHER: &str = "aaaaaaaaaabbbbbbbbbbcccccc";
const AT: i64 = 1_760_000_000;
const SITE: &str = "https://chat.example.test";
const HOOK: &str = "https://chat.example.test/hooks/commands/h1h2h3h4h5h6h7h8h9h0h1h2h3";
const USER: &str = "u1u2u3u4u5u6u7u8u9u0u1u2u3";
const MV1: &str = "channel_id=b1c2d3e4f5g6h7i8j9k0l1m2n3&channel_name=town-square&command=%2Frecover&response_url=https%3A%2F%2Fchat.example.test%2Fhooks%2Fcommands%2Fh1h2h3h4h5h6h7h8h9h0h1h2h3&root_id=&team_domain=acme&team_id=t1t2t3t4t5t6t7t8t9t0t1t2t3&text=billing+%40alex+~support&token=7k4m9x2q8w5e1r6t3y0u1i2o3p&trigger_id=VFJJRw%3D%3D&user_id=u1u2u3u4u5u6u7u8u9u0u1u2u3&user_mentions=alex&user_mentions_ids=a1a2a3a4a5a6a7a8a9a0a1a2a3&user_name=pat";

fn keys() -> SealKeys {
    SealKeys::new(&[Secret::from("saywell-context-key-0001")])
}

fn bare() -> Mattermost {
    Mattermost::new(vec![(Secret::from(OTHER), None), (Secret::from(TOKEN), Some(SITE.into()))])
}

fn mattermost() -> Mattermost {
    bare().buttons(keys(), "https://saywell.example.test".into())
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn deliver(
    mattermost: &Mattermost,
    door: &str,
    pairs: &[(&str, &str)],
    query: &str,
    body: &[u8],
    at: i64,
) -> Result<Reply, Refusal> {
    let headers = headers(pairs);
    let delivery = Delivery { door, headers: &headers, query, body, at, book: book() };
    mattermost.handle(delivery, &mut |call| answer(book(), &call.ask, 0))
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn read(reply: &Reply) -> Json {
    serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("{reply:?}"))
}

fn command(mattermost: &Mattermost, command: &str, text: &str) -> Json {
    let pairs = [
        ("token", TOKEN),
        ("command", command),
        ("text", text),
        ("user_id", USER),
        ("team_id", "t"),
        ("response_url", HOOK),
    ];
    let message = read(&deliver(mattermost, "commands", &[], "", form(&pairs).as_bytes(), AT).unwrap());
    assert_eq!(message["skip_slack_parsing"], true);
    message
}

fn action(message: &Json, id: &str) -> Json {
    let actions = message["attachments"][0]["actions"].as_array();
    let action = actions.into_iter().flatten().find(|action| action["id"] == id);
    action.unwrap_or_else(|| panic!("no {id} in {message:#}")).clone()
}

fn has(message: &Json, id: &str) -> bool {
    message["attachments"][0]["actions"].as_array().into_iter().flatten().any(|action| action["id"] == id)
}

fn context(message: &Json, id: &str) -> Json {
    action(message, id)["integration"]["context"].clone()
}

fn click(mattermost: &Mattermost, context: &Json, at: i64) -> Result<Reply, Refusal> {
    let body = json!({
        "user_id": USER, "user_name": "pat", "channel_id": "c", "team_id": "", "post_id": "p", "trigger_id": "VFJJRw==",
        "type": "button", "data_source": "", "context": context,
    });
    deliver(mattermost, "actions", &[], "", body.to_string().as_bytes(), at)
}

fn press(mattermost: &Mattermost, message: &Json, id: &str) -> Reply {
    click(mattermost, &context(message, id), AT + 5).unwrap()
}

/// The one message after a reply that says nothing.
fn after(reply: &Reply) -> (String, Json) {
    let [Outbound { url, bearer: None, body }] = &*reply.after else { panic!("{reply:?}") };
    says_nothing(reply);
    (url.clone(), serde_json::from_slice(body).unwrap())
}

/// An older server shows an error where there is no JSON to be read.
fn says_nothing(reply: &Reply) {
    assert_eq!((&*reply.body, reply.content_type), (&b"{}"[..], Some("application/json; charset=utf-8")));
}

fn with_blank(book: &Phrasebook) -> String {
    book.topics()
        .flat_map(|topic| topic.phrases.iter().map(move |phrase| (topic, phrase)))
        .find(|(_, phrase)| !phrase.say.required().is_empty())
        .map(|(topic, phrase)| topic.phrase_id(phrase))
        .unwrap()
}

#[test]
fn a_command_with_a_token_of_the_list_is_taken_wherever_the_token_stands() {
    let authorization = format!("Token {TOKEN}");
    let json =
        json!({"token": TOKEN, "command": "/recover", "text": "billing", "user_mentions": ["a", "b"]}).to_string();
    let without = MV1.replace(&format!("&token={TOKEN}"), "");
    let again = format!("{MV1}&user_mentions=sam&user_mentions_ids=s1s2s3s4s5s6s7s8s9s0s1s2s3");
    let bearer = ("authorization", "Bearer x");
    let own = ("authorization", authorization.as_str());
    let is_json = ("content-type", "application/json; charset=utf-8");
    for (pairs, query, body) in [
        (&[][..], "", MV1),
        (&[own][..], "", MV1),
        (&[bearer][..], "", MV1),
        (&[own][..], "", &*without),
        (&[][..], "", &*again),
        (&[][..], MV1, ""),
        (&[own][..], &*without, ""),
        (&[][..], &*format!("x=y&{MV1}"), ""),
        (&[is_json][..], "", &*json),
    ] {
        let reply = deliver(&mattermost(), "commands", pairs, query, body.as_bytes(), AT).unwrap();
        assert_eq!(reply.content_type, Some("application/json; charset=utf-8"));
        let message = read(&reply);
        assert_eq!(message["response_type"], "ephemeral");
        assert_eq!(message["skip_slack_parsing"], true);
    }
}

#[test]
fn what_a_command_says_is_read_as_it_was_typed() {
    let (mattermost, headers) = (mattermost(), headers(&[]));
    let delivery =
        Delivery { door: "commands", headers: &headers, query: "", body: MV1.as_bytes(), at: AT, book: book() };
    let Event::Call(call, letter) = mattermost.read(delivery).unwrap().take() else { panic!() };
    assert_eq!((&*call.ask.command, &*call.ask.text), ("recover", "billing @alex ~support"));
    assert_eq!((&*call.user, &*call.team), (USER, "t1t2t3t4t5t6t7t8t9t0t1t2t3"));
    assert_eq!(letter.ticket.as_deref(), Some("VFJJRw=="));
}

#[test]
fn a_token_that_is_not_of_the_list_is_refused() {
    let with = |token: &str| MV1.replace(TOKEN, token);
    let json = ("content-type", "application/json");
    let own = format!("Token {TOKEN}");
    for (pairs, body) in [
        (&[][..], with("7k4m9x2q8w5e1r6t3y0u1i2o3q")),
        (&[], with("7k4m9x2q8w5e1r6t3y0u1i2o3")),
        (&[], with("7K4M9X2Q8W5E1R6T3Y0U1I2O3P")),
        (&[], with("7k4m9x2q8w5e1r6t3y0u1i2o3p%00")),
        (&[], with("7k4m9x2q8w5e1r6t3y0u1i2o3p+")),
        (&[], with("")),
        (&[], with(&format!("{TOKEN},{OTHER}"))),
        (&[], MV1.replace("&token=", "&tokens=")),
        (&[], format!("{MV1}&token={TOKEN}")),
        (&[], format!("token=x&{MV1}")),
        (&[], String::new()),
        (&[], "\u{0}{]".into()),
        (&[("authorization", OTHER)], with("x")),
        (&[("authorization", &format!("Token {OTHER}"))], MV1.into()),
        (&[("authorization", &own), ("authorization", &own)], MV1.into()),
        (&[("authorization", &format!("Bearer {TOKEN}"))], with("")),
        (&[json], MV1.into()),
        (&[json], format!("{{\"token\":\"{TOKEN}\",\"token\":\"{TOKEN}\",\"command\":\"/recover\"}}")),
        (&[json], format!("{{\"token\":[\"{TOKEN}\"],\"command\":\"/recover\"}}")),
    ] {
        let refused = deliver(&mattermost(), "commands", pairs, "", body.as_bytes(), AT);
        assert_eq!(refused, Err(Refusal::Unproved), "{pairs:?} {body}");
    }
    assert_eq!(deliver(&Mattermost::new(vec![]), "commands", &[], "", MV1.as_bytes(), AT), Err(Refusal::Unproved));
    assert_eq!(deliver(&mattermost(), "nowhere", &[], "", MV1.as_bytes(), AT), Err(Refusal::NoDoor));
    let header = [("authorization", own.as_str())];
    for body in [&b"\xff\xfe"[..], b"command=%2Frecover&text=%ff", b"text=billing", b"{", b"command=a&command=b"] {
        let refused = deliver(&mattermost(), "commands", &header, "", body, AT);
        assert_eq!(refused, Err(Refusal::Unreadable), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn only_our_own_seals_open_for_the_one_they_were_made_for_while_they_live() {
    let mattermost = mattermost();
    let message = command(&mattermost, "/recover", "billing 1");
    let seal = context(&message, "another")["seal"].as_str().unwrap().to_owned();
    let with = |seal: &str, at: i64| click(&mattermost, &json!({"seal": seal}), at).map(|_| ());
    assert_eq!(with(&seal, AT + 86_400), Ok(()));
    assert_eq!(with(&seal, AT + 86_401), Err(Refusal::Stale));
    assert_eq!(with(&seal, AT - 86_401), Err(Refusal::Stale));
    let foreign = SealKeys::new(&[Secret::from("another")]).seal(b"mattermost action", b"{}").unwrap();
    let forged = [
        String::new(),
        format!("{seal}A"),
        format!("{seal} "),
        seal[1..].into(),
        seal[..64].into(),
        format!("A{}", &seal[1..]),
        foreign,
        keys().seal(b"mattermost action", b"{}").unwrap(),
        "é".repeat(40),
    ];
    for forged in forged {
        assert_eq!(with(&forged, AT), Err(Refusal::Unproved), "{forged}");
    }
    let click = |body: &Json| deliver(&mattermost, "actions", &[], "", body.to_string().as_bytes(), AT).map(|_| ());
    let context = json!({"seal": seal});
    assert_eq!(click(&json!({"user_id": USER, "context": context})), Ok(()));
    for body in [
        json!({"user_id": "another", "context": context}),
        json!({"context": context}),
        json!({"user_id": USER}),
        json!({"user_id": USER, "context": null}),
        json!({"user_id": USER, "context": {"seal": 7}}),
        json!([]),
    ] {
        assert_eq!(click(&body), Err(Refusal::Unproved), "{body}");
    }
    let moved = json!({"user_id": USER, "state": seal, "submission": {}}).to_string();
    assert_eq!(deliver(&mattermost, "dialogs", &[], "", moved.as_bytes(), AT), Err(Refusal::Unproved), "another door");
    assert_eq!(
        deliver(&bare(), "actions", &[], "", json!({"user_id": USER, "context": context}).to_string().as_bytes(), AT),
        Err(Refusal::Unproved),
        "without a key everything is refused"
    );
}

#[test]
fn an_old_button_gets_a_kind_word() {
    let mattermost = mattermost();
    let message = command(&mattermost, "/recover", "billing 1");
    let seal = context(&message, "another")["seal"].as_str().unwrap().to_owned();
    let opened = Meaning::open(&seal, &keys(), Purpose::Action, USER, AT);
    let Ok((_, meaning)) = opened else { panic!("{seal}") };
    for does in ["", "explode", "Another"] {
        let old = Meaning { does: does.into(), ..meaning.clone() }.seal(&keys(), Purpose::Action);
        let reply = read(&click(&mattermost, &json!({"seal": old}), AT).unwrap());
        assert!(reply["ephemeral_text"].as_str().unwrap().contains("older version"), "{does}: {reply}");
    }
}

#[test]
fn answers_go_only_to_addresses_of_the_tokens_own_site() {
    for (url, good) in [
        (HOOK, true),
        ("https://chat.example.test:443/hooks/commands/abc", true),
        ("https://CHAT.example.test/hooks/commands/abc", true),
        ("http://chat.example.test/hooks/commands/abc", false),
        ("https://chat.example.test/hooks/commands/", false),
        ("https://chat.example.test/hooks/abc", false),
        ("https://chat.example.test/hooks/commands/../abc", false),
        ("https://chat.example.test/hooks/commands/a/b", false),
        ("https://chat.example.test/hooks/commands/%2e%2e", false),
        ("https://chat.example.test/hooks/commands/a?b", false),
        ("https://chat.example.test:8065/hooks/commands/abc", false),
        ("https://chat.example.test.evil.example/hooks/commands/abc", false),
        ("https://chat.example.test@evil.example/hooks/commands/abc", false),
        ("https://u@chat.example.test/hooks/commands/abc", false),
        ("https://evil.example/hooks/commands/abc", false),
        ("https://evil.example\\@chat.example.test/hooks/commands/abc", false),
        ("//chat.example.test/hooks/commands/abc", false),
        ("", false),
    ] {
        assert_eq!(mattermost().site(url).is_some(), good, "{url}");
    }
    assert!(is_hook("https://x.test/chat/hooks/commands/a", "https://x.test/chat"));
    assert!(!is_hook("https://x.test/hooks/commands/a", "https://x.test/chat"));
    assert!(!is_hook("https://x.test/chatter/hooks/commands/a", "https://x.test/chat"));
    assert!(!is_hook("https://x.test.evil.example/hooks/commands/a", "https://x.test"));
    assert_eq!(mattermost().origins(), [SITE]);
    // The other token has no site, so nothing is sent on its behalf.
    let other = MV1.replace(TOKEN, OTHER);
    let message = read(&deliver(&mattermost(), "commands", &[], "", other.as_bytes(), AT).unwrap());
    assert!(has(&message, "another") && !has(&message, "share") && !has(&message, "fill"), "{message:#}");
    let reply = press(&mattermost(), &message, "another");
    assert!(reply.after.is_empty() && read(&reply)["ephemeral_text"].is_string());
}

#[test]
fn another_and_share_are_new_messages_while_the_command_takes_them() {
    let mattermost = mattermost();
    let mut shown = command(&mattermost, "/apology", "sincere 1 Ana");
    let mut texts = vec![shown["text"].clone()];
    for _ in 0..4 {
        let (url, next) = after(&press(&mattermost, &shown, "another"));
        assert_eq!((&*url, &next["response_type"]), (HOOK, &json!("ephemeral")));
        assert!(!texts.contains(&next["text"]), "{next:#}");
        texts.push(next["text"].clone());
        shown = next;
    }
    // The last message is kept for Share.
    let reply = press(&mattermost, &shown, "another");
    assert!(reply.after.is_empty());
    assert!(read(&reply)["ephemeral_text"].as_str().unwrap().contains("/apology sincere"), "what to type");
    let (url, shared) = after(&press(&mattermost, &shown, "share"));
    assert_eq!((&*url, &shared["response_type"]), (HOOK, &json!("in_channel")));
    assert!(shared.get("attachments").is_none() && !shared["text"].as_str().unwrap().contains("**"), "{shared:#}");
    // After half an hour it takes nothing.
    let late = click(&mattermost, &context(&shown, "share"), AT + 1_800).unwrap();
    assert!(late.after.is_empty() && read(&late)["ephemeral_text"].as_str().unwrap().contains("share"));
    let typed = command(&mattermost, "/recover", "billing 1 share");
    assert_eq!((&typed["response_type"], typed.get("attachments")), (&json!("in_channel"), None));
}

#[test]
fn newer_servers_replace_the_message() {
    let mattermost = mattermost().updates(true);
    let message = command(&mattermost, "/recover", "billing 1");
    let reply = press(&mattermost, &message, "another");
    assert!(reply.after.is_empty());
    let update = &read(&reply)["update"];
    assert_ne!(update["message"], message["text"]);
    assert!(has(&update["props"], "another"), "{update:#}");
}

#[test]
fn blanks_are_filled_in_a_form_and_then_shared() {
    let mattermost = mattermost();
    let message = command(&mattermost, "/saywell", &with_blank(book()));
    for (id, response_type) in [("fill", "ephemeral"), ("share", "in_channel")] {
        let (url, open) = after(&press(&mattermost, &message, id));
        assert_eq!(url, "https://chat.example.test/api/v4/actions/dialogs/open");
        assert_eq!(open["trigger_id"], "VFJJRw==");
        assert_eq!(open["url"], "https://saywell.example.test/mattermost/dialogs");
        // It passes through the browser of whoever fills it in.
        let state = open["dialog"]["state"].as_str().unwrap();
        assert!(state.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{state}");
        assert!(!open.to_string().contains("hooks"), "{open:#}");
        let fields = open["dialog"]["elements"].as_array().unwrap();
        let values: serde_json::Map<String, Json> =
            fields.iter().map(|field| (field["name"].as_str().unwrap().into(), "Ann \"Bo\" @here".into())).collect();
        let submit = |more: Json, at: i64| {
            let mut body = json!({
                "type": "dialog_submission", "callback_id": "fill", "state": open["dialog"]["state"], "user_id": USER,
                "channel_id": "c", "team_id": "t", "submission": values, "cancelled": false,
            });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            deliver(&mattermost, "dialogs", &[], "", body.to_string().as_bytes(), at)
        };
        let (url, filled) = after(&submit(json!({}), AT + 60).unwrap());
        assert_eq!((&*url, &filled["response_type"]), (HOOK, &json!(response_type)));
        let text = filled["text"].as_str().unwrap();
        assert!(text.contains("@\u{200b}here") && !text.contains("@here"), "{text}");
        says_nothing(&submit(json!({"cancelled": true}), AT + 60).unwrap());
        assert!(read(&submit(json!({}), AT + 1_800).unwrap())["error"].is_string());
        assert_eq!(submit(json!({"user_id": "another"}), AT), Err(Refusal::Unproved));
        let (_, empty) = after(&submit(json!({"submission": {"customer": null, "x": true, "n": 5}}), AT).unwrap());
        assert_eq!(empty["response_type"], "ephemeral", "blanks that stay open are not shared");
        assert!(submit(json!({"submission": null}), AT).is_ok());
    }
}

#[test]
fn without_an_address_of_our_own_answers_say_what_to_type() {
    let message = command(&bare(), "/recover", "billing 1 Ana");
    assert!(message.get("attachments").is_none());
    let text = message["text"].as_str().unwrap();
    for typed in [
        "**Another** `/recover billing.",
        "**Next: Own** `/recover billing own customer=\"Ana\"`",
        " share",
        "**Fill in** `/recover billing.",
    ] {
        assert!(text.contains(typed), "{typed} in {text}");
    }
    let menu = command(&bare(), "/recover", "");
    assert!(menu["text"].as_str().unwrap().contains("- `/recover billing` **"), "{menu:#}");
}

#[test]
fn a_menus_choice_is_answered() {
    let mattermost = mattermost();
    let menu = command(&mattermost, "/recover", "");
    let pick = action(&menu, "pick");
    let mut context = pick["integration"]["context"].clone();
    context["selected_option"] = pick["options"][0]["value"].clone();
    let (_, message) = after(&click(&mattermost, &context, AT).unwrap());
    assert!(has(&message, "another"), "{message:#}");
    let all = command(&mattermost, "/recover", "billing all");
    assert!(action(&all, "pick")["options"].as_array().unwrap().len() > 1);
}

/// Everything that Mattermost would refuse.
fn check(message: &Json, what: &str) {
    let length = |text: &Json, most: usize| {
        let length = text.as_str().unwrap_or_else(|| panic!("{what}: {text}")).encode_utf16().count();
        assert!((1..=most).contains(&length), "{what}: {length} of {most}");
    };
    if let Some(dialog) = message.get("dialog") {
        length(&dialog["title"], 24);
        length(&dialog["submit_label"], 24);
        let elements = dialog["elements"].as_array().unwrap();
        for element in elements {
            length(&element["display_name"], 24);
            length(&element["name"], 300);
            length(&element["placeholder"], 150);
            length(&element["help_text"], 150);
            let most = element["max_length"].as_u64().unwrap();
            assert!(most <= if element["type"] == "text" { 150 } else { 3_000 }, "{what}: {element}");
            if let Some(default) = element.get("default") {
                length(default, usize::try_from(most).unwrap());
            }
            assert_eq!(elements.iter().filter(|other| other["name"] == element["name"]).count(), 1);
        }
        return;
    }
    if let Some(line) = message.get("ephemeral_text") {
        return length(line, 16_383);
    }
    length(&message["text"], 16_383);
    let mut ids = Vec::new();
    for action in
        message["attachments"].as_array().into_iter().flatten().flat_map(|one| one["actions"].as_array().unwrap())
    {
        let id = action["id"].as_str().unwrap();
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric()) && !ids.contains(&id), "{what}: {id}");
        ids.push(id);
        length(&action["name"], 75);
        for option in action["options"].as_array().into_iter().flatten() {
            length(&option["text"], 75);
            length(&option["value"], 2_000);
        }
    }
    assert!(ids.len() <= 6, "{what}: {ids:?}");
}

#[test]
fn every_answer_over_the_whole_book_keeps_to_the_limits() {
    use crate::chat::Gesture;
    use crate::say::ask::Ask;
    let (book, mattermost) = (book(), mattermost());
    let hostile = "<!channel> @here *x* `y` [a](https://x) ".repeat(20);
    let talk = Talk { to: Some(HOOK.into()), since: AT, at: AT, ..Talk::default() };
    let written = |text: String, gesture| {
        let letter = Letter { talk: talk.clone(), ticket: Some("x".into()) };
        let call = Call { user: USER.into(), ask: Ask::umbrella(text), gesture, ..Call::default() };
        let reply = mattermost.reply(letter, &call, &answer(book, &call.ask, 7));
        for body in
            reply.after.into_iter().map(|outbound| outbound.body).chain([reply.body]).filter(|body| body != b"{}")
        {
            check(&serde_json::from_slice(&body).unwrap(), &call.ask.text);
        }
    };
    for topic in book.topics() {
        for mark in ["all", "all why", "steps", "why", "share", "help", "99", "no=1 such=2"] {
            written(format!("{} {mark}", topic.dotted()), Gesture::Typed);
        }
        for phrase in &topic.phrases {
            let values: Vec<(&str, &str)> = topic.slots.iter().map(|slot| (&*slot.name, &*hostile)).collect();
            for gesture in [Gesture::Typed, Gesture::Pressed, Gesture::Open, Gesture::Filled, Gesture::Shared] {
                written(Choice::ask(topic, Some(&phrase.id), "", &[]), gesture);
                written(Choice::ask(topic, Some(&phrase.id), "", &values), gesture);
            }
            written(Choice::ask(topic, Some(&phrase.id), "share", &values), Gesture::Shared);
        }
        written(format!("{} all why rest {hostile}", topic.dotted()), Gesture::Typed);
    }
    let many = (0..2_000).map(|number| format!("a{number}=<b>")).collect::<Vec<_>>().join(" ");
    for text in
        ["", "help", "list", "sources", "sources dont-be-sorry", "search bill", "recover", "recover help", &hostile]
    {
        written(text.into(), Gesture::Typed);
    }
    written(format!("recover billing {many}"), Gesture::Typed);
    written("<".repeat(16_000), Gesture::Typed);
}

#[test]
fn a_draft_is_pasted_into_a_field_of_several_lines() {
    let mattermost = mattermost();
    let draft = "Hi \"Bo\",\nit comes today.\nYou never called us.";
    let reviewed = |message: &Json| {
        assert_eq!(message["response_type"], "ephemeral");
        let text = message["text"].as_str().unwrap();
        assert!(text.starts_with("**One thing to look at again.**") && text.contains("“You never"), "{text}");
    };
    reviewed(&command(&mattermost, "/check", draft));
    let message = command(&mattermost, "/check", "");
    check(&message, "what leads to the form");
    let (_, open) = after(&press(&mattermost, &message, "fill"));
    let [field] = &**open["dialog"]["elements"].as_array().unwrap() else { panic!("{open:#}") };
    assert_eq!((&field["type"], &field["optional"]), (&"textarea".into(), &false.into()));
    let body = json!({
        "user_id": USER, "state": open["dialog"]["state"], "submission": {field["name"].as_str().unwrap(): draft},
    });
    let reply = deliver(&mattermost, "dialogs", &[], "", body.to_string().as_bytes(), AT + 60).unwrap();
    reviewed(&after(&reply).1);
    // Without buttons it is said what to type, and nothing that does not work.
    let text = command(&bare(), "/check", "")["text"].as_str().unwrap().to_owned();
    assert!(text.contains("`/check your draft`") && !text.contains("Paste a draft"), "{text}");
    assert!(!message["text"].as_str().unwrap().contains("Paste a draft"));
}
