// A draft and its review.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { base, draft, go, browse } = require("./harness.cjs");

const browser = browse();
const visit = (use, options) => browser.visit("/check", use, options);
const asked = async (text, also) => {
  const ask = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text, ...also }) };
  return (await fetch(`${base}/v1/check`, ask)).json();
};
const underlined = (page) => page.locator("#marked mark").allTextContents();
const result = (page) => page.locator("#result").textContent();
const count = (number) => (number === 1 ? "One thing to look at" : `${number} things to look at`);
const until = (page, words) => page.locator("#result", { hasText: words }).waitFor();

test("a draft is reviewed while someone writes: underlined where it stands, listed, and told", () =>
  visit(async (page) => {
    assert.equal(await page.evaluate(() => document.activeElement.id), "text");
    await page.keyboard.insertText(draft);
    const { findings, moves } = await asked(draft);
    assert.ok(findings.length > 2 && moves.length > 2);
    await until(page, count(findings.length));
    assert.deepEqual(await underlined(page), findings.map(({ words }) => words));
    assert.deepEqual(await page.locator(".findings mark").allTextContents(), findings.map(({ words }) => words));
    assert.deepEqual(await page.locator(".checklist h3").allTextContents(), moves.map(({ name, made }) => `${made ? "There" : "Missing"}: ${name}`));
    assert.equal(await page.textContent("#verdict"), await result(page));
    // Who writes is not disturbed: the cursor stays, and so does what is above and beside it.
    assert.equal(await page.evaluate(() => document.activeElement.id), "text");
    await page.fill("#text", "How was the concert?");
    await until(page, "I found nothing of what I know");
    assert.deepEqual(await underlined(page), []);
    await page.fill("#text", "");
    await page.locator("#result").waitFor({ state: "detached" });
    assert.equal(await page.textContent("#verdict"), "");
  }));

test("what is underlined lies under the same words of the field, however the lines break", async () => {
  for (const width of [320, 390, 800, 1280]) {
    await visit(async (page) => {
      await page.fill("#text", `${draft} Calm down.\n\n${"wordswithoutanyblank".repeat(8)}\n${draft}\n`.repeat(3));
      await page.locator("#marked mark").first().waitFor();
      const seen = await page.evaluate(() => {
        const [text, marked] = ["#text", "#marked"].map((id) => document.querySelector(id));
        const style = (element) => ["font", "letterSpacing", "padding-left", "padding-top", "borderTopWidth", "whiteSpace", "overflowWrap"].map((name) => getComputedStyle(element)[name]);
        return {
          same: text.value === marked.textContent && JSON.stringify(style(text)) === JSON.stringify(style(marked)),
          inner: [text.clientWidth, text.clientHeight, text.scrollHeight].join(),
          outer: [marked.clientWidth, marked.clientHeight, marked.scrollHeight].join(),
        };
      });
      assert.ok(seen.same);
      assert.equal(seen.inner, seen.outer);
    }, { viewport: { width, height: 800 } });
  }
});

test("until the next review underlines stay with their words, and go where these are changed", () =>
  visit(async (page) => {
    await page.route("**/check", (route) => route.continue(), { times: 1 });
    await page.fill("#text", "Calm down. It was just a small delay.");
    await until(page, "2 things to look at");
    await page.route("**/check", (route) => route.abort());
    await page.locator("#text").press("Home");
    await page.keyboard.type("Oh. ");
    assert.deepEqual(await underlined(page), ["Calm down", "It was just a small"]);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.type("x");
    assert.deepEqual(await underlined(page), ["It was just a small"]);
    assert.equal(await page.textContent("#marked"), "Oh. Cxalm down. It was just a small delay.");
    await page.waitForFunction(() => /cannot be reached/.test(document.querySelector("#status").textContent));
    assert.equal(await result(page), "2 things to look at again.");
  }).catch((error) => {
    // A request that was cut off is what this is about.
    if (!/ERR_FAILED/.test(error.message)) throw error;
  }));

test("other words are put in with one key, and taken back with another", () =>
  visit(async (page) => {
    await page.fill("#text", draft);
    const { findings } = await asked(draft);
    await until(page, count(findings.length));
    const better = findings.find(({ rewrite }) => rewrite);
    const button = page.getByRole("button", { name: `Use it for “${better.words}”` });
    await button.focus();
    await page.keyboard.press("Enter");
    // Other words may end more than one finding of a sentence.
    const left = await asked(draft.replace(better.words, better.rewrite));
    await until(page, left.total ? count(left.total) : left.summary);
    assert.equal(await page.inputValue("#text"), draft.replace(better.words, better.rewrite));
    assert.equal(await page.evaluate(() => document.activeElement.id), "result");
    await page.focus("#text");
    await page.keyboard.press("Control+z");
    await until(page, count(findings.length));
    assert.equal(await page.inputValue("#text"), draft);
  }));

test("rules are left out, and a school's advice is asked for", () =>
  visit(async (page) => {
    const text = "Calm down. I'm sorry about the late van.";
    await page.fill("#text", text);
    await until(page, "One thing to look at");
    await page.locator(".rules summary").click();
    await page.getByLabel("Leave out dismissing").check();
    await until(page, "I found nothing of what I know");
    await page.getByLabel("Further advice").selectOption("thanks");
    await until(page, "One thing to look at");
    const { findings } = await asked(text, { rules: "-dismissing", school: "thanks" });
    assert.deepEqual(await underlined(page), findings.map(({ words }) => words));
  }));

test("a draft that is too long is told by how much, and stays", () =>
  visit(async (page) => {
    await page.fill("#text", "x".repeat(20_312));
    await until(page, "Too long by 312 characters");
    assert.equal(await page.textContent("#verdict"), "Too long by 312 characters");
    await page.fill("#text", "x".repeat(20_000));
    await until(page, "I found nothing of what I know");
    await page.fill("#text", "x".repeat(300_000));
    await page.locator("#status", { hasText: "larger than" }).waitFor();
  }));

test("all of it is there without a script", async () => {
  let live;
  await visit(async (page) => {
    await go(page, "review");
    live = await page.locator("#review").innerHTML();
  });
  await visit(async (page) => {
    await page.fill("#text", draft);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/check#result");
    assert.equal(await page.locator("#review").innerHTML(), live);
    assert.equal(await page.inputValue("#text"), draft);
    const { findings } = await asked(draft);
    assert.deepEqual(await page.locator("#review .marked mark").allTextContents(), findings.map(({ words }) => words));
    assert.equal(await page.locator(".live:visible").count(), 0);
    await page.locator(".rules summary").click();
    for (const { rule } of findings) await page.getByLabel(`Leave out ${rule}`).check();
    await page.getByLabel("Further advice").selectOption("thanks");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.locator("#review .marked mark", { hasText: "I'm sorry" }).waitFor();
    assert.equal(await page.locator("[name=rules]:checked").count(), new Set(findings.map(({ rule }) => rule)).size);
    assert.equal(await page.inputValue("#school"), "thanks");
    // A line's end counts as one character, as the field counts it.
    await page.locator("#text").evaluate((text) => (text.value = "x\n".repeat(10_000)));
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await until(page, "I found nothing of what I know");
    await page.locator("#text").evaluate((text) => (text.value = "x\n".repeat(10_001)));
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await until(page, "Too long by 2 characters");
  }, { javaScriptEnabled: false });
});

test("a draft goes to the service and nowhere else, and into no address", () =>
  visit(async (page, context) => {
    const sent = [];
    context.on("request", (request) => sent.push(`${request.method()} ${request.url()}`));
    await go(page, "review");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.waitForFunction(() => document.activeElement.id === "result");
    assert.ok(sent.includes(`POST ${base}/check`));
    assert.ok(sent.every((line) => !/[?]/.test(line)), sent.join("\n"));
    assert.equal(page.url(), `${base}/check`);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  }));

const bad = [
  "Hi Tom,\n\nYou never told us that you needed it on Monday. Deliveries can be late, it's just a small delay. Calm down.\n\nBest,\nAna",
  "Dear customer, we are sorry if the vase arrived broken. You should have checked it at the door. It's our policy.",
  "You were charged twice, but mistakes were made by the bank. We apologize for any inconvenience. Obviously nothing more we can do.",
];

test("who pastes a bad letter ends, press by press, with one that is clear and has all its moves", async () => {
  for (const letter of bad) {
    await visit(async (page) => {
      const reviewed = async () => {
        const { findings, moves } = await asked(await page.inputValue("#text"), { problem: "yes" });
        await until(page, findings.length ? count(findings.length) : "I found nothing of what I know");
        await page.waitForFunction((open) => document.querySelectorAll(".checklist li:not(.made)").length === open, moves.filter(({ made }) => !made).length);
        return [findings, moves.filter(({ made }) => !made)];
      };
      await page.selectOption("#problem", "yes");
      await page.fill("#text", letter);
      for (let presses = 0; ; presses += 1) {
        const [findings, missing] = await reviewed();
        if (findings.length + missing.length === 0) break;
        assert.ok(presses < 20, await page.inputValue("#text"));
        const offered = findings.length ? ".findings .rewrite button" : ".checklist li:not(.made) .rewrite button";
        await page.locator(offered).first().click();
      }
      const text = await page.inputValue("#text");
      if (letter.endsWith("Ana")) assert.ok(text.endsWith("\n\nBest,\nAna"), text);
    });
  }
});
