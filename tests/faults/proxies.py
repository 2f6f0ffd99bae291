"""What hides in requests that a proxy and the service may read differently, through proxies that people use."""

import contextlib
import http.client
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from service import ROOT, Service, ask

PAIRS = 1_000
# It finds nothing, which is counted: so it is known whether it was ever answered, whoever got the answer.
HIDDEN = b"GET /search?q=xqzztxqzzt HTTP/1.1\r\nHost: localhost\r\n\r\n"
LINES = [b"POST /check", b"POST /slack/commands", b"GET /recover/billing", b"POST /nowhere"]

NGINX = """
daemon off; pid {folder}/pid; error_log /dev/null; worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi; uwsgi_temp_path {folder}/uwsgi;
    upstream saywell {{ server 127.0.0.1:{to}; keepalive 8; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://saywell; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off;
        }}
    }}
}}
"""
HAPROXY = """
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 5s
    http-reuse always
frontend outside
    bind 127.0.0.1:{port}
    default_backend saywell
backend saywell
    server one 127.0.0.1:{to}
"""


def caddy():
    """Ours, but without a certificate and on the loopback only."""
    with open(f"{ROOT}/docker/Caddyfile") as file:
        ours = file.read()
    for sign in "{}":
        ours = ours.replace(sign, 2 * sign)
    ours = ours.replace("{{$SAYWELL_DOMAIN}}", "http://localhost:{port}").replace("saywell:8080", "127.0.0.1:{to}")
    return "{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}}\n" + ours


PROXIES = {
    "caddy": (caddy(), ["caddy", "run", "--adapter", "caddyfile", "--config"]),
    "nginx": (NGINX, ["nginx", "-e", "/dev/null", "-c"]),
    "haproxy": (HAPROXY, ["haproxy", "-db", "-f"]),
}


@contextlib.contextmanager
def proxied(name, to):
    """A proxy before this port while the block runs, and its own port."""
    settings, command = PROXIES[name]
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        with open(f"{folder}/settings", "w") as file:
            file.write(settings.format(folder=folder, port=port, to=to))
        process = subprocess.Popen([*command, f"{folder}/settings"], env=os.environ | {"HOME": folder},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not fine(port, "started"):
                assert process.poll() is None, f"{name} does not start"
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait()


def fine(port, word):
    """Whether one who asks honestly gets what was asked for."""
    try:
        status, _, text = ask(("127.0.0.1", port), "GET", f"/recover/billing?n=1&customer={word}", {"Host": "localhost"}, None)
    except (OSError, http.client.HTTPException):
        return False
    return status == 200 and word.encode() in text


def smuggled():
    """Requests that end at two places, according to whom one asks; behind the first of them waits another."""
    after = b"0\r\n\r\n" + HIDDEN
    size = b"%x\r\n" % len(HIDDEN)
    within = size + HIDDEN + b"\r\n0\r\n\r\n"
    length = lambda number: b"Content-Length: %d\r\n" % number
    for chunked in [b": chunked", b" : chunked", b":\x0bchunked", b":chunked\t", b": identity, chunked", b": chunked, identity",
                    b": xchunked", b": Chunked", b": chunked;x", b":\r\n chunked", b": chunked\r\nTransfer-Encoding: x"]:
        chunked = b"Transfer-Encoding" + chunked + b"\r\n"
        yield length(len(after)) + chunked, after
        yield chunked + length(len(after)), after
        yield chunked + length(len(size)), within
    for fields in [b"Content-Length: 0\r\n", b"Content-Length: +0\r\n", b"Content-Length: 0, 0\r\n", b"Content-Length : 0\r\n",
                   b"Content-Length: 0x0\r\n", b"", b"X: y\nTransfer-Encoding: chunked\r\n"]:
        yield fields + length(len(after)), after
    yield length(len(HIDDEN)), HIDDEN
    for size in [b"0;x=\n\r\n\r\n", b"0x0\r\n\r\n", b"00000000000000000\r\n\r\n", b"-0\r\n\r\n", b"0\n\r\n", b"10000000000000000\r\n\r\n"]:
        yield b"Transfer-Encoding: chunked\r\n", size + HIDDEN


def behind_proxies():
    """Requests that end at two places, 1,000 through each proxy that is here, an honest one after each"""
    shapes = [line + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + b"\r\n" + body
              for line, (fields, body) in itertools.product(LINES, smuggled())]
    told, met, bad = [], None, []
    for name in filter(shutil.which, PROXIES):
        with Service() as service, proxied(name, service.port) as port:
            numbers, taken = iter(range(PAIRS)), [0]

            def go():
                for number in numbers:
                    with socket.create_connection(("127.0.0.1", port), timeout=0.2) as stream:
                        first = b""
                        with contextlib.suppress(OSError):
                            stream.sendall(shapes[number % len(shapes)])
                            first = stream.recv(65536)
                        taken[0] += first.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4"))
                        if not fine(port, f"Q{number}Z"):
                            bad.append((name, shapes[number % len(shapes)]))

            threads = [threading.Thread(target=go) for _ in range(8)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            hidden = service.metric("saywell_empty_searches_total")
            service.get("/search?q=xqzztxqzzt")
            counts = service.metric("saywell_empty_searches_total") == hidden + 1
            met = met is not False and counts and not hidden and not bad
            told.append(f"{name}: {hidden:.0f} hidden ones answered, {taken[0]} of {PAIRS:,} answered themselves")
    return met, f"{len(bad)} honest ones that followed got something else" + (f": {bad[0]}" if bad else ""), \
        "; ".join(told) or "not run: there is no caddy, nginx or haproxy here"
