//! What must hold whatever comes from outside: a law for every part of the program that reads it. The fuzzer looks for
//! bytes that break one, and the tests replay its seeds and try as many random ones.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::implicit_hasher,
    reason = "a law that is broken is to be loud"
)]

use std::{cell::LazyCell, net::SocketAddr, ops::Range, sync::LazyLock};

use actix_web::{
    App,
    body::to_bytes,
    dev::Service as _,
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    rt::System,
    test,
    web::Data,
};
use saywell::{
    chat::{
        ALL, Delivery, Platforms, Refusal, Reply,
        form::fields,
        markup::{Markdown, plain},
        stand::{Forgery, Sent},
    },
    http::{Service, access, client, reply, routes, wants::Wants},
    mcp::{DOORS, Head, Taken, reply as to_assistant},
    say::{
        answer::answer,
        ask::Ask,
        book::{Phrasebook, Source},
        check::{MOST, Options},
        phrase::{Template, Value, acts, is_clean},
    },
    shelf::{Shelf, built_in},
};
use serde_json::Value as Json;

/// It panics where bytes break it.
pub type Law = fn(&[u8]);

/// Every law, by the name of its fuzz target and of its folder of seeds.
pub const LAWS: [(&str, Law); 10] = [
    ("ask", ask),
    ("book", book),
    ("chat", chat),
    ("check", check),
    ("form", form),
    ("headers", headers),
    ("http", http),
    ("markup", markup),
    ("mcp", mcp),
    ("phrase", phrase),
];

static BOOK: LazyLock<Phrasebook> =
    LazyLock::new(|| Phrasebook::parse(&built_in(), &[]).expect("the book that is shipped"));

/// Up to a sign, and what follows it: where an input has parts.
fn cut(bytes: &[u8], sign: u8) -> (&[u8], &[u8]) {
    let at = bytes.iter().position(|b| *b == sign);
    at.map_or((bytes, &[]), |at| (&bytes[..at], &bytes[at + 1..]))
}

fn is_within(at: &Range<usize>, text: &str) -> bool {
    text.get(at.clone()).is_some()
}

// ---- the core ------------------------------------------------------------------------------------------------------

/// A command, a line break, a text: it is answered in words that can be read, and whatever can be pressed can be typed.
pub fn ask(bytes: &[u8]) {
    let (command, text) = cut(bytes, b'\n');
    let ask = Ask {
        command: String::from_utf8_lossy(command).into_owned(),
        text: String::from_utf8_lossy(text).into_owned(),
    };
    let got = answer(&BOOK, &ask, 1);
    let said = got.lines.iter().map(|line| line.words.as_str()).chain(got.notes.iter().map(String::as_str));
    for words in said.chain([&*got.heading]) {
        assert!(!words.trim().is_empty() && !words.contains(acts), "{words:?}");
    }
    for next in got.buttons.iter().map(|one| &one.ask).chain(got.entries.iter().map(|entry| &entry.ask)) {
        assert!(answer(&BOOK, &Ask::umbrella(next), 1).found, "{next:?}");
    }
}

/// The kind of a file by its first byte, then its text: a book in which every phrase can be said, or faults with their
/// place in the file, each of which can be drawn.
pub fn book(bytes: &[u8]) {
    let Some((kind, text)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let name = match kind % 6 {
        0 => "sources.toml",
        1 => "synonyms.toml",
        2 => "check.toml",
        4 => "careful.toml",
        5 => "mend.questions",
        _ => "mend.toml",
    };
    let mut sources = vec![Source { name: name.into(), layer: 0, text: text.clone().into_owned().into() }];
    if name != "sources.toml" {
        let text = include_str!("../fixtures/sources.toml").into();
        sources.push(Source { name: "sources.toml".into(), layer: 0, text });
    }
    if name == "mend.questions" {
        let text = include_str!("../fixtures/mend.toml").into();
        sources.push(Source { name: "mend.toml".into(), layer: 0, text });
    }
    match Phrasebook::parse(&sources, &[]) {
        Ok(book) => {
            for topic in book.topics() {
                let command = topic.command.to_string();
                let got = answer(&book, &Ask { command, text: format!("{} all why", topic.id) }, 1);
                assert!(got.found && got.lines.len() == topic.phrases.len(), "{}", topic.dotted());
            }
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let source = sources.iter().find(|source| source.name == fault.file).expect("a file of ours");
                assert!(is_within(&fault.at, &source.text), "{fault:?}");
                let drawn = [fault.draw(&sources, false), fault.draw(&sources, true)];
                assert!(drawn.iter().all(|drawn| drawn.contains(&fault.file)), "{fault:?}");
            }
        }
    }
}

/// A draft: what is found in it is there, in order, and at the place that is said.
pub fn check(bytes: &[u8]) {
    let draft = String::from_utf8_lossy(bytes);
    let options = Options::read(&BOOK.check, None, Some("thanks")).expect("a school");
    let found = BOOK.review(&draft, &options);
    assert!(found.findings.len() <= MOST && found.findings.len() <= found.total);
    let mut last = 0;
    for finding in &found.findings {
        let before = draft.get(..finding.at.start).expect("a place between characters");
        let words = draft.get(finding.at.clone()).expect("a place in the draft");
        let start = before.chars().count();
        assert_eq!(finding.chars, start..start + words.chars().count());
        assert!(!words.is_empty() && last <= finding.at.start, "{finding:?}");
        last = finding.at.start;
    }
}

/// A template, and a value a line: mistakes have their place, and what can be read can be filled, within bounds.
pub fn phrase(bytes: &[u8]) {
    const SLOTS: [&str; 3] = ["customer", "item", "deadline"];
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let source = lines.next().unwrap_or_default();
    let values: Vec<Option<String>> = lines.map(|line| Value::read(line).words).map(Some).take(3).collect();
    let values: Vec<Option<&str>> =
        values.iter().map(|value| value.as_deref().filter(|words| !words.is_empty())).collect();
    let slot = |name: &str| SLOTS.iter().position(|slot| *slot == name).and_then(|at| u16::try_from(at).ok());
    match Template::parse(source, slot) {
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            assert!(mistakes.iter().all(|mistake| is_within(&mistake.at, source)), "{mistakes:?}");
        }
        Ok(template) => {
            let (words, marks) = template.fill_marked(&values);
            assert_eq!(words, template.fill(&values));
            assert!(marks.iter().all(|(_, at)| is_within(at, &words)), "{words:?} {marks:?}");
            let longest = values.iter().flatten().map(|value| value.len()).max().unwrap_or_default().max(4);
            // A capital may take more bytes than its small letter.
            assert!(words.len() <= 3 * (source.len() + marks.len() * longest), "{words:?}");
            assert!(!is_clean(source) || !words.contains(acts), "{words:?}");
            let slots = template.slots();
            assert!(template.required().iter().all(|slot| slots.contains(slot)));
            assert!(!template.pieces().is_empty() || source.is_empty() || words.is_empty());
        }
    }
}

// ---- what goes out -------------------------------------------------------------------------------------------------

/// A limit by the first byte, then a text: escaped for any platform it is inert and not too long.
pub fn markup(bytes: &[u8]) {
    let Some((most, text)) = bytes.split_first() else { return };
    let (most, text) = (usize::from(*most) + 2, String::from_utf8_lossy(text));
    for most in [most, 100_000] {
        let plain: (String, fn(&str) -> Option<String>) = (plain(&text, most).into_owned(), |_| None);
        let escaped = ALL.iter().map(|kind| ((kind.stand.escape)(&text, most), kind.stand.live)).chain([plain]);
        for (escaped, live) in escaped {
            assert!(escaped.encode_utf16().count() <= most, "{escaped:?}");
            assert_eq!(live(&escaped), None, "{escaped:?}");
            assert!(!escaped.contains(|c| acts(c) && c != '\n' && c != '\u{200b}'), "{escaped:?}");
        }
        let code = Markdown::code(&text, most);
        let inside = code.as_str().strip_prefix('`').and_then(|code| code.strip_suffix('`')).expect("ticks around it");
        assert!(code.length() <= most && !inside.contains(['`', '\n']), "{inside:?}");
    }
}

// ---- chat ----------------------------------------------------------------------------------------------------------

const AT: i64 = 1_760_000_000;
fn map(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

/// A platform's name and a line break, a byte that picks a door and how the platform is set, a body, proved as the platform
/// does it: it is answered with JSON or nothing, sends only where the platform allows, mentions nobody, and says nothing
/// at greater length than the platform shows. Forged it is not answered.
pub fn chat(bytes: &[u8]) {
    let (name, rest) = cut(bytes, b'\n');
    let Some(kind) = ALL.iter().find(|kind| kind.name.as_bytes() == name) else { return };
    let Some((choice, body)) = rest.split_first() else { return };
    let set = kind.stand.set[usize::from(choice >> 3) % kind.stand.set.len()];
    let platform = kind.set(set).expect("a platform that is on");
    let door = platform.kind().doors[usize::from(*choice) % platform.kind().doors.len()];
    let deliver = |forgery| {
        let Sent { headers, body } = (kind.stand.prove)(body, forgery, AT);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let delivery = Delivery { door, headers: &map(&headers), query: "", body: &body, at: AT, book: &BOOK };
        platform.handle(delivery, &mut |call| answer(&BOOK, &call.ask, 1))
    };
    if kind.stand.signs {
        // Unproved there is one empty answer, to a look at the certificate.
        let forged = deliver(Forgery::Wrong);
        assert!(forged.is_err() || forged == Ok(Reply::default()), "{forged:?}");
    }
    let Ok(reply) = deliver(Forgery::None) else { return };
    let messages = std::iter::once(&reply.body).chain(reply.after.iter().map(|message| &message.body));
    for body in messages.filter(|body| !body.is_empty()) {
        for (text, most) in (kind.stand.texts)(&serde_json::from_slice(body).expect("JSON")) {
            assert!(text.encode_utf16().count() <= most, "{name:?}: {most} for {text}");
            assert_eq!((kind.stand.live)(&text), None, "{text}");
        }
    }
    for message in &reply.after {
        let origin = saywell::chat::origin(&message.url).expect("an origin");
        assert!(platform.origins().contains(&origin), "{origin}");
    }
}

/// A form is read as a browser means it.
pub fn form(body: &[u8]) {
    let read = || -> Result<Vec<(String, String)>, Refusal> {
        fields(body)?
            .map(|field| field.and_then(|field| Ok((field.name.to_string(), field.value()?.into_owned()))))
            .collect()
    };
    if let Ok(read) = read() {
        let meant: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        assert_eq!(read, meant);
    }
}

// ---- the web -------------------------------------------------------------------------------------------------------

/// Header lines, `name: value`; those that are none are passed over.
fn lines(text: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in text.split(|b| *b == b'\n') {
        let (name, value) = cut(line, b':');
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii())) {
            headers.append(name, value);
        }
    }
    headers
}

/// Header lines: an untrusted peer is who it is, and what is wanted can be had.
pub fn headers(bytes: &[u8]) {
    let headers = lines(bytes);
    for default in Wants::ALL {
        let wanted = Wants::accepted(&headers, default);
        assert!(wanted.is_some() || headers.contains_key("accept"));
    }
    let _ = reply::accepts_gzip(&headers);
    assert!(!reply::matches(&headers, "W/\"tag\"") || headers.contains_key("if-none-match"));
    let peer: SocketAddr = "192.0.2.9:1".parse().unwrap();
    assert_eq!(client::address(Some(peer), &headers, &[]), Some(peer.ip()));
    assert!(client::address(Some(peer), &headers, &["192.0.2.0/24".parse().unwrap()]).is_some());
    assert_eq!(client::address(None, &headers, &[]), None);
}

/// What the headers say, `version method name`, and a line below it a message of an assistant: answered in one line, with its
/// own id, or for a reason not at all.
pub fn mcp(bytes: &[u8]) {
    let (first, message) = cut(bytes, b'\n');
    let mut said = str::from_utf8(first).unwrap_or_default().split(' ');
    let head = Head { version: said.next(), method: said.next(), name: said.next() };
    let sent: Json = serde_json::from_slice(message).unwrap_or_default();
    for head in [None, Some(&head)] {
        let reply = to_assistant(&BOOK, message, head, 0);
        assert!(DOORS.contains(&reply.door), "{}", reply.door);
        let Some(body) = reply.body else {
            assert!(matches!(reply.taken, Taken::Noted | Taken::Malformed));
            continue;
        };
        let answer: Json = serde_json::from_str(&body).expect("JSON");
        assert!(!body.contains('\n') && answer["jsonrpc"] == "2.0");
        assert!(answer.get("result").is_some() != answer.get("error").is_some(), "{body}");
        assert!(answer.get("id").is_none_or(|id| *id == sent["id"]), "{body}");
        assert!(answer.get("result").is_none() || answer.get("id").is_some(), "{body}");
    }
}

/// `METHOD target`, header lines, an empty line, a body: answered, never with an error of ours, never with a header or a
/// script of the client's.
pub fn http(bytes: &[u8]) {
    thread_local! {
        // Never taken apart: it would use what belongs to the thread, when the thread is gone.
        static APP: LazyCell<&'static dyn Fn(test::TestRequest) -> Answered> = LazyCell::new(|| Box::leak(Box::new(app())));
    }
    let (first, rest) = cut(bytes, b'\n');
    let end = rest.windows(2).position(|pair| pair == b"\n\n").unwrap_or(rest.len());
    let (method, target) = cut(first, b' ');
    let (Ok(method), Ok(target)) = (Method::from_bytes(method), str::from_utf8(target)) else { return };
    if !target.starts_with('/') || target.parse::<actix_web::http::Uri>().is_err() {
        return;
    }
    let mut request = test::TestRequest::with_uri(target).method(method).peer_addr("192.0.2.9:1".parse().unwrap());
    for pair in &lines(&rest[..end]) {
        request = request.append_header(pair);
    }
    let body = rest.get(end + 2..).unwrap_or_default().to_vec();
    let (status, headers, body) = APP.with(|app| app(request.set_payload(body)));
    assert!(status < 500, "{status}");
    assert_eq!(headers.get("x-content-type-options").map(HeaderValue::as_bytes), Some(&b"nosniff"[..]));
    assert!(!headers.contains_key("set-cookie") && !headers.contains_key("server"));
    let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    if kind.contains("json") && !body.is_empty() && !headers.contains_key("content-encoding") {
        serde_json::from_slice::<Json>(&body).expect("JSON");
    }
}

type Answered = (u16, HeaderMap, Vec<u8>);

/// The service as it is served, but for the socket.
fn app() -> impl Fn(test::TestRequest) -> Answered {
    let book = Phrasebook::parse(&built_in(), &[]).expect("the book that is shipped");
    let proxies = vec!["192.0.2.0/24".parse().unwrap()];
    let service = Data::new(Service::new(Shelf::with(book), Platforms::default(), None, proxies));
    let (watched, routed) = (service.clone(), service.clone());
    let system = System::new();
    let app = system.block_on(test::init_service(
        App::new()
            .app_data(service)
            .wrap_fn(move |request, next| access::watch(&watched, request, next))
            .configure(move |config| routes(config, &routed)),
    ));
    move |request| {
        system.block_on(async {
            let response = match app.call(request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.as_response_error().error_response(),
            };
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = to_bytes(response.into_body()).await.unwrap_or_default();
            (status, headers, body.to_vec())
        })
    }
}
