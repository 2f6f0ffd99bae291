//! What each step of an answer costs, hostile input among it: `cargo bench --bench steps`.
//!
//! One name, or a part of it, picks some: `cargo bench --bench steps -- slack/`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench may fail loudly, and criterion's macros document nothing"
)]

mod book;

use std::{
    hint::black_box,
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix_web::{
    App,
    http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue},
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use saywell::{
    chat::{
        Adapter, Delivery, Event, Platform, Platforms,
        discord::Discord,
        mattermost::Mattermost,
        proof::{Ed25519Keys, HmacKeys, Pair, SealKeys, Secret, hex},
        slack::Slack,
    },
    http::{
        Service, access,
        limit::{Key, Limiter},
        routes,
    },
    rate::Rate,
    say::{
        answer::answer,
        ask::Ask,
        book::Phrasebook,
        check::{LONGEST, Options},
    },
    shelf::Shelf,
};

const SECRET: &str = "saywell-bench-signing-secret-0001";
const AT: i64 = 1_760_000_000;

/// A command as a platform sends it: 15 fields and some 480 bytes from Slack, some 800 of JSON from Discord.
fn body(letter: &str, text: &str) -> String {
    let parts = [("COMMAND", "recover"), ("TEXT", text), ("TEAM", "T0SAYWELL"), ("SECRET", SECRET)];
    parts.iter().fold(letter.to_owned(), |letter, (name, part)| letter.replace(name, part))
}

/// A delivery that owns what it is made of.
struct Letter {
    door: &'static str,
    headers: HeaderMap,
    body: String,
}

impl Letter {
    fn delivery<'a>(&'a self, book: &'a Phrasebook) -> Delivery<'a> {
        Delivery { door: self.door, headers: &self.headers, query: "", body: self.body.as_bytes(), at: AT, book }
    }

    fn slack(text: &str) -> Self {
        Self::slack_at(text, AT)
    }

    fn slack_at(text: &str, at: i64) -> Self {
        let (at, body) = (at.to_string(), body(include_str!("letters/slack.form"), text));
        let keys = HmacKeys::new(&[Secret::from(SECRET)]);
        let mac = keys.sign(&[b"v0:", at.as_bytes(), b":", body.as_bytes()]).unwrap();
        let signature = format!("v0={}", hex(&mac));
        let proof = [("x-slack-request-timestamp", at), ("x-slack-signature", signature)];
        Self { door: "commands", headers: headers(&proof), body }
    }

    fn discord(text: &str) -> Self {
        let (at, body) = (AT.to_string(), body(include_str!("letters/discord.json"), text));
        let signature = hex(&Pair::of(SECRET).sign(&[at.as_bytes(), body.as_bytes()]));
        let proof = [("x-signature-timestamp", at), ("x-signature-ed25519", signature)];
        Self { door: "interactions", headers: headers(&proof), body }
    }

    fn mattermost(text: &str) -> Self {
        let form = [("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self { door: "commands", headers: headers(&form), body: body(include_str!("letters/mattermost.form"), text) }
    }
}

fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
    let pair =
        |(name, value): &(&'static str, String)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    pairs.iter().map(pair).collect()
}

fn slack() -> Slack {
    Slack::new(&[Secret::from(SECRET)])
}

fn discord() -> Discord {
    Discord::new(vec![Ed25519Keys::key(&Pair::of(SECRET).public()).unwrap()])
}

fn mattermost() -> Mattermost {
    let site = "http://localhost:8065".to_owned();
    let buttons = SealKeys::new(&[Secret::from(SECRET)]);
    Mattermost::new(vec![(Secret::from(SECRET), Some(site))]).buttons(buttons, "http://localhost:8080".into())
}

/// Reading, writing and the whole of it, on each platform.
fn platforms(bench: &mut Criterion) {
    let (slack, discord, mattermost) = (slack(), discord(), mattermost());
    let filled = "billing+Dr.+Matt+item%3Dinvoice";
    platform(bench, &slack, [Letter::slack("billing"), Letter::slack(filled)]);
    platform(bench, &discord, [Letter::discord("billing"), Letter::discord("billing Dr. Matt item=invoice")]);
    platform(bench, &mattermost, [Letter::mattermost("billing"), Letter::mattermost(filled)]);
    let book = book::read(&book::shipped());
    let forged = Letter { headers: Letter::slack("other").headers, ..Letter::slack("billing") };
    bench.bench_function("slack/read, forged", |b| b.iter(|| slack.read(black_box(forged.delivery(&book))).is_err()));
}

fn platform<P: Platform<Letter: Clone>>(bench: &mut Criterion, platform: &P, [plain, filled]: [Letter; 2]) {
    let book = book::read(&book::shipped());
    let mut group = bench.benchmark_group(platform.kind().name);
    group.bench_function("read", |b| b.iter(|| platform.read(black_box(plain.delivery(&book))).is_ok()));
    let Event::Call(call, letter) = platform.read(plain.delivery(&book)).unwrap().take() else {
        panic!("a command is no handshake")
    };
    let answered = answer(&book, &call.ask, 1);
    group.bench_function("reply", |b| b.iter(|| platform.reply(letter.clone(), black_box(&call), &answered)));
    for (name, letter) in [("whole", &plain), ("whole, filled", &filled)] {
        group.bench_function(name, |b| {
            b.iter(|| platform.handle(black_box(letter.delivery(&book)), &mut |call| answer(&book, &call.ask, 1)));
        });
    }
}

/// What an ask means, and the answer to it.
fn asks(bench: &mut Criterion) {
    let book = book::read(&book::shipped());
    let mut group = bench.benchmark_group("say");
    let long = "billing Dr. Matt item=invoice deadline=\"Friday afternoon\" why ".repeat(20);
    for (name, text) in [
        ("topic", "billing"),
        ("filled", "billing Dr. Matt item=invoice"),
        ("slip", "biling"),
        ("question", "they were charged twice and want a refund"),
        ("nothing fits", "qqqq zzzz"),
        ("1,200 bytes", &long),
    ] {
        let ask = Ask { command: "recover".into(), text: text.into() };
        group.bench_function(format!("wish, {name}"), |b| b.iter(|| black_box(black_box(&ask).wish(&book))));
        group.bench_function(format!("answer, {name}"), |b| b.iter(|| answer(&book, black_box(&ask), 1)));
    }
    group.bench_function("search", |b| b.iter(|| book.search(None, black_box("late delivery"))));
    let (topic, place) = book.phrase("recover.billing.hoped-for").unwrap();
    let say = &topic.phrases[place].say;
    let values = vec![Some("Dr. Matt"); topic.slots.len()];
    group.bench_function("fill", |b| b.iter(|| say.fill(black_box(&values))));
}

/// Drafts of an ordinary length, and of the greatest, whatever they are made of.
fn checks(bench: &mut Criterion) {
    let book = book::read(&book::shipped());
    let mut group = bench.benchmark_group("check");
    let draft = "Unfortunately you didn't send the form, so as per our policy we can't refund the $40. Please be advised \
                 that you will have to call back on Monday. We apologize for any inconvenience this may have caused. ";
    let judged: String =
        include_str!("../fixtures/drafts.tsv").lines().filter_map(|row| row.split('\t').nth(3)).collect();
    let pieces = [
        ("a bad letter", draft),
        ("judged drafts", &judged),
        ("one word", "sorry "),
        ("a sentence without an end", "you should have told us that we are sorry but "),
        ("questions", "did you? "),
        ("lines of a letter", "a\n"),
        ("marks", "é’—“"),
        ("tags that never end", "<@ "),
        ("code", "`a` "),
        ("quotes that never end", "('a"),
        ("no blank", "a"),
    ];
    let options = Options::default();
    for (name, piece, length) in
        [("a bad letter", draft, 200)].into_iter().chain(pieces.map(|(name, piece)| (name, piece, LONGEST)))
    {
        let draft: String = piece.chars().cycle().take(length).collect();
        let name = format!("{name}, {length} characters");
        group.bench_function(name, |b| b.iter(|| book.review(black_box(&draft), &options)));
    }
    group.sample_size(10);
    let sources = book::shipped();
    let new = || Phrasebook::parse_on_known(&sources, &[], None);
    group.bench_function("the first draft", |b| {
        b.iter_batched_ref(
            new,
            |book| book.as_ref().map(|book| book.review(black_box(draft), &options).total).ok(),
            BatchSize::SmallInput,
        );
    });
}

/// What grows with the book: reading it, finding a name, a slip, words.
fn books(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("book");
    group.sample_size(10);
    for (name, sources) in [("shipped", book::shipped()), ("1 k", book::made(1_000)), ("10 k", book::made(10_000))] {
        group.bench_function(format!("load, {name}"), |b| b.iter(|| Phrasebook::parse(black_box(&sources), &[])));
        group.bench_function(format!("load and prepare, {name}"), |b| b.iter(|| book::read(black_box(&sources))));
    }
    for topics in [100, 1_000, 10_000] {
        let book = book::read(&book::made(10 * topics));
        let right = book::label(topics / 2);
        let slip = format!("{}{}", &right[..4], &right[5..]);
        assert!(book.slip(None, &slip).is_some_and(|(topic, _)| *topic.id == *right));
        let command = book.topics().find(|topic| *topic.id == *right).unwrap().command.to_string();
        let ask = Ask { command, text: right };
        group.bench_function(format!("slip, {topics} names"), |b| b.iter(|| book.slip(None, black_box(&slip))));
        group.bench_function(format!("answer, {topics} names"), |b| b.iter(|| answer(&book, black_box(&ask), 1)));
    }
}

/// Requests from the router to the reply, without sockets.
fn web(bench: &mut Criterion) {
    let system = actix_web::rt::System::new();
    let platforms: Platforms = [Arc::new(slack()) as Arc<dyn Adapter>].into_iter().collect();
    let rate = Rate::per_minute(NonZeroU32::MAX);
    let shelf = Shelf::with(book::read(&book::shipped()));
    let service = Data::new(Service::new(shelf, platforms, Some(rate), Vec::new()));
    let (watched, here) = (service.clone(), service.clone());
    let app = App::new()
        .app_data(service)
        .wrap_fn(move |request, next| access::watch(&watched, request, next))
        .configure(|config| routes(config, &here));
    let app = system.block_on(init_service(app));
    let mut group = bench.benchmark_group("web");
    for (name, path, accept) in [
        ("text", "/recover/billing", "*/*"),
        ("JSON", "/v1/recover/billing", "*/*"),
        ("topic page", "/recover/billing", "text/html"),
        ("first page", "/", "text/html"),
        ("search page", "/search?q=late", "text/html"),
        ("not found", "/recover/qqqq", "*/*"),
    ] {
        let request = || TestRequest::get().uri(path).insert_header((ACCEPT, accept)).to_request();
        group.bench_function(name, |b| {
            b.iter_batched(
                request,
                |request| system.block_on(async { read_body(call_service(&app, request).await).await }),
                BatchSize::SmallInput,
            );
        });
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
    let letter = Letter::slack_at("billing", now);
    let post = || {
        let mut request = TestRequest::post().uri("/slack/commands").set_payload(letter.body.clone());
        for header in &letter.headers {
            request = request.append_header(header);
        }
        request.to_request()
    };
    group.bench_function("Slack", |b| {
        b.iter_batched(
            post,
            |request| system.block_on(async { read_body(call_service(&app, request).await).await }),
            BatchSize::SmallInput,
        );
    });
    group.finish();
    let limiter = Limiter::new(rate);
    bench.bench_function("web/limit", |b| b.iter(|| limiter.take(Key::Team("slack", black_box("T0SAYWELL")))));
}

criterion_group! {
    name = steps;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = platforms, asks, checks, books, web
}
criterion_main!(steps);
