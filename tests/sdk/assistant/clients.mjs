// Asks a running service and the local program as assistants do, with the official clients for TypeScript of both lines.
// They hold what tools give against the schemas that the tools declare.
import assert from 'node:assert/strict';

import { Client as Modern, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernLocal } from '@modelcontextprotocol/client/stdio';
import { Client as Old } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldLocal } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, program] = process.argv.slice(2);
const who = { name: 'saywell-test', version: '1' };
const negotiating = (mode) => new Modern(who, { versionNegotiation: { mode } });
const local = { command: program, args: ['mcp'] };

await tour('2.x over HTTP', negotiating('auto'), new ModernHttp(new URL(url)));
await tour('2.x with a handshake over HTTP', negotiating('legacy'), new ModernHttp(new URL(url)));
await tour('2.x, local', negotiating('auto'), new ModernLocal(local));
await tour('1.x over HTTP', new Old(who), new OldHttp(new URL(url)));
await tour('1.x, local', new Old(who), new OldLocal(local));

async function tour(name, client, transport) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  assert.equal(tools.length, 5);
  const call = async (tool, args) => {
    const given = await client.callTool({ name: tool, arguments: args });
    assert.ok(!given.isError, JSON.stringify(given.content));
    return given.structuredContent;
  };
  const found = await call('find_phrase', { words: 'angry about the bill' });
  const [{ topic }] = found.topics;
  assert.equal(topic, 'recover.billing');
  assert.ok((await call('get_play', { topic, slots: { customer: 'Ana' } })).phrases.length > 5);
  assert.match((await call('write_letter', { topic, slots: { customer: 'Ana' } })).text, /Ana/);
  assert.equal((await call('check_draft', { text: 'You should have called.' })).total, 1);
  assert.ok((await call('list_topics', {})).commands.length > 3);
  assert.ok((await client.callTool({ name: 'get_play', arguments: { topic: 'nonsense' } })).isError);

  const { prompts } = await client.listPrompts();
  assert.ok(prompts.some((prompt) => prompt.name === topic));
  const { messages } = await client.getPrompt({ name: topic, arguments: { customer: 'Ana' } });
  assert.match(messages[0].content.text, /check_draft/);
  const blank = { ref: { type: 'ref/prompt', name: topic }, argument: { name: 'customer', value: 'dr' } };
  assert.equal((await client.complete(blank)).completion.values[0], 'Dr. Matt');

  const page = await client.listResources();
  const read = await client.readResource({ uri: page.resources[1].uri });
  assert.equal(read.contents[0].mimeType, 'application/json');
  await assert.rejects(client.readResource({ uri: 'saywell://nothing' }));
  console.log(name, 'fine');
  await client.close();
}
