// Slack's own client for Socket Mode: answers every envelope with its type and its payload.
import { SocketModeClient } from "@slack/socket-mode";

const client = new SocketModeClient({
  appToken: process.env.SLACK_APP_TOKEN,
  clientOptions: { slackApiUrl: process.env.SLACK_API },
});
client.on("slack_event", ({ ack, type, body }) => ack({ type, body }));
await client.start();
