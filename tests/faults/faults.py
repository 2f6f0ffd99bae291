"""Load and faults, each with what was lost and what others saw of it, as the rows of a table.

    cargo build --release && python3 tests/faults/faults.py [ROW…]

Takes the binary from SAYWELL (default target/release/saywell); everything stays on 127.0.0.1, bounded in number and
time. Ends with 1 where a row is not met.
"""

import http.client
import http.server
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import urlencode

from attack import attack, deaf, slow, storm
from service import BINARY, ROOT, Honest, Service, ask, proof, signed


def slow_clients():
    """1,000 slow clients for 40 s: heads dribbled, bodies never finished"""
    with Service() as service:
        with Honest(service) as alone:
            time.sleep(5)
        with attack(slow, service.port, 1000) as counts:
            time.sleep(2)
            with Honest(service) as beside:
                time.sleep(38)
            seen = dict(counts)
        saw = f"alone: {alone}; beside them: {beside}; {service.rss():.0f} MB"
        met = not beside.lost and seen["cut"] > 1000 and seen["longest"] < 30
        return met, f"{seen['cut']:,} cut off, none let for more than {seen['longest']:.0f} s", saw


def connection_storm():
    """A storm of 30,000 connections, 500 at a time: a third says nothing, half leaves without goodbye"""
    with Service() as service:
        descriptors = service.descriptors()
        with attack(storm, service.port, 30_000, 500) as counts:
            with Honest(service) as beside:
                end = time.monotonic() + 120
                while "done" not in counts and time.monotonic() < end:
                    time.sleep(0.2)
            seen = dict(counts)
        time.sleep(1)
        lost = seen["asked"] - seen["answered"] if "done" in seen else "all"
        more = service.descriptors() - descriptors
        met = not beside.lost and not lost and not seen["refused"] and more < 10
        return met, f"{lost} of {seen['asked']:,} who asked; {seen['refused']} refused", \
            f"{beside}; {more} descriptors more than before; {service.rss():.0f} MB"


def distinct_teams():
    """A burst of 10,000 distinct teams, signed, rate limit on"""
    with Service(SAYWELL_RATE_LIMIT="120/min") as service:
        service.slack()
        before, began, lost = service.rss(), time.monotonic(), []
        connection = http.client.HTTPConnection(*service.address)
        for number in range(10_000):
            body, headers = signed("billing", team_id=f"T{number}", user_id=f"U{number}")
            connection.request("POST", "/slack/commands", body, headers)
            response = connection.getresponse()
            if response.status != 200 or b"Too many" in response.read():
                lost.append(number)
            else:
                response.read()
        took, grown = time.monotonic() - began, service.rss() - before
        return not lost and grown < 16, f"{len(lost)} of 10,000", f"{took:.0f} s in all; memory grew by {grown:.1f} MB"


def never_reads():
    """200 clients of one address who ask for the longest page 1,000 times each and never read, rate limit on"""
    with Service(SAYWELL_RATE_LIMIT="1200/min") as service:
        before = service.rss()
        with attack(deaf, service.port, 200) as counts:
            with Honest(service, pause=0.1) as beside:
                time.sleep(10)
            most, held = service.rss(), counts.get("held")
        return not beside.lost and most < 256, "none", f"{held} held; {beside}; memory from {before:.0f} to {most:.0f} MB"


def reloads():
    """A new book every 100 ms for 15 s, every other one broken, and a SIGHUP with each"""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(f"{ROOT}/phrasebook", folder, dirs_exist_ok=True)
        with open(f"{folder}/en/recover.toml") as file:
            whole = file.read()
        about = whole.index('about = "') + 9

        def put(text):
            with open(f"{folder}/.new", "w") as file:
                file.write(text)
            os.rename(f"{folder}/.new", f"{folder}/en/recover.toml")
            service.process.send_signal(signal.SIGHUP)

        end = time.monotonic() + 15
        with Service(SAYWELL_PHRASEBOOK=folder, SAYWELL_NO_DEFAULT_PHRASEBOOK="true") as service:
            descriptors, memory = service.descriptors(), service.rss()
            with Honest(service) as beside:
                number = 0
                while time.monotonic() < end:
                    number += 1
                    put(f"{whole[:about]}{number}: {whole[about:]}" if number % 2 else whole[:-9])
                    time.sleep(0.1)
                put(f"{whole[:about]}The last one: {whole[about:]}")
                began = time.monotonic()
                while b"The last one: " not in service.get("/v1/recover")[2] and time.monotonic() < began + 15:
                    time.sleep(0.02)
                settled = time.monotonic() - began
            time.sleep(1)
            good, bad = service.metric("saywell_reloads_total"), service.metric("saywell_reload_failures_total")
            more, grown = service.descriptors() - descriptors, service.rss() - memory
            met = not beside.lost and settled < 10 and more < 4 and good > 3 and bad > 3
            return met, "no request; the old book served on whenever the new one was refused", \
                f"{number} changes, {good:.0f} taken, {bad:.0f} refused; {beside}; the last change was served after " \
                f"{settled:.1f} s; {more} descriptors and {grown:.0f} MB more"


def stopped_under_load():
    """SIGTERM while 16 callers ask as fast as they can, each on a new connection"""
    with Service(SAYWELL_DRAIN="1s") as service:
        answered, lost, late, reset = [0], [], [0], [0]
        stopping = threading.Event()

        def call():
            while True:
                try:
                    stream = service.connect()
                except OSError:
                    return late.__setitem__(0, late[0] + 1)
                try:
                    body, headers = signed("billing")
                    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                    stream.sendall(f"POST /slack/commands HTTP/1.1\r\nHost: a\r\n{fields}"
                                   f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
                    try:
                        answer = stream.recv(65536)
                    except ConnectionResetError:
                        # Connected, and still in the system's queue when the entrance was closed.
                        reset[0] += 1
                        continue
                    answer += b"".join(iter(lambda: stream.recv(65536), b""))
                    head, _, rest = answer.partition(b"\r\n\r\n")
                    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                    if not head.startswith(b"HTTP/1.1 200") or len(rest) != length:
                        lost.append(answer[:60])
                    answered[0] += 1
                except (OSError, IndexError) as error:
                    lost.append(repr(error))
                finally:
                    stream.close()

        threads = [threading.Thread(target=call) for _ in range(16)]
        [thread.start() for thread in threads]
        time.sleep(2)
        code, took = service.end()
        [thread.join() for thread in threads]
        what = f"{len(lost)} of {answered[0]:,}" + (f" ({lost[0]})" if lost else "")
        return code == 0 and not lost and took < 15, what, f"exit {code} after {took:.1f} s, 1 s of it the drain; " \
            f"{reset[0]} of 16 callers were turned away while waiting to be let in, {late[0]} refused once it was gone"


def deaf_log():
    """The reader of the log goes away at log level `trace`; then load, then SIGTERM"""
    read, write = os.pipe()
    env = {"SAYWELL_LISTEN": "127.0.0.1:0", "SAYWELL_LOG": "trace", "SAYWELL_RATE_LIMIT": "off"}
    process = subprocess.Popen([BINARY, "serve"], env=env, stderr=write, stdout=subprocess.DEVNULL)
    os.close(write)
    try:
        seen = b""
        while b"listening on http://127.0.0.1:" not in seen or not seen.endswith(b"\n"):
            seen += os.read(read, 65536)
        port = int(seen.split(b"listening on http://127.0.0.1:")[1].split(b'"')[0])
        os.close(read)
        lost = 0
        for _ in range(2000):
            lost += ask(("127.0.0.1", port), "GET", "/recover/billing", {}, None)[0] != 200
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
        began = time.monotonic()
        process.terminate()
        code = process.wait(60)
        took = time.monotonic() - began
        return lost == 0 and code == 0 and took < 15, f"{lost} of 2,000", f"exit {code} after {took:.1f} s, {len(held)} idle connections held"
    finally:
        process.kill()
        process.wait()


class Sink:
    """A receiver of messages that does not do what it should."""

    def __init__(self, manner):
        self.manner, self.posts, self.led = manner, 0, 0
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                sink.posts += 1
                if sink.manner == "hangs":
                    time.sleep(30)
                elif sink.manner == "resets":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                elif sink.manner == "redirects":
                    self.send_response(307)
                    self.send_header("Location", f"http://127.0.0.1:{sink.port}/led")
                    self.end_headers()
                elif sink.manner == "answers 500":
                    self.send_error(500)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(10**12))
                    self.end_headers()
                    while True:
                        self.wfile.write(b"x" * 65536)
                if self.path == "/led":
                    sink.led += 1

            def do_GET(self):
                sink.led += 1

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def receivers():
    """`response_url` receivers that hang, reset, redirect, answer 500 or never end: 100 clicks each"""
    told, met, lost = [], True, 0
    for manner in ["hangs", "resets", "redirects", "answers 500", "never ends"]:
        sink = Sink(manner)
        with Service(SLACK_HOOKS_ORIGIN=f"http://127.0.0.1:{sink.port}") as service:
            payload = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"},
                       "response_url": f"http://127.0.0.1:{sink.port}/actions/T1/secret-of-the-url",
                       "actions": [{"action_id": "another", "value": "v1 recover.billing"}]}
            body = urlencode({"payload": json.dumps(payload)})
            before = service.rss()
            with Honest(service) as beside:
                slowest = 0
                for _ in range(100):
                    began = time.perf_counter()
                    lost += service.get("/slack/interactions", "POST", proof(body), body)[0] != 200
                    slowest = max(slowest, time.perf_counter() - began)
                time.sleep(2)
            series = 'saywell_outbound_posts_total{outcome="%s",platform="slack"}'
            failed = service.metric(series % "failed")
            grown = service.rss() - before
            code, took = service.end()
            met = met and code == 0 and took < 15 and not beside.lost and not sink.led and sink.posts and grown < 32 \
                and slowest < 0.5 and "secret-of-the-url" not in service.logged()
            told.append(f"{manner}: slowest click {1000 * slowest:.0f} ms, {failed:.0f} given up by then, "
                        f"{grown:.0f} MB more, ended in {took:.1f} s")
        sink.server.shutdown()
    return met and not lost, f"{lost} of 500 clicks; redirects followed: none; the address is in no log", "; ".join(told)


def few_descriptors():
    """192 connections where 96 descriptors are allowed"""
    limited = ["prlimit", "--nofile=96:96"]
    with Service(before=limited, SAYWELL_WORKERS="2") as service:
        held = []
        for _ in range(192):
            stream = service.connect()
            stream.sendall(b"GET")
            held.append(stream)
        time.sleep(0.5)
        used = service.cpu()
        time.sleep(3)
        used = service.cpu() - used
        [stream.close() for stream in held]
        began = time.monotonic()
        status = service.get("/recover/billing")[0]
        took = time.monotonic() - began
        return used < 1.5 and status == 200 and took < 8, "none", \
            f"{used:.2f} s of processor time in 3 s while exhausted; served again {1000 * took:.0f} ms after release"


def jumping_clock():
    """The wall clock jumps ten minutes ahead and twenty back while it serves"""
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
    if not os.path.exists(library) or b"INTERP" not in subprocess.run(["readelf", "-l", BINARY], capture_output=True).stdout:
        return None, "not run: it takes libfaketime and a dynamic binary", ""
    with tempfile.NamedTemporaryFile("w") as offset:
        def jump(seconds):
            with open(offset.name, "w") as file:
                file.write(f"{seconds:+d}")
            time.sleep(0.1)

        jump(0)
        settings = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": offset.name, "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with Service(**settings, SAYWELL_RATE_LIMIT="3000/min") as service:
            kept = http.client.HTTPConnection(*service.address)
            right = True
            for seconds in [0, 600, -600, 0]:
                jump(seconds)
                now = time.time()
                for at, expected in [(now + seconds, 200), (now, 200 if not seconds else 401)]:
                    body, headers = signed("billing", at=at)
                    kept.request("POST", "/slack/commands", body, headers)
                    response = kept.getresponse()
                    response.read()
                    right = right and response.status == expected
            code, took = service.end()
            return right and code == 0, "none", "what is signed by the service's own clock is taken, what is ten minutes off is " \
                f"refused; limits and the kept connection go by the steady clock; exit {code} after {took:.1f} s"


ROWS = [slow_clients, connection_storm, distinct_teams, never_reads, reloads, stopped_under_load, deaf_log, receivers,
        few_descriptors, jumping_clock]


def table(rows, names):
    """Runs the rows that are named, or all, and prints them; 1 where one is not met."""
    unmet = 0
    print("| done to it | lost | what others saw | met |\n|---|---|---|---|", flush=True)
    for row in rows:
        if names and row.__name__ not in names:
            continue
        met, lost, saw = row()
        unmet += met is False
        print(f"| {row.__doc__} | {lost} | {saw} | {'–' if met is None else 'yes' if met else '**no**'} |", flush=True)
    return 1 if unmet else 0


if __name__ == "__main__":
    sys.exit(table(ROWS, sys.argv[1:]))
