// Saywell against Microsoft's own packages.
//
//     node check.mjs --url URL --app ID --key FILE --book FOLDER PACKAGE...
//
// `--url` is a running Saywell with the app's id and the public half of the key. Its answers over the whole book are parsed
// by Adaptive Cards, and drawn by it in the browser that `CHROMIUM` names, on a phone's width and on a dialog's, where
// everything has to be seen; the packages' manifests are held against the published schema; Bot Framework's own validator
// judges tokens, and must agree with Saywell. Prints what failed, then `N passed, N failed`.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const AdaptiveCards = require('adaptivecards/dist/adaptivecards.js');
const Ajv = require('ajv-draft-04').default;
const formats = require('ajv-formats').default;
const jwt = require('jsonwebtoken');
const { chromium } = require('playwright-core');
const { AuthenticationConstants, ChannelValidation, SimpleCredentialProvider } = require('botframework-connector');

const { values: given, positionals: packages } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string' }, app: { type: 'string' }, key: { type: 'string' }, book: { type: 'string' } },
});
const key = createPrivateKey(readFileSync(given.key));
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const kid = process.env.KID;
// Asked anew for each token: drawing every card takes a while.
const now = () => Math.floor(Date.now() / 1000);
const SERVICE = 'https://smba.example.com/emea/';

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

const claims = () => ({ iss: AuthenticationConstants.ToBotFromChannelTokenIssuer, aud: given.app, serviceurl: SERVICE });
const signed = (more = {}, options = {}, by = key) =>
  jwt.sign({ exp: now() + 3600, ...claims(), ...more }, by, { algorithm: 'RS256', keyid: kid, ...options });

const post = (authorization, body) =>
  fetch(`${given.url}/teams/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: JSON.stringify(body),
  });

const activity = (name, value, more = {}) => ({
  type: 'invoke', name: `composeExtension/${name}`, channelId: 'msteams', serviceUrl: SERVICE, id: 'f:1',
  from: { id: '29:1', aadObjectId: '1' }, conversation: { id: '19:1', tenantId: '1' }, value, ...more,
});

async function invoke(name, value) {
  const response = await post(`Bearer ${signed()}`, activity(name, value));
  check(`${name} ${JSON.stringify(value)}: 200`, response.status === 200, response.status);
  return response.json();
}

// ---- cards over the whole book

function* cards(part) {
  if (part && typeof part === 'object') {
    if (part.type === 'AdaptiveCard') yield part;
    else for (const one of Object.values(part)) yield* cards(one);
  }
}

function parses(json) {
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_2);
  const card = new AdaptiveCards.AdaptiveCard();
  card.parse(json, context);
  const faults = card.validateProperties().validationEvents.map((event) => event.message);
  for (let at = 0; at < context.eventCount; at += 1) faults.push(context.getEventAt(at).message);
  return faults;
}

const topics = readdirSync(given.book).flatMap((file) => {
  const text = readFileSync(`${given.book}/${file}`, 'utf8');
  const ids = [...text.matchAll(/^\[topic\.([^.\]]+)\]/gm)].map((found) => found[1]);
  return ids.map((id) => `${file.replace('.toml', '')} ${id}`);
});
check('the book has topics', topics.length > 50, topics.length);
check('the parser sees what is wrong', parses({ type: 'AdaptiveCard', version: '1.2', body: [{ type: 'Nothing' }] }).length > 0);
const answers = [await invoke('fetchTask', { commandId: 'recover' }), await invoke('fetchTask', { commandId: 'check' })];
for (const topic of topics) {
  for (const what of ['', ' all why', ' letter', ' steps']) {
    answers.push(await invoke('submitAction', { data: { saywell: 'v1 q saywell', text: topic + what } }));
  }
  answers.push(await invoke('query', { commandId: 'search', parameters: [{ name: 'text', value: topic }] }));
}
answers.push(await invoke('submitAction', { data: { saywell: 'v1 f recover.billing.hoped-for' } }));
const all = answers.flatMap((answer) => [...cards(answer)]);
for (const card of all) {
  const faults = parses(card);
  check(`a card: ${faults}`, faults.length === 0, JSON.stringify(card).slice(0, 300));
}

// ---- cards as they are seen

// Draws a card in the page, and says what of its words cannot be read, and what stands out at the side.
function drawn([json, width]) {
  const card = new window.AdaptiveCards.AdaptiveCard();
  // On a phone buttons stand one below the other.
  const actions = { maxActions: 6, actionsOrientation: width < 400 ? 'vertical' : 'horizontal' };
  card.hostConfig = new window.AdaptiveCards.HostConfig({ fontFamily: 'sans-serif', actions });
  card.parse(json);
  document.body.replaceChildren(card.render());
  document.body.style.width = `${width}px`;
  const shown = document.body.innerText.replaceAll(/\s+/g, ' ');
  const fields = [...document.querySelectorAll('input, textarea, option')];
  const entered = fields.flatMap((field) => [field.placeholder, field.value, field.text, field.ariaLabel]);
  const wanted = [];
  const look = (part) => {
    if (!part || typeof part !== 'object') return;
    for (const [name, value] of Object.entries(part)) {
      // Choices that all stand there need no word in their place.
      if (name === 'data' || (name === 'placeholder' && part.style === 'expanded')) continue;
      if (['text', 'title', 'placeholder'].includes(name) && typeof value === 'string') wanted.push(value);
      else look(value);
    }
  };
  look(json);
  const plain = wanted.map((words) => words.replaceAll(/\s+/g, ' ').trim());
  const missing = plain.filter((words) => !shown.includes(words) && !entered.includes(words));
  const wide = [...document.body.querySelectorAll('*')].filter((part) => part.getBoundingClientRect().right > width + 1);
  return { missing, wide: wide.length };
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.setContent('<!doctype html><body style="margin: 0">');
await page.addScriptTag({ path: require.resolve('adaptivecards/dist/adaptivecards.js') });
check('a browser sees what cannot be read', (await page.evaluate(drawn, [{ body: [{ type: 'Nothing', text: 'lost' }] }, 320])).missing.length > 0);
for (const width of [320, 600]) {
  for (const card of all) {
    const { missing, wide } = await page.evaluate(drawn, [card, width]);
    check(`everything is seen at ${width} pixels`, missing.length === 0 && wide === 0, missing, wide, JSON.stringify(card).slice(0, 200));
  }
}
await browser.close();

// ---- manifests

for (const file of packages) {
  const read = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.read("manifest.json").decode())';
  const manifest = JSON.parse(execFileSync('python3', ['-c', read, file], { encoding: 'utf8' }));
  const schema = `@microsoft/app-manifest/build/json-schemas/teams/v${manifest.manifestVersion}/MicrosoftTeams.schema.json`;
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats(ajv);
  const valid = ajv.compile(JSON.parse(readFileSync(new URL(`node_modules/${schema}`, import.meta.url), 'utf8')));
  check(`${file} is as the schema has it`, valid(manifest), JSON.stringify(valid.errors).slice(0, 900));
  check('the schema refuses what is wrong', !valid({ ...manifest, accentColor: 'green' }));
}

// ---- tokens

const jwk = { ...createPublicKey(key).export({ format: 'jwk' }), kid, endorsements: ['msteams'] };
const keys = http.createServer((request, response) => {
  const origin = `http://127.0.0.1:${keys.address().port}`;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : { jwks_uri: `${origin}/keys` }));
});
await new Promise((listening) => keys.listen(0, '127.0.0.1', listening));
ChannelValidation.OpenIdMetadataEndpoint = `http://127.0.0.1:${keys.address().port}/openid`;
const credentials = new SimpleCredentialProvider(given.app, '');
const theirs = (header, service, channel) =>
  ChannelValidation.authenticateChannelTokenWithServiceUrl(header, credentials, service, channel).then(() => true, () => false);

const unsigned = jwt.sign(claims(), '', { algorithm: 'none', keyid: kid });
const shared = jwt.sign(claims(), 'secret', { algorithm: 'HS256', keyid: kid });
const right = `Bearer ${signed()}`;
for (const [what, header, more, expected] of [
  ['right', right, {}, true],
  ['barely over', `Bearer ${signed({ exp: now() - 240 })}`, {}, true],
  ['over', `Bearer ${signed({ exp: now() - 400 })}`, {}, false],
  ['not yet', `Bearer ${signed({ nbf: now() + 400 })}`, {}, false],
  ['another app', `Bearer ${signed({ aud: '00000000-0000-0000-0000-000000000001' })}`, {}, false],
  ['another issuer', `Bearer ${signed({ iss: 'https://evil.example.com' })}`, {}, false],
  ['another key', `Bearer ${signed({}, {}, other)}`, {}, false],
  ['unsigned', `Bearer ${unsigned}`, {}, false],
  ['a shared secret', `Bearer ${shared}`, {}, false],
  ['another service', right, { serviceUrl: 'https://evil.example.com/' }, false],
  ['another channel', right, { channelId: 'webchat' }, false],
  ['cut', right.slice(0, -1), {}, false],
  ['another scheme', right.replace('Bearer', 'Basic'), {}, false],
  ['an unknown key', `Bearer ${signed({}, { keyid: 'unknown' })}`, {}, false],
]) {
  const body = activity('fetchTask', { commandId: 'recover' }, more);
  const ours = (await post(header, body)).status === 200;
  const agreed = await theirs(header, body.serviceUrl, body.channelId);
  check(`${what}: ours ${ours}, theirs ${agreed}`, ours === expected && agreed === expected);
}
keys.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
