"""What is sent: the bytes of the platforms, signed."""

import hashlib, hmac, subprocess, tempfile, time
from pathlib import Path

SECRET = "saywell-bench-signing-secret-0001"
TEMPLATES = Path(__file__).resolve().parents[1] / "letters"


class Letter:
    """A request that can be sent for the next five minutes."""

    def __init__(self, method, path, body="", headers=None):
        self.method, self.path, self.body, self.headers = method, path, body, headers or {}


def body(template, command, text, team):
    letter = (TEMPLATES / template).read_text()
    return letter.replace("COMMAND", command).replace("TEXT", text).replace("TEAM", team)


def get(path, accept="*/*"):
    return lambda: Letter("GET", path, headers={"Accept": accept})


def bare(letter):
    """The same at the floor, which has one path."""

    def made():
        inner = letter()
        return Letter(inner.method, "/", inner.body, inner.headers)

    return made


def slack(text, command="recover", team="T0SAYWELL", forged=False):
    def made():
        at, form = str(int(time.time())), body("slack.form", command, text, team)
        mac = hmac.new(SECRET.encode(), f"v0:{at}:{form}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": "v0=" + (mac[::-1] if forged else mac),
        }
        return Letter("POST", "/slack/commands", form, headers)

    return made


# The private key is the digest of the secret, as with `saywell send discord`.
SEED = hashlib.sha256(SECRET.encode()).digest()
PRIVATE = bytes.fromhex("302e020100300506032b657004220420") + SEED


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, stdout=subprocess.PIPE, check=True).stdout


DISCORD_KEY = openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", given=PRIVATE)[-32:].hex()


def ed25519(message):
    with tempfile.TemporaryDirectory() as folder:
        key, text = Path(folder) / "key", Path(folder) / "message"
        key.write_bytes(PRIVATE)
        text.write_bytes(message)
        return openssl("pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", key, "-in", text)


def discord(text, template="discord.json", forged=False):
    def made():
        at, interaction = str(int(time.time())), body(template, "recover", text, "100000000000000010")
        signature = bytearray(ed25519((at + interaction).encode()))
        if forged:
            # Still a point and a number of the right size, so that all of the arithmetic has to be done.
            signature[32] ^= 1
        headers = {
            "Content-Type": "application/json",
            "X-Signature-Timestamp": at,
            "X-Signature-Ed25519": signature.hex(),
        }
        return Letter("POST", "/discord/interactions", interaction, headers)

    return made
