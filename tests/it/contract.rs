//! One contract for all chat platforms: the same deliveries at every one, each of which ends in a refusal or in harmless
//! text. What stands for a platform is in its folder.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::{SystemTime, UNIX_EPOCH},
};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use saywell::{
    chat::{
        ALL, Adapter, Kind,
        stand::{Forgery, SECRET, Sent},
    },
    say::{answer::answer, book::Topic},
};
use serde_json::Value as Json;

use crate::{
    harness::book,
    running::{Got, Running},
};

#[derive(Debug, Clone)]
struct Delivery {
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn start(kind: &Kind) -> Running {
    let common = [("SAYWELL_SECRET", SECRET), ("SAYWELL_RATE_LIMIT", "off")];
    Running::start(&[&common[..], kind.stand.set[0]].concat())
}

/// A command as the platform delivers it, with this proof.
fn deliver(kind: &Kind, command: &str, text: &str, forgery: Forgery) -> Delivery {
    let (door, body) = (kind.stand.command)(command, text);
    let Sent { headers, body } = (kind.stand.prove)(body.as_bytes(), forgery, now());
    Delivery { path: format!("/{}/{door}", kind.name), headers, body }
}

/// What a person reads of a reply over HTTP.
fn read(kind: &Kind, got: &Got, what: &str) -> String {
    assert_eq!(got.status, 200, "{} {what}: {}", kind.name, got.text());
    assert!(got.header("content-type").unwrap().starts_with("application/json"), "{} {what}", kind.name);
    shown(kind, &got.json(), what)
}

/// What a person reads; every reply keeps to the limits, and nothing in it acts.
fn shown(kind: &Kind, message: &Json, what: &str) -> String {
    let texts = (kind.stand.texts)(message);
    assert!(!texts.is_empty(), "{} {what}: {message}", kind.name);
    for (text, most) in &texts {
        let length = text.encode_utf16().count();
        assert!((1..=*most).contains(&length), "{} {what}: {length} of {most}: {text}", kind.name);
        assert_eq!((kind.stand.live)(text), None, "{} {what}: {text}", kind.name);
        let acts = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
        };
        assert!(!text.contains(acts), "{} {what}: {text:?}", kind.name);
    }
    texts.into_iter().map(|(text, _)| text + "\n").collect()
}

/// The same without HTTP: from a delivery's bytes to the reply's.
fn handled(kind: &Kind, platform: &dyn Adapter, command: &str, text: &str) -> String {
    let Delivery { path, headers, body } = deliver(kind, command, text, Forgery::None);
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect();
    let at = now();
    let door = path.rsplit('/').next().unwrap();
    let delivery = saywell::chat::Delivery { door, headers: &headers, query: "", body: &body, at, book: book() };
    let reply = platform.handle(delivery, &mut |call| answer(book(), &call.ask, 1));
    let what = format!("{command} {text:.60}");
    let reply = reply.unwrap_or_else(|refusal| panic!("{} {what}: {refusal:?}", kind.name));
    shown(kind, &serde_json::from_slice(&reply.body).unwrap(), &what)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed()
}

fn post(service: &Running, delivery: &Delivery) -> Got {
    let headers: Vec<(&str, &str)> = delivery.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    service.send("POST", &delivery.path, &headers, &delivery.body)
}

/// The answer to a body of this length before any of it is sent: it is refused as soon as it is announced, and who goes on
/// sending may find the connection closed.
fn announced(service: &Running, path: &str, length: usize) -> String {
    let mut stream = TcpStream::connect(service.url.trim_start_matches("http://")).unwrap();
    write!(stream, "POST {path} HTTP/1.1\r\nhost: saywell\r\ncontent-length: {length}\r\n\r\n").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    answer
}

#[test]
fn whatever_is_not_proved_is_refused_without_detail() {
    for kind in ALL {
        let service = start(kind);
        let ask = |forgery| deliver(kind, "/recover", "billing", forgery);
        let refused = |delivery: &Delivery, what: &str| {
            let got = post(&service, delivery);
            assert_eq!(got.status, 401, "{} {what}: {}", kind.name, got.text());
            assert!(got.body.len() < 200 && !got.text().contains(SECRET), "{} {what}: {}", kind.name, got.text());
        };
        read(kind, &post(&service, &ask(Forgery::None)), "genuine");
        for forgery in [Forgery::Missing, Forgery::Wrong, Forgery::Empty, Forgery::Short, Forgery::Twice] {
            refused(&ask(forgery), &format!("{forgery:?}"));
        }
        let unproved = ask(Forgery::Missing);
        for body in [&b""[..], b"\xff\xfe\0", b"{", b"[[[[", b"a=b&a=b", b"%%%=%"] {
            refused(&Delivery { body: body.into(), ..unproved.clone() }, &format!("unproved {body:?}"));
        }
        if kind.stand.signs {
            refused(&ask(Forgery::Old(310)), "stale");
            refused(&ask(Forgery::Old(-320)), "from the future");
            let right = ask(Forgery::None);
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
    for kind in ALL {
        let service = start(kind);
        let is_4xx = |delivery: &Delivery, what: &str| {
            let got = post(&service, delivery);
            assert!((400..500).contains(&got.status), "{} {what}: {} {}", kind.name, got.status, got.text());
        };
        let large = deliver(kind, "/recover", "billing", Forgery::None);
        assert!(announced(&service, &large.path, 300 * 1024).starts_with("HTTP/1.1 413 "), "{} too large", kind.name);
        let mut packed = deliver(kind, "/recover", "billing", Forgery::None);
        packed.headers.push(("content-encoding", "gzip".into()));
        is_4xx(&packed, "packed");
        let right = deliver(kind, "/recover", "billing", Forgery::None);
        for method in ["PUT", "DELETE", "TRACE", "OPTIONS"] {
            let got = service.ask(method, &right.path, &[]);
            assert_ne!(got.status, 200, "{} {method}", kind.name);
        }
        // Another content type than the platform's own: refused, or read as what it is.
        let mut other = right.clone();
        other.headers.retain(|(name, _)| *name != "content-type");
        for media in ["text/plain", "application/json", "multipart/form-data; boundary=x", ";"] {
            let mut other = other.clone();
            other.headers.push(("content-type", media.into()));
            let got = post(&service, &other);
            assert!(matches!(got.status, 200 | 400..=499), "{} {media}: {}", kind.name, got.status);
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
    for kind in ALL {
        let service = start(kind);
        let platform = kind.set(kind.stand.set[0]).unwrap();
        let reply = |command: &str, text: &str| handled(kind, &*platform, command, text);
        for (number, bad) in rows.into_iter().enumerate() {
            let texts = [
                bad.to_owned(),
                format!("billing {bad}"),
                format!("billing 1 customer=\"{bad}\""),
                format!("billing share customer=\"{bad}\""),
                format!("billing {bad}=x"),
                format!("billing all why customer='{bad}'"),
                format!("search {bad}"),
            ];
            for text in &texts {
                reply("/recover", text);
            }
            reply("/saywell", bad);
            reply(&format!("/{bad}"), "billing");
            // Over HTTP every row in one place, and every place with some row.
            let text = &texts[number % texts.len()];
            read(kind, &post(&service, &deliver(kind, "/recover", text, Forgery::None)), text);
        }
        for name in ["Zoë O’Hara", "שלום", "नमस्ते", "👩‍👩‍👧", "Ann 100%"] {
            let text = reply("/recover", &format!("billing 1 customer=\"{name}\""));
            assert!(text.contains(name), "{} {name}: {text}", kind.name);
        }
    }
}

/// Every phrase, from bytes to bytes; and over HTTP the topic of each command that has the most to fill in.
#[test]
fn every_phrase_with_its_blanks_at_their_longest_fits() {
    for kind in ALL {
        let service = start(kind);
        let platform = kind.set(kind.stand.set[0]).unwrap();
        for filler in ["w".repeat(200), "@".repeat(200), "<&".repeat(100), "💙".repeat(200)] {
            let asks = |topic: &Topic| -> Vec<String> {
                let values = topic.slots.iter().map(|slot| format!(" {}=\"{filler}\"", slot.name));
                let values: String = values.collect();
                let whole = ["all why", "steps", "letter"].map(|mark| format!("{} {mark}", topic.dotted()));
                let phrases = topic.phrases.iter().map(|phrase| topic.phrase_id(phrase));
                phrases.chain(whole).map(|ask| ask + &values).collect()
            };
            for ask in book().topics().flat_map(asks) {
                handled(kind, &*platform, "/saywell", &ask);
            }
            let topics = book().commands.iter().map(|command| &command.topics);
            let fullest = topics.filter_map(|topics| topics.iter().max_by_key(|topic| topic.slots.len()));
            for ask in fullest.flat_map(asks) {
                read(kind, &post(&service, &deliver(kind, "/saywell", &ask, Forgery::None)), &ask);
            }
        }
    }
}
