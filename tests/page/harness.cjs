// A browser on a running service, and a watch on everything that a page must not do.
"use strict";
const { before, after } = require("node:test");
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");

const base = process.env.SAYWELL_URL;
const { origin, pathname } = new URL(base);
// Where everything is served below a path of its own, each address of a page begins with it.
const below = pathname.replace(/\/$/, "");

// Every kind of page.
const pages = {
  home: "/",
  command: "/recover",
  topic: "/recover/billing",
  filled: "/recover/billing?customer=Dr.%20Matt&item=invoice",
  avoid: "/avoid/minimizing",
  letter: "/recover/billing?letter",
  phrase: "/phrases/recover.billing.hoped-for",
  search: "/search?q=late+delivery",
  "search for nothing": "/search",
  "nothing found": "/search?q=xyzzyx",
  sources: "/sources",
  source: "/sources/right-or-happy",
  check: "/check",
  review: "/check",
  docs: "/docs",
  install: "/install",
  "not found": "/recover/nosuch",
  "wrong parameter": "/recover/billing?colour=red",
};

// A draft with something in it for every part of a review.
const draft = "Hi Tom 😀,\n\nyou never sent the copy, and mistakes were made. I'm sorry if that upset you. It was just a small delay.";

// To a page; the review of a draft is one that somebody has to write first.
const go = async (page, name) => {
  await page.goto(pages[name]);
  if (name === "review") {
    await page.fill("#text", draft);
    await page.locator(".checklist").waitFor();
  }
};

const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      // Grey edges on letters: the picture for the README is then half as large.
      "--disable-lcd-text",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

// A page that keeps a list of what went wrong on it: errors, breaches of the content policy, requests to other hosts.
const opened = async (browser, path, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const page = await context.newPage();
  const goto = page.goto.bind(page);
  page.goto = (path) => goto(path.startsWith("/") ? base + path : path);
  const wrong = [];
  page.on("console", (message) => {
    const text = message.text();
    // An error page's own status is no fault of the page.
    if (message.type() === "error" && !/status of 4\d\d/.test(text)) wrong.push(text);
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) wrong.push(`a request to ${request.url()}`);
  });
  if (path) await page.goto(path);
  return { page, context, wrong };
};

// One browser for all tests of a file. `visit` opens a page in it, and sees to it that nothing went wrong there.
const browse = () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());
  const open = (path, options) => opened(browser, path, options);
  const visit = async (path, use, options) => {
    const { page, context, wrong } = await open(path, options);
    await use(page, context);
    assert.deepEqual(wrong, []);
    await context.close();
  };
  return { open, visit };
};

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

// The cursor is put where a page wants it with the first frame that is drawn, which may be after the page has loaded.
const cursor = (page) =>
  page.waitForFunction(() => [document.activeElement, null].includes(document.querySelector("[autofocus]")));

module.exports = { base, below, pages, draft, go, browse, clipboard, cursor };
