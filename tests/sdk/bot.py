"""Saywell as Telegram would use it, read by two of its clients.

    bot.py --url URL --secret SECRET --program PATH

`--url` is a running Saywell with the secret and inline mode on. Every update is made such that `python-telegram-bot` and
`aiogram` read it, and every reply over the whole book is read by aiogram's class of the method that it names: with no key
that the class does not know, with HTML that a strict parser takes, and within Telegram's limits. The commands are
registered with a Telegram that this script plays. Prints what failed, then `N passed, N failed`.
"""

import argparse
import html.parser
import http.client
import http.server
import json
import subprocess
import threading
import urllib.parse

import aiogram
import pydantic
import telegram
from aiogram import methods, types

from judge import book, check, conclude

GROUP = -1001234567890


def units(text):
    return len(text.encode("utf-16-le")) // 2


class Html(html.parser.HTMLParser):
    """Telegram's HTML, strictly: its tags, all of them closed, and its four entities."""

    TAGS = {"b": "bold", "code": "code", "pre": "pre", "blockquote": "blockquote"}

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.text, self.open, self.entities, self.wrong = "", [], [], []
        self.feed(text)
        self.close()
        self.wrong += [tag for tag, _ in self.open]

    def handle_starttag(self, tag, attrs):
        if tag not in self.TAGS or attrs:
            self.wrong.append(tag)
        self.open.append((tag, units(self.text)))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            return self.wrong.append("/" + tag)
        _, start = self.open.pop()
        self.entities.append({"type": self.TAGS.get(tag, tag), "offset": start, "length": units(self.text) - start})

    def handle_data(self, data):
        self.text += data
        if "<" in data or ">" in data or "&" in data:
            self.wrong.append(data)

    def handle_entityref(self, name):
        known = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
        if name not in known:
            self.wrong.append("&" + name)
        self.text += known.get(name, "")

    def handle_charref(self, name):
        self.wrong.append("&#" + name)

    def handle_comment(self, data):
        self.wrong.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def surplus(model, given, where=""):
    """Keys that a model of aiogram's does not know: it takes them without a word."""
    if isinstance(model, list):
        return [key for one, part in zip(model, given) for key in surplus(one, part, where)]
    if not isinstance(model, pydantic.BaseModel):
        return []
    known = type(model).model_fields
    names = {field.alias or name for name, field in known.items()}
    wrong = [f"{where}{key}" for key in given if key not in names]
    for name, field in known.items():
        key = field.alias or name
        if key in given:
            wrong += surplus(getattr(model, name), given[key], f"{where}{key}.")
    return wrong


class Service:
    """A running Saywell."""

    def __init__(self, url, secret):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=20)
        self.secret, self.seen = secret, set()

    def raw(self, body, headers):
        self.connection.request("POST", "/telegram/updates", body, {"Content-Type": "application/json", **headers})
        response = self.connection.getresponse()
        return response.status, response.read()

    def post(self, update, what):
        """Sends an update, if the clients take it for one, and has them read the reply."""
        if what not in self.seen and len(self.seen) < 200:
            self.seen.add(what)
            types.Update.model_validate(update)
            telegram.Update.de_json(update, None)
        status, body = self.raw(json.dumps(update), {"X-Telegram-Bot-Api-Secret-Token": self.secret})
        if not check(f"{what}: 200", status == 200, status, body[:200]):
            return {}
        reply = json.loads(body) if body else {}
        if reply:
            valid(reply, what)
        return reply

    def type(self, text, chat=111, **more):
        command = text.split()[0] if text.startswith("/") else ""
        entities = [{"type": "bot_command", "offset": 0, "length": units(command)}] if command else []
        message = {"message_id": 77, "date": 1761900000, "from": person(), "chat": place(chat), "text": text,
                   **({"entities": entities} if entities else {}), **more}
        return self.post({"update_id": 1, "message": message}, f"{text} in {chat}")

    def query(self, text, offset=""):
        query = {"id": "8", "from": person(), "query": text, "offset": offset, "chat_type": "supergroup"}
        return self.post({"update_id": 3, "inline_query": query}, f"@bot {text}")

    def press(self, reply, label, chat=111):
        for row in reply.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button["text"].startswith(label) and "callback_data" in button:
                    press = {"id": "7", "from": person(), "chat_instance": "1", "message": ours(reply, chat),
                             "data": button["callback_data"]}
                    return self.post({"update_id": 2, "callback_query": press}, f"[{label}]")
        check(f"there is a {label}", False, json.dumps(reply)[:400])
        return {}


def person():
    return {"id": 111, "is_bot": False, "first_name": "Ada"}


def place(chat):
    return {"id": chat, "type": "private", "first_name": "Ada"} if chat > 0 else {"id": chat, "type": "supergroup", "title": "S"}


def ours(reply, chat):
    read = Html(reply["text"])
    return {"message_id": 78, "date": 1761900000, "chat": place(chat), "text": read.text, "entities": read.entities,
            "from": {"id": 9, "is_bot": True, "first_name": "Saywell", "username": "SaywellBot"}}


def valid(reply, what):
    """What Telegram would refuse, or take otherwise than it is meant."""
    name = reply["method"][0].upper() + reply["method"][1:]
    given = {key: value for key, value in reply.items() if key != "method"}
    try:
        read = getattr(methods, name).model_validate(given)
    except Exception as error:
        return check(f"{what}: aiogram reads {name}", False, error)
    check(f"{what}: nothing that aiogram does not know", not surplus(read, given), surplus(read, given))
    if given.get("parse_mode") == "HTML":
        text = Html(given["text"])
        check(f"{what}: HTML", not text.wrong, text.wrong, given["text"][:300])
        check(f"{what}: a length", 1 <= units(text.text.strip()) <= 4096, units(text.text))
    buttons = [button for row in (given.get("reply_markup") or {}).get("inline_keyboard", []) for button in row]
    for button in buttons:
        telegram.InlineKeyboardButton.de_json(dict(button), None)
        size = len(button.get("callback_data", "x").encode())
        check(f"{what}: a button", len(button) == 2 and 1 <= size <= 64 and 1 <= units(button["text"]) <= 64, button)
        copies = button.get("copy_text", {"text": "x"})["text"]
        check(f"{what}: what is copied", 1 <= len(copies) <= 256, copies)
    check(f"{what}: a keyboard", len(buttons) <= 100)
    if name == "AnswerInlineQuery":
        inline(given, what)
    return True


def inline(given, what):
    ids = [result["id"] for result in given["results"]]
    check(f"{what}: ids", len(set(ids)) == len(ids) <= 50 and all(1 <= len(one.encode()) <= 64 for one in ids), ids)
    for result in given["results"]:
        content = result["input_message_content"]
        telegram.InputTextMessageContent(content["message_text"])
        check(f"{what}: words", 1 <= units(content["message_text"]) <= 4096 and result["title"].strip(), result)
        check(f"{what}: the words are what is shown", "parse_mode" not in content, content)
    start = given.get("button", {}).get("start_parameter", "x")
    check(f"{what}: where the button leads", 1 <= len(start) <= 64 and start.replace("-", "").replace("_", "").isalnum(), start)


def proofs(service):
    body = json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": place(111), "from": person(), "text": "late"}})
    for what, headers in (("no secret", {}), ("another", {"X-Telegram-Bot-Api-Secret-Token": "wrong"}),
                          ("a blank more", {"X-Telegram-Bot-Api-Secret-Token": service.secret + "x"})):
        check(f"{what}: 401", service.raw(body, headers)[0] == 401)
    for junk in ("", "{", "null", '{"update_id":1,"poll":{}}'):
        status, answer = service.raw(junk, {"X-Telegram-Bot-Api-Secret-Token": service.secret})
        check(f"{junk}: 200 and nothing", (status, answer) == (200, b""), status, answer)


def every_answer(service, commands):
    """The whole book: every phrase, every topic whole, in private and in groups."""
    for command, content in commands.items():
        service.type(f"/{command}")
        service.type(f"/{command} help", GROUP)
        for topic, entry in content["topic"].items():
            for chat, more in ((111, {}), (GROUP, {}), (GROUP, {"message_id": 0, "ephemeral_message_id": 5})):
                for mark in ("all why", "steps", "letter"):
                    service.type(f"/{command} {topic} {mark}", chat, **more)
            offer = service.query(f'{command} {topic} customer="Zoë <&> @all"')
            check(f"{topic}: a result a phrase", len(offer["results"]) == min(50, len(entry["phrase"])), len(offer["results"]))
            for phrase in entry["phrase"]:
                service.type(f"/saywell {command}.{topic}.{phrase['id']} customer=\"Zoë <&> 💙 @all https://x.co\"")
    for text in ("/start", "/help", "/saywell", "/saywell sources", "/saywell search refund", "/check", "/check rules",
                 "/check You should have called.", "late delivery", "xyzzy", "/recover biling", "/start recover_billing"):
        service.type(text)


def offers(service):
    for text in ("", "recover", "late", "late delivery", "angry about the bill", "xyzzy", "search refund", "billing letter",
                 "sources", "check You should have called.", 'billing customer="Dr'):
        service.query(text)
    words = service.query('recover billing 1 customer="Ana"')["results"][0]["input_message_content"]["message_text"]
    shared = service.type('/recover billing 1 share customer="Ana"')
    button = shared["reply_markup"]["inline_keyboard"][0][0]
    again = service.query(button["switch_inline_query"])["results"][0]["input_message_content"]["message_text"]
    check("what is shared elsewhere is what was shared", again == words, again, words)


def conversation(service):
    first = service.type('/recover billing customer="Dr Zoë O’Hara" item="the late & dear van"')
    check("what was filled in stands at the end", Html(first["text"]).text.endswith('item="the late & dear van"'), first)
    another = service.press(first, "Another")
    check("another is in place", another["method"] == "editMessageText" and another["text"] != first["text"], another)
    following = service.press(another, "Next")
    check("the next step", "2 of 6" in following["text"] and "O’Hara" in following["text"], following)
    prompt = service.press(service.type("/recover billing 1"), "Fill in")
    check("a reply is asked for", prompt["reply_markup"].get("force_reply") is True, prompt)
    filled = service.type("customer=Ana", reply_to_message=ours(prompt, 111))
    check("and understood", "Ana" in filled["text"], filled)
    shared = service.press(filled, "Share")
    check("only the words are shared", "Ana" in shared["text"] and "<b>" not in shared["text"], shared)
    unseen = service.type("/recover billing", GROUP, message_id=0, ephemeral_message_id=5)
    check("unseen", unseen["ephemeral_message_parameters"] == {"receiver_user_id": 111}, unseen)
    mine = service.press(service.type("/recover billing", GROUP), "Only for me", GROUP)
    check("for one alone", mine["ephemeral_message_parameters"]["replace_callback_query_message"] is True, mine)


class Bot(http.server.BaseHTTPRequestHandler):
    """A Telegram that takes commands."""

    calls = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _, bot, method = self.path.split("/")
        self.calls.append((bot, method, json.loads(body)))
        answer = {"ok": True, "result": True}
        if bot != f"bot{TOKEN}":
            answer = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        elif method == "getMe":
            answer["result"] = {"id": 1, "is_bot": True, "username": "SaywellBot", "supports_inline_queries": False}
        elif method == "getWebhookInfo":
            answer["result"] = {"url": "", "last_error_message": "Connection refused"}
        raw = json.dumps(answer).encode()
        self.send_response(200 if answer["ok"] else 401)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args):
        pass


TOKEN = "123456:AAE-xyzzy_0123456789abcdefghijklmno"


def register(program, commands):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"

    def run(*arguments, token=TOKEN):
        env = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_SECRET_TOKEN": "first_one,second-one", "TELEGRAM_ORIGIN": origin}
        return subprocess.run([program, "register", "telegram", *arguments], capture_output=True, text=True, timeout=60, env=env)

    dry = run("--dry-run", "--public-url", "https://words.example.com")
    check("a dry run sends nothing", dry.returncode == 0 and not Bot.calls, dry)
    check("and shows no secret", "first_one" not in dry.stdout and "setWebhook" in dry.stdout and TOKEN not in dry.stdout, dry.stdout[-300:])
    done = run("--public-url", "https://words.example.com/tools/")
    check("registered", done.returncode == 0 and "@SaywellBot" in done.stdout and "/setinline" in done.stdout
          and "Connection refused" in done.stdout and TOKEN not in done.stdout + done.stderr, done)
    lists = [given for _, method, given in Bot.calls if method == "setMyCommands"]
    check("in every kind of chat", [given.get("scope", {}).get("type") for given in lists]
          == [None, "all_private_chats", "all_group_chats", "all_chat_administrators"], lists)
    for given in lists:
        read = methods.SetMyCommands.model_validate(given)
        check("commands are known to aiogram", not surplus(read, given), surplus(read, given))
        names = [command["command"] for command in given["commands"]]
        check("every command", len(names) == len(commands) + 3 <= 100 and set(commands) < set(names), names)
        grouped = "group" in str(given.get("scope")) or "administrators" in str(given.get("scope"))
        check("unseen in groups", all(command.get("is_ephemeral", False) == grouped for command in given["commands"]))
    hook = next(given for _, method, given in Bot.calls if method == "setWebhook")
    read = methods.SetWebhook.model_validate(hook)
    check("the webhook", not surplus(read, hook) and hook["url"] == "https://words.example.com/tools/telegram/updates"
          and hook["secret_token"] == "first_one" and hook["allowed_updates"] == ["message", "callback_query", "inline_query"], hook)
    Bot.calls.clear()
    for what, result in (("a wrong token", run(token="999999:AAE-xyzzy_0123456789abcdefghijklmno")), ("no token", run(token="x")),
                         ("an address of one's own", run("--public-url", "https://192.168.0.1")),
                         ("a port", run("--public-url", "https://words.example.com:9000"))):
        check(f"{what} is said", result.returncode == 1 and "error: " in result.stderr and "xyzzy" not in result.stderr, result)


def by_hand(program, url, secret):
    for chat, last in (("private", "Ana"), ("group", "Shared by You")):
        steps = ["--press", "Another", "--press", "Next", "--press", "Fill in", "--fill", "customer=Ana", "--press", "Share"]
        steps = [step.replace("Next", "Next: Own") for step in steps]
        walk = subprocess.run([program, "send", "telegram", "/recover billing", "--url", url, "--chat", chat, *steps],
                              capture_output=True, text=True, timeout=60, env={"TELEGRAM_SECRET_TOKEN": secret})
        check(f"the walk in {chat}", walk.returncode == 0 and last in walk.stdout and "2 of 6" in walk.stdout, walk.stdout[-800:])


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--url", "--secret", "--program"):
        parser.add_argument(flag, required=True)
    args = parser.parse_args()
    check("aiogram knows this edition of the Bot API", aiogram.__api_version__ >= "10.3", aiogram.__api_version__)
    service, commands = Service(args.url, args.secret), book()
    proofs(service)
    every_answer(service, commands)
    offers(service)
    conversation(service)
    register(args.program, commands)
    by_hand(args.program, args.url, args.secret)
    conclude()


if __name__ == "__main__":
    main()
