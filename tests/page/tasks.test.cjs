// What people come for, from the first page or from the page where they are, by keyboard and by touch. Each task says
// beforehand how many presses it may take: a key that is no part of typed words, or a tap.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { base, browse, clipboard, cursor } = require("./harness.cjs");

const { open } = browse();

const desk = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

// Hands that count their presses.
const hands = (page) => {
  const own = {
    presses: 0,
    type: (words) => page.keyboard.insertText(words),
    key: async (...names) => {
      for (const name of names) {
        own.presses += 1;
        await page.keyboard.press(name);
      }
    },
    tap: async (what) => {
      own.presses += 1;
      await what.tap();
    },
  };
  return own;
};

const task = (name, path, how, most, options, use) =>
  test(`${name}, ${how}: ${most === 1 ? "one press" : `${most} presses`}`, async () => {
    const { page, context, wrong } = await open(path, options);
    const own = hands(page);
    await cursor(page);
    await use(page, own);
    assert.ok(own.presses <= most, `it took ${own.presses}`);
    assert.deepEqual(wrong, []);
    await context.close();
  });
const copied = (page) => page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
const v1 = async (path, ask) => (await fetch(`${base}/v1${path}`, ask)).json();

// A line for a late delivery, copied with the name filled in.
const found = (page) => page.locator("#found a").first().waitFor();
const isLine = async (page) => {
  await copied(page);
  const words = await clipboard(page);
  assert.match(new URL(page.url()).pathname, /\/recover\/delay$/);
  const { phrases } = await v1("/recover/delay?all&customer=Ana");
  assert.ok(phrases.some(({ text }) => text === words), words);
};
task("find a line for a late delivery and copy it with the name", "/", "by keyboard", 5, desk, async (page, { type, key }) => {
  await type("late delivery");
  await found(page);
  await key("ArrowDown", "Enter");
  await page.waitForURL("**/recover/delay");
  await key("f");
  await type("Ana");
  await key("Enter", "c");
  await isLine(page);
});
task("find a line for a late delivery and copy it with the name", "/", "by touch", 5, phone, async (page, { type, tap }) => {
  await tap(page.locator("#q"));
  await type("late delivery");
  await found(page);
  await tap(page.locator("#found a").first());
  await page.waitForURL("**/recover/delay");
  await tap(page.locator(".fill summary"));
  await tap(page.locator("#s-customer"));
  await type("Ana");
  await tap(page.locator(".copy").first());
  await isLine(page);
});

// A play from its first step to its last.
const steps = async () => new Set((await v1("/recover/delay?steps")).phrases.map(({ step }) => step)).size;
const atStep = async (page, step) => {
  const heading = page.locator(`#step-${step}`);
  assert.ok(await heading.evaluate((heading) => document.activeElement === heading));
  const { y } = await heading.boundingBox();
  assert.ok(y >= 0 && y < 500, `at ${y}`);
};
task("lead through a play", "/recover/delay", "by keyboard", 5, desk, async (page, { key }) => {
  for (let step = 2; step <= (await steps()); step += 1) {
    await key("ArrowRight");
    await atStep(page, step);
  }
});
task("lead through a play", "/recover/delay", "by touch", 5, phone, async (page, { tap }) => {
  for (let step = 2; step <= (await steps()); step += 1) {
    await tap(page.locator(".onto a:visible"));
    await atStep(page, step);
  }
});

// A letter with both names and another first line, on the clipboard.
const isLetter = async (page) => {
  await copied(page);
  const words = await clipboard(page);
  const { text, phrases } = await v1("/recover/delay?letter&customer=Ana&me=Joe");
  const [own, usual] = [words, text].map((letter) => letter.split("\n\n"));
  assert.notEqual(own[1], usual[1]);
  assert.deepEqual([own[0], ...own.slice(2)], [usual[0], ...usual.slice(2)]);
  assert.equal(own.length, phrases.length + 2);
};
task("write a letter", "/recover/delay", "by keyboard", 12, desk, async (page, { type, key }) => {
  await key("l");
  await page.waitForURL("**letter**");
  await key("f");
  await type("Ana");
  while ((await page.evaluate(() => document.activeElement.id)) !== "s-me") await key("Tab");
  await type("Joe");
  while (!(await page.evaluate(() => document.activeElement.matches(".another")))) await key("Tab");
  await key("Enter", "c");
  await isLetter(page);
});
task("write a letter", "/recover/delay", "by touch", 5, phone, async (page, { type, tap }) => {
  await tap(page.getByRole("link", { name: "Write it as a letter" }));
  await tap(page.locator("#s-customer"));
  await type("Ana");
  await tap(page.locator("#s-me"));
  await type("Joe");
  await tap(page.locator(".another").first());
  await tap(page.locator(".letter .copy"));
  await isLetter(page);
});

// A draft in which three things hurt, until nothing does.
const draft = "Calm down. You should have called. Mistakes were made.";
const things = (page, words) => page.locator("#result", { hasText: words }).waitFor();
const isClear = async (page) => {
  await things(page, "I found nothing");
  assert.notEqual(await page.inputValue("#text"), draft);
};
task("mend a draft until it is clear", "/check", "by keyboard", 7, desk, async (page, { type, key }) => {
  await type(draft);
  await things(page, "3 things");
  await key("Control+Enter");
  for (const left of ["2 things", "One thing", "I found nothing"]) {
    await page.waitForFunction(() => document.activeElement.id === "result");
    await key("Tab", "Enter");
    await things(page, left);
  }
  await isClear(page);
});
task("mend a draft until it is clear", "/check", "by touch", 4, phone, async (page, { type, tap }) => {
  await tap(page.locator("#text"));
  await type(draft);
  for (const left of ["3 things", "2 things", "One thing"]) {
    await things(page, left);
    await tap(page.getByRole("button", { name: /^Use it for/ }).first());
  }
  await isClear(page);
});

// How to install into Slack.
const isInstall = async (page) => {
  await page.waitForURL("**/install**");
  await page.locator("main").getByText("Slack", { exact: false }).first().waitFor();
};
task("find how to install into Slack", "/", "by keyboard", 2, desk, async (page, { key }) => {
  await key("Shift+Tab", "Enter");
  await isInstall(page);
});
task("find how to install into Slack", "/", "by touch", 1, phone, async (page, { tap }) => {
  await tap(page.getByRole("link", { name: "Install", exact: true }));
  await isInstall(page);
});

test("a phone's first screen has the search and the doors", async () => {
  const { page, context } = await open("/", { viewport: { width: 360, height: 740 }, hasTouch: true });
  for (const what of ["#q", ".doors li:nth-child(1)", ".doors li:nth-child(2)", ".doors li:nth-child(3)"]) {
    const { y, height } = await page.locator(what).boundingBox();
    assert.ok(y + height <= 740, `${what} ends at ${y + height}`);
  }
  await context.close();
});
