// A letter: its blanks, its lines, its review.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { base, browse, clipboard } = require("./harness.cjs");

const { visit } = browse();

const letter = async (query = "") => (await fetch(`${base}/v1/recover/billing?letter${query}`)).json();
const shown = async (page) => (await page.inputValue("#letter-plain")).replaceAll("\r", "");
const chosen = (page) => page.locator("#letter select").evaluateAll((all) => all.map(({ value }) => value).filter(Boolean));

test("every line that fits a step can be put in, as the service writes it", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.fill("#s-customer", "Dr. Matt");
    await page.fill("#s-item", "the new invoice");
    const values = "&customer=Dr.%20Matt&item=the%20new%20invoice";
    assert.equal(await shown(page), (await letter(values)).text);
    for (const select of await page.locator("#letter select").all()) {
      for (const value of await select.locator("option").evaluateAll((all) => all.map(({ value }) => value))) {
        await select.selectOption(value);
        const lines = (await chosen(page)).map((id) => `&line=${id}`).join("");
        const { text, conditions = [] } = await letter(values + lines);
        assert.equal(await shown(page), text, value);
        const told = (await page.locator("#letter .condition:visible").allTextContents()).join(" ");
        for (const condition of conditions) assert.ok(told.includes(condition), `${condition} in ${told}`);
      }
    }
  }));

test("the lines are in the address, and come back with it", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.getByRole("button", { name: /^Another line for/ }).nth(1).click();
    const text = await shown(page);
    assert.notEqual(text, (await letter()).text);
    await page.reload();
    assert.equal(await shown(page), text);
    await page.locator("#letter select").nth(1).selectOption("");
    const lines = await chosen(page);
    await page.reload();
    assert.deepEqual(await chosen(page), lines);
  }));

test("the review stands beside the letter, and follows it", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.locator(".beside #result", { hasText: "I found nothing" }).waitFor();
    await page.fill("#s-item", "so-called bill, calm down");
    await page.locator(".beside .findings mark", { hasText: "calm down" }).first().waitFor();
    for (const select of await page.locator("#letter select").all()) await select.selectOption("");
    await page.locator(".beside .findings").waitFor({ state: "detached" });
  }));

test("the words of a letter are changed where they stand, and its blanks go on filling", () =>
  visit("/recover/billing?letter", async (page) => {
    const part = page.locator("#letter .part").first();
    const words = part.getByRole("textbox", { name: "Acknowledge" });
    const before = await words.textContent();
    await words.press("Control+Home");
    await page.keyboard.insertText("thank you, Ana. ");
    assert.equal(await words.textContent(), `thank you, Ana. ${before}`);
    await page.fill("#s-item", "invoice");
    const changed = `thank you, Ana. ${before.replace("bill", "invoice")}`;
    assert.equal(await words.textContent(), changed);
    assert.ok((await shown(page)).includes(`\n\n${changed}\n\n`));
    await page.locator(".beside #result", { hasText: "I found nothing" }).waitFor();
    assert.equal(await part.locator("option:checked").textContent(), "Your own words");
    // Another line, and back to the own words.
    await part.getByRole("button", { name: /^Another line for/ }).click();
    assert.ok(!(await words.textContent()).includes("thank you"));
    await part.locator("select").selectOption({ label: "Your own words" });
    assert.equal(await words.textContent(), changed);
    // The page is read again, and the words are in no address.
    assert.ok(!decodeURIComponent(page.url()).includes("thank"));
    await page.reload();
    assert.equal(await words.textContent(), changed);
    assert.equal(await part.locator("option:checked").textContent(), "Your own words");
  }));

test("an open blank is typed over, and an empty paragraph is left out", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.locator("#letter .slot", { hasText: "____" }).first().click();
    await page.keyboard.type("Friday");
    assert.ok((await shown(page)).includes("a corrected copy by Friday."));
    const greeting = page.getByRole("textbox", { name: "Greeting" });
    await greeting.press("Control+A");
    await page.keyboard.press("Delete");
    assert.ok((await shown(page)).startsWith("I'm sorry your bill"));
  }));

test("what the review proposes is put into the letter by one press", () =>
  visit("/recover/billing?letter", async (page) => {
    const words = page.getByRole("textbox", { name: "Acknowledge" });
    await words.press("Control+End");
    await page.keyboard.insertText(" Calm down.");
    await page.locator(".beside .findings mark", { hasText: "Calm down" }).first().waitFor();
    await page.locator(".beside .findings").getByRole("button", { name: /^Use it/ }).first().click();
    await page.locator(".beside #result", { hasText: "I found nothing" }).waitFor();
    const mended = await words.textContent();
    assert.ok(!mended.includes("Calm down") && (await shown(page)).includes(mended));
    // Without its steps a letter lacks what they do, and a line for it is added after what is left.
    for (const select of (await page.locator("#letter select").all()).slice(1)) await select.selectOption("");
    await words.press("Control+A");
    await page.keyboard.insertText("The order was late.");
    const add = page.locator(".beside .checklist").getByRole("button", { name: /^Add it/ }).first();
    await add.waitFor();
    const line = await add.getAttribute("data-rewrite");
    await add.click();
    assert.ok((await shown(page)).includes(line.trim()));
  }));

test("a letter is copied, and sent by e-mail", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.fill("#s-customer", "Ana");
    const { text } = await letter("&customer=Ana");
    await page.getByRole("button", { name: "Copy the letter" }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
    assert.equal(await clipboard(page), text);
    const mail = await page.getAttribute("#letter-mail", "href");
    assert.equal(decodeURIComponent(mail.replace("mailto:?body=", "")), text);
  }));

test("all of it is a form without a script", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.fill("#s-customer", "Ana");
    const select = page.locator("#letter select").first();
    const other = await select.locator("option").nth(2).getAttribute("value");
    await select.selectOption(other);
    await page.locator("#letter select").nth(1).selectOption("");
    const lines = (await chosen(page)).map((id) => `&line=${id}`).join("");
    await page.getByRole("button", { name: "Use these lines" }).click();
    const { text } = await letter(`&customer=Ana${lines}`);
    assert.equal(await shown(page), text);
    assert.equal(await page.inputValue("#s-customer"), "Ana");
    assert.equal(await page.locator(".live:visible").count(), 0);
    const changed = `${text}\nP.S. Call me.`;
    await page.getByLabel("The letter as one text").fill(changed);
    await page.getByRole("button", { name: "Check these words" }).click();
    await page.locator("#result").waitFor();
    assert.equal(await page.inputValue("#text"), changed);
  }, { javaScriptEnabled: false }));
