"""Asks a running service and the local program as assistants do, with the official client for Python, in both editions.

It holds what tools give against the schemas that the tools declare.
"""

import asyncio
import sys

from mcp import Client, MCPError, StdioServerParameters

TOPIC = "recover.billing"


async def tour(server, mode, edition):
    async with Client(server, mode=mode) as client:
        assert client.protocol_version == edition, client.protocol_version
        await tools(client)
        prompt = await client.get_prompt(TOPIC, {"customer": "Ana"})
        assert "check_draft" in prompt.messages[0].content.text
        blank = {"type": "ref/prompt", "name": TOPIC}
        completed = await client.complete(blank, {"name": "customer", "value": "dr"})
        assert completed.completion.values[0] == "Dr. Matt"
        await resources(client)
    print(edition, type(server).__name__, "fine")


async def tools(client):
    assert len((await client.list_tools()).tools) == 5

    async def call(tool, **arguments):
        given = await client.call_tool(tool, arguments)
        assert not given.is_error, given.content
        return given.structured_content

    assert (await call("find_phrase", words="angry about the bill"))["topics"][0]["topic"] == TOPIC
    assert len((await call("get_play", topic=TOPIC))["phrases"]) > 5
    assert "Ana" in (await call("write_letter", topic=TOPIC, slots={"customer": "Ana"}))["text"]
    assert (await call("check_draft", text="You should have called."))["total"] == 1
    assert len((await call("list_topics"))["commands"]) > 3
    assert (await client.call_tool("get_play", {"topic": "nonsense"})).is_error


async def resources(client):
    uris, cursor = [], None
    while cursor or not uris:
        page = await client.list_resources(cursor=cursor)
        uris += [str(resource.uri) for resource in page.resources]
        cursor = page.next_cursor
    assert len(uris) == len(set(uris)) > 300
    assert (await client.read_resource(uris[-1])).contents[0].text
    try:
        await client.read_resource("saywell://nothing")
    except MCPError:
        return
    raise AssertionError("a resource that is not there was read")


url, program = sys.argv[1:]
for mode, edition in [("auto", "2026-07-28"), ("legacy", "2025-11-25")]:
    asyncio.run(tour(url, mode, edition))
    asyncio.run(tour(StdioServerParameters(command=program, args=["mcp"]), mode, edition))
