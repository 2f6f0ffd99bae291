// A small Mattermost: posts commands as forms with sorted and repeated keys, forwards clicks and forms without any proof
// of its own, keeps contexts to itself, opens dialogs against a ticket, and takes five messages for a command.

import http from 'node:http';
import crypto from 'node:crypto';

const id = () => crypto.randomBytes(20).toString('hex').slice(0, 26);

export class Mattermost {
  /** `replaces`: as servers from 11.10 on, which can update a private message. */
  constructor({ service, token, replaces = false }) {
    Object.assign(this, { service, token, replaces });
    this.hooks = new Map();
    this.tickets = new Map();
    this.shown = [];
    this.dialogs = [];
    this.notices = [];
    this.captured = [];
    this.user = id();
    this.channel = id();
    this.waiting = [];
    this.server = http.createServer((request, response) => this.take(request, response));
  }

  async listen(port) {
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
    this.site = `http://127.0.0.1:${port}`;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  ticket() {
    const client = id();
    const text = `${client}:${this.user}:${Date.now()}:${crypto.randomBytes(48).toString('base64')}`;
    const ticket = Buffer.from(text).toString('base64');
    this.tickets.set(ticket, Date.now());
    return ticket;
  }

  // ---- what people do

  async command(line) {
    const [command, ...rest] = line.split(' ');
    const hook = id();
    this.hooks.set(hook, { uses: 0, since: Date.now() });
    const fields = [
      ['channel_id', this.channel], ['channel_name', 'town-square'], ['command', command.toLowerCase()],
      ['response_url', `${this.site}/hooks/commands/${hook}`], ['root_id', ''], ['team_domain', 'acme'],
      ['team_id', 't'.repeat(26)], ['text', rest.join(' ')], ['token', this.token], ['trigger_id', this.ticket()],
      ['user_id', this.user], ['user_mentions', 'alex'], ['user_mentions', 'sam'], ['user_mentions_ids', id()],
      ['user_mentions_ids', id()], ['user_name', 'pat'],
    ];
    const response = await fetch(`${this.service}/mattermost/commands`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json',
        Authorization: `Token ${this.token}`, 'User-Agent': 'Mattermost-Bot/1.1',
      },
      body: new URLSearchParams(fields).toString(),
    });
    const text = await response.text();
    if (response.status !== 200) return this.notice(`Command '${command}' returned response ${response.status}.`);
    this.lastHook = hook;
    return this.post(this.reply(response.headers.get('content-type'), text));
  }

  async press(post, wanted, option) {
    const action = (post.attachments ?? []).flatMap((one) => one.actions ?? []).find((one) => one.id === wanted);
    if (!action) throw new Error(`no ${wanted} in ${JSON.stringify(post)}`);
    // Older servers route on this and answer anything else with 404.
    if (!/^[A-Za-z0-9]+$/.test(action.id)) return this.notice('404');
    const { url, context } = action.integration;
    if (!/^https?:/.test(url)) return this.notice('bad URL');
    const response = await this.json(url, {
      user_id: this.user, user_name: 'pat', channel_id: this.channel, channel_name: 'town-square', team_id: '',
      team_domain: '', post_id: post.id, trigger_id: this.ticket(), type: action.type, data_source: '',
      context: option === undefined ? context : { ...context, selected_option: option },
    });
    const text = await response.text();
    if (response.status !== 200) return this.notice('Action failed');
    // Older servers show an error where there is no JSON to be read, and have done it all the same.
    if (text === '') return this.notice('Action integration error');
    const reply = JSON.parse(text);
    if (Object.keys(reply).length === 0) return undefined;
    this.captured.push(['action', reply]);
    if (reply.update) {
      if (!this.replaces && post.response_type === 'ephemeral') return this.notice('Action failed');
      post.text = reply.update.message;
      // Absent props stay, others replace what was there.
      if (reply.update.props) post.attachments = reply.update.props.attachments;
    }
    if (reply.ephemeral_text) return this.post({ response_type: 'ephemeral', text: reply.ephemeral_text });
    return post;
  }

  async submit(dialog, submission, more = {}) {
    const response = await this.json(dialog.url, {
      type: 'dialog_submission', callback_id: dialog.dialog.callback_id, state: dialog.dialog.state,
      user_id: this.user, channel_id: this.channel, team_id: 't'.repeat(26), submission, cancelled: false, ...more,
    });
    const text = await response.text();
    if (response.status !== 200) return this.notice('Submission failed');
    const reply = JSON.parse(text);
    if (Object.keys(reply).length === 0) return undefined;
    this.captured.push(['submitted', reply]);
    return reply;
  }

  json(url, body) {
    return fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** What comes next of its own accord: a message or a dialog. */
  next() {
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error('nothing came')), 4000);
      this.waiting.push((thing) => { clearTimeout(late); done(thing); });
    });
  }

  // ---- what the server does

  reply(kind, text) {
    if (text.length > 1 << 20) throw new Error('too long');
    // JSON by its media type alone; anything else is the message itself.
    if ((kind ?? '').split(';')[0].trim() !== 'application/json') return { response_type: 'ephemeral', text };
    const reply = JSON.parse(text);
    this.captured.push(['command', reply]);
    return reply;
  }

  notice(text) {
    this.notices.push(text);
    return undefined;
  }

  post(message) {
    if ([...message.text].length > 16383) return this.notice('too long');
    if (message.text === '' && !message.attachments) return undefined;
    const post = { id: id(), ...message };
    this.shown.push(post);
    return post;
  }

  async take(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const end = (status, body) => response.writeHead(status).end(body);
    const hook = this.hooks.get(request.url.replace('/hooks/commands/', ''));
    let thing;
    if (request.method === 'POST' && request.url.startsWith('/hooks/commands/')) {
      if (!hook || hook.uses >= 5 || Date.now() - hook.since > 30 * 60_000) return end(404, 'not found');
      hook.uses += 1;
      thing = this.post(this.reply(request.headers['content-type'], text));
    } else if (request.method === 'POST' && request.url === '/api/v4/actions/dialogs/open') {
      thing = JSON.parse(text);
      const since = this.tickets.get(thing.trigger_id);
      if (since === undefined || Date.now() - since > 3000) return end(400, 'trigger expired');
      const fault = dialogFault(thing.dialog);
      if (fault) return end(400, this.notice(fault));
      // What a form's state holds passes through a browser.
      if (/hooks|http/.test(thing.dialog.state)) return end(400, this.notice('an address in the state'));
      this.captured.push(['dialog', thing]);
      this.dialogs.push(thing);
    } else {
      return end(404, 'not found');
    }
    end(200, 'ok');
    return this.waiting.shift()?.(thing);
  }
}

/** The rules that the server checks. */
function dialogFault(dialog) {
  if (!dialog.title || dialog.title.length > 24) return 'title';
  const names = new Set();
  for (const one of dialog.elements) {
    if (!one.display_name || one.display_name.length > 24) return 'display_name';
    if (!one.name || one.name.length > 300 || names.has(one.name)) return 'name';
    names.add(one.name);
    const most = { text: 150, textarea: 3000 }[one.type];
    if (!most || one.max_length > most || one.min_length > one.max_length) return 'length';
    if ((one.default ?? '').length > one.max_length) return 'default';
    if (one.placeholder.length > 150 || one.help_text.length > 150) return 'help';
  }
  return undefined;
}
