"""One run of wrk against one server, and what it cost the server."""

import json, subprocess

from servers import CLIENT_CORE, TARGET

# A thousand a second over 32 connections, each of which waits so many milliseconds before it asks again.
PACE = "function delay() return math.random(1, 63) end\n"

DONE = """
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"us":%d,"bytes":%d,"p50":%g,"p99":%g,"refused":%d,"broken":%d}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
"""


def lua(text):
    return "[==[" + text + "]==]"


def script(letters, paced):
    """One letter is made once; of several, each in its turn."""
    if len(letters) == 1:
        [one] = letters
        lines = [f"wrk.method, wrk.path, wrk.body = {lua(one.method)}, {lua(one.path)}, {lua(one.body)}\n"]
        lines += [f"wrk.headers[ {lua(name)} ] = {lua(value)}\n" for name, value in one.headers.items()]
    else:
        lines = ["local letters, turn = {}, 0\nfunction init()\n"]
        for one in letters:
            headers = ",".join(f"[ {lua(name)} ]={lua(value)}" for name, value in one.headers.items())
            made = f"wrk.format({lua(one.method)}, {lua(one.path)}, {{{headers}}}, {lua(one.body)})"
            lines.append(f"letters[#letters + 1] = {made}\n")
        lines.append("end\nfunction request() turn = turn % #letters + 1; return letters[turn] end\n")
    return "".join(lines) + (PACE if paced else "") + DONE


def run(server, letters, seconds, connections=32, paced=False, refused=False):
    """Asks for so long. Whatever is not answered as it should be ends everything."""
    path = TARGET / "wrk.lua"
    path.write_text(script(letters, paced))
    url = f"http://127.0.0.1:{server.port}"
    command = ["taskset", "-c", str(CLIENT_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", path, url]
    before = server.cpu()
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    spent, memory = server.cpu() - before, server.memory()
    [result] = [json.loads(line[7:]) for line in printed.splitlines() if line.startswith("RESULT ")]
    requests = max(result["requests"], 1)
    if result["refused"] != (requests if refused else 0) or (result["broken"] and not refused):
        raise SystemExit(f"{url}: not answered as it should be: {result}")
    return {
        "per_second": requests / result["us"] * 1e6,
        "cpu": spent / requests * 1e6,
        "p50": result["p50"],
        "p99": result["p99"],
        "bytes": result["bytes"] / requests,
        "memory": memory,
    }
