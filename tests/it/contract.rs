//! One contract for all chat platforms: the same deliveries at every one, each of which ends in a refusal or in harmless
//! text. A platform joins by being listed in [`PLATFORMS`].

use std::time::{SystemTime, UNIX_EPOCH};

use saywell::chat::proof::{HmacKeys, Pair, Secret, hex};
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use crate::{
    harness::book,
    laws::live,
    running::{Got, Running},
};

/// What the contract has to know of a platform.
struct Platform {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    /// Whether its proof covers the body, and the time.
    signs: bool,
    /// A command as the platform delivers it, with this proof.
    ask: fn(command: &str, text: &str, proof: Proof) -> Delivery,
    /// Every text of a reply that a person reads, with its limit in UTF-16 units.
    texts: fn(reply: &Json) -> Vec<(String, usize)>,
    /// What would act in a text: a mention, a disguised link. Its own marks are no part of what is given here.
    live: fn(text: &str) -> Option<String>,
}

const PLATFORMS: &[Platform] = &[SLACK, MATTERMOST, DISCORD];

/// How a delivery is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Right,
    Missing,
    /// Of the right form, made with another key.
    Wrong,
    Empty,
    /// Cut by one.
    Short,
    Twice,
    /// Right, but so many seconds ago.
    Old(i64),
}

#[derive(Debug, Clone)]
struct Delivery {
    path: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

// ---- the platforms -------------------------------------------------------------------------------------------------

const SECRET: &str = "saywell-contract-secret-0001";
const OTHER: &str = "saywell-contract-secret-0002";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn every<'j>(json: &'j Json, visit: &mut impl FnMut(&'j Json)) {
    visit(json);
    match json {
        Json::Array(all) => all.iter().for_each(|one| every(one, visit)),
        Json::Object(all) => all.values().for_each(|one| every(one, visit)),
        _ => {}
    }
}

const SLACK: Platform = Platform {
    name: "slack",
    settings: &[("SLACK_SIGNING_SECRET", SECRET)],
    signs: true,
    ask: |command, text, proof| {
        let body = form(&[("command", command), ("text", text), ("user_id", "U0USER001"), ("team_id", "T0SAYWELL")]);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
        let at = if let Proof::Old(seconds) = proof { now - seconds } else { now }.to_string();
        let key = if proof == Proof::Wrong { OTHER } else { SECRET };
        let mac = HmacKeys::new(&[Secret::from(key)]).sign(&[b"v0:", at.as_bytes(), b":", body.as_bytes()]).unwrap();
        let mut signature = format!("v0={}", hex(&mac));
        match proof {
            Proof::Short => drop(signature.pop()),
            Proof::Empty => signature.clear(),
            _ => {}
        }
        let mut headers = vec![(FORM.0, FORM.1.to_owned()), ("x-slack-request-timestamp", at)];
        let times = match proof {
            Proof::Missing => 0,
            Proof::Twice => 2,
            _ => 1,
        };
        headers.extend((0..times).map(|_| ("x-slack-signature", signature.clone())));
        Delivery { path: "/slack/commands", headers, body: body.into() }
    },
    texts: |reply| {
        let mut texts = vec![(reply["text"].as_str().unwrap().to_owned(), 4_000)];
        every(&reply["blocks"], &mut |json| {
            if let Some(text) = json["text"].as_str() {
                texts.push((text.to_owned(), if json["type"] == "mrkdwn" { 3_000 } else { 150 }));
            }
        });
        texts
    },
    live: live::slack,
};

const MATTERMOST: Platform = Platform {
    name: "mattermost",
    settings: &[
        ("MATTERMOST_TOKEN", SECRET),
        ("MATTERMOST_SITE_URL", "http://127.0.0.1:9"),
        ("SAYWELL_PUBLIC_URL", "http://127.0.0.1:9"),
    ],
    signs: false,
    ask: |command, text, proof| {
        let short = &SECRET[..SECRET.len() - 1];
        let tokens: &[&str] = match proof {
            Proof::Right | Proof::Old(_) => &[SECRET],
            Proof::Missing => &[],
            Proof::Wrong => &[OTHER],
            Proof::Empty => &[""],
            Proof::Short => &[short],
            Proof::Twice => &[SECRET, SECRET],
        };
        let mut pairs = vec![("command", command), ("text", text), ("user_id", "u1"), ("team_id", "t1")];
        pairs.extend(tokens.iter().map(|token| ("token", *token)));
        let hook = "http://127.0.0.1:9/hooks/commands/h1";
        pairs.extend([("response_url", hook), ("user_mentions", "a"), ("user_mentions", "b")]);
        let headers = vec![(FORM.0, FORM.1.to_owned())];
        Delivery { path: "/mattermost/commands", headers, body: form(&pairs).into() }
    },
    texts: |reply| {
        let mut texts = vec![(reply["text"].as_str().unwrap().to_owned(), 16_383)];
        every(&reply["attachments"], &mut |json| {
            for name in ["name", "fallback"] {
                texts.extend(json[name].as_str().map(|text| (text.to_owned(), 75)));
            }
        });
        texts
    },
    live: live::mattermost,
};

const DISCORD: Platform = Platform {
    name: "discord",
    // The key of these words: see `ask`.
    settings: &[("DISCORD_PUBLIC_KEY", "b6f7175009b5a1c3d9bd246a4e8a7a6d109a40b26edcb582b77e20f7cbddfd65")],
    signs: true,
    ask: |command, text, proof| {
        let options = json!([{"name": "topic", "type": 3, "value": text}]);
        let data = json!({"name": command.trim_start_matches('/'), "type": 1, "options": options});
        let body = json!({"type": 2, "data": data, "member": {"user": {"id": "30"}}, "guild_id": "10"}).to_string();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
        let at = if let Proof::Old(seconds) = proof { now - seconds } else { now }.to_string();
        let words = if proof == Proof::Wrong { "saywell discord test key 2" } else { "saywell discord test key 1" };
        let mut signature = hex(&Pair::of(words).sign(&[at.as_bytes(), body.as_bytes()]));
        match proof {
            Proof::Short => drop(signature.pop()),
            Proof::Empty => signature.clear(),
            _ => {}
        }
        let times = match proof {
            Proof::Missing => 0,
            Proof::Twice => 2,
            _ => 1,
        };
        let mut headers = vec![("content-type", "application/json".to_owned()), ("x-signature-timestamp", at)];
        headers.extend((0..times).map(|_| ("x-signature-ed25519", signature.clone())));
        Delivery { path: "/discord/interactions", headers, body: body.into() }
    },
    texts: |reply| {
        assert_eq!(reply["data"]["allowed_mentions"], json!({"parse": []}));
        // What stands in controls is read as it is.
        let mut texts = vec![(reply["data"]["content"].as_str().unwrap().to_owned(), 2_000)];
        every(&reply["data"]["embeds"], &mut |json| {
            for (name, most) in [("title", 256), ("description", 4_096), ("name", 256)] {
                texts.extend(json[name].as_str().map(|text| (text.to_owned(), most)));
            }
            if json["inline"].is_boolean() {
                texts.push((json["value"].as_str().unwrap().to_owned(), 1_024));
            }
        });
        texts.retain(|(text, _)| !text.is_empty());
        texts
    },
    live: live::discord,
};

// ---- the contract --------------------------------------------------------------------------------------------------

impl Platform {
    fn start(&self) -> Running {
        let common = [("SAYWELL_SECRET", SECRET), ("SAYWELL_RATE_LIMIT", "off")];
        Running::start(&[&common[..], self.settings].concat())
    }

    /// What a person reads; every reply keeps to the limits, and nothing in it acts.
    fn read(&self, got: &Got, what: &str) -> String {
        assert_eq!(got.status, 200, "{} {what}: {}", self.name, got.text());
        assert!(got.header("content-type").unwrap().starts_with("application/json"), "{} {what}", self.name);
        let texts = (self.texts)(&got.json());
        for (text, most) in &texts {
            let length = text.encode_utf16().count();
            assert!((1..=*most).contains(&length), "{} {what}: {length} of {most}: {text}", self.name);
            assert_eq!((self.live)(text), None, "{} {what}: {text}", self.name);
            let acts = |c: char| {
                c.is_control() && c != '\n'
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
            };
            assert!(!text.contains(acts), "{} {what}: {text:?}", self.name);
        }
        texts.into_iter().map(|(text, _)| text + "\n").collect()
    }
}

fn post(service: &Running, delivery: &Delivery) -> Got {
    let headers: Vec<(&str, &str)> = delivery.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    service.send("POST", delivery.path, &headers, &delivery.body)
}

#[test]
fn whatever_is_not_proved_is_refused_without_detail() {
    for platform in PLATFORMS {
        let service = platform.start();
        let ask = |proof| (platform.ask)("/recover", "billing", proof);
        let refused = |delivery: &Delivery, what: &str| {
            let got = post(&service, delivery);
            assert_eq!(got.status, 401, "{} {what}: {}", platform.name, got.text());
            assert!(got.body.len() < 200 && !got.text().contains(SECRET), "{} {what}: {}", platform.name, got.text());
        };
        platform.read(&post(&service, &ask(Proof::Right)), "genuine");
        for proof in [Proof::Missing, Proof::Wrong, Proof::Empty, Proof::Short, Proof::Twice] {
            refused(&ask(proof), &format!("{proof:?}"));
        }
        let unproved = ask(Proof::Missing);
        for body in [&b""[..], b"\xff\xfe\0", b"{", b"[[[[", b"a=b&a=b", b"%%%=%"] {
            refused(&Delivery { body: body.into(), ..unproved.clone() }, &format!("unproved {body:?}"));
        }
        if platform.signs {
            refused(&ask(Proof::Old(310)), "stale");
            refused(&ask(Proof::Old(-320)), "from the future");
            let right = ask(Proof::Right);
            for at in [0, right.body.len() / 2, right.body.len() - 1] {
                let mut altered = right.clone();
                altered.body[at] ^= 1;
                refused(&altered, &format!("altered at {at}"));
            }
            refused(&Delivery { body: [&right.body[..], b"&"].concat(), ..right }, "one byte more");
        }
    }
}

#[test]
fn what_is_proved_and_still_unfit_is_refused() {
    for platform in PLATFORMS {
        let service = platform.start();
        let is_4xx = |delivery: &Delivery, what: &str| {
            let got = post(&service, delivery);
            assert!((400..500).contains(&got.status), "{} {what}: {} {}", platform.name, got.status, got.text());
        };
        let mut large = (platform.ask)("/recover", "billing", Proof::Right);
        large.body.resize(300 * 1024, b'x');
        is_4xx(&large, "too large");
        let mut packed = (platform.ask)("/recover", "billing", Proof::Right);
        packed.headers.push(("content-encoding", "gzip".into()));
        is_4xx(&packed, "packed");
        let right = (platform.ask)("/recover", "billing", Proof::Right);
        for method in ["PUT", "DELETE", "TRACE", "OPTIONS"] {
            let got = service.ask(method, right.path, &[]);
            assert_ne!(got.status, 200, "{} {method}", platform.name);
        }
        // Another content type than the platform's own: refused, or read as what it is.
        let mut other = right.clone();
        other.headers.retain(|(name, _)| *name != "content-type");
        for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x", ";"] {
            let mut other = other.clone();
            other.headers.push(("content-type", kind.into()));
            let got = post(&service, &other);
            assert!(matches!(got.status, 200 | 400..=499), "{} {kind}: {}", platform.name, got.status);
        }
    }
}

#[test]
fn whatever_is_typed_comes_back_as_harmless_text() {
    let long = "wörd ".repeat(800);
    let (signs, mentions) = ("<".repeat(4_000), "@all ".repeat(800));
    let rows = [
        "",
        " ",
        "\0",
        "\u{feff}",
        "=",
        "\"",
        "\\",
        "customer=",
        "=x",
        "100%",
        "{{customer}}",
        "${x} %s %n",
        "{% x %}",
        "*bold* _it_ ~no~ `code` ```block``` **b** __u__ ||s||",
        "> quote",
        "# head",
        "- item",
        "1. item",
        "---",
        "| a | b |",
        "<!channel>",
        "<!here|here>",
        "<!subteam^S0GROUP>",
        "<@U0VICTIM>",
        "<@&1>",
        "<#C1|x>",
        "@here",
        "@channel",
        "@all",
        "@everyone",
        "@HERE",
        "@pat.smith",
        "~town-square",
        "#general",
        "<https://evil.example|Pay>",
        "[Pay](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "mmaction://x",
        "https://evil.example",
        "a@b.c",
        "<!date^1^{date}^https://evil.example|x>",
        "&lt;!channel&gt;",
        "&amp;lt;!channel&amp;gt;",
        "&#64;channel",
        "<<!channel>>",
        "<\u{200b}!channel>",
        "@\u{200b}here",
        "@\u{2060}all",
        "@\u{200d}all",
        "\u{202e}channel@",
        "\u{2066}x\u{2069}",
        "a\u{2028}b\u{2029}c",
        "\u{1b}[31mred",
        "＠here ＜!channel＞",
        "👩‍👩‍👧 🇫🇷 :smile: 💙",
        "Zoë O’Hara",
        "שלום",
        "नमस्ते",
        "\"},\"blocks\":[]",
        "\\u003c!channel\\u003e",
        long.as_str(),
        signs.as_str(),
        mentions.as_str(),
    ];
    for platform in PLATFORMS {
        let service = platform.start();
        let reply = |command: &str, text: &str| {
            let got = post(&service, &(platform.ask)(command, text, Proof::Right));
            platform.read(&got, &format!("{command} {text:.60}"))
        };
        for bad in rows {
            for text in [
                bad.to_owned(),
                format!("billing {bad}"),
                format!("billing 1 customer=\"{bad}\""),
                format!("billing share customer=\"{bad}\""),
                format!("billing {bad}=x"),
                format!("billing all why customer='{bad}'"),
                format!("search {bad}"),
            ] {
                reply("/recover", &text);
            }
            reply("/saywell", bad);
            reply(&format!("/{bad}"), "billing");
        }
        for name in ["Zoë O’Hara", "שלום", "नमस्ते", "👩‍👩‍👧", "Ann 100%"] {
            let text = reply("/recover", &format!("billing 1 customer=\"{name}\""));
            assert!(text.contains(name), "{} {name}: {text}", platform.name);
        }
    }
}

#[test]
fn every_phrase_with_its_blanks_at_their_longest_fits() {
    for platform in PLATFORMS {
        let service = platform.start();
        for filler in ["w".repeat(200), "@".repeat(200), "<&".repeat(100), "💙".repeat(200)] {
            for topic in book().topics() {
                let values: Vec<String> =
                    topic.slots.iter().map(|slot| format!(" {}=\"{filler}\"", slot.name)).collect();
                let values = values.concat();
                let asks = topic.phrases.iter().map(|phrase| topic.phrase_id(phrase));
                for ask in asks.chain([format!("{} all why", topic.dotted()), format!("{} steps", topic.dotted())]) {
                    let got = post(&service, &(platform.ask)("/saywell", &format!("{ask}{values}"), Proof::Right));
                    platform.read(&got, &ask);
                }
            }
        }
    }
}
