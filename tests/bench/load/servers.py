"""What is measured: the service, the floor, and the peers. Each runs on a core of its own, away from who asks it."""

import json, os, shutil, socket, subprocess, sys, time
from pathlib import Path

from letters import DISCORD_KEY, SECRET

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
TARGET = ROOT / "target" / "bench"
PROGRAM = ROOT / "target/release/saywell"
SERVER_CORE, CLIENT_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")


def build():
    command = ["cargo", "build", "--locked", "--release", "--bin", "saywell", "--example", "bare"]
    subprocess.run(command, cwd=ROOT, check=True)


def install():
    """The peers, below target/. What is there already is left as it is."""
    node, python = TARGET / "node", TARGET / "python"
    if stale(node, HERE / "peers/package.json"):
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=node, check=True)
        (node / "installed").touch()
    if stale(python, HERE / "peers/requirements.txt"):
        subprocess.run([sys.executable, "-m", "venv", python], check=True)
        wanted = ["-r", HERE / "peers/requirements.txt"]
        subprocess.run([python / "bin/pip", "install", "--quiet", *wanted], check=True)
        (python / "installed").touch()
    rust = TARGET / "morphism"
    shutil.copytree(HERE / "peers/morphism", rust, dirs_exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "--quiet", "--target-dir", rust / "target"], cwd=rust, check=True)
    if shutil.which("go"):
        subprocess.run(["go", "build", "-o", TARGET / "go", HERE / "peers/slack.go"], check=True)
    else:
        print("no peer in Go: there is no `go` here", file=sys.stderr)


def stale(folder, wanted):
    known = folder / wanted.name
    if (folder / "installed").exists() and known.read_text() == wanted.read_text():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(wanted, known)
    return True


class Server:
    """A process that can be started, asked for its costs, and stopped."""

    def __init__(self, command, **environment):
        self.command = [str(part) for part in command]
        self.environment = environment
        self.process = None

    def start(self):
        """Starts it; how many milliseconds it took to its first answer."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        place = lambda text: text.replace("PORT", str(self.port))
        pinned = ["taskset", "-c", str(SERVER_CORE), *map(place, self.command)]
        base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        variables = base | {name: place(str(value)) for name, value in self.environment.items()}
        began = time.perf_counter()
        self.process = subprocess.Popen(pinned, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self.answers():
            if self.process.poll() is not None or time.perf_counter() - began > 120:
                raise SystemExit(f"{' '.join(self.command)} does not start")
            time.sleep(0.0002)
        return (time.perf_counter() - began) * 1000

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(1) != b""
        except OSError:
            return False

    def cpu(self):
        """Seconds of CPU so far, all threads, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        """MiB that are resident."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        self.process.kill()
        self.process.wait()

    def instructions(self, ask, times=1_000):
        """How many instructions of the processor, outside the kernel, one more request takes. The same each time."""
        inner, counted = self.command, TARGET / "callgrind.out"
        self.command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counted}", *inner]
        totals = []
        for number in (100, 100 + times):
            self.start()
            ask(self, number)
            self.process.terminate()
            self.process.wait()
            totals += [int(line.split()[1]) for line in counted.read_text().splitlines() if line.startswith("totals:")]
        self.command = inner
        return (totals[1] - totals[0]) / times


def saywell(*arguments):
    """As it comes, with metrics, headers and limits; only that the limit is one that nothing here reaches."""
    return Server(
        [PROGRAM, "serve", *arguments],
        SAYWELL_LISTEN="127.0.0.1:PORT",
        SAYWELL_WORKERS="1",
        SAYWELL_RATE_LIMIT="1000000000/s",
        SLACK_SIGNING_SECRET=SECRET,
        DISCORD_PUBLIC_KEY=DISCORD_KEY,
    )


def bare(length):
    return Server([ROOT / "target/release/examples/bare", "127.0.0.1:PORT", length])


def peers(reply, discord_reply):
    """They verify the signature, read the command, and answer with what the service once answered."""
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "slack-reply.json").write_text(json.dumps(reply))
    (TARGET / "discord-reply.json").write_text(json.dumps(discord_reply))
    common = {"PORT": "PORT", "SECRET": SECRET, "KEY": DISCORD_KEY, "NODE_ENV": "production"}
    node = common | {"NODE_PATH": TARGET / "node/node_modules"}
    slack = {"REPLY": TARGET / "slack-reply.json"}
    go = {"Go": Server([TARGET / "go"], **common, **slack)} if shutil.which("go") else {}
    return {
        **go,
        "slack-morphism": Server([TARGET / "morphism/target/release/morphism"], **common, **slack),
        "Bolt JS": Server(["node", HERE / "peers/bolt.cjs"], **node, **slack),
        "Bolt Python": Server([TARGET / "python/bin/python", HERE / "peers/bolt.py"], **common, **slack),
        "Discord JS": Server(["node", HERE / "peers/discord.cjs"], **node, REPLY=TARGET / "discord-reply.json"),
    }
