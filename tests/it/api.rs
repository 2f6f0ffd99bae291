//! The resources that are read, over a socket.

use std::{collections::HashSet, path::Path, process::Command};

use crate::{
    harness::book,
    running::{Running, python, run},
};

fn service() -> Running {
    Running::start(&[("SAYWELL_RATE_LIMIT", "off")])
}

#[test]
fn what_must_be_so_stands_above_the_words_in_plain_text() {
    let service = service();
    let topics = || book().topics().flat_map(|topic| topic.phrases.iter().map(move |phrase| (topic, phrase)));
    let (topic, phrase) = topics().find(|(_, phrase)| phrase.needs.is_some()).unwrap();
    let reply = service.get(&format!("/phrases/{}", topic.phrase_id(phrase)));
    let text = reply.text();
    assert!(text.starts_with(&format!("(Needs {}.)\n", phrase.needs.as_deref().unwrap())), "{text}");
    let (topic, condition) = book()
        .topics()
        .find_map(|topic| {
            let mut lines = topic.letter.iter().filter_map(|place| topic.phrases.get(*place as usize));
            Some((topic, lines.find_map(|phrase| phrase.only_if.as_deref())?))
        })
        .unwrap();
    let reply = service.get(&format!("/{}/{}?letter", topic.command, topic.id));
    let (above, _) = reply.text().split_once("Hello").unwrap();
    assert!(above.contains(&format!("(Only if {condition}.)\n")), "{text}");
    // Among several it stands there as well, and none of them has a number.
    let reply = service.get(&format!("/{}/{}?all", topic.command, topic.id));
    let text = reply.text();
    assert!(text.contains(&format!("\n(Only if {condition}.)\n")), "{text}");
    assert!(!text.lines().any(|line| line.starts_with(|c: char| c.is_ascii_digit())), "{text}");
    // With the reasons it comes below them, once.
    let reply = service.get(&format!("/{}/{}?all&why", topic.command, topic.id));
    let text = reply.text();
    assert_eq!(text.matches(condition).count(), 1, "{text}");
    assert!(text.starts_with("1. ") && text.contains(&format!("\nOnly if {condition}.\nWhy: ")), "{text}");
}

#[test]
fn the_first_curl_answers_with_a_line_worth_saying() {
    let service = service();
    let got = service.get("/recover/billing");
    assert_eq!((got.status, got.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert!(got.text().ends_with(".\n") || got.text().ends_with("?\n"), "{}", got.text());
    assert_eq!(got.text().lines().count(), 1);
    assert_eq!(got.header("cache-control"), Some("no-store"));
}

#[test]
fn values_fill_the_phrase() {
    let service = service();
    let got = service.get("/recover/billing?customer=Dr%20Matt&item=invoice");
    assert!(got.text().contains("Dr Matt") && got.text().contains("invoice"), "{}", got.text());
}

#[test]
fn every_representation_of_every_kind_of_resource() {
    let service = service();
    let paths = [
        "/",
        "/recover",
        "/recover/billing?n=1",
        "/recover/billing?all",
        "/recover/billing?steps",
        "/phrases/recover.billing.hoped-for",
        "/search?q=late",
        "/random?seed=1",
        "/sources",
        "/sources/power-up",
    ];
    for path in paths {
        for (prefix, default) in [("", "text/plain; charset=utf-8"), ("/v1", "application/json")] {
            let path = format!("{prefix}{path}");
            assert_eq!(service.get(&path).header("content-type"), Some(default), "{path}");
            for (accept, media_type) in [
                ("text/plain", "text/plain; charset=utf-8"),
                ("application/json", "application/json"),
                ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
            ] {
                let got = service.ask("GET", &path, &[("accept", accept)]);
                assert_eq!((got.status, got.header("content-type")), (200, Some(media_type)), "{path}");
                assert!(got.header("vary").is_some_and(|vary| vary.contains("Accept")), "{path}");
                assert_eq!(got.header("x-content-type-options"), Some("nosniff"), "{path}");
                let separator = if path.contains('?') { '&' } else { '?' };
                for (format, same) in [("txt", "text/plain"), ("json", "application/json"), ("html", "text/html")] {
                    let got = service.ask("GET", &format!("{path}{separator}format={format}"), &[("accept", accept)]);
                    assert!(got.header("content-type").unwrap().starts_with(same), "{path} {format}");
                }
            }
        }
    }
    assert_eq!(service.get("/recover.json").header("content-type"), Some("application/json"));
    assert_eq!(service.get("/v1/recover/billing.txt").header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn stable_answers_are_tagged_and_random_ones_are_not_kept() {
    let service = service();
    for path in ["/", "/recover", "/recover/billing?n=2", "/recover/billing?seed=7", "/search?q=late", "/openapi.json"]
    {
        let first = service.get(path);
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no tag"));
        assert_eq!(service.get(path).header("etag"), Some(tag), "{path}");
        for known in [tag, tag.trim_start_matches("W/"), &format!("\"x\", {tag}"), "*"] {
            let again = service.ask("GET", path, &[("if-none-match", known)]);
            assert_eq!((again.status, again.header("etag"), again.body.len()), (304, Some(tag), 0), "{path} {known}");
        }
        assert_eq!(service.ask("GET", path, &[("if-none-match", "\"other\"")]).status, 200, "{path}");
    }
    for path in ["/recover/billing", "/random", "/v1/recover/billing"] {
        let got = service.get(path);
        assert_eq!((got.header("etag"), got.header("cache-control")), (None, Some("no-store")), "{path}");
    }
    let (txt, json) = (service.get("/recover?format=txt"), service.get("/recover?format=json"));
    assert_ne!(txt.header("etag"), json.header("etag"));
}

#[test]
fn head_is_get_without_a_body() {
    let service = service();
    for path in ["/", "/recover", "/recover/billing?n=1", "/nothing/here", "/healthz", "/openapi.json"] {
        let (head, get) = (service.ask("HEAD", path, &[]), service.get(path));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "etag", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[test]
fn a_seed_repeats_and_chance_does_not() {
    let service = service();
    let seeded = |seed| service.get(&format!("/recover/billing?step=any&seed={seed}")).body;
    assert_eq!(seeded(3), seeded(3));
    let all: HashSet<_> = (0..8).map(seeded).collect();
    assert_eq!(all.len(), 8, "eight seeds walk through eight phrases");
    let mut last = Vec::new();
    for _ in 0..50 {
        let next = service.get("/recover/delay").body;
        assert_ne!(next, last, "the same phrase twice in a row");
        last = next;
    }
}

#[test]
fn what_was_probably_meant_is_said() {
    let service = service();
    for (path, status, words) in [
        ("/recover/biling", 404, "Did you mean /recover/billing?"),
        ("/recoverr", 404, "Did you mean /recover?"),
        ("/recover/billing?custommer=Ana", 400, "Did you mean `customer`?"),
        (
            "/recover/billing?colour=red",
            400,
            "Known here: format, n, all, steps, letter, why, tone, step, short, seed, line, customer, item",
        ),
        ("/recover/billing?n=0", 400, "`n` is a whole number from 1 to 9999"),
        ("/recover/billing?n=x", 400, "`n` is a whole number"),
        ("/recover/billing?all=maybe", 400, "`all` is `true` or `false`, or stands alone"),
        ("/recover/billing?tone=loud", 400, "`warm`, `direct` or `formal`"),
        ("/recover/billing?n=1&n=2", 400, "`n` is given twice"),
        ("/recover/billing?letter&line=hoped", 404, "The parameter `line` is one of hoped-for, "),
        ("/recover/billing?format=xml", 400, "`format` is `txt`, `json` or `html`"),
        ("/phrases/recover.billing.none", 404, "Did you mean /recover/billing?"),
        ("/sources/powerup", 404, "Did you mean /sources/power-up?"),
        ("/search", 400, "`q` is wanted"),
        ("/random?source=none", 404, "There is no source `none`"),
        ("/a/b/c", 404, "There is nothing at this address"),
    ] {
        let got = service.get(path);
        assert_eq!(got.status, status, "{path}: {}", got.text());
        assert!(got.text().contains(words), "{path}: {}", got.text());
        let problem = service.ask("GET", path, &[("accept", "application/json")]);
        assert_eq!(
            (problem.status, problem.header("content-type")),
            (status, Some("application/problem+json")),
            "{path}"
        );
        let json = problem.json();
        assert_eq!(json["status"], status);
        assert!(json["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{path}: {json}");
        assert!(service.ask("GET", path, &[("accept", "text/html")]).text().contains("<h1>"), "{path}");
    }
}

#[test]
fn a_slot_that_the_topic_lacks_is_named_back_and_the_phrase_given() {
    let service = service();
    let got = service.get("/v1/recover/billing?n=1&award=Best%20Teacher").json();
    assert!(got["notes"][0].as_str().unwrap().contains("no blank called “award”"), "{got}");
    assert!(!got["text"].as_str().unwrap().is_empty());
}

#[test]
fn an_alias_is_served_and_says_its_proper_address() {
    let service = service();
    let got = service.get("/recover/invoice?n=1");
    assert_eq!((got.status, got.header("content-location")), (200, Some("/recover/billing")));
}

#[test]
fn wrong_methods_are_told_the_right_ones() {
    let service = service();
    for path in ["/", "/recover", "/recover/billing", "/search", "/openapi.json", "/healthz"] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE"] {
            let got = service.ask(method, path, &[]);
            assert_eq!(got.status, 405, "{method} {path}");
            assert!(got.header("allow").is_some_and(|allow| allow.contains("GET, HEAD")), "{method} {path}");
        }
    }
    assert_eq!(service.ask("DELETE", "/nothing-here", &[]).status, 404);
}

#[test]
fn other_origins_may_read() {
    let service = service();
    let got = service.ask("GET", "/recover/billing", &[("origin", "https://example.test")]);
    assert_eq!(got.header("access-control-allow-origin"), Some("*"));
    assert_eq!(got.header("access-control-allow-credentials"), None);
    let before = service.ask("OPTIONS", "/recover/billing", &[("access-control-request-method", "GET")]);
    assert_eq!((before.status, before.header("access-control-allow-methods")), (204, Some("GET, HEAD, OPTIONS")));
}

#[test]
fn values_are_data() {
    let service = service();
    for (value, shown) in [
        ("%7B%7Bcustomer%7D%7D", "{{customer}}"),
        ("%25s", "%s"),
        ("%3Cscript%3E", "<script>"),
        ("a%1B%5B31mb", "a[31mb"),
        ("%E2%80%AEevil", "evil"),
        ("%D7%A9%D7%9C%D7%95%D7%9D", "שלום"),
    ] {
        let path = format!("/phrases/recover.billing.off-it-comes?customer={value}");
        assert!(service.get(&path).text().contains(shown), "{value}: {}", service.get(&path).text());
        assert!(!service.ask("GET", &path, &[("accept", "text/html")]).text().contains("<script>"), "{value}");
    }
    let long = service.get(&format!("/v1/phrases/recover.billing.off-it-comes?customer={}", "x".repeat(4000))).json();
    assert!(long["notes"][0].as_str().unwrap().contains("cut at 200"), "{long}");
}

#[test]
fn long_answers_are_compressed_where_that_is_welcome() {
    let service = service();
    let plain = service.ask("GET", "/v1/recover", &[("accept-encoding", "identity")]);
    let packed = service.ask("GET", "/v1/recover", &[("accept-encoding", "br, gzip")]);
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
    assert!(packed.body.len() * 2 < plain.body.len());
    assert_eq!(service.ask("GET", "/recover/billing", &[("accept-encoding", "gzip")]).header("content-encoding"), None);
}

#[test]
fn an_address_too_long_is_refused() {
    let service = service();
    assert_eq!(service.get(&format!("/search?q={}", "x".repeat(9000))).status, 414);
}

#[test]
fn the_rate_limit_says_when_to_come_again() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "3/min")]);
    for _ in 0..3 {
        assert_eq!(service.get("/recover/billing").status, 200);
    }
    let forwarded = [("x-forwarded-for", "203.0.113.7")];
    let got = service.ask("GET", "/recover/billing", &forwarded);
    assert_eq!(got.status, 429, "a forwarded address is not believed");
    assert!(got.header("retry-after").unwrap().parse::<u32>().unwrap() <= 20);
    assert_eq!(service.get("/healthz").status, 200, "probes are spared");
}

#[test]
fn the_openapi_document_and_the_service_agree() {
    let Some(python) = python("tests/api/requirements.txt") else { return };
    let service = service();
    // It keeps notes of its runs in the folder that it is started in.
    let printed = run(Command::new(python.with_file_name("schemathesis"))
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .arg("--config-file")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/schemathesis.toml"))
        .args(["run", "--no-color", "--max-examples", "25"])
        .arg(format!("{}/openapi.json", service.url)));
    assert!(printed.contains("No issues found"), "{printed}");
}
