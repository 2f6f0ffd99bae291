"""Saywell against Slack's own Python libraries.

    slack.py --url URL --modal-url URL --secret SECRET --sink PORT --program PATH

`--url` is a running Saywell that was told to send its messages to the sink (`SLACK_HOOKS_ORIGIN=http://127.0.0.1:PORT`),
`--modal-url` is another one that has a bot token besides. The SDK signs the requests and checks every block, element
and view; Bolt gets the same raw requests and must agree on which are accepted; conversations are followed message by
message. Prints what failed, then `N passed, N failed`.
"""

import argparse
import hashlib
import hmac
import http.client
import http.server
import json
import logging
import queue
import re
import subprocess
import threading
import time
import urllib.parse

from jsonschema import Draft7Validator
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.models.blocks import ActionsBlock, Block, InputBlock, SectionBlock
from slack_sdk.models.blocks.block_elements import BlockElement
from slack_sdk.models.blocks.basic_components import Option
from slack_sdk.models.views import View
from slack_sdk.signature import SignatureVerifier

from judge import book, check, conclude

# ---- the wire ------------------------------------------------------------------------------------------------------


class Sink:
    """Stands for hooks.slack.com and for the API."""

    def __init__(self, port):
        self.messages = queue.Queue()
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.messages.put((self.path, dict(self.headers), json.loads(body)))
                answer = b'{"ok":true}' if self.path.startswith("/api/") else b"ok"
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, count):
        """So many messages; fewer where no more come."""
        messages = []
        while len(messages) < count:
            try:
                messages.append(self.messages.get(timeout=5))
            except queue.Empty:
                break
        return messages

    def quiet(self):
        time.sleep(0.2)
        return self.messages.empty()


class Service:
    """A running Saywell."""

    def __init__(self, url, secret, sink_port):
        self.host = urllib.parse.urlsplit(url).netloc
        self.signer = SignatureVerifier(secret)
        self.origin = f"http://127.0.0.1:{sink_port}"
        self.hooks = 0
        self.connection = http.client.HTTPConnection(self.host, timeout=10)

    def signed(self, body, at=None):
        timestamp = str(int(time.time()) if at is None else at)
        signature = self.signer.generate_signature(timestamp=timestamp, body=body)
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
        }

    def raw(self, door, body, headers):
        if isinstance(body, str):
            body = body.encode()
        try:
            self.connection.request("POST", f"/slack/{door}", body, headers)
            response = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            self.connection.request("POST", f"/slack/{door}", body, headers)
            response = self.connection.getresponse()
        return response.status, response.getheader("Content-Type"), response.read()

    def hook(self, kind="actions"):
        self.hooks += 1
        return f"{self.origin}/{kind}/T0SAYWELL/{self.hooks}/xyz"

    def command_body(self, command, text):
        return urllib.parse.urlencode({
            "token": "old", "team_id": "T0SAYWELL", "team_domain": "acme", "channel_id": "C0CHAN001",
            "channel_name": "general", "user_id": "U0USER001", "user_name": "pat", "command": command, "text": text,
            "api_app_id": "A0SAYWELL1", "is_enterprise_install": "false", "response_url": self.hook("commands"),
            "trigger_id": "111.222.abc",
        })

    def command(self, command, text=""):
        body = self.command_body(command, text)
        status, kind, answer = self.raw("commands", body, self.signed(body))
        what = f"{command} {text}"[:80]
        if not check(f"{what}: 200 and JSON", (status, kind) == (200, "application/json; charset=utf-8"), status, kind):
            return {}
        message = json.loads(answer)
        valid(message, what)
        return message

    def payload(self, door, payload):
        body = urllib.parse.urlencode({"payload": json.dumps(payload)})
        return self.raw(door, body, self.signed(body))

    def click(self, action, values=None):
        """A click; the path of its own hook."""
        hook = self.hook()
        status, _, answer = self.payload("interactions", {
            "type": "block_actions", "team": {"id": "T0SAYWELL", "domain": "acme"}, "api_app_id": "A0SAYWELL1",
            "user": {"id": "U0USER001", "username": "pat", "team_id": "T0SAYWELL"},
            "container": {"type": "message", "message_ts": "1.1", "channel_id": "C0CHAN001", "is_ephemeral": True},
            "channel": {"id": "C0CHAN001", "name": "general"}, "trigger_id": "111.333.fed", "response_url": hook,
            "actions": [{**action, "block_id": "b", "action_ts": "1.2"}], "state": {"values": values or {}},
        })
        check(f"a click is answered at once and with nothing: {action.get('action_id')}", (status, answer) == (200, b""))
        return urllib.parse.urlsplit(hook).path


def elements(message):
    for block in message.get("blocks", []):
        yield from block.get("elements", [])
        if "accessory" in block:
            yield block["accessory"]


def find(message, action_id):
    for element in elements(message):
        if element.get("action_id") == action_id:
            keep = {key: element[key] for key in ("type", "action_id", "value") if key in element}
            if element["type"] == "static_select":
                keep["selected_option"] = element["options"][0]
            return keep
    check(f"there is a {action_id}", False, json.dumps(message)[:400])
    return {"type": "button", "action_id": action_id}


# ---- what the SDK says ---------------------------------------------------------------------------------------------


def valid_blocks(blocks, what):
    parsed = Block.parse_all(blocks)
    check(f"{what}: every block is known to the SDK", len(parsed) == len(blocks) and all(parsed))
    for block, raw in zip(parsed, blocks):
        valid_part(block, what, raw)
        parts = []
        if isinstance(block, ActionsBlock):
            parts = block.elements
        if isinstance(block, SectionBlock) and block.accessory:
            parts = [block.accessory]
        if isinstance(block, InputBlock):
            parts = [block.element]
        for part in parts:
            check(f"{what}: an element known to the SDK", isinstance(part, BlockElement), raw)
            valid_part(part, what, raw)
            # The SDK leaves the options of a parsed menu as they came.
            for option in Option.parse_all(getattr(part, "options", None) or []):
                valid_part(option, what, raw)


def valid_part(part, what, raw):
    try:
        part.validate_json()
    except Exception as error:  # the SDK raises its own kinds
        check(f"{what}: {error}", False, json.dumps(raw)[:400])
    else:
        check(what, True)


LIVE = re.compile(r"<(?!@U0USER001>)|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def valid(message, what):
    """A message: blocks for the SDK, the rest for the rules that it does not know."""
    blocks = message.get("blocks", [])
    check(f"{what}: 1 to 50 blocks", 1 <= len(blocks) <= 50, len(blocks))
    check(f"{what}: a fallback that is not too long", 0 < len(message.get("text", "")) <= 4000, message)
    check(f"{what}: no previews", message.get("unfurl_links") is False and message.get("unfurl_media") is False)
    check(f"{what}: visibility is said", message.get("response_type") in ("ephemeral", "in_channel"))
    valid_blocks(blocks, what)
    inert(message, what)


def inert(message, what):
    def walk(value):
        if isinstance(value, dict):
            if value.get("type") == "mrkdwn":
                check(f"{what}: verbatim and inert", value.get("verbatim") is True and not LIVE.search(value["text"]), value)
            elif value.get("type") == "plain_text":
                check(f"{what}: no emoji from words", value.get("emoji") is False, value)
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(message.get("blocks", []))
    check(f"{what}: the fallback is inert", not LIVE.search(message.get("text", "")), message.get("text"))


# ---- the parts -----------------------------------------------------------------------------------------------------


def every_answer(service, commands):
    for command, content in commands.items():
        for text in ("", "help", "random", "search customer", "list", "qwxyz vbnmk"):
            service.command(f"/{command}", text)
        for topic, entry in content["topic"].items():
            slots = list(entry.get("slot", {})) + list(content.get("slot", {}))
            filled = " ".join(f'{slot}="Dr. Zoë & <Sons>"' for slot in slots)
            for text in ("", "all", "steps", "why", "all why", "2", "99", "share", f"{filled}", f"{filled} share", "no=such"):
                message = service.command(f"/{command}", f"{topic} {text}")
                service_says = message.get("response_type")
                check(f"/{command} {topic} {text}: private unless shared", service_says == "ephemeral" or "share" in text)
            service.command(f"/{command}", topic[:-1] if len(topic) > 4 else topic)
    for text in ("", "help", "list", "list bil", "sources", "search refund", "search", "recover billing", "zzzz", "random"):
        service.command("/saywell", text)
    service.command("/gone", "billing")


def conversation(service, sink, commands):
    command, topic, phrase, blank = next(
        (command, topic, phrase["id"], blank)
        for command, content in commands.items()
        for topic, entry in content["topic"].items()
        for phrase in entry["phrase"]
        for blank in re.findall(r"{{(\w+)}}", re.sub(r"\[[^\]]*\]", "", phrase["say"]))
    )

    def follow(action, count, values=None):
        path = service.click(action, values)
        messages = sink.take(count)
        check(f"{action.get('action_id')}: {count} message(s), to the click's own address",
              len(messages) == count and all(where == path for where, _, _ in messages), messages)
        bodies = [body for _, _, body in messages]
        for body in bodies:
            if body != {"delete_original": True}:
                valid(body, f"after {action.get('action_id')}")
        return bodies or [{}]

    first = service.command(f"/{command}", topic)
    shown, seen = first, {first["text"]}
    for _ in range(len(commands[command]["topic"][topic]["phrase"]) - 1):
        [shown] = follow(find(shown, "another"), 1)
        check("Another replaces", shown.get("replace_original") is True)
        seen.add(shown["text"])
    check("Another walks through the whole topic", len(seen) == len(commands[command]["topic"][topic]["phrase"]), seen)

    shown = service.command("/saywell", f"{command}.{topic}.{phrase}")
    check("a blank is seen", "____" in shown["text"], shown["text"])
    [form] = follow(find(shown, "share"), 1)
    check("Share asks for what is missing", any(block["type"] == "input" for block in form["blocks"]), form)
    [back] = follow(find(form, "back"), 1)
    check("Back goes back", back["text"] == shown["text"])
    [form] = follow(find(back, "fill"), 1)
    inputs = [block for block in form["blocks"] if block["type"] == "input"]
    check("a form with one field a slot", inputs and form.get("replace_original") is True)
    names = [block["block_id"] for block in inputs]
    check("blocks have names of their own", len(set(names)) == len(names))
    values = {name: {"value": {"type": "plain_text_input", "value": 'Ann & "Bo" <!here>'}} for name in names}
    [filled] = follow(find(form, "done"), 1, values)
    check("Done fills in", "____" not in filled["text"] and "Ann &amp; \"Bo\" &lt;!here&gt;" in filled["text"], filled["text"])
    posted, gone = follow(find(filled, "share"), 2)
    check("Share posts in the channel", posted.get("response_type") == "in_channel")
    check("Share does not overwrite", posted.get("replace_original") is False)
    check("Share posts only the words", posted["text"] == filled["text"] and len(posted["blocks"]) == 2, posted)
    check("Share names who shared", "<@U0USER001>" in json.dumps(posted))
    check("then the private copy goes", gone == {"delete_original": True})

    menu = service.command(f"/{command}")
    [chosen] = follow(find(menu, "pick"), 1)
    check("a menu's choice replaces it", chosen.get("replace_original") is True)
    [play] = follow(find(service.command("/recover", "billing 1"), "play"), 1)
    check("the whole play, in order", "1. Acknowledge" in json.dumps(play))
    follow(find(play, "pick"), 1)
    [old] = follow({"type": "button", "action_id": "another", "value": "recover.billing.7"}, 1)
    check("an old button gets a kind word", old.get("replace_original") is False and old["response_type"] == "ephemeral")
    service.payload("interactions", {
        "type": "block_actions", "user": {"id": "U1"}, "response_url": "https://example.org/actions/x",
        "actions": [find(first, "another")],
    })
    check("nothing goes to another origin", sink.quiet())
    status, kind, options = service.payload("options", {
        "type": "block_suggestion", "action_id": "pick", "block_id": "v1 recover list", "value": "bil",
        "team": {"id": "T1"}, "user": {"id": "U1"},
    })
    options = json.loads(options)["options"]
    check("topics as they are typed", (status, kind) == (200, "application/json; charset=utf-8") and options)
    for option in Option.parse_all(options):
        valid_part(option, "an option", options)


DRAFT = "Hello Bo,\nwe're <!channel> late & sorry.\nYou never called us."


def reviewed(body, what):
    valid(body, what)
    check(f"{what}: reviewed in private", body["response_type"] == "ephemeral" and "“You never" in body["text"], body)


def drafts(service, modal_service, sink):
    reviewed(service.command("/check", DRAFT), "a typed draft")
    for text in ("rules", "help", "school=thanks I'm sorry.", "rules=-nonsense x", "x" * 20001):
        check(f"/check {text[:20]}: private", service.command("/check", text)["response_type"] == "ephemeral")
    form = service.command("/check")
    [field] = [block for block in form["blocks"] if block["type"] == "input"]
    check("a field of several lines", field["element"]["multiline"] is True, field)
    service.click(find(form, "done"), {field["block_id"]: {"value": {"type": "plain_text_input", "value": DRAFT}}})
    [(_, _, body)] = sink.take(1)
    reviewed(body, "a pasted draft")
    shown = modal_service.command("/check")
    window(modal_service, sink, shown, DRAFT, "“You never")
    hook = service.hook("app")
    status, _, answer = service.payload("interactions", {
        "type": "message_action", "callback_id": "check", "trigger_id": "1.2.3", "response_url": hook, "token": "old",
        "action_ts": "1.3", "message_ts": "1.1", "team": {"id": "T0SAYWELL", "domain": "acme"},
        "user": {"id": "U0USER001", "name": "pat"}, "channel": {"id": "C0CHAN001", "name": "general"},
        "message": {"type": "message", "user": "U0OTHER01", "ts": "1.1", "text": DRAFT},
    })
    check("a shortcut is answered at once and with nothing", (status, answer) == (200, b""))
    [(path, _, body)] = sink.take(1)
    check("to its own address", path == urllib.parse.urlsplit(hook).path)
    check("and the message stays", body["replace_original"] is False)
    reviewed(body, "a message pointed at")


def window(service, sink, shown, value, expected):
    service.click(find(shown, "fill"))
    [(path, headers, call)] = sink.take(1)
    check("a window is asked for", path == "/api/views.open" and headers.get("Authorization", headers.get("authorization")) == "Bearer xoxb-test")
    check("with the click's ticket", call["trigger_id"] == "111.333.fed")
    view = View(**call["view"])
    valid_part(view, "the window", call)
    valid_blocks(call["view"]["blocks"], "the window")
    values = {block["block_id"]: {"value": {"type": "plain_text_input", "value": value}}
              for block in call["view"]["blocks"] if block["type"] == "input"}
    status, _, answer = service.payload("interactions", {
        "type": "view_submission", "team": {"id": "T0SAYWELL"}, "user": {"id": "U0USER001"},
        "view": {"id": "V1", "callback_id": call["view"]["callback_id"], "hash": "1",
                 "private_metadata": call["view"]["private_metadata"], "state": {"values": values}},
    })
    check("sent windows close", (status, answer) == (200, b""))
    [(path, _, message)] = sink.take(1)
    check("and the message is replaced", path.startswith("/actions/") and message["replace_original"] is True and expected in message["text"], message)
    valid(message, "after the window")


def both_agree(service):
    """The same raw requests to Bolt."""
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    logging.disable(logging.CRITICAL)
    app = App(
        signing_secret=service.signer.signing_secret, process_before_response=True, token_verification_enabled=False,
        authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T0SAYWELL", bot_token="xoxb-0", bot_id="B1",
                                              bot_user_id="U2"),
    )
    app.command(re.compile(".*"))(lambda ack: ack("ok"))
    app.action(re.compile(".*"))(lambda ack: ack())
    app.options(re.compile(".*"))(lambda ack: ack(options=[]))
    app.view(re.compile(".*"))(lambda ack: ack())
    app.message_shortcut("check")(lambda ack: ack())

    now = int(time.time())
    body = service.command_body("/recover", "billing sincere café 💙")
    good = service.signed(body)
    signature = good["X-Slack-Signature"]
    other = SignatureVerifier("another-secret").generate_signature(timestamp=str(now), body=body)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def with_(**headers):
        return {**good, **{name.replace("_", "-"): value for name, value in headers.items()}}

    click = urllib.parse.urlencode({"payload": json.dumps({
        "type": "block_actions", "team": {"id": "T0SAYWELL"}, "user": {"id": "U1", "team_id": "T0SAYWELL"},
        "api_app_id": "A1", "trigger_id": "1.1", "response_url": service.hook(), "channel": {"id": "C1"},
        "actions": [{"type": "button", "action_id": "another", "block_id": "b", "value": "v0"}]})})
    load = urllib.parse.urlencode({"payload": json.dumps({
        "type": "block_suggestion", "team": {"id": "T0SAYWELL"}, "user": {"id": "U1"}, "action_id": "pick",
        "block_id": "v1 list", "value": "b", "api_app_id": "A1"})})
    point = urllib.parse.urlencode({"payload": json.dumps({
        "type": "message_action", "team": {"id": "T0SAYWELL"}, "user": {"id": "U1"}, "callback_id": "check",
        "api_app_id": "A1", "trigger_id": "1.1", "message": {"text": "x"}, "channel": {"id": "C1"}})})
    rows = [
        ("interactions", "a message pointed at", point, service.signed(point)),
        ("interactions", "one pointed at, unsigned", point, form),
        ("commands", "genuine", body, good),
        ("commands", "285 seconds old", body, service.signed(body, now - 285)),
        ("commands", "60 seconds ahead", body, service.signed(body, now + 60)),
        ("commands", "lower-case header names", body, {name.lower(): value for name, value in good.items()}),
        ("interactions", "a click", click, service.signed(click)),
        ("options", "typing", load, service.signed(load)),
        ("commands", "no headers", body, form),
        ("commands", "no signature", body, {k: v for k, v in good.items() if k != "X-Slack-Signature"}),
        ("commands", "empty signature", body, with_(X_Slack_Signature="")),
        ("commands", "wrong secret", body, with_(X_Slack_Signature=other, X_Slack_Request_Timestamp=str(now))),
        ("commands", "no prefix", body, with_(X_Slack_Signature=signature[3:])),
        ("commands", "v1=", body, with_(X_Slack_Signature="v1=" + signature[3:])),
        ("commands", "cut short", body, with_(X_Slack_Signature=signature[:-1])),
        ("commands", "upper-case digits", body, with_(X_Slack_Signature="v0=" + signature[3:].upper())),
        ("commands", "one byte more", body + "x", good),
        ("commands", "re-encoded", body.replace("+", "%20"), good),
        ("commands", "310 seconds old", body, service.signed(body, now - 310)),
        ("commands", "310 seconds ahead", body, service.signed(body, now + 320)),
        ("commands", "another time", body, with_(X_Slack_Request_Timestamp=str(now - 7))),
        ("commands", "unsigned probe", "ssl_check=1&token=x", form),
        ("commands", "half a probe", "ssl_check=true&token=x", form),
        ("commands", "unsigned probe with a command", body + "&ssl_check=1", form),
        ("interactions", "unsigned click", click, form),
        ("options", "unsigned typing", load, form),
    ]
    for door, what, raw, headers in rows:
        theirs = app.dispatch(BoltRequest(body=raw, headers={name: [value] for name, value in headers.items()})).status
        ours, _, answer = service.raw(door, raw, headers)
        check(f"Bolt and we agree: {what}", theirs == ours and ours in (200, 401), theirs, ours)
        if "probe" in what and ours == 200:
            check(f"{what}: nothing but the 200", answer == b"", answer)
    # Where Bolt fails or takes the first of two, we refuse.
    for what, headers in [("a word for a time", with_(X_Slack_Request_Timestamp="now")),
                          ("a time beyond all numbers", with_(X_Slack_Request_Timestamp="9" * 4000))]:
        status, _, answer = service.raw("commands", body, headers)
        check(f"{what}: 401 and no detail", status == 401 and len(answer) < 300, status)
    connection = http.client.HTTPConnection(service.host, timeout=10)
    for first, second in [(signature, "v0=" + "0" * 64), ("v0=" + "0" * 64, signature), (signature, signature)]:
        connection.putrequest("POST", "/slack/commands")
        for name, value in {**good, "Content-Length": str(len(body.encode()))}.items():
            if name != "X-Slack-Signature":
                connection.putheader(name, value)
        connection.putheader("X-Slack-Signature", first)
        connection.putheader("X-Slack-Signature", second)
        connection.endheaders(body.encode())
        response = connection.getresponse()
        response.read()
        check("two signatures are refused", response.status == 401, response.status)
    for what, raw in [("no UTF-8", b"command=%2Frecover&text=\xff\xfe"), ("bad percent", b"command=%2Frecover&text=%ff"),
                      ("no command", b"text=billing"), ("nothing", b""), ("JSON", b'{"command":"/recover"}')]:
        timestamp = str(int(time.time()))
        mac = hmac.new(service.signer.signing_secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256)
        status, _, _ = service.raw("commands", raw, {**form, "X-Slack-Request-Timestamp": timestamp,
                                                     "X-Slack-Signature": "v0=" + mac.hexdigest()})
        check(f"signed but unreadable ({what}): 4xx", 400 <= status < 500, status)


INJECTIONS = [
    "<!channel>", "<!here>", "<!everyone>", "<!here|here>", "<!subteam^S0GROUP>", "<@U0VICTIM>", "<@W0VICTIM|pat>", "<#C0CHAN|x>",
    "<https://evil.example|Pay here>", "<mailto:a@b.c|x>", "<!date^1^{date}^https://evil.example|x>", "@here", "@channel",
    "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "<<!channel>>", "<\u200b!channel>", "<\u202e!channel>", "＜!channel＞",
    "*bold* _it_ ~no~ `code` ```block```", "> quote", ":smile:", "{{customer}}", "{{ 7*7 }}", "${x}", "%s%n", "\x1b[31mred",
    '"},"blocks":[]', "\\u003c!channel\\u003e", "a\u2028b\u2029c", "Zoë O’Hara-🇫🇷", "שלום", "नमस्ते", "x" * 300, "<" * 3000, "&" * 3000,
]


def injections(service, sink):
    for bad in INJECTIONS:
        shown = None
        for command, text in [("/recover", f'billing customer="{bad}"'), ("/recover", f"billing {bad}"), ("/recover", bad),
                              ("/saywell", f"search {bad}"), ("/saywell", bad), ("/saywell", f"sources {bad}"),
                              ("/recover", f'billing share customer="{bad}"'), (f"/{bad}", "billing"),
                              ("/recover", f"billing {bad}=x"), ("/recover", f"list {bad}")]:
            message = service.command(command, text)
            shown = shown or message
        for action in ("another", "share"):
            service.click(find(shown, action))
            for _, _, body in sink.take(2 if action == "share" else 1):
                if body != {"delete_original": True}:
                    valid(body, f"{action} after {bad[:30]!r}")
    message = service.command("/recover", 'billing 1 customer="Zoë O’Hara & Sons"')
    check("names survive", "Zoë O’Hara &amp; Sons" in message["text"], message["text"])


MANIFEST = {
    "type": "object", "additionalProperties": False, "required": ["display_information"],
    "properties": {
        "_metadata": {"type": "object", "properties": {"major_version": {"const": 2}}},
        "display_information": {
            "type": "object", "required": ["name"], "additionalProperties": False,
            "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 35},
                           "description": {"type": "string", "maxLength": 140},
                           "long_description": {"type": "string", "minLength": 175, "maxLength": 4000},
                           "background_color": {"type": "string", "pattern": "^#"}},
        },
        "features": {
            "type": "object", "additionalProperties": False,
            "properties": {
                "bot_user": {"type": "object", "required": ["display_name"], "additionalProperties": False,
                             "properties": {"display_name": {"type": "string", "maxLength": 80},
                                            "always_online": {"type": "boolean"}}},
                "shortcuts": {"type": "array", "maxItems": 10, "items": {
                    "type": "object", "required": ["callback_id", "description", "name", "type"],
                    "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string", "minLength": 1, "maxLength": 24},
                        "type": {"enum": ["message", "global"]},
                        "callback_id": {"type": "string", "maxLength": 255},
                        "description": {"type": "string", "maxLength": 150}}}},
                "slash_commands": {"type": "array", "minItems": 1, "maxItems": 50, "items": {
                    "type": "object", "required": ["command", "description"], "additionalProperties": False,
                    "properties": {
                        "command": {"type": "string", "pattern": "^/", "minLength": 2, "maxLength": 32},
                        "description": {"type": "string", "minLength": 1, "maxLength": 2000},
                        "url": {"type": "string", "pattern": "^https?://", "maxLength": 3000},
                        "usage_hint": {"type": "string", "minLength": 1, "maxLength": 1000},
                        "should_escape": {"type": "boolean"}}}},
            },
        },
        "oauth_config": {
            "type": "object", "additionalProperties": False,
            "properties": {"scopes": {"type": "object", "properties": {"bot": {"const": ["commands"]}}},
                           "redirect_urls": {"type": "array", "items": {"type": "string", "pattern": "^https://"}}},
        },
        "settings": {
            "type": "object", "additionalProperties": False,
            "properties": {
                "interactivity": {
                    "type": "object", "required": ["is_enabled"], "additionalProperties": False,
                    "properties": {"is_enabled": {"type": "boolean"}, "request_url": {"type": "string", "maxLength": 3500},
                                   "message_menu_options_url": {"type": "string", "maxLength": 3500}}},
                "org_deploy_enabled": {"const": False}, "socket_mode_enabled": {"type": "boolean"},
                "token_rotation_enabled": {"const": False},
            },
        },
    },
}


def manifest(program, commands):
    """The rules of Slack's manifest schema that concern us."""
    base = "https://saywell.example.test"
    run = subprocess.run([program, "manifest", "slack", "--url", base], capture_output=True, text=True, timeout=30)
    if not check("there is a manifest", run.returncode == 0, run.stderr):
        return
    made = json.loads(run.stdout)
    for error in Draft7Validator(MANIFEST).iter_errors(made):
        check(f"manifest: {error.message}", False)
    slash = made["features"]["slash_commands"]
    check("every command", {one["command"] for one in slash} == {f"/{one}" for one in commands} | {"/saywell", "/check"})
    check("no Socket Mode where there is an address", made["settings"]["socket_mode_enabled"] is False)
    check("commands go to their door", all(one["url"] == f"{base}/slack/commands" for one in slash))
    run = subprocess.run([program, "manifest", "slack", "--socket-mode"], capture_output=True, text=True, timeout=30)
    if check("there is a manifest for Socket Mode", run.returncode == 0, run.stderr):
        made = json.loads(run.stdout)
        for error in Draft7Validator(MANIFEST).iter_errors(made):
            check(f"manifest for Socket Mode: {error.message}", False)
        check("Socket Mode is on", made["settings"]["socket_mode_enabled"] is True)
        check("no address is in it", "http" not in run.stdout)
    run = subprocess.run([program, "manifest", "slack", "--url", "nonsense"], capture_output=True, text=True, timeout=30)
    check("a bad address is an error in words", run.returncode != 0 and "nonsense" in run.stderr + run.stdout)


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--url", "--modal-url", "--secret", "--sink", "--program"):
        parser.add_argument(flag, required=True)
    args = parser.parse_args()
    sink = Sink(int(args.sink))
    service = Service(args.url, args.secret, args.sink)
    commands = book()
    every_answer(service, commands)
    both_agree(service)
    sink.quiet()
    while not sink.messages.empty():
        sink.messages.get()
    conversation(service, sink, commands)
    with_window = Service(args.modal_url, args.secret, args.sink)
    window(with_window, sink, with_window.command("/recover", "billing 1 Ana"), "Bo", "Bo")
    drafts(service, with_window, sink)
    injections(service, sink)
    manifest(args.program, commands)
    conclude()


if __name__ == "__main__":
    main()
