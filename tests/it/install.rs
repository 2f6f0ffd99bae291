//! How platforms are brought in: the steps that the page and the papers show; and installing the Slack app into several
//! workspaces, with a port of this machine in Slack's place.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    thread::{self, JoinHandle},
};

use saywell::chat::{ALL, guide::markdown};

use crate::{harness::book, running::Running};

#[test]
fn the_papers_have_the_steps_that_the_page_has() {
    let papers = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/platforms");
    for kind in ALL {
        let paper = fs::read_to_string(papers.join(kind.name).with_extension("md"));
        let paper = paper.unwrap_or_else(|_| panic!("docs/platforms/{}.md is missing", kind.name));
        let steps = markdown(&(kind.steps)(book(), "https://saywell.example.com"));
        assert!(paper.contains(&steps), "docs/platforms/{}.md lacks these steps:\n\n{steps}", kind.name);
    }
}

#[test]
fn the_page_has_the_steps_for_the_address_at_which_it_is_read() {
    let service = Running::start(&[]);
    let page = |host: &str| service.ask("GET", "/install", &[("host", host)]).text().to_owned();
    let public = page("words.example.com");
    for kind in ALL {
        for copy in (kind.steps)(book(), "https://words.example.com").iter().flat_map(|step| &step.copies) {
            assert!(public.contains(&format!("id=\"{}-{}\"", kind.name, copy.name)), "{copy:?}");
        }
    }
    for words in [
        "SAYWELL_PUBLIC_URL=https://words.example.com",
        "SAYWELL_SECRET",
        "<code>/check</code>",
        "https://words.example.com/slack/interactions",
        "<b>Signing Secret</b>",
    ] {
        assert!(public.contains(words), "{words}");
    }
    let local = page("127.0.0.1:8080");
    assert!(
        local.contains("Slack cannot call") && !local.contains("/slack/interactions"),
        "no manifest that is of no use"
    );
    assert!(local.contains("saywell manifest slack --url https://saywell.example.com"));
}

/// Answers one request with this JSON, and gives back what was asked.
fn in_place_of_slack(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !String::from_utf8_lossy(&request).contains("client_secret=") {
            let mut chunk = [0; 4096];
            let read = stream.read(&mut chunk).unwrap();
            request.extend_from_slice(&chunk[..read]);
        }
        let length = answer.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}").unwrap();
        String::from_utf8(request).unwrap()
    });
    (origin, asked)
}

fn service(origin: &str) -> Running {
    Running::start(&[
        ("SLACK_SIGNING_SECRET", "signing"),
        ("SLACK_CLIENT_ID", "11.22"),
        ("SLACK_CLIENT_SECRET", "client-secret"),
        ("SLACK_HOOKS_ORIGIN", origin),
    ])
}

fn state(service: &Running, origin: &str) -> String {
    let begun = service.get("/slack/install");
    let place = begun.header("location").unwrap().to_owned();
    assert_eq!(begun.status, 302);
    assert!(
        place.starts_with(&format!("{origin}/oauth/v2/authorize?client_id=11.22&scope=commands&state=")),
        "{place}"
    );
    place.split_once("state=").unwrap().1.to_owned()
}

#[test]
fn a_workspace_installs_and_the_token_is_thrown_away() {
    let (origin, asked) = in_place_of_slack(r#"{"ok":true,"access_token":"xoxb-thrown-away"}"#);
    let service = service(&origin);
    let state = state(&service, &origin);
    let done = service.get(&format!("/slack/oauth?code=c0de&state={state}"));
    assert!(done.status == 200 && done.text().contains("Saywell is installed"), "{}", done.text());
    assert!(!done.text().contains("xoxb"));
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("POST /api/oauth.v2.access ") && asked.contains("code=c0de"), "{asked}");
}

#[test]
fn what_goes_wrong_is_said_and_can_be_tried_again() {
    let (origin, asked) = in_place_of_slack(r#"{"ok":false,"error":"invalid_code"}"#);
    let service = service(&origin);
    let state = state(&service, &origin);
    for (query, why) in [
        ("code=c0de".to_owned(), "not one of ours"),
        (format!("code=c0de&state=1{state}"), "not one of ours"),
        (format!("state={state}&error=access_denied"), "called off"),
        (format!("state={state}"), "sent no code"),
        (format!("code=old&state={state}"), "did not take the code"),
    ] {
        let got = service.get(&format!("/slack/oauth?{query}"));
        assert!(got.status == 400 && got.text().contains(why), "{query}: {}", got.text());
    }
    asked.join().unwrap();
}

#[test]
fn without_an_id_and_a_secret_there_is_nothing_to_install() {
    let service = Running::start(&[("SLACK_SIGNING_SECRET", "signing")]);
    for path in ["/slack/install", "/slack/oauth?code=1&state=2"] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
    assert_eq!(Running::start(&[]).ask("POST", "/slack/commands", &[]).status, 404, "Slack is off");
}
