#!/usr/bin/env python3
"""Asks a service without pause and counts what is not answered well.

    load.py --until FILE --address 127.0.0.1:8080      one address
    load.py --until FILE --service saywell_saywell     the tasks of a Swarm service, as a balancer would:
                                                       only those that say at /readyz that they are ready

It goes on until FILE is there. Nothing is ever asked twice: a request that is not answered with 200 in full is a failure.
With --may-end the service is allowed to go: a new connection that is refused, or reset before anything was answered (it
was still waiting to be accepted), ends the run of its thread. A connection that was answered on before must not break.
"""

import argparse, hashlib, hmac, http.client, os, random, re, subprocess, sys, threading, time

SECRET = os.environ.get("SLACK_SIGNING_SECRET", "check").encode()
BODY = b"command=%2Frecover&text=billing&team_id=T1&user_id=U1&api_app_id=A1&trigger_id=1.2"


def signed():
    stamp = str(int(time.time()))
    mac = hmac.new(SECRET, b"v0:" + stamp.encode() + b":" + BODY, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + mac,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return ("POST", "/slack/commands", BODY, headers)


def asks():
    yield ("GET", "/recover/billing", None, {})
    yield ("GET", "/v1/search?q=late", None, {})
    yield ("GET", "/recover?format=html", None, {})
    yield signed()


class Targets:
    """The addresses that are ready."""

    def __init__(self, arguments):
        self.arguments, self.ready = arguments, []
        self.look()

    def known(self):
        if self.arguments.address:
            return [self.arguments.address]
        label = "label=com.docker.swarm.service.name=" + self.arguments.service
        ports = subprocess.run(
            ["docker", "ps", "--filter", label, "--format", "{{.Ports}}"], capture_output=True, text=True
        ).stdout
        return ["127.0.0.1:" + port for port in re.findall(r"0\.0\.0\.0:(\d+)->8080/tcp", ports)]

    def look(self):
        self.ready = [target for target in self.known() if self.arguments.address or self.is_ready(target)]

    @staticmethod
    def is_ready(target):
        try:
            connection = http.client.HTTPConnection(target, timeout=1)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def watch(self, ended):
        while not ended.wait(0.25):
            self.look()


class Asker(threading.Thread):
    def __init__(self, targets, arguments, ended):
        super().__init__()
        self.targets, self.arguments, self.ended = targets, arguments, ended
        self.answered, self.failures, self.kept, self.slowest = 0, [], {}, 0.0

    def run(self):
        while not self.ended.is_set():
            for ask in asks():
                if self.ended.is_set():
                    return
                ready = self.targets.ready
                if not ready:
                    self.failures.append("nobody is ready")
                    time.sleep(0.1)
                    continue
                target = random.choice(ready)
                if not self.ask(target, *ask):
                    return
                time.sleep(self.arguments.pause)

    def ask(self, target, method, path, body, headers):
        """False where the service has gone and may have."""
        connection = self.kept.pop(target, None) or http.client.HTTPConnection(target, timeout=10)
        began = time.monotonic()
        is_new = connection.sock is None
        try:
            if is_new:
                connection.connect()
        except OSError as error:
            if self.arguments.may_end:
                return False
            self.failures.append(f"{target}: {error!r}")
            return True
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            whole = answer.read()
            if answer.status != 200 or not whole:
                self.failures.append(f"{target}{path}: {answer.status}")
            else:
                self.answered += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if not answer.will_close:
                self.kept[target] = connection
        except (OSError, http.client.HTTPException) as error:
            # Both say that not one byte of an answer came.
            unanswered = isinstance(error, (ConnectionResetError, http.client.RemoteDisconnected))
            if self.arguments.may_end and is_new and unanswered:
                return False
            self.failures.append(f"{target}{path}: {error!r} on a {'new' if is_new else 'kept'} connection")
        return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--until", required=True)
    parser.add_argument("--address")
    parser.add_argument("--service")
    parser.add_argument("--threads", type=int, default=6)
    parser.add_argument("--pause", type=float, default=0.002)
    parser.add_argument("--may-end", action="store_true")
    arguments = parser.parse_args()
    ended = threading.Event()
    targets = Targets(arguments)
    threading.Thread(target=targets.watch, args=(ended,), daemon=True).start()
    askers = [Asker(targets, arguments, ended) for _ in range(arguments.threads)]
    for asker in askers:
        asker.start()
    while not os.path.exists(arguments.until) and any(asker.is_alive() for asker in askers):
        time.sleep(0.05)
    ended.set()
    for asker in askers:
        asker.join()
    failures = [failure for asker in askers for failure in asker.failures]
    answered = sum(asker.answered for asker in askers)
    slowest = max(asker.slowest for asker in askers)
    print(f"{answered} requests answered, {len(failures)} failed, the slowest took {slowest * 1000:.0f} ms")
    for failure in failures[:10]:
        print("  " + failure)
    sys.exit(1 if failures or not answered else 0)


main()
