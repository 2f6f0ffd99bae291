// Saywell's replies against Discord's own packages.
//
//     node check.mjs FOLDER      the folder holds what `tests/sdk/discord.py` recorded
//
// `requests.json`: what was sent and what came back; `discord-interactions` must agree on which were signed right.
// `replies.json`, `commands.json`: compiled as `APIInteractionResponse` and as the body of the bulk overwrite.
// Prints what failed, then `N passed, N failed`.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyKey } from 'discord-interactions';
import ts from 'typescript';

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
let passed = 0;
let failed = 0;
const check = (what, good) => {
  if (good) {
    passed += 1;
  } else {
    failed += 1;
    console.log('FAILED:', what);
  }
};

for (const { what, body, signature, timestamp, key, status } of read('requests.json')) {
  const theirs = await verifyKey(Buffer.from(body, 'base64'), signature, timestamp, key);
  check(`agreed: ${what}: ${theirs} and ${status}`, theirs === (status !== 401));
}

const imports =
  "import type { APIInteractionResponse, RESTPutAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';\n";
const replies = read('replies.json');
const lines = replies.map((reply, at) => `export const r${at}: APIInteractionResponse = ${JSON.stringify(reply)};`);
const wrong = 'export const wrong: APIInteractionResponse = {"type":7,"data":{"components":[{"type":1,"components":[{"type":2}]}]}};';
lines.push(`export const commands: RESTPutAPIApplicationCommandsJSONBody = ${JSON.stringify(read('commands.json'))};`, wrong);
const file = join(folder, 'replies.ts');
writeFileSync(file, imports + lines.join('\n'));
const program = ts.createProgram([file], {
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, noEmit: true,
  skipLibCheck: true, types: [],
});
const faults = new Map();
for (const { messageText, start, file } of ts.getPreEmitDiagnostics(program)) {
  const line = file ? file.getLineAndCharacterOfPosition(start).line - 1 : -1;
  faults.set(line, ts.flattenDiagnosticMessageText(messageText, '\n'));
}
lines.forEach((line, at) => {
  if (line === wrong) {
    check('the compiler sees what is wrong', faults.has(at));
  } else {
    check(`${faults.get(at)}: ${line.slice(0, 300)}`, !faults.has(at));
  }
});
check(`outside of the replies: ${faults.get(-1)}`, !faults.has(-1));
console.log(`${passed} passed, ${failed} failed`);
