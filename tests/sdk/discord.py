"""Saywell as Discord would use it.

    discord.py --url URL --seed WORDS --program PATH --record FOLDER

`--url` is a running Saywell with the public key that belongs to the words (`saywell send discord --key`). PyNaCl signs;
every reply is held against Discord's limits; conversations are followed reply by reply; the commands are registered with
a Discord that this script plays. What was sent and what came back is written to the folder, for Discord's own packages
to judge. Prints what failed, then `N passed, N failed`.
"""

import argparse
import base64
import hashlib
import http.client
import http.server
import json
import pathlib
import re
import subprocess
import threading
import time
import urllib.parse

from nacl.signing import SigningKey

from judge import book, check, conclude


class Service:
    """A running Saywell."""

    def __init__(self, url, seed):
        self.host = urllib.parse.urlsplit(url).netloc
        self.key = SigningKey(hashlib.sha256(seed.encode()).digest())
        self.public = self.key.verify_key.encode().hex()
        self.connection = http.client.HTTPConnection(self.host, timeout=10)
        self.requests, self.replies = [], []

    def raw(self, body, headers):
        self.connection.request("POST", "/discord/interactions", body, headers)
        response = self.connection.getresponse()
        return response.status, response.getheader("Content-Type"), response.read()

    def signed(self, body, at=None, key=None):
        timestamp = str(int(time.time()) if at is None else at)
        signature = (key or self.key).sign(timestamp.encode() + body).signature.hex()
        return {"Content-Type": "application/json", "X-Signature-Timestamp": timestamp, "X-Signature-Ed25519": signature}

    def record(self, what, body, headers):
        """Sends it, and keeps it for Discord's own verifier."""
        status, _, answer = self.raw(body, headers)
        self.requests.append({
            "what": what, "body": base64.b64encode(body).decode(), "key": self.public, "status": status,
            "signature": headers.get("X-Signature-Ed25519", ""), "timestamp": headers.get("X-Signature-Timestamp", ""),
        })
        return status, answer

    def interact(self, kind, data, message=None, where=None):
        body = {
            "id": "100", "application_id": "200", "type": kind, "token": "secret", "version": 1, "locale": "de",
            "channel_id": "11", "app_permissions": "0", "entitlements": [], "attachment_size_limit": 1,
            "authorizing_integration_owners": {"0": "10"}, "data": data,
            **(where or {"guild_id": "10", "guild_locale": "de", "context": 0, "member": {
                "user": {"id": "30", "username": "pat", "global_name": None}, "permissions": "0", "roles": []}}),
        }
        if message is not None:
            body["message"] = {"id": "1", "flags": 64, "type": 20, "author": {"id": "200"}, **message}
        raw = json.dumps(body, ensure_ascii=False).encode()
        status, kind_of, answer = self.raw(raw, self.signed(raw))
        what = f"{kind} {json.dumps(data, ensure_ascii=False)[:120]}"
        good = status == 200 and kind_of.startswith("application/json")
        if not check(f"{what}: 200 and JSON", good, status, kind_of, answer[:200]):
            return {"type": 0, "data": {}}
        reply = json.loads(answer)
        valid(reply, what)
        self.replies.append(reply)
        return reply

    def command(self, name, topic=None, where=None, **options):
        given = [] if topic is None else [{"name": "topic", "type": 3, "value": topic}]
        given += [{"name": name, "type": 5 if value is True else 3, "value": value} for name, value in options.items()]
        return self.interact(2, {"id": "20", "name": name, "type": 1, "options": given}, where=where)

    def press(self, reply, label):
        """Presses a button, or chooses from a menu."""
        message = reply["data"]
        for row in message.get("components", []):
            for control in row["components"]:
                if control.get("label") == label:
                    return self.interact(3, {"id": 2, "component_type": 2, "custom_id": control["custom_id"]}, message)
                for option in control.get("options", []):
                    if option["label"] == label:
                        data = {"id": 2, "component_type": 3, "custom_id": control["custom_id"], "values": [option["value"]]}
                        return self.interact(3, data, message)
        check(f"there is a {label}", False, json.dumps(message)[:400])
        return {"type": 0, "data": {"components": []}}

    def send(self, form, value, message):
        fields = [{"type": 18, "id": 1, "component": {"type": 4, "id": 2, "value": value,
                                                      "custom_id": label["component"]["custom_id"]}}
                  for label in form["data"]["components"]]
        return self.interact(5, {"custom_id": form["data"]["custom_id"], "components": fields}, message["data"])


# ---- what Discord would refuse -------------------------------------------------------------------------------------

LIVE = re.compile(r"(?<!\\)<(?!@30>)|(?<!\\)@(?!30>)|(?<!\\)[*~|\[\]]|(?<!\\)://|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def units(text):
    return len((text or "").encode("utf-16-le")) // 2


def valid(reply, what):
    data, kind = reply.get("data", {}), reply["type"]
    texts = []
    if kind in (4, 7):
        check(f"{what}: nobody is mentioned", data["allowed_mentions"] == {"parse": []})
        texts = [(data["content"], 2000)]
        ids = []
        for embed in data["embeds"]:
            texts += [(embed["title"], 256), (embed.get("description"), 4096)]
            texts += [part for field in embed.get("fields", []) for part in ((field["name"], 256), (field["value"], 1024))]
            footer = embed.get("footer", {}).get("text")
            check(f"{what}: the footer", units(footer) <= 2048)
            check(f"{what}: fields", len(embed.get("fields", [])) <= 25)
            whole = sum(units(text) for text, _ in texts[1:]) + units(footer)
            check(f"{what}: an embed of at most 6000", whole <= 6000, whole)
        check(f"{what}: rows", len(data["components"]) <= 5)
        for row in data["components"]:
            buttons = [one for one in row["components"] if one["type"] == 2]
            menus = [one for one in row["components"] if one["type"] == 3]
            check(f"{what}: a row", (1 <= len(buttons) <= 5 and not menus) or (len(menus) == 1 and not buttons))
            ids += [one["custom_id"] for one in row["components"]]
            for button in buttons:
                check(f"{what}: a button", 1 <= units(button["label"]) <= 80, button)
            for menu in menus:
                values = [option["value"] for option in menu["options"]]
                check(f"{what}: a menu", 1 <= len(values) <= 25 and len(set(values)) == len(values), values)
                for option in menu["options"]:
                    sizes = [units(option[key]) for key in ("label", "value", "description") if key in option]
                    check(f"{what}: an option", all(1 <= size <= 100 for size in sizes), option)
        check(f"{what}: ids", len(set(ids)) == len(ids) and all(1 <= units(one) <= 100 for one in ids), ids)
        check(f"{what}: something in it", data["content"] or data["embeds"])
    elif kind == 8:
        sizes = [units(choice[key]) for choice in data["choices"] for key in ("name", "value")]
        check(f"{what}: choices", len(data["choices"]) <= 25 and all(1 <= size <= 100 for size in sizes), data)
    elif kind == 9:
        check(f"{what}: a form", 1 <= units(data["custom_id"]) <= 100 and 1 <= units(data["title"]) <= 45)
        check(f"{what}: its fields", 1 <= len(data["components"]) <= 5)
        for label in data["components"]:
            field = label["component"]
            good = 1 <= units(label["label"]) <= 45 and units(field.get("value")) <= field["max_length"]
            check(f"{what}: a field", good and 1 <= units(field["placeholder"]) <= 100, label)
    for text, most in texts:
        # Our own marks are those of small print, and of what is to be typed.
        inert = re.sub(r"`[^`]*`", "", text or "")
        check(f"{what}: at most {most}", units(text) <= most, text)
        check(f"{what}: inert", not LIVE.search(inert), text)


# ---- the parts -----------------------------------------------------------------------------------------------------


def proofs(service):
    ping = b'{"id":"1","application_id":"2","type":1,"version":1,"token":"t"}'
    now = int(time.time())
    good = service.signed(ping)
    signature = good["X-Signature-Ed25519"]

    def with_(**changes):
        return {**good, **{name.replace("_", "-"): value for name, value in changes.items()}}

    status, answer = service.record("a ping", ping, good)
    check("a ping gets a pong", (status, json.loads(answer)) == (200, {"type": 1}), status, answer)
    zoe = '{"type":2,"data":{"name":"apology","options":[{"name":"to","type":3,"value":"Zoë 💙"}]}}'.encode()
    rows = [
        ("as it should be", zoe, service.signed(zoe), 200),
        ("capital digits", ping, with_(X_Signature_Ed25519=signature.upper()), 200),
        ("285 seconds old", ping, service.signed(ping, now - 285), 200),
        ("60 seconds ahead", ping, service.signed(ping, now + 60), 200),
        ("one byte more", ping + b" ", good, 401),
        ("one bit less", ping.replace(b'"t"', b'"u"'), good, 401),
        ("another's signature", zoe, good, 401),
        ("another's key", ping, service.signed(ping, key=SigningKey.generate()), 401),
        ("another time", ping, with_(X_Signature_Timestamp=str(now - 7)), 401),
        ("cut", ping, with_(X_Signature_Ed25519=signature[:126]), 401),
        ("too long", ping, with_(X_Signature_Ed25519=signature + "00"), 401),
        ("no digits", ping, with_(X_Signature_Ed25519="zz" * 64), 401),
        ("empty", ping, with_(X_Signature_Ed25519=""), 401),
        ("halves swapped", ping, with_(X_Signature_Ed25519=signature[64:] + signature[:64]), 401),
        ("zeros", ping, with_(X_Signature_Ed25519="0" * 128), 401),
        ("a word for a time", ping, with_(X_Signature_Timestamp="now"), 401),
    ]
    for what, body, headers, expected in rows:
        status, answer = service.record(what, body, headers)
        check(f"{what}: {expected}", status == expected, status)
        if expected == 401:
            check(f"{what}: no detail", len(answer) < 300 and signature.encode() not in answer, answer)
    # Where Discord has no rule, or its library fails, we refuse.
    for what, body, headers in [
        ("310 seconds old", ping, service.signed(ping, now - 310)),
        ("320 seconds ahead", ping, service.signed(ping, now + 320)),
        ("no signature", ping, {name: value for name, value in good.items() if "Ed25519" not in name}),
        ("no time", ping, {name: value for name, value in good.items() if "Timestamp" not in name}),
        ("neither", ping, {}),
        ("garbage, unsigned", b"garbage", {"Content-Type": "application/json"}),
        ("nothing", b"", {}),
        ("a time without end", ping, with_(X_Signature_Timestamp="9" * 4000)),
    ]:
        status, _, _ = service.raw(body, headers)
        check(f"{what}: 401", status == 401, status)
    for what, body in [("no JSON", b"{"), ("no UTF-8", b'{"type":2,"data":{"name":"\xff"}}'), ("no kind", b"{}"),
                       ("an unknown kind", b'{"type":99,"data":{}}'), ("two values", b"{} {}")]:
        status, _, _ = service.raw(body, service.signed(body))
        check(f"signed but unreadable ({what}): 400", status == 400, status)


def every_answer(service, commands):
    for command, content in commands.items():
        for text in (None, "help", "random", "search customer", "list", "qwxyz vbnmk", "angry about the bill"):
            service.command(command, text)
        for topic, entry in content["topic"].items():
            slots = list(entry.get("slot", {})) + list(content.get("slot", {}))
            filled = " ".join(f'{slot}="Dr. Zoë & <Sons>"' for slot in slots)
            for options in ({}, {"show": "all"}, {"show": "steps"}, {"show": "why"}, {"fill": "no=such"}, {"fill": filled},
                            {"fill": filled, "share": True}, {"show": "all", "share": True, "fill": filled}):
                reply = service.command(command, topic, **options)
                private = reply["data"].get("flags") == 64
                check(f"/{command} {topic} {options}: private unless shared", private or options.get("share"), reply)
    for text in (None, "help", "list", "sources", "search refund", "search", "recover billing", "zzzz", "random"):
        service.command("saywell", text)
    direct = {"user": {"id": "30", "username": "pat"}, "context": 1}
    check("in private messages too", service.command("recover", "billing", where=direct)["type"] == 4)


def suggestions(service, commands):
    def ahead(name, options):
        reply = service.interact(4, {"id": "20", "name": name, "type": 1, "options": options})
        check("choices", reply["type"] == 8 and all(one["name"] == one["value"] for one in reply["data"]["choices"]))
        return [choice["value"] for choice in reply["data"]["choices"]]

    def topic(typed):
        return [{"name": "topic", "type": 3, "value": typed, "focused": True}]

    for command, content in commands.items():
        for name, entry in content["topic"].items():
            for word in [name, *entry.get("aliases", [])]:
                check(f"{word} as typed", f"{command}.{name}" in ahead(command, topic(word)))
        check("all of them at first", len(ahead(command, topic(""))) == min(25, len(content["topic"])))
    check("over all commands", "recover.billing" in ahead("saywell", topic("bil")))
    fill = [{"name": "topic", "type": 3, "value": "billing"}, {"name": "fill", "type": 3, "value": "", "focused": True}]
    check("names of blanks", "customer=" in ahead("recover", fill), ahead("recover", fill))
    for typed in ("<@1>", "x" * 6000, "\u202e", "customer=Ana it", 'customer="Ana B', "=", " "):
        ahead("recover", topic(typed))
        ahead("recover", [fill[0], {**fill[1], "value": typed}])


def conversation(service, commands):
    content = commands["recover"]["topic"]["billing"]
    menu = service.command("recover")
    first = service.press(menu, content["title"])
    check("a choice replaces the menu", first["type"] == 7 and first["data"]["content"])
    seen, shown = {first["data"]["content"]}, first
    steps = list(dict.fromkeys(phrase["step"] for phrase in content["phrase"]))
    for step in steps:
        of_step = [phrase for phrase in content["phrase"] if phrase["step"] == step]
        for _ in of_step[1:]:
            shown = service.press(shown, "Another")
            check("Another replaces", shown["type"] == 7)
            seen.add(shown["data"]["content"])
        following = steps[steps.index(step) + 1:]
        if following:
            shown = service.press(shown, f"Next: {following[0].capitalize().replace('-', ' ')}")
            check("Next replaces", shown["type"] == 7)
            seen.add(shown["data"]["content"])
    check("Another and Next walk through the whole play", len(seen) == len(content["phrase"]), seen)
    play = service.press(first, "Whole play")
    check("the whole play, in order", "1. Acknowledge" in json.dumps(play))

    command, topic, phrase = next(
        (command, topic, phrase["id"])
        for command, content in commands.items()
        for topic, entry in content["topic"].items()
        for phrase in entry["phrase"]
        if re.search(r"{{(\w+)}}", re.sub(r"\[[^\]]*\]", "", phrase["say"]))
    )
    for value in ("Ann & \"Bo\" <@1> @here", "é" * 190):
        blank = service.command("saywell", f"{command}.{topic}.{phrase}")
        check("a blank is seen", "\\_\\_\\_\\_" in blank["data"]["content"], blank)
        form = service.press(blank, "Fill in")
        check("Fill in opens a form", form["type"] == 9)
        filled = service.send(form, value, blank)
        check("the form replaces", filled["type"] == 7 and "\\_\\_" not in filled["data"]["content"], filled)
        shared = service.press(filled, "Share")
        check("Share is for everyone", shared["type"] == 4 and shared["data"]["flags"] == 4, shared)
        check("Share posts only the words", shared["data"]["content"].startswith(filled["data"]["content"])
              and shared["data"]["embeds"] == [] and shared["data"]["components"] == [], shared)
        check("Share names who shared", shared["data"]["content"].endswith("<@30>"))
        again = service.press(service.press(filled, "Another"), "Fill in")
        check("what was filled in stays", value.split()[0][:20] in json.dumps(again, ensure_ascii=False), again)
        form = service.press(blank, "Share")
        check("Share asks for what is missing", form["type"] == 9, form)
        check("and then shares", service.send(form, value, blank)["data"].get("flags") == 4)
        check("blanks that stay open are not shared", service.send(form, "  ", blank)["type"] == 7)
    old = service.interact(3, {"id": 2, "component_type": 2, "custom_id": "s1:a:recover:billing:7"}, first["data"])
    check("an old button gets a kind word in private", old["type"] == 4 and old["data"]["flags"] == 64)


DRAFT = "Hello Bo,\nwe're @everyone late.\nYou never called us."


def drafts(service):
    def reviewed(reply, what):
        check(f"{what}: reviewed in private", reply["type"] == 4 and reply["data"].get("flags") == 64, reply)
        check(f"{what}: what would hurt", "“You never" in json.dumps(reply, ensure_ascii=False), reply)

    reviewed(service.command("check", draft=DRAFT), "a typed draft")
    for text in ("rules", "help", "school=thanks I'm sorry.", "rules=-nonsense x", "You never called. " * 300):
        reply = service.command("check", draft=text)
        check(f"/check {text[:20]}: private", reply["type"] == 9 or reply["data"].get("flags") == 64, reply)
    form = service.command("check")
    check("a form of several lines", form["type"] == 9 and form["data"]["components"][0]["component"]["style"] == 2, form)
    fields = [{"type": 18, "id": 1, "component": {"type": 4, "id": 2, "value": DRAFT, "custom_id": "draft"}}]
    reviewed(service.interact(5, {"custom_id": form["data"]["custom_id"], "components": fields}), "a pasted draft")
    message = {"id": "9", "type": 0, "content": DRAFT, "channel_id": "11", "author": {"id": "31", "username": "sam"},
               "embeds": [], "attachments": [], "mentions": []}
    reviewed(service.interact(2, {"id": "21", "name": "Check this draft", "type": 3, "target_id": "9",
                                  "resolved": {"messages": {"9": message}}}), "a message pointed at")


INJECTIONS = [
    "@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</recover:1>", "<t:1:R>", "<:n:1>", "<id:guide>",
    "[Pay here](https://evil.example)", "https://evil.example", "<https://evil.example>", "**b** __u__ ~~s~~ ||x||",
    "`c` ```block```", "# h", "-# s", "> q", ">>> q", "- l", "\\", "\\@everyone", "\\\\<@1>", ":smile:", "{{customer}}",
    "${x}", "%s%n", "\x1b[31mred", '"},"flags":0', "a\u2028b", "<\u200b@1>", "＜@1＞", "Zoë O’Hara-🇫🇷", "שלום", "नमस्ते",
    "x" * 300, "<" * 3000, "💙" * 300,
]


def injections(service):
    for bad in INJECTIONS:
        shown = service.command("recover", "billing 1", fill=f'customer="{bad}"')
        for topic in (f"billing {bad}", bad, f"search {bad}", f"sources {bad}", f"list {bad}", f"billing {bad}=x"):
            service.command("recover", topic)
            service.command("saywell", topic)
        service.command("recover", "billing 1", fill=f'customer="{bad}"', share=True)
        service.command(bad[:32], "billing")
        service.press(shown, "Another")
        service.press(shown, "Fill in")
    names = service.command("recover", "billing 1", fill='customer="Zoë O’Hara & Sons"')
    check("names survive", "Zoë O’Hara & Sons" in names["data"]["content"], names)


def register(program):
    """A Discord that takes commands."""
    taken = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.command, self.path, self.headers, body))
            authorization = self.headers["Authorization"]
            if self.path == "/api/v10/oauth2/token":
                status, answer = 200, {"access_token": "bearer-1", "token_type": "Bearer"}
            elif authorization in ("Bot bot-1", "Bearer bearer-1"):
                status, answer = 200, json.loads(body)
            else:
                status, answer = 401, {"message": "401: Unauthorized", "code": 0}
            answer = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_PUT = do_POST = answer

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"

    def run(*flags, **variables):
        taken.clear()
        return subprocess.run([program, "register", "discord", "--origin", origin, *flags], capture_output=True,
                              text=True, timeout=30, env=variables)

    dry = run("--dry-run")
    check("a dry run sends nothing", dry.returncode == 0 and not taken, dry.stderr)
    commands = json.loads(dry.stdout)
    check("every command", {one["name"] for one in commands} == set(book()) | {"saywell", "check", "Check this draft"})
    on_messages = [one for one in commands if one["type"] == 3]
    check("one on messages", len(on_messages) == 1 and set(on_messages[0]) == {"name", "type", "integration_types", "contexts"})
    for one in [one for one in commands if one["type"] == 1]:
        check(f"/{one['name']}: a name", re.fullmatch(r"[-_'\w]{1,32}", one["name"]) and one["name"].islower())
        check(f"/{one['name']}: a description", 1 <= units(one["description"]) <= 100)
        check(f"/{one['name']}: everywhere", (one["integration_types"], one["contexts"]) == ([0, 1], [0, 1, 2]))
        for option in one["options"]:
            good = 1 <= units(option["name"]) <= 32 and 1 <= units(option["description"]) <= 100
            check(f"/{one['name']}: an option", good and not ("choices" in option and option.get("autocomplete")), option)
    done = run("--application-id", "200", DISCORD_BOT_TOKEN="bot-1")
    check("registered", done.returncode == 0 and "/recover" in done.stdout, done.stdout, done.stderr)
    [(method, path, headers, body)] = taken
    check("in one go", (method, path) == ("PUT", "/api/v10/applications/200/commands"), method, path)
    check("as it was shown", json.loads(body) == commands)
    check("named as Discord wants it", re.fullmatch(r"DiscordBot \(https?://\S+, [\d.]+\)", headers["User-Agent"]), headers)
    done = run("--guild", "10", DISCORD_APPLICATION_ID="200", DISCORD_CLIENT_SECRET="secret-1")
    check("without a bot, in one server", done.returncode == 0 and len(taken) == 2, done.stderr)
    check("by the secret", taken[0][2]["Authorization"] == "Basic " + base64.b64encode(b"200:secret-1").decode())
    check("scoped", b"scope=applications.commands.update" in taken[0][3])
    check("there", taken[1][1] == "/api/v10/applications/200/guilds/10/commands", taken[1][1])
    for what, flags, variables in [
        ("a wrong token", ["--application-id", "200"], {"DISCORD_BOT_TOKEN": "hidden-9"}),
        ("no token", ["--application-id", "200"], {}),
        ("no id", [], {"DISCORD_BOT_TOKEN": "bot-1"}),
        ("no such id", ["--application-id", "../x"], {"DISCORD_BOT_TOKEN": "bot-1"}),
    ]:
        done = run(*flags, **variables)
        check(f"{what}: said in words", done.returncode == 1 and "error: " in done.stderr, done.stderr)
        check(f"{what}: nothing given away", "hidden-9" not in done.stdout + done.stderr)
    return commands


def by_hand(program, url, seed, title):
    """The same conversation from the terminal."""
    run = subprocess.run(
        [program, "send", "discord", "/recover", "--url", url, "--seed", seed, "--press", title,
         "--press", "Another", "--press", "Fill in", "--fill", "customer=Ana", "--press", "Share"],
        capture_output=True, text=True, timeout=30, env={})
    check("menu, phrase, Another, Fill in, Share", run.returncode == 0, run.stdout, run.stderr)
    check("seen", "(a form: Fill in)" in run.stdout and "(in the channel)" in run.stdout, run.stdout)
    key = subprocess.run([program, "send", "discord", "--key", "--seed", seed], capture_output=True, text=True, env={})
    wrong = subprocess.run([program, "send", "discord", "/recover", "--url", url, "--seed", "other"], capture_output=True,
                           text=True, timeout=30, env={})
    check("another key is said", wrong.returncode == 1 and "DISCORD_PUBLIC_KEY=" in wrong.stdout, wrong.stdout)
    return key.stdout.strip()


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--url", "--seed", "--program", "--record"):
        parser.add_argument(flag, required=True)
    args = parser.parse_args()
    service, commands = Service(args.url, args.seed), book()
    proofs(service)
    every_answer(service, commands)
    suggestions(service, commands)
    conversation(service, commands)
    drafts(service)
    injections(service)
    registered = register(args.program)
    check("the key is the one that PyNaCl makes", by_hand(args.program, args.url, args.seed, commands["recover"]["topic"]["billing"]["title"]) == service.public)
    record = pathlib.Path(args.record)
    distinct = list({json.dumps(reply): reply for reply in service.replies}.values())
    (record / "requests.json").write_text(json.dumps(service.requests))
    (record / "replies.json").write_text(json.dumps(distinct, ensure_ascii=False))
    (record / "commands.json").write_text(json.dumps(registered))
    conclude()


if __name__ == "__main__":
    main()
