// Saywell in Microsoft's Agents Playground, as a person uses it there.
//
//     node playground.mjs --url URL --app ID --key FILE --pictures FOLDER
//
// `--url` is a running Saywell with the app's id and the public half of the key; `CHROMIUM` is the browser. The playground
// stands for Teams, but signs nothing: what it sends goes through a proxy here, which adds a token. A command of the message
// box is walked through by the buttons of its dialogs, until the words stand in the message box and are sent; then
// a line is picked from a search. Topics of a search cannot be picked there, so these are asked for as the playground's page
// does. Every answer has to be one that the playground takes. Prints what failed, then `N passed, N failed`.

import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const jwt = require('jsonwebtoken');
const { chromium } = require('playwright-core');

const { values: given } = parseArgs({
  options: { url: { type: 'string' }, app: { type: 'string' }, key: { type: 'string' }, pictures: { type: 'string' } },
});

let passed = 0;
let failed = 0;
const check = (what, good, ...shown) => {
  if (good) {
    passed += 1;
  } else {
    failed += 1;
    console.log('FAILED:', what, ...shown);
  }
};

// ---- the proxy

const key = createPrivateKey(readFileSync(given.key));
const asked = [];

const proxy = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  // The playground looks whether anybody is there.
  if (body.length === 0) return response.end();
  const activity = JSON.parse(body);
  const claims = { iss: 'https://api.botframework.com', aud: given.app, serviceurl: activity.serviceUrl };
  const token = jwt.sign(claims, key, { algorithm: 'RS256', keyid: process.env.KID, expiresIn: 600 });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${given.url}/teams/messages`, { method: 'POST', headers, body });
  const text = await answer.text();
  asked.push({ activity, status: answer.status, answer: text && JSON.parse(text) });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
});
const listening = (server) => new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server.address().port)));
const at = await listening(proxy);

// ---- the playground

const free = net.createServer();
const port = await listening(free);
free.close();
// It opens a browser of its own accord, by this program.
mkdirSync(given.pictures, { recursive: true });
const stub = path.join(given.pictures, 'xdg-open');
writeFileSync(stub, '#!/bin/sh\n');
chmodSync(stub, 0o755);
const endpoint = `http://127.0.0.1:${at}/teams/messages`;
const playground = spawn(
  process.execPath,
  [
    path.join(path.dirname(require.resolve('@microsoft/m365agentsplayground/package.json')), 'cli.js'),
    ...['start', '--app-endpoint', endpoint, '--port', String(port), '--channel-id', 'msteams', '--disable-telemetry'],
  ],
  // It lays a folder where it is started.
  { cwd: given.pictures, env: { ...process.env, PATH: `${given.pictures}:${process.env.PATH}` }, stdio: 'ignore' },
);
process.on('exit', () => playground.kill('SIGKILL'));
const origin = `http://127.0.0.1:${port}`;
const reached = () => fetch(origin).then((answer) => answer.ok, () => false);
for (const began = Date.now(); !(await reached()); ) {
  if (Date.now() - began > 60_000) throw new Error('the playground does not start');
  await new Promise((again) => setTimeout(again, 100));
}

// ---- a person

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
page.setDefaultTimeout(20_000);
const picture = (name) => page.screenshot({ path: path.join(given.pictures, `${name}.png`) });
const dialog = page.getByRole('dialog');
const press = async (label) => {
  const before = asked.length;
  await dialog.getByRole('button', { name: label }).click();
  await page.waitForFunction(() => !document.querySelector('[role=progressbar]'));
  return asked.length > before ? asked.at(-1).answer : undefined;
};
const shown = (words) =>
  dialog.getByText(words).first().waitFor().then(() => check(`shown: ${words}`, true), () => check(`shown: ${words}`, false));

await page.goto(origin);
await page.getByLabel('Trigger Message Extension App').click();
await page.getByText('Action Command').click();
await page.getByPlaceholder('Input command id or leave blanks').fill('recover');
await page.getByRole('button', { name: 'Create' }).click();
await shown('Pick a topic');
await picture('menu');
await dialog.getByPlaceholder('billing Ana').fill('billing');
await press('Find');
await shown('1 of 6, Acknowledge');
await picture('line');
await press('Another');
await shown('1 of 6, Acknowledge');
await press('Next: Own');
await shown('2 of 6, Own');
await press('Fill in');
await shown('Done');
await picture('form');
await dialog.getByPlaceholder('Dr. Matt').fill('Ana');
await press('Done');
await shown('2 of 6, Own');
await picture('filled');
await press('Share');
const box = page.locator('.ac-adaptiveCard');
await box.first().waitFor();
await picture('box');
const words = (await box.first().innerText()).trim();
check('the words stand in the message box, and nothing else', words.length > 20 && !words.includes('Another'), words);
await page.getByLabel('Send Message').click();
await page.getByText(words.split('\n')[0]).first().waitFor();
await picture('sent');

await page.getByLabel('Trigger Message Extension App').click();
await page.getByText('Search Command').click();
await page.getByText('Specify Command ID or Parameter').click();
await page.getByPlaceholder('Command ID').fill('search');
await page.getByPlaceholder('Parameter name').fill('text');
await page.getByPlaceholder('Enter a search term').fill('recover billing customer=Ana');
const entry = page.getByText('A bill higher than hoped').first();
await entry.waitFor();
await picture('search');
await entry.click();
await box.nth(1).waitFor();
await picture('picked');
const picked = (await box.nth(1).innerText()).trim();
check('what is picked stands in the message box', picked.length > 20, picked);

const conversation = asked[0].activity.conversation;
const searched = await fetch(`${origin}/_conversation/v1/invoke`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    name: 'composeExtension/query',
    value: { commandId: 'search', parameters: [{ name: 'text', value: 'late delivery' }], queryOptions: { skip: 0, count: 25 } },
    from: { id: asked[0].activity.from.id },
    conversation: { id: conversation.id },
  }),
});
const found = await searched.json();
check('a search is answered', found.composeExtension?.attachments?.length > 0, searched.status, JSON.stringify(found).slice(0, 300));
for (const { activity, status } of asked) check(`${activity.type} ${activity.name ?? ''}: ${status}`, status === 200);

await browser.close();
proxy.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
