"""Saywell as Google Chat would use it, judged by what Google publishes.

    google_chat.py --url URL --key PATH --keys JSON --sheet TEXT
    google_chat.py --url URL --key PATH --keys JSON
    google_chat.py --key PATH

`--url` is a running Saywell that takes what the private key at `--key` signs, whose public half is `--keys`, as a key set or
as certificates. Tokens, right and forged, are judged by `google-auth` and by us, who have to agree. With what
`saywell manifest google-chat` prints, every message over the whole book, in both envelopes, is held against the discovery
document of the Chat API, as its own client for Python ships it: no field that it does not know, no value that is none of
its own; commands come by their ids on that sheet, under a wrong name. Prints what failed, then `N passed, N failed`.

With the key alone, prints its public half as Google does for classic apps: a certificate under the name of the key.
"""

import argparse
import datetime
import json
import pathlib
import re
import time
import urllib.error
import urllib.request

import jsonschema
import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import exceptions
from google.oauth2 import id_token
from googleapiclient import discovery_cache

from judge import book, check, conclude

PROJECT, ADDRESS = "1234567890", "https://saywell.example.com/google-chat/events"
CHAT = "chat@system.gserviceaccount.com"
ACCOUNT = "service-1234567890@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
USER = {"name": "users/1111", "displayName": "Ada Example", "type": "HUMAN"}
SPACE = {"name": "spaces/AAAA", "type": "ROOM", "spaceType": "SPACE"}


def strict(node):
    """A part of a discovery document as JSON Schema that takes nothing unknown."""
    if isinstance(node, list):
        return [strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": "#/$defs/" + node["$ref"]}
    kept = {name: strict(node[name]) for name in ("type", "enum", "items") if name in node}
    if "properties" in node:
        kept["properties"] = {name: strict(one) for name, one in node["properties"].items()}
        kept["additionalProperties"] = strict(node.get("additionalProperties", False))
    return kept


def schema(name):
    document = json.loads(discovery_cache.get_static_doc("chat", "v1"))
    defs = {name: strict(one) for name, one in document["schemas"].items()}
    return jsonschema.Draft202012Validator({"$defs": defs, "$ref": "#/$defs/" + name})


class Service:
    def __init__(self, url, key, keys):
        self.url, self.key = url + "/google-chat/events", key
        self.kid = keys["keys"][0]["kid"] if "keys" in keys else next(iter(keys))

    def token(self, claims, **more):
        now = int(time.time())
        claims = {"iat": now, "exp": now + 3600} | claims
        headers = {"kid": self.kid} | more.get("headers", {})
        return jwt.encode(claims, more.get("key", self.key), algorithm=more.get("algorithm", "RS256"), headers=headers)

    def post(self, token, event):
        headers = {"authorization": "Bearer " + token, "content-type": "application/json"}
        request = urllib.request.Request(self.url, json.dumps(event).encode(), headers)
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, None


def project():
    return {"iss": CHAT, "aud": PROJECT}


def address(email):
    return {"iss": "https://accounts.google.com", "aud": ADDRESS, "email": email, "email_verified": True}


class Classic:
    """An app with interaction events."""

    def __init__(self, service, ids):
        self.service, self.ids, self.token = service, ids, service.token(project())
        self.message = schema("Message")

    def judge(self, what, event):
        status, reply = self.service.post(self.token, event)
        errors = [error.message[:200] for error in self.message.iter_errors(reply)]
        size = len(json.dumps(reply, ensure_ascii=False).encode())
        check(f"{what}: {status}, {size} bytes", status == 200 and not errors and size <= 32_000, errors[:2])
        return reply

    def typed(self, command, text):
        slash = {"commandId": str(self.ids[command])}
        message = {"text": f"/renamed {text}", "argumentText": " " + text, "slashCommand": slash}
        return self.judge(f"/{command} {text}", {"type": "MESSAGE", "user": USER, "space": SPACE, "message": message})

    def pressed(self, what, action, inputs=()):
        parameters = {one["key"]: one["value"] for one in action["parameters"]}
        inputs = {name: {"stringInputs": {"value": [words]}} for name, words in inputs}
        common = {"parameters": parameters, "formInputs": inputs, "invokedFunction": action["function"]}
        return self.judge(what, {"type": "CARD_CLICKED", "user": USER, "space": SPACE, "common": common})

    @staticmethod
    def shown(reply):
        return reply

    @staticmethod
    def dialog(reply):
        return reply["actionResponse"]["dialogAction"]["dialog"]["body"]


class AddOn(Classic):
    """A Google Workspace add-on. Its envelope is not in the document: what is in it is."""

    def __init__(self, service, ids):
        super().__init__(service, ids)
        self.token, self.card = service.token(address(ACCOUNT)), schema("GoogleAppsCardV1Card")

    def judge(self, what, event):
        status, reply = self.service.post(self.token, self.wrapped(event))
        what = f"add-on: {what}"
        if "action" in reply:
            [navigation] = reply["action"]["navigations"]
            errors = [error.message[:200] for error in self.card.iter_errors(navigation["pushCard"])]
        else:
            [(action, content)] = reply["hostAppDataAction"]["chatDataAction"].items()
            check(f"{what}: {action}", action in ("createMessageAction", "updateMessageAction"))
            errors = [error.message[:200] for error in self.message.iter_errors(content["message"])]
            check(f"{what}: no answer of the other envelope", "actionResponse" not in content["message"])
        check(f"{what}: {status}", status == 200 and not errors, errors[:2])
        return reply

    @staticmethod
    def wrapped(event):
        if event["type"] == "MESSAGE":
            command = int(event["message"]["slashCommand"]["commandId"])
            metadata = {"appCommandId": command, "appCommandType": "SLASH_COMMAND"}
            payload = {"appCommandPayload": {"appCommandMetadata": metadata, "space": SPACE, "message": event["message"]}}
        else:
            payload = {"buttonClickedPayload": {"space": SPACE}}
        return {"commonEventObject": event.get("common", {}), "chat": {"user": USER} | payload}

    @staticmethod
    def shown(reply):
        [content] = reply["hostAppDataAction"]["chatDataAction"].values()
        return content["message"]

    @staticmethod
    def dialog(reply):
        return reply["action"]["navigations"][0]["pushCard"]


def buttons(card):
    widgets = [widget for section in card["sections"] for widget in section["widgets"]]
    every = [button for widget in widgets for button in widget.get("buttonList", {}).get("buttons", [])]
    return {button["text"]: button["onClick"]["action"] for button in every}


def fields(card):
    widgets = [widget for section in card["sections"] for widget in section["widgets"]]
    return [widget["textInput"]["name"] for widget in widgets if "textInput" in widget]


def walk(envelope):
    """Every topic of the book, and every button under one of its lines."""
    for command, content in book().items():
        envelope.typed(command, "")
        for topic in content["topic"]:
            for mark in ("all why", "steps", "letter", "share"):
                envelope.typed(command, f"{topic} {mark}")
            card = envelope.shown(envelope.typed(command, topic))["cardsV2"][0]["card"]
            for label, action in buttons(card).items():
                reply = envelope.pressed(f"{command} {topic} [{label}]", action)
                if action.get("interaction") == "OPEN_DIALOG":
                    form = envelope.dialog(reply)
                    [done] = buttons(form).values()
                    inputs = [(name, "<users/all> *x* & [a](https://x)") for name in fields(form)]
                    envelope.pressed(f"{command} {topic} [{label}] sent", done, inputs)
    for text in ("", "list", "help", "sources", "search refund", "check", "check rules", "xyzzy"):
        envelope.typed("saywell", text)


def tokens(service, keys):
    """Google's own judge and ours."""

    def transport(url, method="GET", **_):
        return type("Response", (), {"status": 200, "data": json.dumps(keys).encode(), "headers": {}})()

    def google(token):
        for audience, issuers in ((PROJECT, [CHAT]), (ADDRESS, ["https://accounts.google.com", "accounts.google.com"])):
            try:
                claims = id_token.verify_token(token, transport, audience, "https://keys", clock_skew_in_seconds=300)
            except (ValueError, exceptions.GoogleAuthError, jwt.PyJWTError):
                continue
            known = audience == PROJECT or claims.get("email") in (CHAT, ACCOUNT)
            return claims["iss"] in issuers and known
        return False

    now = int(time.time())
    event = {"type": "MESSAGE", "user": USER, "space": SPACE, "message": {"text": "@Saywell", "argumentText": ""}}
    right = service.token(project())
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    cases = {
        "for the project": (True, right),
        "for the address": (True, service.token(address(CHAT))),
        "for the address, of the add-on": (True, service.token(address(ACCOUNT))),
        "issuer without its scheme": (True, service.token(address(CHAT) | {"iss": "accounts.google.com"})),
        "another add-on": (False, service.token(address("service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"))),
        "another project": (False, service.token(project() | {"aud": "1234567891"})),
        "another address": (False, service.token(address(CHAT) | {"aud": ADDRESS + "/"})),
        "another issuer": (False, service.token(project() | {"iss": "evil@system.gserviceaccount.com"})),
        "expired": (False, service.token(project() | {"iat": now - 9000, "exp": now - 5400})),
        "from the future": (False, service.token(project() | {"iat": now + 5400, "exp": now + 9000})),
        "another signer": (False, service.token(project(), key=other)),
        "unknown key": (False, service.token(project(), key=other, headers={"kid": "unheard-of"})),
        "unsigned": (False, service.token(project(), key=None, algorithm="none")),
        "signed with a secret": (False, service.token(project(), key="x" * 32, algorithm="HS256")),
        "cut": (False, right[:-2]),
        "two parts": (False, right.rsplit(".", 1)[0]),
        "empty": (False, ""),
    }
    for what, (expected, token) in cases.items():
        status, _ = service.post(token, event)
        check(f"token {what}: {status}", status == (200 if expected else 401))
        check(f"token {what}: google-auth", google(token) == expected)


def certificate(key):
    """The public half of a key in a certificate with the fields of those at Google's address, signed by itself."""
    key, now = serialization.load_pem_private_key(key.encode(), None), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "chat.system.gserviceaccount.com")])
    usage = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    usage += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=16))
    for extension in (
        x509.BasicConstraints(ca=False, path_length=None),
        x509.KeyUsage(**{one: one == "digital_signature" for one in usage}),
        x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]),
    ):
        builder = builder.add_extension(extension, critical=True)
    made = builder.sign(key, hashes.SHA256())
    return {made.fingerprint(hashes.SHA1()).hex(): made.public_bytes(serialization.Encoding.PEM).decode()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--key", required=True)
    for name in ("--url", "--keys", "--sheet"):
        parser.add_argument(name)
    given = parser.parse_args()
    key = pathlib.Path(given.key).read_text()
    if not given.url:
        return print(json.dumps(certificate(key)))
    keys = json.loads(given.keys)
    service = Service(given.url, key, keys)
    if given.sheet:
        rows = re.findall(r"Command ID +(\d+)\nCommand type +Slash command\nName +/(\S+)", given.sheet)
        ids = {name: int(number) for number, name in rows}
        walk(Classic(service, ids))
        walk(AddOn(service, ids))
    tokens(service, keys)
    return conclude()


main()
