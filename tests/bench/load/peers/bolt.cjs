// The same command with Slack's Bolt for JavaScript.
const { readFileSync } = require("node:fs");
const { App, HTTPReceiver, LogLevel } = require("@slack/bolt");

const { SECRET, PORT, REPLY } = process.env;
const reply = JSON.parse(readFileSync(REPLY));
const receiver = new HTTPReceiver({ signingSecret: SECRET, endpoints: "/slack/commands", logLevel: LogLevel.ERROR });
// Who is installed where is known without asking Slack.
const authorize = async () => ({ botToken: "xoxb-bench", botId: "B0", botUserId: "U0" });
const app = new App({ receiver, authorize, logLevel: LogLevel.ERROR });
app.command("/recover", async ({ ack }) => ack(reply));
app.start({ port: Number(PORT), host: "127.0.0.1" });
