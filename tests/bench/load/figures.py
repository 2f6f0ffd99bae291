"""What was measured, against what must be reached and what is meant to be."""

import statistics


class Ratio:
    """Of two stations, round by round: the median, and from where to where it went."""

    def __init__(self, runs, one, other, key):
        self.rounds = [a[key] / b[key] for a, b in zip(runs.get(one, []), runs.get(other, []))]

    def __bool__(self):
        return bool(self.rounds)

    def __float__(self):
        return statistics.median(self.rounds)

    def __str__(self):
        return f"{short(float(self))} ({short(min(self.rounds))}..{short(max(self.rounds))})"


def short(number):
    if number >= 1000:
        return f"{number:,.0f}"
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


def verdict(number, must, goal, more):
    reached = (lambda bar: number >= bar) if more else (lambda bar: number <= bar)
    return "goal" if reached(goal) else "must" if reached(must) else "**missed**"


def rows(result):
    """Name, figure, must, goal, whether more is better."""
    runs = result["runs"]

    def ratio(name, one, other, key, must, goal, more):
        if figure := Ratio(runs, one, other, key):
            yield name, str(figure), float(figure), must, goal, more

    def plain(name, number, must, goal):
        yield name, short(number), number, must, goal, False

    yield from ratio("signed Slack command, throughput / bare", "slack", "bare slack", "per_second", 0.55, 0.68, True)
    yield from ratio("the same, CPU / bare", "slack", "bare slack", "cpu", 1.75, 1.50, False)
    if counted := result["instructions"]:
        times = counted["slack"] / counted["bare slack"]
        yield from plain("the same, instructions / lean (see below)", times / LEAN, 1.25, 1.08)
    yield from ratio("the same, throughput / Go", "slack", "Go", "per_second", 2.4, 3, True)
    yield from ratio("the same, throughput / slack-morphism", "slack", "slack-morphism", "per_second", 1.3, 1.6, True)
    yield from ratio("the same, throughput / Bolt JS", "slack", "Bolt JS", "per_second", 13, 16, True)
    yield from ratio("CPU of Bolt JS / ours", "Bolt JS", "slack", "cpu", 13, 16, True)
    yield from ratio("the same, throughput / Bolt Python", "slack", "Bolt Python", "per_second", 18, 22, True)
    yield from ratio("GET text, throughput / bare", "text", "bare text", "per_second", 0.65, 0.76, True)
    yield from ratio("GET JSON, throughput / bare", "json", "bare json", "per_second", 0.65, 0.80, True)
    yield from ratio("Discord ping, throughput / Discord JS", "ping", "Discord JS ping", "per_second", 4.3, 4.9, True)
    yield from ratio("Discord command, throughput / Discord JS", "discord", "Discord JS", "per_second", 4.5, 5.2, True)
    yield from ratio("bad Slack signature, CPU / accepted", "forged", "slack", "cpu", 0.85, 0.76, False)
    yield from ratio("bad Discord signature, CPU / accepted", "discord forged", "discord", "cpu", 1.0, 0.92, False)
    yield from ratio("misspelt topic, CPU / right one", "slip", "slack", "cpu", 1.6, 1.3, False)
    yield from ratio("p50 over one connection / bare", "alone", "bare alone", "p50", 1.25, 1.15, False)
    yield from ratio("p99 at 1,000/s / Bolt JS", "paced", "Bolt JS paced", "p99", 0.25, 0.12, False)
    yield from plain("resident, idle, MiB", result["idle"]["Saywell"], 8, 6)
    yield from plain("resident, after the load, MiB", result["loaded"]["Saywell"], 10, 8)
    yield from plain("resident, with 256 connections, MiB", result["crowded"], 20, 14)
    cold = result["cold"]
    yield from plain("start to first answer, ms", cold["Saywell"], 12, 8)
    if "Bolt JS" in cold:
        yield from plain("the same / Bolt JS", cold["Saywell"] / cold["Bolt JS"], 1 / 25, 1 / 40)
    if growth := result.get("growth"):
        small, large = growth["book"][0], growth["book"][-1]
        yield from plain("CPU with 100,000 phrases / with 200", large["cpu"] / small["cpu"], 1.08, 1.03)
        more = large["at"] - small["at"]
        yield from plain("start, µs for each phrase", (large["cold"] - small["cold"]) / more * 1000, 7, 4)


# Instructions of a minimal server that verifies, reads the form, fills two slots and writes 1.1 kB of Block Kit with
# typed structs, as a multiple of the floor's; it was measured once, and instructions do not depend on the day.
LEAN = 2.885


SHOWN = {
    "slack": "signed Slack command",
    "bare slack": "bare, the same",
    "Go": "Go, the same",
    "slack-morphism": "slack-morphism, the same",
    "Bolt JS": "Bolt JS, the same",
    "Bolt Python": "Bolt Python, the same",
    "slip": "misspelt topic",
    "forged": "bad signature (401)",
    "paced": "signed Slack command, 1,000/s",
    "Go paced": "Go, 1,000/s",
    "slack-morphism paced": "slack-morphism, 1,000/s",
    "Bolt JS paced": "Bolt JS, 1,000/s",
    "Bolt Python paced": "Bolt Python, 1,000/s",
    "alone": "signed Slack command, one connection",
    "bare alone": "bare, one connection",
    "text": "GET text",
    "bare text": "bare, the same",
    "json": "GET JSON",
    "bare json": "bare, the same",
    "ping": "Discord ping",
    "bare ping": "bare, the same",
    "Discord JS ping": "discord-interactions, the same",
    "discord": "Discord command",
    "bare discord": "bare, the same",
    "Discord JS": "discord-interactions, the same",
    "discord forged": "Discord, bad signature (401)",
}


def markdown(result):
    lines = [f"{result['date']}, {result['machine']}, load {result['load']:.2f} before it began.", ""]
    lines += ["| figure | measured (from..to) | must | goal | reached |", "|---|---|---|---|---|"]
    for name, shown, number, must, goal, more in rows(result):
        sign = "≥" if more else "≤"
        reached = verdict(number, must, goal, more)
        lines.append(f"| {name} | {shown} | {sign} {short(must)} | {sign} {short(goal)} | {reached} |")
    lines += ["", "| what | requests/s | CPU µs | p50 ms | p99 ms | bytes |", "|---|---|---|---|---|---|"]
    for name, shown in SHOWN.items():
        if name in result["runs"]:
            lines.append(f"| {shown} | {' | '.join(cells(result['runs'][name]))} |")
    lines += ["", "| server | start ms | resident MiB idle | after the load |", "|---|---|---|---|"]
    for name, cold in result["cold"].items():
        lines.append(f"| {name} | {short(cold)} | {short(result['idle'][name])} | {short(result['loaded'][name])} |")
    for name, number in result["instructions"].items():
        lines += ["", f"{SHOWN[name]}: {number:,.0f} instructions."]
    for name, points in result.get("growth", {}).items():
        lines += ["", f"| {name} | requests/s | CPU µs | p50 ms | p99 ms | bytes | resident MiB |", "|---|---|---|---|---|---|---|"]
        lines += [f"| {p['at']:,} | {' | '.join(cells([p]))} | {short(p['memory'])} |" for p in points]
    return "\n".join(lines)


def cells(rounds):
    middle = lambda key: statistics.median(one[key] for one in rounds)
    yield short(middle("per_second"))
    yield short(middle("cpu"))
    yield short(middle("p50") / 1000)
    yield short(middle("p99") / 1000)
    yield short(middle("bytes"))
