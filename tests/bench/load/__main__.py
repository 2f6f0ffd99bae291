"""Measures the service against the floor and against its peers: python3 tests/bench/load

The same requests go to all of them in turn, round after round, so that whatever else the machine does falls upon all.
Wants cargo, wrk, taskset, openssl, node and npm, and go for one peer more; peers are installed below target/. Everything
stays on the loopback.
"""

import argparse, json, os, platform, statistics, sys, time
import http.client
from pathlib import Path

import chart, figures, letters, servers, wrk
from books import made
from servers import ROOT, TARGET, bare, saywell

ASK = letters.slack("billing")
SLIP = letters.slack("biling")
FORGED = letters.slack("billing", forged=True)
TEXT = letters.get("/recover/billing")
JSON = letters.get("/v1/recover/billing")
PING = letters.discord("", "ping.json")
DISCORD = letters.discord("billing")
DISCORD_FORGED = letters.discord("billing", forged=True)


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def reply(server, letter, times=200):
    """What is answered to a letter; its length on average, since chance decides which phrase it is."""
    lengths = []
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    one = letter()
    for _ in range(times):
        connection.request(one.method, one.path, one.body.encode(), one.headers)
        body = connection.getresponse().read()
        lengths.append(len(body))
    connection.close()
    return body, round(statistics.mean(lengths))


def starts(server, times):
    """The median time from spawn to the first answer."""
    took = []
    for _ in range(times):
        took.append(server.start())
        server.stop()
    return statistics.median(took)


def stations(service, floors, peers):
    """Who is asked what in a round. Those that are compared come one after the other, as the machine may change its pace."""
    same = [name for name in ("Go", "slack-morphism", "Bolt JS", "Bolt Python") if name in peers]
    yield "bare slack", floors["slack"], letters.bare(ASK), {}
    yield "slack", service, ASK, {}
    for name in same:
        yield name, peers[name], ASK, {}
    yield "slip", service, SLIP, {}
    yield "forged", service, FORGED, {"refused": True}
    yield "text", service, TEXT, {}
    yield "bare text", floors["text"], letters.bare(TEXT), {}
    yield "json", service, JSON, {}
    yield "bare json", floors["json"], letters.bare(JSON), {}
    yield "ping", service, PING, {}
    yield "bare ping", floors["ping"], letters.bare(PING), {}
    yield "discord", service, DISCORD, {}
    yield "bare discord", floors["discord"], letters.bare(DISCORD), {}
    yield "discord forged", service, DISCORD_FORGED, {"refused": True}
    yield "alone", service, ASK, {"connections": 1}
    yield "bare alone", floors["slack"], letters.bare(ASK), {"connections": 1}
    yield "paced", service, ASK, {"paced": True}
    for name in same:
        yield f"{name} paced", peers[name], ASK, {"paced": True}
    if "Discord JS" in peers:
        yield "Discord JS ping", peers["Discord JS"], PING, {}
        yield "Discord JS", peers["Discord JS"], DISCORD, {}


def compare(options):
    """Rounds over all stations, and what each server is before, after and beside them."""
    service = saywell()
    service.start()
    lengths, replies = {}, {}
    for name, letter in [("slack", ASK), ("text", TEXT), ("json", JSON), ("ping", PING), ("discord", DISCORD)]:
        replies[name], lengths[name] = reply(service, letter)
    service.stop()
    floors = {name: bare(length) for name, length in lengths.items()}
    peers = {}
    if options.peers:
        peers = servers.peers(json.loads(replies["slack"]), json.loads(replies["discord"]))
    named = {"Saywell": service, "bare": floors["slack"], **peers}
    say("cold starts")
    cold = {name: starts(server, 5 if name in peers else 15) for name, server in named.items()}
    for server in [service, *floors.values(), *peers.values()]:
        server.start()
    time.sleep(1)
    idle = {name: server.memory() for name, server in named.items()}
    runs = {}
    for number in range(options.rounds):
        for name, server, letter, how in stations(service, floors, peers):
            say(f"round {number + 1}/{options.rounds}: {name}")
            runs.setdefault(name, []).append(wrk.run(server, [letter()], options.seconds, **how))
    loaded = {name: server.memory() for name, server in named.items()}
    instructions = {}
    if options.instructions:
        for name, server, letter in [("slack", service, ASK), ("bare slack", floors["slack"], letters.bare(ASK))]:
            say(f"instructions: {name}")
            server.stop()
            instructions[name] = server.instructions(lambda server, times: reply(server, letter, times))
            server.start()
    crowded = wrk.run(service, [ASK()], options.seconds, connections=256)["memory"]
    for server in [service, *floors.values(), *peers.values()]:
        server.stop()
    return {
        "bytes": lengths,
        "runs": runs,
        "cold": cold,
        "idle": idle,
        "loaded": loaded,
        "crowded": crowded,
        "instructions": instructions,
    }


def grow(options):
    """The same command while one thing grows: the book, those who ask, their connections."""
    curves = {"book": [], "teams": [], "connections": []}

    def point(curve, at, server, given, **how):
        say(f"{curve}: {at}")
        rounds = [wrk.run(server, given(), options.seconds, **how) for _ in range(options.rounds)]
        median = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
        curves[curve].append({"at": at, **median})

    books = []
    for phrases in (200, 10_000, 100_000):
        folder, command, topic = made(phrases)
        server = saywell("--no-default-phrasebook", "--phrasebook", folder)
        cold = starts(server, 3)
        server.start()
        # The index for searches is made aside, by a thread of its own.
        wait_until_idle(server)
        books.append((phrases, server, letters.slack(topic, command), cold))
    for phrases, server, letter, cold in books:
        fresh = server.memory()
        point("book", phrases, server, lambda: [letter()])
        curves["book"][-1].update(cold=cold, fresh=fresh)
        server.stop()
    for teams in (1, 10, 100, 1_000, 10_000):
        server = saywell()
        server.start()
        wait_until_idle(server)
        point("teams", teams, server, lambda: [letters.slack("billing", team=f"T{n:09}")() for n in range(teams)])
        server.stop()
    for connections in (1, 10, 100, 1_000):
        server = saywell()
        server.start()
        wait_until_idle(server)
        point("connections", connections, server, lambda: [ASK()], connections=connections)
        server.stop()
    return curves


def wait_until_idle(server):
    last = -1.0
    while server.cpu() > last:
        last = server.cpu()
        time.sleep(0.3)


def machine():
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "machine": f"{model}, {os.cpu_count()} cores, Linux {platform.release()}",
        "load": os.getloadavg()[0],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds over everything [5]")
    parser.add_argument("--seconds", type=int, default=2, help="seconds of each run [2]")
    parser.add_argument("--service", type=Path, help="another build of it, such as the image's [target/release/saywell]")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="only the service and the floor")
    parser.add_argument("--no-growth", dest="growth", action="store_false", help="no curves")
    parser.add_argument("--instructions", action="store_true", help="count them as well, with valgrind")
    parser.add_argument("--chart", type=Path, help="where to draw the curves, an SVG")
    options = parser.parse_args()
    if options.service:
        servers.PROGRAM = options.service.resolve()
    TARGET.mkdir(parents=True, exist_ok=True)
    servers.build()
    if options.peers:
        servers.install()
    told = machine()
    result = {**told, **compare(options)}
    if options.growth:
        result["growth"] = grow(options)
        if options.chart:
            options.chart.write_text(chart.draw(result["growth"]))
    (TARGET / "load.json").write_text(json.dumps(result, indent=1))
    print(figures.markdown(result))


main()
