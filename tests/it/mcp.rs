//! Assistants: the Model Context Protocol over HTTP and over standard input and output, in both editions.

use std::{
    collections::HashSet,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use saywell::mcp::reply;
use serde_json::{Value, json};

use super::{
    harness::book,
    running::{Got, Running, node_modules, program, python, run},
};

const STATELESS: &str = "2026-07-28";
const ASSISTANT: &str = "tests/sdk/assistant";

fn service() -> Running {
    Running::start(&[("SAYWELL_RATE_LIMIT", "off")])
}

fn request(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })
}

/// What a request without headers gives, in the edition with a handshake.
fn ask(method: &str, params: &Value) -> Value {
    let body = reply(book(), request(method, params).to_string().as_bytes(), None, 0).body.expect("an answer");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(7)), "{answer}");
    answer
}

fn result(method: &str, params: &Value) -> Value {
    let mut answer = ask(method, params);
    assert!(answer.get("error").is_none(), "{method}: {answer}");
    answer["result"].take()
}

fn error(method: &str, params: &Value) -> (i64, String) {
    let answer = ask(method, params);
    (answer["error"]["code"].as_i64().expect("a code"), answer["error"]["message"].as_str().unwrap().to_owned())
}

/// What a tool gives as data, which its text must hold as well.
fn call(tool: &str, arguments: &Value) -> Value {
    let mut given = result("tools/call", &json!({ "name": tool, "arguments": arguments }));
    assert_eq!(given["isError"], json!(false), "{given}");
    let text: Value = serde_json::from_str(given["content"][0]["text"].as_str().unwrap()).unwrap();
    let data = given["structuredContent"].take();
    assert_eq!(text, data);
    data
}

/// What a tool says of arguments that it cannot use.
fn complaint(tool: &str, arguments: &Value) -> String {
    let given = result("tools/call", &json!({ "name": tool, "arguments": arguments }));
    assert_eq!(given["isError"], json!(true), "{given}");
    given["content"][0]["text"].as_str().unwrap().to_owned()
}

/// Every entry of a list, page after page.
fn all(method: &str, name: &str) -> Vec<Value> {
    let (mut entries, mut params) = (Vec::new(), json!({}));
    loop {
        let page = result(method, &params);
        entries.extend(page[name].as_array().unwrap().iter().cloned());
        match page.get("nextCursor") {
            Some(cursor) => params = json!({ "cursor": cursor }),
            None => return entries,
        }
    }
}

/// The parameters of a request of the edition without a handshake.
fn modern(mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": STATELESS,
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    params
}

fn post(service: &Running, headers: &[(&str, &str)], message: &Value) -> Got {
    let mut all = vec![("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
    all.extend(headers);
    service.send("POST", "/mcp", &all, message.to_string().as_bytes())
}

/// The same with the headers that the edition without a handshake wants.
fn post_modern(service: &Running, method: &str, name: Option<&str>, params: Value) -> Got {
    let mut headers = vec![("mcp-protocol-version", STATELESS), ("mcp-method", method)];
    headers.extend(name.map(|name| ("mcp-name", name)));
    post(service, &headers, &request(method, &modern(params)))
}

#[test]
fn a_client_that_begins_with_a_handshake_is_answered() {
    let service = service();
    let hello = json!({
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
    });
    let got = post(&service, &[], &request("initialize", &hello));
    assert_eq!((got.status, got.header("content-type")), (200, Some("application/json")));
    assert_eq!((got.header("cache-control"), got.header("mcp-session-id")), (Some("no-store"), None));
    let result = got.json()["result"].clone();
    assert_eq!(result["protocolVersion"], "2025-11-25");
    assert_eq!(result["serverInfo"]["name"], "saywell");
    assert!(result["capabilities"]["tools"].is_object() && result["instructions"].is_string(), "{result}");
    let version = [("mcp-protocol-version", "2025-11-25")];
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let got = post(&service, &version, &ready);
    assert_eq!((got.status, &*got.body), (202, &b""[..]));
    let got = post(&service, &version, &request("tools/list", &json!({})));
    assert_eq!(got.json()["result"]["tools"].as_array().map(Vec::len), Some(5));
    assert!(got.json()["result"].get("resultType").is_none());
    let got = post(&service, &version, &request("ping", &json!({})));
    assert_eq!(got.json()["result"], json!({}));
}

#[test]
fn a_client_without_a_handshake_is_answered() {
    let service = service();
    let got = post_modern(&service, "server/discover", None, json!({}));
    let result = got.json()["result"].clone();
    assert_eq!((got.status, &result["resultType"]), (200, &json!("complete")));
    assert_eq!(result["supportedVersions"], json!(["2026-07-28", "2025-11-25", "2025-06-18"]));
    assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "saywell");
    let call = json!({ "name": "get_play", "arguments": { "topic": "recover.billing" } });
    let got = post_modern(&service, "tools/call", Some("get_play"), call);
    assert_eq!((got.status, &got.json()["result"]["resultType"]), (200, &json!("complete")));
    for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
        let result = post_modern(&service, method, None, json!({})).json()["result"].clone();
        assert!(result["ttlMs"].is_u64() && result["cacheScope"] == "public", "{method}");
    }
}

#[test]
fn headers_that_contradict_the_message_are_refused() {
    let service = service();
    let list = request("tools/list", &modern(json!({})));
    let version = ("mcp-protocol-version", STATELESS);
    let check = |headers: &[(&str, &str)], message: &Value, status: u16, code: i64| {
        let got = post(&service, headers, message);
        assert_eq!((got.status, got.json()["error"]["code"].as_i64()), (status, Some(code)), "{headers:?}");
        assert_eq!(got.json()["id"], json!(7), "{headers:?}");
        got.json()["error"].clone()
    };
    check(&[version], &list, 400, -32020);
    check(&[version, ("mcp-method", "prompts/list")], &list, 400, -32020);
    check(&[("mcp-method", "tools/list")], &list, 400, -32020);
    check(&[version, ("mcp-method", "tools/list")], &request("tools/list", &json!({})), 400, -32602);
    check(&[version, ("mcp-method", "initialize")], &request("initialize", &modern(json!({}))), 404, -32601);
    check(&[version, ("mcp-method", "no/such")], &request("no/such", &modern(json!({}))), 404, -32601);
    let unknown = check(&[("mcp-protocol-version", "1900-01-01")], &request("tools/list", &json!({})), 400, -32022);
    assert_eq!(unknown["data"]["requested"], "1900-01-01");
    assert_eq!(unknown["data"]["supported"][0], STATELESS);
}

#[test]
fn what_is_no_message_is_refused_in_words() {
    let service = service();
    let json = ("content-type", "application/json");
    let check = |headers: &[(&str, &str)], body: &[u8], status: u16| {
        let got = service.send("POST", "/mcp", headers, body);
        assert_eq!(got.status, status, "{}", got.text());
        assert!(got.json()["error"]["message"].is_string() && got.json().get("id").is_none(), "{}", got.text());
    };
    check(&[json], b"", 400);
    check(&[json], b"\xff", 400);
    check(&[json], b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", 400);
    check(&[("content-type", "text/plain")], b"{}", 415);
    check(&[], b"{}", 415);
    check(&[json], &vec![b' '; 300_000], 413);
    let got = service.get("/mcp");
    assert_eq!((got.status, got.header("allow")), (405, Some("POST, OPTIONS")));
}

#[test]
fn a_page_of_another_origin_is_turned_away() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "off"), ("SAYWELL_CORS", "https://desk.example.com")]);
    let ping = request("ping", &json!({}));
    let asked = |origin| post(&service, &[("origin", origin)], &ping);
    let got = asked("http://evil.example.com");
    assert_eq!((got.status, got.header("access-control-allow-origin")), (403, None));
    assert_eq!(asked("http://localhost:6274").status, 200);
    let got = asked("https://desk.example.com");
    assert_eq!((got.status, got.header("access-control-allow-origin")), (200, Some("https://desk.example.com")));
    let leave = [("origin", "https://desk.example.com"), ("access-control-request-method", "POST")];
    let got = service.ask("OPTIONS", "/mcp", &leave);
    assert!(got.header("access-control-allow-headers").is_some_and(|names| names.contains("mcp-method")));
    assert_eq!(service.ask("OPTIONS", "/mcp", &[("origin", "http://evil.example.com")]).status, 403);
}

#[test]
fn assistants_are_counted_and_their_words_are_not_logged() {
    let service = Running::start(&[("SAYWELL_LOG", "debug"), ("SAYWELL_RATE_LIMIT", "off")]);
    let arguments = json!({ "name": "check_draft", "arguments": { "text": "You should have xyzzymarker called." } });
    assert!(post(&service, &[], &request("tools/call", &arguments)).text().contains("xyzzymarker"));
    let arguments =
        json!({ "name": "find_phrase", "arguments": { "words": "late xyzzymarker", "command": "xyzzymarker" } });
    post(&service, &[], &request("tools/call", &arguments));
    post(&service, &[], &request("xyzzymarker", &json!({})));
    let slots = json!({ "topic": "recover.billing", "slots": { "customer": "xyzzymarker" } });
    let play = json!({ "name": "get_play", "arguments": slots });
    assert!(post(&service, &[], &request("tools/call", &play)).text().contains("xyzzymarker"));
    let metrics = service.get("/metrics");
    for series in [
        r#"saywell_requests_total{door="check_draft",outcome="answered",platform="mcp"} 1"#,
        r#"saywell_requests_total{door="other",outcome="answered",platform="mcp"} 1"#,
        r#"saywell_answers_total{command="recover",topic="billing"} 1"#,
    ] {
        assert!(metrics.text().contains(series), "{series}");
    }
    assert!(!metrics.text().contains("xyzzymarker"));
    assert!(service.log().iter().all(|line| !line.contains("xyzzymarker")), "{:?}", service.log());
}

#[test]
fn assistants_have_the_same_limits() {
    let service = Running::start(&[("SAYWELL_RATE_LIMIT", "2/h")]);
    let ping = request("ping", &json!({}));
    let statuses: Vec<u16> = (0..3).map(|_| post(&service, &[], &ping).status).collect();
    assert_eq!(statuses, [200, 200, 429]);
}

#[test]
fn every_tool_says_that_it_only_reads_and_what_it_takes_and_gives() {
    for tool in result("tools/list", &json!({}))["tools"].as_array().unwrap() {
        assert_eq!(tool["annotations"]["readOnlyHint"], json!(true), "{tool}");
        assert_eq!(tool["annotations"]["destructiveHint"], json!(false), "{tool}");
        assert!(tool["description"].as_str().is_some_and(|about| about.contains("Call it")), "{tool}");
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object", "{tool}");
            let text = tool[schema].to_string();
            assert!(!text.contains("#/components/"), "{text}");
            for (at, _) in text.match_indices("#/$defs/") {
                let name: String = text[at + 8..].chars().take_while(char::is_ascii_alphanumeric).collect();
                assert!(tool[schema]["$defs"][&name].is_object(), "{name}");
            }
        }
        assert_eq!(tool["inputSchema"]["additionalProperties"], json!(false), "{tool}");
        for (name, property) in tool["inputSchema"]["properties"].as_object().unwrap() {
            assert!(property.to_string().contains("description"), "{name} of {tool}");
        }
    }
}

#[test]
fn a_description_finds_lines_of_the_topic_and_a_step_of_it() {
    let found =
        call("find_phrase", &json!({ "words": "he thinks the bill is too high", "slots": { "customer": "Ana" } }));
    assert_eq!(found["topics"][0]["topic"], json!("recover.billing"));
    let steps: HashSet<&str> =
        found["phrases"].as_array().unwrap().iter().map(|phrase| phrase["step"].as_str().unwrap()).collect();
    assert_eq!(steps, HashSet::from(["acknowledge"]));
    assert!(found["phrases"].to_string().contains("Ana"));
    let found = call("find_phrase", &json!({ "words": "angry about the bill", "command": "/recover", "step": "own" }));
    assert!(found["phrases"].as_array().unwrap().iter().all(|phrase| phrase["step"] == "own"));
    let found = call("find_phrase", &json!({ "words": "qwzx" }));
    assert_eq!((&found["phrases"], &found["topics"]), (&json!([]), &json!([])));
    assert!(found["notes"][0].as_str().is_some_and(|note| note.contains("list_topics")));
}

#[test]
fn a_grave_matter_comes_back_with_who_should_answer() {
    let found = call("find_phrase", &json!({ "words": "her husband died last week" }));
    assert!(found["matter"]["who"].is_string(), "{found}");
    assert_eq!(found["phrases"], json!([]));
    let review = call("check_draft", &json!({ "text": "Sorry to hear that your husband died." }));
    assert!(review["matter"]["who"].is_string(), "{review}");
    assert!(complaint("get_play", &json!({ "topic": "he says he will sue us" })).contains("grave"));
}

#[test]
fn a_play_has_its_steps_in_order_and_a_letter_is_ready_to_paste() {
    for topic in ["recover.billing", "/recover billing", "recover/invoice", "billing"] {
        let play = call("get_play", &json!({ "topic": topic }));
        assert_eq!((&play["topic"], &play["play"]), (&json!("billing"), &json!(true)), "{topic}");
        assert_eq!(play["phrases"][0]["step"], "acknowledge");
    }
    let slots = json!({ "customer": "Ana", "me": "Joe" });
    let letter = call("write_letter", &json!({ "topic": "recover.billing", "slots": slots }));
    let text = letter["text"].as_str().unwrap();
    assert!(text.contains("Ana") && text.trim_end().ends_with("Joe"), "{text}");
    assert!(complaint("write_letter", &json!({ "topic": "opener.thought-leader" })).contains("get_play"));
}

#[test]
fn a_review_says_where_why_and_what_instead() {
    let review = call("check_draft", &json!({ "text": "Unfortunately you should have called us.", "problem": true }));
    let finding = &review["findings"][0];
    assert!(finding["start"].is_u64() && finding["why"].is_string(), "{finding}");
    let missing: Vec<&Value> =
        review["moves"].as_array().unwrap().iter().filter(|one| one["made"] == json!(false)).collect();
    assert!(!missing.is_empty() && missing.iter().any(|one| one["line"].is_string()), "{review}");
    let alone = call("check_draft", &json!({ "text": "You should have called.", "rules": "-blame", "problem": false }));
    assert_eq!(alone["moves"], json!([]));
    assert!(complaint("check_draft", &json!({ "text": "Hi", "rules": "-nonsense" })).contains("nonsense"));
}

#[test]
fn arguments_that_do_not_fit_are_told_to_the_model() {
    let check = |tool, arguments: Value, word: &str| {
        let said = complaint(tool, &arguments);
        assert!(said.contains(word), "{said}");
    };
    check("find_phrase", json!({}), "words");
    check("find_phrase", json!({ "words": " " }), "words");
    check("find_phrase", json!({ "words": "x".repeat(201) }), "200");
    check("find_phrase", json!({ "words": "late", "command": "recovr" }), "Did you mean recover?");
    check("find_phrase", json!({ "words": "late", "step": "first" }), "acknowledge");
    check("get_play", json!({ "topic": "recover.biling" }), "recover.billing");
    check("get_play", json!({ "topic": "recover.billing", "name": "Ana" }), "name");
    check("get_play", json!([]), "schema");
    check("check_draft", json!({ "text": "" }), "text");
    check("check_draft", json!({ "text": "x".repeat(20_001) }), "20000");
    check("list_topics", json!({ "command": "zzz" }), "zzz");
    let (code, said) = error("tools/call", &json!({ "name": "send_mail" }));
    assert!(code == -32602 && said.contains("find_phrase"), "{said}");
    assert_eq!(error("tools/call", &json!({})).0, -32602);
    assert_eq!(error("tools/list", &json!({ "cursor": "x" })).0, -32602);
}

#[test]
fn every_topic_that_is_listed_has_a_play() {
    let listed = call("list_topics", &json!({}));
    let topics =
        listed["commands"].as_array().unwrap().iter().flat_map(|command| command["topics"].as_array().unwrap());
    let names: Vec<&str> = topics.map(|topic| topic["topic"].as_str().unwrap()).collect();
    assert_eq!(names.len(), book().topics().count());
    for name in names {
        call("get_play", &json!({ "topic": name }));
    }
    let one = call("list_topics", &json!({ "command": "apology" }));
    assert_eq!(one["commands"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_topic_is_a_prompt_with_its_blanks_as_arguments() {
    let prompts = all("prompts/list", "prompts");
    assert_eq!(prompts.len(), book().topics().count());
    for prompt in &prompts {
        let name = &prompt["name"];
        let arguments: serde_json::Map<String, Value> = prompt["arguments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|argument| (argument["name"].as_str().unwrap().to_owned(), json!("Zorba")))
            .collect();
        let got = result("prompts/get", &json!({ "name": name, "arguments": arguments }));
        let said = got["messages"][0]["content"]["text"].as_str().unwrap();
        assert!(said.contains("1.") && said.contains("check_draft"), "{said}");
        assert_eq!(said.contains("Zorba"), !arguments.is_empty(), "{said}");
    }
    let (code, said) = error("prompts/get", &json!({ "name": "recover.billing", "arguments": { "color": "red" } }));
    assert!(code == -32602 && said.contains("customer"), "{said}");
    assert_eq!(error("prompts/get", &json!({ "name": "recover.nonsense" })).0, -32602);
    assert_eq!(error("prompts/get", &json!({ "name": "recover.billing", "arguments": { "customer": 5 } })).0, -32602);
}

#[test]
fn blanks_and_addresses_are_completed() {
    let complete = |kind: Value, name: &str, typed: &str| {
        let argument = json!({ "name": name, "value": typed });
        result("completion/complete", &json!({ "ref": kind, "argument": argument }))["completion"].clone()
    };
    let prompt = |name| json!({ "type": "ref/prompt", "name": name });
    let address = |uri| json!({ "type": "ref/resource", "uri": uri });
    assert_eq!(complete(prompt("recover.billing"), "customer", "")["values"][0], "Dr. Matt");
    assert_eq!(complete(prompt("recover.billing"), "customer", "zzz")["values"], json!([]));
    let topics = complete(address("saywell://topics/{topic}"), "topic", "billing");
    assert!(topics["values"].as_array().unwrap().contains(&json!("recover.billing")), "{topics}");
    let phrases = complete(address("saywell://phrases/{phrase}"), "phrase", "");
    assert_eq!((phrases["values"].as_array().map(Vec::len), &phrases["hasMore"]), (Some(100), &json!(true)));
    assert_eq!(complete(address("saywell://rules/{rule}"), "rule", "blame")["values"][0], "blame");
    for (kind, name) in [
        (prompt("recover.billing"), "color"),
        (prompt("nothing"), "customer"),
        (address("saywell://nothing/{topic}"), "topic"),
        (address("saywell://topics/{topic}"), "phrase"),
        (json!({ "type": "ref/tool", "name": "x" }), "x"),
    ] {
        let argument = json!({ "name": name, "value": "" });
        assert_eq!(error("completion/complete", &json!({ "ref": kind, "argument": argument })).0, -32602, "{name}");
    }
}

#[test]
fn every_resource_that_is_listed_can_be_read_and_fits_a_template() {
    let resources = all("resources/list", "resources");
    let uris: HashSet<&str> = resources.iter().map(|one| one["uri"].as_str().unwrap()).collect();
    assert_eq!(uris.len(), resources.len());
    let book = book();
    assert_eq!(uris.len(), 1 + book.check.rules.len() + book.topics().count() + book.articles.len() + book.size());
    let templates = all("resources/templates/list", "resourceTemplates");
    let beginning = |one: &Value| one["uriTemplate"].as_str().unwrap().split('{').next().unwrap().to_owned();
    let beginnings: Vec<String> = templates.iter().map(beginning).collect();
    for uri in uris {
        assert!(uri == "saywell://rules" || beginnings.iter().any(|one| uri.starts_with(&**one)), "{uri}");
        let read = result("resources/read", &json!({ "uri": uri }));
        let content: Value = serde_json::from_str(read["contents"][0]["text"].as_str().unwrap()).unwrap();
        assert!(content.is_object() && read["contents"][0]["uri"] == uri, "{uri}");
    }
}

#[test]
fn a_resource_that_is_not_there_is_told_as_the_edition_wants_it() {
    let nothing = json!({ "uri": "saywell://topics/recover.biling" });
    let (code, said) = error("resources/read", &nothing);
    assert!(code == -32002 && said.contains("recover.billing"), "{said}");
    let body = reply(book(), request("resources/read", &modern(nothing)).to_string().as_bytes(), None, 0).body.unwrap();
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["data"]["uri"]),
        (&json!(-32602), &json!("saywell://topics/recover.biling"))
    );
    for uri in ["", "file:///etc/passwd", "saywell://", "saywell://topics", "saywell://rules/", "saywell://phrases/x"] {
        assert_eq!(error("resources/read", &json!({ "uri": uri })).0, -32002, "{uri}");
    }
}

/// `saywell mcp`, and both of its pipes.
struct Local {
    child: Child,
    answers: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Local {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, answers }
    }

    fn send(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn answer(&mut self) -> Value {
        serde_json::from_str(&self.answers.next().unwrap().unwrap()).unwrap()
    }
}

#[test]
fn a_local_program_is_asked_line_by_line_in_both_editions_and_ends_with_its_input() {
    let mut local = Local::start(&mut program("mcp", &[]));
    local.send(&request("server/discover", &modern(json!({}))).to_string());
    assert_eq!(local.answer()["result"]["resultType"], "complete");
    local.send(&request("initialize", &json!({ "protocolVersion": "2025-06-18" })).to_string());
    assert_eq!(local.answer()["result"]["protocolVersion"], "2025-06-18");
    local.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    local.send("");
    local.send(&"x".repeat(600_000));
    assert!(local.answer()["error"]["message"].as_str().unwrap().contains("longer"));
    local.send("no json");
    assert_eq!(local.answer()["error"]["code"], json!(-32700));
    local.send(&request("tools/call", &json!({ "name": "list_topics" })).to_string());
    assert_eq!(local.answer()["result"]["isError"], json!(false));
    drop(local.child.stdin.take());
    assert!(local.answers.next().is_none());
    assert!(local.child.wait().unwrap().success());
}

#[test]
fn a_scripted_assistant_writes_a_reply_from_a_play_and_mends_it_until_it_is_clean() {
    let found = call("find_phrase", &json!({ "words": "angry about the bill" }));
    let topic = found["topics"][0]["topic"].clone();
    let slots = json!({
        "customer": "Ana", "item": "invoice", "deadline": "Friday", "me": "Joe", "cost": "a whole morning",
        "amount": "$240", "manager": "Rosa", "company": "Acme", "place": "the shop on Elm Street", "problem": "wrong total",
    });
    let play = call("get_play", &json!({ "topic": topic, "slots": slots }));
    // One line a step, as a hasty writer puts them: with a reproach before, and the end left out.
    let (mut steps, mut lines) = (HashSet::new(), vec!["You should have read the estimate.".to_owned()]);
    for phrase in play["phrases"].as_array().unwrap() {
        if steps.insert(phrase["step"].clone()) && steps.len() < 4 {
            lines.push(phrase["text"].as_str().unwrap().to_owned());
        }
    }
    let mut draft = lines.join(" ");
    let review = |draft: &str| call("check_draft", &json!({ "text": draft, "problem": true }));
    let first = review(&draft);
    assert!(first["total"].as_u64() > Some(0), "{first}");
    for _ in 0..4 {
        let reviewed = review(&draft);
        // What would hurt goes with its sentence; what is missing is added, its blanks filled.
        for finding in reviewed["findings"].as_array().unwrap() {
            let words = finding["words"].as_str().unwrap();
            let kept: Vec<&str> = draft.split_inclusive(['.', '?', '!']).filter(|one| !one.contains(words)).collect();
            draft = kept.concat().trim().to_owned();
        }
        let missing = reviewed["moves"].as_array().unwrap().iter().filter(|one| one["made"] == json!(false));
        for line in missing.filter_map(|one| one["line"].as_str()) {
            draft = format!("{draft} {}", line.replace("____", "Friday"));
        }
    }
    let last = review(&draft);
    assert_eq!(last["total"], json!(0), "{draft}\n{last}");
    assert!(last["moves"].as_array().unwrap().iter().all(|one| one["made"] == json!(true)), "{draft}\n{last}");
}

/// What the README says to paste, with the port of this service in the place of the usual one.
fn pasted(service: &Running) -> Value {
    let readme = include_str!("../../README.md");
    let block = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of JSON");
    serde_json::from_str(&block.replace("http://127.0.0.1:8080", &service.url)).expect("JSON")
}

#[test]
fn what_the_readme_says_to_paste_names_the_program_and_the_service() {
    let service = service();
    let pasted = pasted(&service);
    let local = &pasted["mcpServers"]["saywell"];
    assert_eq!((&local["command"], &local["args"]), (&json!("saywell"), &json!(["mcp"])));
    let url = pasted["mcpServers"]["saywell-team"]["url"].as_str().unwrap();
    assert_eq!(url, format!("{}/mcp", service.url));
    assert_eq!(post(&service, &[], &request("ping", &json!({}))).status, 200);
}

/// The suite of those who write the protocol. What it asks of tools of its own is listed, with the reason, in the two files
/// that are named here; a check that fails or passes against its list fails the test.
#[test]
fn the_official_conformance_suite_finds_no_fault_in_either_edition() {
    let Some(home) = node_modules(ASSISTANT) else { return };
    let service = service();
    for edition in ["2025-11-25", "2026-07-28"] {
        let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("conformance-{edition}"));
        let mut suite = Command::new("node");
        suite.current_dir(&home).args(["--import", "./globsync.mjs"]);
        suite.arg("node_modules/@modelcontextprotocol/conformance/dist/index.js").arg("server");
        suite.args(["--url", &format!("{}/mcp", service.url), "--requirements", edition]);
        suite.args(["--expected-failures", &format!("not-applicable-{edition}.yaml")]).arg("-o").arg(results);
        let printed = run(&mut suite);
        assert!(printed.contains("dns-rebinding-protection: 2 passed"), "{printed}");
    }
}

#[test]
fn the_official_clients_for_typescript_are_served_over_both_pipes() {
    let Some(home) = node_modules(ASSISTANT) else { return };
    let service = service();
    let mut clients = Command::new("node");
    clients.current_dir(&home).arg("clients.mjs");
    let printed = run(clients.arg(format!("{}/mcp", service.url)).arg(env!("CARGO_BIN_EXE_saywell")));
    assert_eq!(printed.matches("fine").count(), 5, "{printed}");
}

#[test]
fn the_official_client_for_python_is_served_over_both_pipes_in_both_editions() {
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let service = service();
    let mut client = Command::new(python);
    client.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/assistant.py"));
    let printed = run(client.arg(format!("{}/mcp", service.url)).arg(env!("CARGO_BIN_EXE_saywell")));
    assert_eq!(printed.matches("fine").count(), 4, "{printed}");
}

#[test]
fn the_inspectors_command_line_is_served_over_both_pipes_and_by_what_the_readme_says_to_paste() {
    let Some(home) = node_modules(ASSISTANT) else { return };
    let service = service();
    let inspect = |arguments: &[&str]| {
        let mut inspector = Command::new("node");
        inspector.current_dir(&home).arg("node_modules/.bin/mcp-inspector").arg("--cli").args(arguments);
        run(&mut inspector)
    };
    let url = format!("{}/mcp", service.url);
    let call = ["--method", "tools/call", "--tool-name", "find_phrase", "--tool-arg", "words=late delivery"];
    assert!(inspect(&[&[&*url, "--transport", "http"], &call[..]].concat()).contains("phrases"));
    let local = [env!("CARGO_BIN_EXE_saywell"), "mcp", "--method", "prompts/list"];
    assert!(inspect(&local).contains("recover.billing"));
    let config = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assistants.json");
    fs::write(&config, pasted(&service).to_string()).unwrap();
    for server in ["saywell", "saywell-team"] {
        let mut inspector = Command::new("node");
        inspector.current_dir(&home).arg("node_modules/.bin/mcp-inspector").arg("--cli");
        let beside = Path::new(env!("CARGO_BIN_EXE_saywell")).parent().unwrap();
        let path = format!("{}:{}", beside.display(), std::env::var("PATH").unwrap());
        inspector.env("PATH", path).arg("--config").arg(&config).args(["--server", server, "--method", "tools/list"]);
        assert!(run(&mut inspector).contains("check_draft"), "{server}");
    }
}
