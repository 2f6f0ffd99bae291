"""Rotten requests and rotten phrasebooks, as the rows of a table; run and read like faults.py.

    python3 tests/faults/rot.py [ROW…]        MUTATIONS=1000 for a short run
"""

import base64
import gzip
import hashlib
import hmac
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from urllib.parse import quote, urlencode

from faults import table
from proxies import behind_proxies
from service import ROOT, SECRET, Honest, Service, proof, signed

MUTATIONS = int(os.environ.get("MUTATIONS", 100_000))
FORM = "application/x-www-form-urlencoded"


def raw(method, path, headers, body):
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = body.encode() if isinstance(body, str) else body
    return f"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body


def exchange(service, data, seconds=5):
    """What comes back on a connection of its own, until it is closed or quiet; and after how long."""
    began = time.perf_counter()
    with service.connect(seconds) as stream:
        answer = b""
        try:
            stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        try:
            while part := stream.recv(65536):
                answer += part
        except OSError:
            pass
        return answer, time.perf_counter() - began


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def mutate(data, rng):
    data = bytearray(data)
    bits = [b"\0", b"\xff", b"\r\n", b"%00", b"%ff", b"\"", b"{", b"<!channel>", b": ", b"\r\n\r\n", b"9" * 30, "é💙\u202e".encode()]
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0 if at < len(data):
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                del data[at:at + rng.randint(1, 16)]
            case 2:
                data[at:at] = rng.choice(bits)
            case 3:
                end = rng.randrange(at, len(data) + 1)
                data[at:at] = data[at:min(end, at + 64)]
            case _:
                data[at:at + 4] = rng.randbytes(4)
    return bytes(data)


def mutations():
    """Seeded mutations of genuine requests: before signing, after signing, of heads, of paths, noise"""
    rng, seen, worst, leaks, forged = random.Random(1), {}, 0, 0, []
    with Service(log="error") as service, Honest(service) as beside:
        lock, numbers = threading.Lock(), iter(range(MUTATIONS))

        def go():
            nonlocal worst, leaks
            for number in numbers:
                with lock:
                    seed = rng.random()
                mine = random.Random(seed)
                answer, took, altered = one(service, number % 5, mine)
                with lock:
                    code = status(answer)
                    seen[code // 100] = seen.get(code // 100, 0) + 1
                    worst = max(worst, took)
                    leaks += SECRET.encode() in answer
                    if altered and code == 200:
                        forged.append(seed)

        threads = [threading.Thread(target=go) for _ in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        panics = service.metric("saywell_panics_total")
        alive = service.slack()[0] == 200
        log = service.logged()
    counts = ", ".join(f"{count:,} {f'{code}xx' if code else 'closed without a word'}" for code, count in sorted(seen.items()))
    met = not panics and 5 not in seen and not leaks and not forged and alive and not beside.lost and SECRET not in log
    return met, f"{panics:.0f} panics, {seen.get(5, 0)} 5xx, {leaks} leaks, {len(forged)} altered bodies taken", \
        f"{MUTATIONS:,} sent: {counts}; {beside}"


def one(service, kind, rng):
    """One mutation: what came back, after how long, and whether what was signed had been altered."""
    text = rng.choice(["billing", "late customer=\"Ana\"", "search my order", "check you should have", "<!channel>"])
    body, headers = signed(text)
    path, altered = "/slack/commands", False
    if kind == 0:
        body = mutate(body.encode(), rng)
        headers |= proof(body)
        data = raw("POST", path, headers, body)
    elif kind == 1:
        body, other = body.encode(), mutate(body.encode(), rng)
        altered = other != body and b"ssl_check" not in other
        data = raw("POST", path, headers, other)
    elif kind == 2:
        head, _, rest = raw("POST", path, headers, body).partition(b"\r\n\r\n")
        data = mutate(head, rng) + b"\r\n\r\n" + rest
    elif kind == 3:
        target = rng.choice(["/recover/billing?customer=Ana", "/v1/search?q=late", "/phrases/recover.billing.hoped-for.html", "/check"])
        data = b"GET " + mutate(target.encode(), rng) + b" HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n"
    else:
        data = rng.randbytes(rng.randint(1, 400))
    return *exchange(service, data), altered


def genuine():
    """Genuine requests in every dress: chunked, odd header case, odd encoding, unknown fields, 285 s old, 60 s ahead, twice"""
    odd, slowest = [], 0
    with Service() as service:
        for body, at, change in [
            ("command=%2Frecover&text=billing", 0, lambda data: data),
            ("command=/recover&text=billing", 0, lambda data: data),
            ("%63ommand=%2frecover&text=%62illing&unknown=1&%7A=%zz&text2=", 0, lambda data: data),
            ("command=%2Frecover&text=", 0, lambda data: data),
            ("command=%2Frecover&text=billing", -285, lambda data: data),
            ("command=%2Frecover&text=billing", 60, lambda data: data),
            ("command=%2Frecover&text=billing", 0, lambda data: data.replace(b"X-Slack-Signature", b"x-SLACK-signature")),
            ("command=%2Frecover&text=billing", 0, lambda data: data.replace(b"Content-Type: " + FORM.encode() + b"\r\n", b"")),
            ("command=%2Frecover&text=billing", 0, lambda data: data.replace(b"Signature: ", b"Signature:  \t")),
        ]:
            data = change(raw("POST", "/slack/commands", {"Content-Type": FORM} | proof(body, time.time() + at), body))
            head, _, rest = data.partition(b"\r\n\r\n")
            fields = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
            parts = b"".join(b"%x;x=y\r\n%s\r\n" % (1, rest[n:n + 1]) for n in range(len(rest)))
            chunked = b"\r\n".join([*fields, b"Transfer-Encoding: chunked"]) + b"\r\n\r\n" + parts + b"0\r\n\r\n"
            for data in (data, data, chunked):
                answer, took = exchange(service, data)
                slowest = max(slowest, took)
                if status(answer) != 200 or b"blocks" not in answer:
                    odd.append((data[-60:], answer[:60]))
    return not odd, str(odd[0]) if odd else "none", f"27 requests, the slowest {1000 * slowest:.0f} ms; the same one again is answered again"


def forged():
    """Forged, altered and stale: every wrong form of signature and timestamp, two of either, the proof in the wrong place"""
    body, now = "command=%2Frecover&text=billing", int(time.time())
    right = proof(body)
    mac = right["X-Slack-Signature"][3:]
    key = SECRET.encode()
    base = f"v0:{now}:{body}".encode()
    hexes = {
        "missing": None, "empty": "", "no prefix": mac, "V0": f"V0={mac}", "v1": f"v1={mac}", "v0 twice": f"v0=v0={mac}", "junk": f"v0={mac}=junk",
        "list": f"v0={mac},v0={mac}", "list with a wrong one": f"v0={'0' * 64},v0={mac}", "space": f"v0={mac[:32]} {mac[32:]}", "upper case": f"v0={mac.upper()}",
        "longer": f"v0={mac}0", "base64": "v0=" + base64.b64encode(bytes.fromhex(mac)).decode(), "prefix alone": "v0=",
        "sha1": "v0=" + hmac.new(key, base, "sha1").hexdigest(), "sha512": "v0=" + hmac.new(key, base, "sha512").hexdigest(),
        "unkeyed": "v0=" + hashlib.sha256(base).hexdigest(), "other secret": proof(body, now, "other")["X-Slack-Signature"],
        "empty secret": proof(body, now, "")["X-Slack-Signature"], "not ASCII": "v0=" + "\u0661" * 64,
    } | {f"{n} digits": f"v0={mac[:n]}" for n in range(1, 64)}
    stamps = ["", "x", "1.7e9", f"{now}.0", hex(now), f"-{now}", f"+{now}", f" {now}x", str(2**63 - 1), str(-2**63), str(2**64), "9" * 4000, f"{now}000",
              "".join(chr(0x660 + int(d)) for d in str(now)), str(now - 310), str(now + 330), str(now - 1), str(now + 1), f"0{now - 400}"]
    cases = [(name, right | {"X-Slack-Signature": value} if value is not None else {"X-Slack-Request-Timestamp": str(now)}, body, "/slack/commands")
             for name, value in hexes.items()]
    cases += [(f"timestamp {stamp[:20]}", right | {"X-Slack-Request-Timestamp": stamp}, body, "/slack/commands") for stamp in stamps]
    cases += [(f"signed timestamp {stamp[:20]}", proof_of(stamp, body), body, "/slack/commands") for stamp in stamps if stamp not in (str(now - 1), str(now + 1))]
    cases += [(f"bit {bit}", right, flipped(body, bit), "/slack/commands") for bit in range(0, 8 * len(body), 3)]
    cases += [("reordered", right, "text=billing&command=%2Frecover", "/slack/commands"), ("encoded again", right, body.replace("%2F", "/"), "/slack/commands"),
              ("one byte more", right, body + "&", "/slack/commands"), ("empty", right, "", "/slack/commands"),
              ("in the query", {}, body, "/slack/commands?" + urlencode(right)), ("in the body", {}, body + "&" + urlencode(right), "/slack/commands"),
              ("probe and more", {}, body + "&ssl_check=1", "/slack/commands?x")]
    odd, told = [], set()
    with Service() as service:
        for name, headers, data, path in cases:
            answer, _ = exchange(service, raw("POST", path, headers, data))
            told.add(answer.partition(b"\r\n\r\n")[2])
            # A look at the certificate is believed unsigned, and gets nothing.
            if status(answer) != 401 and not (name == "probe and more" and answer.endswith(b"\r\n\r\n")):
                odd.append((name, answer[:40]))
        for name in right:
            for values in ([right[name], right[name]], ["x", right[name]], [right[name], "x"]):
                data = raw("POST", "/slack/commands", right, body)
                line = f"{name}: {right[name]}\r\n".encode()
                answer, _ = exchange(service, data.replace(line, b"".join(f"{name}: {value}\r\n".encode() for value in values)))
                if status(answer) != 401:
                    odd.append((name, values, answer[:40]))
        stale = service.metric('saywell_refusals_total{platform="slack",reason="stale"}')
        met = not odd and len(told - {b""}) == 1 and SECRET not in service.logged() and mac not in service.logged()
    return met, f"{len(odd)} accepted or answered otherwise" + (f": {odd[0]}" if odd else ""), \
        f"{len(cases) + 6} refused with 401 and one and the same body; {stale:.0f} of them counted as stale"


def proof_of(stamp, body):
    mac = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), "sha256").hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


def flipped(body, bit):
    data = bytearray(body.encode())
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


def rotten_bodies():
    """Genuine but rotten: signed bodies that are no text, too deep, too many, twice, cut, of wrong types"""
    deep, many = "[" * 20_000, "&".join(f"k{number}=v" for number in range(10_000))
    action = {"type": "block_actions", "actions": [{"action_id": "another", "value": "v1 recover.billing"}]}
    payloads = [
        b"\xff\xfe", b"\0", "\ufeff{}".encode(), "{}".encode("utf-16"), b'{"type":"\\ud800"}', deep.encode(),
        b'{"a":' * 20_000, json.dumps({f"k{n}": n for n in range(20_000)}).encode(), b'{"type":"x","type":"y"}',
        b'{"type":' + b"9" * 5_000 + b"}", b'{"type":NaN}', json.dumps(action).encode()[:-9],
        json.dumps(action).encode() * 2, b'{"type":7}', b"[]", b"null", b'"x"', b'{"type":"block_actions","actions":{}}',
        b'{"type":"block_actions","actions":[{"action_id":{},"value":[]}]}', b"",
    ]
    bodies = [("/slack/interactions", b"payload=" + quote(payload).encode()) for payload in payloads]
    bodies += [("/slack/commands", body) for body in [
        b"\xff", b"%ff=1", b"command=%zz&text=%", many.encode(), b"&".join([b"text=a"] * 1_000), b"=", b"&&&", b"command",
        b"command=%2Frecover&text=%00", "command=/recover&text=é".encode("latin-1"), b"\xef\xbb\xbfcommand=%2Frecover",
        b"command=/recover&text=" + b"x" * 200_000, b"command=/recover&command=/avoid", "command=/recover".encode("utf-16"),
    ]]
    odd, slowest = [], 0
    with Service() as service:
        for path, body in bodies:
            answer, took = exchange(service, raw("POST", path, {"Content-Type": FORM} | proof(body), body))
            slowest = max(slowest, took)
            if not 200 <= status(answer) < 500 or status(answer) == 401:
                odd.append((body[:40], status(answer)))
        alive = service.slack()[0] == 200
    return not odd and alive, f"{len(odd)} answered otherwise than with 2xx or 4xx", \
        f"{len(bodies)} bodies, the slowest {1000 * slowest:.0f} ms"


def sizes():
    """Sizes: a query of 10 MB, a header of 1 MiB, 1,000 headers, a path of 100 kB, bodies too large, bombs"""
    bomb = gzip.compress(b"a" * 60_000_000)
    get = lambda target, headers="": f"GET {target} HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode()
    large = b"x" * (300 * 1024)
    rows = {
        "query": (get("/search?q=" + "a" * 10_000_000), {0, 400, 414, 431}),
        "header": (get("/", f"X: {'a' * 2**20}\r\n"), {0, 400, 431}),
        "headers": (get("/", "".join(f"X{n}: a\r\n" for n in range(1_000))), {0, 400, 431}),
        "path": (get("/" + "a" * 100_000), {0, 400, 404, 414, 431}),
        "body sent": (raw("POST", "/slack/commands", proof(large), large), {413}),
        "body announced": (b"POST /slack/commands HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", {413}),
        "absurd length": (b"POST /slack/commands HTTP/1.1\r\nHost: a\r\nContent-Length: 9" + b"9" * 30 + b"\r\n\r\n", {0, 400, 413}),
        "chunked": (b"POST /slack/commands HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536 + b"\r\n"
                    + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 5 + b"0\r\n\r\n", {413}),
        "bomb": (raw("POST", "/slack/commands", {"Content-Encoding": "gzip"} | proof(bomb), bomb), {415}),
        "bomb as draft": (raw("POST", "/check", {"Content-Encoding": "gzip", "Content-Type": "text/plain"}, bomb), {415}),
    }
    odd, told = [], []
    with Service() as service:
        service.slack()
        before, most = service.rss(), 0
        for name, (data, fits) in rows.items():
            answer, took = exchange(service, data)
            code, most = status(answer), max(most, service.rss())
            told.append(f"{name} {code or 'closed'}")
            if code not in fits or answer.count(b"HTTP/1.1 ") > 1:
                odd.append(name)
        alive = service.slack()[0] == 200
    return not odd and alive and most - before < 30, ", ".join(odd) or "none", \
        f"{', '.join(told)}; memory grew by {most - before:.1f} MB at most"


def framing():
    """Ambiguous framing, and requests hidden in bodies that nobody reads"""
    hidden = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    post = b"POST /slack/commands HTTP/1.1\r\nHost: a\r\n"
    chunked = [b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"Transfer-Encoding: identity, chunked\r\n",
               b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding:\x0bchunked\r\n",
               b"Transfer-Encoding : chunked\r\n", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", b" Transfer-Encoding: chunked\r\n",
               b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Content-Length: +5\r\n", b"Content-Length: 5, 5\r\n", b"Content-Length: 0x5\r\n"]
    ambiguous = [post + fields + b"\r\n0\r\n\r\n" + hidden for fields in chunked]
    ambiguous += [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET /\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                  post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + hidden, post + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n" + hidden]
    carried = [b"%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (line, len(hidden), hidden)
               for line in [b"GET /recover", b"GET /nowhere", b"POST /slack/commands", b"POST /nowhere", b"DELETE /recover", b"TRACE /", b"POST /healthz"]]
    odd = []
    with Service() as service:
        for data in ambiguous:
            answer, _ = exchange(service, data)
            if answer.count(b"HTTP/1.1 ") > 1 or status(answer) not in (0, 400, 501):
                odd.append((data[:90], answer[:40]))
        for data in carried:
            answer, _ = exchange(service, data)
            if answer.count(b"HTTP/1.1 ") != 1:
                odd.append((data[:60], answer.count(b"HTTP/1.1 ")))
        alive = service.slack()[0] == 200
    return not odd and alive, str(odd[0]) if odd else "none", \
        f"{len(ambiguous)} ambiguous heads: one answer, 400, or none; {len(carried)} hidden requests: never answered"


def methods():
    """Every method at every kind of address, odd paths, foreign hosts"""
    odd = []
    with Service() as service:
        for path in ["/", "/recover", "/recover/billing", "/search", "/check", "/slack/commands", "/healthz", "/metrics", "/openapi.json", "/docs", "/nowhere"]:
            for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "M" * 300]:
                answer, _ = exchange(service, f"{method} {path} HTTP/1.1\r\nHost: a\r\nX-HTTP-Method-Override: GET\r\n\r\n".encode())
                allow = b"\r\nallow: " in answer.lower()
                if status(answer) not in (0, 400, 404, 405) or (status(answer) == 405) != allow:
                    odd.append((method[:9], path, answer[:40]))
        for path in ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../Cargo.toml", "/assets/%2e%2e%2fsite.css", "//elsewhere.example/", "/recover/%00",
                     "/recover/billing%0d%0aX: y", "/v1/../metrics", "/assets/..%5c..%5cx", "http://evil.example/recover", "/.git/config"]:
            fields = "Host: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics\r\n"
            answer, _ = exchange(service, f"GET {path} HTTP/1.1\r\n{fields}\r\n".encode())
            if not 200 <= status(answer) < 500 or b"evil.example" in answer or b"root:" in answer or b"saywell_build" in answer or b"[package]" in answer:
                odd.append((path, answer[:200]))
    return not odd, str(odd[0]) if odd else "none", "405 with `Allow` or 404; nothing read from outside, nothing reflected"


def callers_apart():
    """2,000 requests of 16 callers, each with a word of its own"""
    mixed, numbers = [], iter(range(2_000))
    with Service() as service:
        def go():
            for number in numbers:
                word = f"Q{number * 7919:x}Z"
                code, text = service.slack(f'billing 1 customer="{word}"', user_id=f"U{number % 16}")
                other = service.get(f"/recover/billing?n=1&customer={word}")[2].decode()
                for said in (text, other):
                    words = [part for part in said.replace(",", " ").split() if part.startswith("Q") and part.rstrip(".!?*").endswith("Z")]
                    if code != 200 or any(part.rstrip(".!?*") != word for part in words) or not words:
                        mixed.append(said)

        threads = [threading.Thread(target=go) for _ in range(16)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    return not mixed, f"{len(mixed)} mixed or failed" + (f": {mixed[0]!r}" if mixed else ""), "each saw its own words"


def steady_memory():
    """5,000 requests of every kind, 60 kB drafts among them"""
    with Service() as service:
        for path in ["/", "/recover", "/docs", "/search?q=late"]:
            service.get(path)
        before = service.rss()
        draft = "You should have read it. " * 2_400
        for number in range(5_000):
            match number % 10:
                case 0:
                    service.get("/check", "POST", {"Content-Type": "text/plain"}, draft[:19_000])
                case 1:
                    service.get("/slack/commands", "POST", proof("x" * 60_000), "x" * 60_000)
                case 2 | 3 | 4:
                    service.slack(f"billing customer=A{number}", user_id=f"U{number}")
                case 5:
                    service.get(f"/search.html?q=late+order+{number}")
                case _:
                    service.get(f"/recover/billing?customer=A{number}")
        grown, now = service.rss() - before, service.rss()
        used = service.cpu()
        time.sleep(3)
        used = service.cpu() - used
        return now < 64 and grown < 16 and used < 0.1, "none", f"{now:.1f} MB, {grown:.1f} more than before; idle it uses {used:.2f} s of processor time in 3 s"


def rotten_books():
    """Rot in the phrasebook's folder while it serves: FIFO, links in circles and out, 3 GB of nothing, latin-1, leftovers, 16 MB"""
    with tempfile.TemporaryDirectory() as folder:
        def put(name, data):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(data)

        mend = open(f"{ROOT}/tests/fixtures/mend.toml", "rb").read()
        shutil.copy(f"{ROOT}/tests/fixtures/sources.toml", folder)
        put("mend.toml", mend)
        sparse = lambda: os.truncate(f"{folder}/rot.toml", 3 * 2**30) if not put("rot.toml", b"") else None
        rot = {
            "fifo": (lambda: os.mkfifo(f"{folder}/rot.toml"), False),
            "link in a circle": (lambda: os.symlink("rot.toml", f"{folder}/rot.toml"), True),
            "link out": (lambda: os.symlink("/etc/passwd", f"{folder}/rot.toml"), True),
            "folder of that name": (lambda: os.mkdir(f"{folder}/rot.toml"), False),
            "3 GB sparse": (sparse, True),
            "latin-1": (lambda: put("rot.toml", "about = \"é\"".encode("latin-1")), True),
            "empty": (lambda: put("rot.toml", b""), True),
            "NUL": (lambda: put("rot.toml", b"\0" * 100), True),
            "20,000 brackets": (lambda: put("rot.toml", b"a = " + b"[" * 20_000), True),
            "16 MB phrase": (lambda: put("rot.toml", mend.replace(b"We lost it.", b"{{customer}} " * (16 * 2**20 // 13))), True),
            "leftovers": (lambda: [put(name, b"\xff") for name in (".rot.toml", "rot.toml~", "#rot.toml#", "rot.toml.swp", "rot.toml.bak")], False),
        }
        odd, told = [], []
        with Service(SAYWELL_PHRASEBOOK=folder) as service:
            for name, (make, refused) in rot.items():
                before = service.metric("saywell_reload_failures_total"), service.metric("saywell_reloads_total")
                make()
                with Honest(service) as beside:
                    service.process.send_signal(signal.SIGHUP)
                    end, began = time.monotonic() + 15, time.monotonic()
                    while time.monotonic() < end:
                        now = service.metric("saywell_reload_failures_total"), service.metric("saywell_reloads_total")
                        if now != before:
                            break
                        time.sleep(0.02)
                    took = time.monotonic() - began
                failed = now[0] > before[0]
                ready = service.get("/readyz")
                if failed != refused or now == before or beside.lost or max(beside.times) > 2 or ready[0] != 200 \
                        or (b"rot.toml" in ready[2]) != refused or b"root:" in ready[2]:
                    odd.append(f"{name}: refused {failed} {ready[2]!r} {beside}")
                told.append(f"{name} {1000 * took:.0f} ms")
                for left in os.listdir(folder):
                    if left not in ("mend.toml", "sources.toml"):
                        path = f"{folder}/{left}"
                        os.rmdir(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
            service.process.send_signal(signal.SIGHUP)
            time.sleep(1.5)
            alive = service.get("/readyz")[2] == b"ready\n" and service.get("/mend")[0] == 200
            memory = service.rss()
    return not odd and alive, "; ".join(odd) or "none: the old book served on, readiness stayed, the place was told", \
        f"refused or passed over after: {', '.join(told)}; {memory:.0f} MB at the end"


ROWS = [genuine, forged, mutations, rotten_bodies, sizes, framing, methods, callers_apart, steady_memory, rotten_books,
        behind_proxies]

if __name__ == "__main__":
    sys.exit(table(ROWS, sys.argv[1:]))
