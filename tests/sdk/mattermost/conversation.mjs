// Saywell in conversation with a small Mattermost.
//
//     node conversation.mjs SERVICE REPLACING_SERVICE TOKEN PORT TYPES_FILE
//
// Both services were told that the site is http://127.0.0.1:PORT; the second also that it can replace private messages.
// Prints what failed, then `N passed, N failed`, and writes every reply into a TypeScript file that says its type.

import fs from 'node:fs';
import { Mattermost } from './fake.mjs';

const [service, replacing, token, port, types] = process.argv.slice(2);
let passed = 0;
let failed = 0;
function check(what, good, ...shown) {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log('FAILED:', what, ...shown.map((one) => JSON.stringify(one)));
  }
}

const actions = (post) => (post.attachments ?? []).flatMap((one) => one.actions).map((one) => one.id);

/** Presses, and waits for what comes of it. */
async function follow(chat, post, wanted, option) {
  const next = chat.next();
  const direct = await chat.press(post, wanted, option);
  check(`${wanted}: a reply that says nothing`, direct === undefined, direct);
  return next;
}

async function conversation(chat) {
  const first = await chat.command('/recover billing 1 Ana');
  check('a private answer', first.response_type === 'ephemeral' && first.text.includes('Ana'), first);
  check('with its buttons', ['another', 'share', 'fill'].every((one) => actions(first).includes(one)), first);
  const second = await follow(chat, first, 'another');
  check('another one, privately', second.text !== first.text && second.response_type === 'ephemeral');
  const dialog = await follow(chat, second, 'fill');
  check('a form with a field a blank', dialog.dialog.elements.length > 0 && dialog.dialog.elements[0].default === 'Ana', dialog);
  const next = chat.next();
  const values = Object.fromEntries(dialog.dialog.elements.map((one) => [one.name, 'Bo @channel <!here>']));
  check('the form closes', (await chat.submit(dialog, values)) === undefined);
  const filled = await next;
  check('filled in', filled.text.includes('Bo') && !/@channel|<!here>/.test(filled.text), filled);
  const third = await follow(chat, filled, 'another');
  const fourth = await follow(chat, third, 'another');
  check('one message is kept', chat.hooks.get(chat.lastHook).uses === 4);
  const told = await chat.press(fourth, 'another');
  check('then a line without buttons', told?.text.includes('/recover billing') && !told.attachments, told);
  const shared = await follow(chat, fourth, 'share');
  check('shared, only the words', shared.response_type === 'in_channel' && !shared.attachments && !shared.text.includes('**'), shared);
  check('all that the command takes', chat.hooks.get(chat.lastHook).uses === 5);

  const open = await chat.command('/apology deadline');
  check('a forged form', (await chat.submit({ ...dialog, dialog: { ...dialog.dialog, state: `${dialog.dialog.state}x` } }, {})) === undefined
    && chat.notices.pop() === 'Submission failed');
  const another = open.attachments[0].actions.find((one) => one.id === 'another');
  const seal = another.integration.context.seal;
  another.integration.context.seal = `${seal.slice(0, -1)}${seal.endsWith('A') ? 'B' : 'A'}`;
  await chat.press(open, 'another');
  check('an altered button', chat.notices.pop() === 'Action failed');
  const state = { ...dialog, dialog: { ...dialog.dialog, state: seal } };
  await chat.submit(state, {});
  check('a button for a form', chat.notices.pop() === 'Submission failed');
  another.integration.context.seal = seal;

  const wanted = await chat.command('/check');
  const pasted = await follow(chat, wanted, 'fill');
  check('a field of several lines', pasted.dialog.elements[0].type === 'textarea', pasted);
  const reviewed = chat.next();
  await chat.submit(pasted, { draft: 'Hello Bo,\nwe are late.\nYou never called us @channel.' });
  const review = await reviewed;
  check('reviewed in private', review.response_type === 'ephemeral' && review.text.includes('“You never'), review);
  const typed = await chat.command('/check You never called us. share');
  check('a draft is never shared', typed.response_type === 'ephemeral', typed);

  const menu = await chat.command('/recover');
  const pick = menu.attachments[0].actions.find((one) => one.id === 'pick');
  const picked = await follow(chat, menu, 'pick', pick.options[0].value);
  check('a choice from a menu', actions(picked).includes('another'), picked);
  const all = await chat.command('/recover billing steps');
  check('the whole play', all.text.includes('Acknowledge**'), all);
  const said = await chat.command('/recover billing 1 share');
  check('typed for everyone', said.response_type === 'in_channel');
  for (const line of ['/saywell', '/saywell help', '/saywell sources', '/saywell search refund', '/gone', '/recover zzzz']) {
    check(line, (await chat.command(line)).response_type === 'ephemeral');
  }
  chat.token = 'x'.repeat(26);
  check('another token', (await chat.command('/recover billing')) === undefined && chat.notices.pop().endsWith('401.'));
  check('nothing else went wrong', chat.notices.length === 0, chat.notices);
}

/** On servers that can, Another takes the place of the message; those that cannot would say that it failed. */
async function replaced(chat) {
  const post = await chat.command('/recover billing 1');
  const before = post.text;
  for (let time = 0; time < 6; time += 1) await chat.press(post, 'another');
  await chat.press(post, 'next');
  check('replaced, as often as one likes', post.text !== before && actions(post).includes('another') && chat.notices.length === 0);
  check('without a message', chat.hooks.get(chat.lastHook).uses === 0);
}

const chats = [new Mattermost({ service, token }), new Mattermost({ service: replacing, token, replaces: true })];
for (const [chat, talk] of [[chats[0], conversation], [chats[1], replaced]]) {
  await chat.listen(Number(port));
  try {
    await talk(chat);
  } catch (error) {
    check(error.stack, false, chat.notices);
  }
  chat.close();
}

const kinds = {
  command: 'Partial<CommandResponse> & { attachments?: Array<MessageAttachment & { actions: Sealed[] }> }',
  action: 'Clicked',
  submitted: 'SubmitDialogResponse',
  dialog: 'Opened',
};
const captured = chats.flatMap((chat) => chat.captured);
fs.writeFileSync(types, `import type { CommandResponse, DialogElement, OpenDialogRequest, SubmitDialogResponse } from '@mattermost/types/integrations';
import type { MessageAttachment } from '@mattermost/types/message_attachments';
import type { PostAction } from '@mattermost/types/integration_actions';

// What the official types lack, or have as required though it is not.
type Sealed = PostAction & { integration: { url: string; context: Record<string, string> } };
type Opened = Omit<OpenDialogRequest, 'dialog'> & { dialog: Omit<OpenDialogRequest['dialog'], 'elements'> & { elements: Array<Partial<DialogElement>> } };
type Clicked = { update?: { message: string; props: { attachments: Array<MessageAttachment & { actions: Sealed[] }> } }; ephemeral_text?: string; skip_slack_parsing?: boolean };

${captured.map(([kind, reply], place) => `export const reply${place}: ${kinds[kind]} = ${JSON.stringify(reply)};`).join('\n')}
`);
check('every kind of reply was seen', new Set(captured.map(([kind]) => kind)).size >= 3);
console.log(`${passed} passed, ${failed} failed`);
