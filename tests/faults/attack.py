"""Those who mean ill, each in a process of its own so that they do not slow the honest callers' clocks."""

import asyncio
import contextlib
import multiprocessing
import time


@contextlib.contextmanager
def attack(who, *arguments):
    """Lets one loose while the block runs; what it has counted is in the dictionary that is given."""
    counts = multiprocessing.Manager().dict()
    process = multiprocessing.get_context("fork").Process(target=run, args=(who, counts, *arguments), daemon=True)
    process.start()
    try:
        yield counts
    finally:
        process.terminate()
        process.join()


def run(who, counts, *arguments):
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(who(counts, *arguments))


async def slow(counts, port, number):
    """Half of them dribble a head, half a body; who is cut off comes back."""
    counts["cut"], counts["longest"], counts["open"] = 0, 0, 0

    async def one(index):
        body = b"POST /slack/commands HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n"
        while True:
            began = time.monotonic()
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                counts["open"] += 1
                writer.write(body if index % 2 else b"GET / HTTP/1.1\r\nX: ")
                with contextlib.suppress(OSError):
                    while not reader.at_eof():
                        writer.write(b"x")
                        await writer.drain()
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(reader.read(4096), 1)
                writer.close()
                counts["cut"] += 1
                counts["open"] -= 1
                counts["longest"] = max(counts["longest"], time.monotonic() - began)
            await asyncio.sleep(0.1)

    await asyncio.gather(*(one(index) for index in range(number)))


async def storm(counts, port, number, at_once):
    """Connections that come, ask one thing or nothing, and go, some without a goodbye."""
    asked = answered = refused = 0
    left = iter(range(number))

    async def one():
        nonlocal asked, answered, refused
        for index in left:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                if index % 3:
                    asked += 1
                    writer.write(b"GET /recover/billing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    answer = await reader.read()
                    answered += answer.startswith(b"HTTP/1.1 200")
                if index % 2:
                    writer.transport.abort()
                writer.close()
            except OSError:
                refused += 1

    await asyncio.gather(*(one() for _ in range(at_once)))
    counts.update({"asked": asked, "answered": answered, "refused": refused, "done": True})


async def deaf(counts, port, number):
    """Ask for the longest page again and again on one connection, and read nothing."""
    many = b"GET /docs HTTP/1.1\r\nHost: a\r\n\r\n" * 1000
    held = []
    for _ in range(number):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024, local_addr=("127.0.0.2", 0))
            writer.transport.pause_reading()
            writer.write(many)
            held.append(writer)
    counts["held"] = len(held)
    await asyncio.sleep(3600)
