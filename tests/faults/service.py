"""A running Saywell to be ill-treated, and honest callers beside it who must not notice."""

import hashlib
import hmac
import http.client
import json
import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from urllib.parse import urlencode

SECRET = "saywell-faults-secret-0001"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("SAYWELL", os.path.join(ROOT, "target/release/saywell"))

resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


class Service:
    """The program on a free port of 127.0.0.1, ended when the block ends."""

    def __init__(self, before=(), log="warn", **settings):
        env = {"SAYWELL_LISTEN": "127.0.0.1:0", "SAYWELL_RATE_LIMIT": "off", "SLACK_SIGNING_SECRET": SECRET,
               "SAYWELL_LOG": f"saywell::server=info,{log}"} | settings
        self.log = tempfile.NamedTemporaryFile("w+")
        self.began = time.monotonic()
        self.process = subprocess.Popen([*before, BINARY, "serve"], env=env, stderr=self.log, stdout=subprocess.DEVNULL)
        self.port = int(self.wait(r"listening on http://127\.0\.0\.1:(\d+)"))
        self.address = ("127.0.0.1", self.port)
        # It says where it listens before it has started everything.
        self.get("/healthz")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def logged(self):
        with open(self.log.name) as log:
            return log.read()

    def wait(self, pattern, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, self.logged()):
                return found[1] if found.groups() else found[0]
            time.sleep(0.01)
        raise TimeoutError(f"{pattern} in {self.logged()}")

    def rss(self):
        """Resident memory in MB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connect(self, timeout=10):
        return socket.create_connection(self.address, timeout=timeout)

    def get(self, path, method="GET", headers=(), body=None):
        return ask(self.address, method, path, dict(headers), body)

    def slack(self, text="billing", **fields):
        """A signed `/recover …`: its status, and what a person reads."""
        body, headers = signed(text, **fields)
        status, _, answer = ask(self.address, "POST", "/slack/commands", headers, body)
        return status, json.loads(answer)["text"] if status == 200 and answer else answer

    def metric(self, series):
        _, _, text = self.get("/metrics")
        found = re.search(rf"^{re.escape(series)} (\S+)$", text.decode(), re.M)
        return float(found[1]) if found else 0

    def end(self, which=signal.SIGTERM, seconds=40):
        """Sends a signal; the exit code and how long it took."""
        began = time.monotonic()
        self.process.send_signal(which)
        return self.process.wait(seconds), time.monotonic() - began


def ask(address, method, path, headers, body):
    connection = http.client.HTTPConnection(*address, timeout=15)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def proof(body, at=None, key=SECRET):
    """Slack's two headers for a body."""
    at = str(int(time.time() if at is None else at))
    body = body.encode() if isinstance(body, str) else body
    mac = hmac.new(key.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mac}"}


def signed(text, at=None, **fields):
    body = urlencode({"command": "/recover", "text": text, "team_id": "T1", "user_id": "U1"} | fields)
    return body, {"Content-Type": "application/x-www-form-urlencoded"} | proof(body, at)


class Honest:
    """Two callers who go on asking, one in chat and one over REST, while the block runs."""

    def __init__(self, service, pause=0.002):
        self.service, self.pause = service, pause
        self.times, self.lost, self.running = [], [], True
        self.threads = [threading.Thread(target=self.go, args=[chat]) for chat in (True, False)]

    def go(self, chat):
        connection = http.client.HTTPConnection(*self.service.address, timeout=15)
        while self.running:
            body, headers = signed("billing 1") if chat else (None, {})
            began = time.perf_counter()
            try:
                connection.request("POST" if chat else "GET", "/slack/commands" if chat else "/recover", body, headers)
                response = connection.getresponse()
                answer = response.read()
                if response.status != 200 or not answer:
                    self.lost.append(f"{response.status} {answer[:80]}")
            except (OSError, http.client.HTTPException) as error:
                self.lost.append(repr(error))
                connection.close()
            self.times.append(time.perf_counter() - began)
            time.sleep(self.pause)
        connection.close()

    def __enter__(self):
        [thread.start() for thread in self.threads]
        return self

    def __exit__(self, *_):
        self.running = False
        [thread.join() for thread in self.threads]

    def __str__(self):
        cuts = statistics.quantiles(self.times, n=100)
        lost = f"{len(self.lost)} lost ({self.lost[0]})" if self.lost else "none lost"
        return (f"{len(self.times):,} asked, {lost}; p50 {1000 * cuts[49]:.1f} ms, p99 {1000 * cuts[98]:.1f} ms, "
                f"longest {1000 * max(self.times):.0f} ms")
