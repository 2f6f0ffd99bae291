// The same command with Discord's own package for JavaScript.
const { readFileSync } = require("node:fs");
const express = require("express");
const { verifyKeyMiddleware } = require("discord-interactions");

const { KEY, PORT, REPLY } = process.env;
const reply = JSON.parse(readFileSync(REPLY));
const app = express();
// The middleware answers pings itself.
app.post("/discord/interactions", verifyKeyMiddleware(KEY), (_, response) => response.json(reply));
app.listen(Number(PORT), "127.0.0.1");
