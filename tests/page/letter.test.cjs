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
    assert.equal(await page.locator(".beside button:visible").count(), 0);
    for (const select of await page.locator("#letter select").all()) await select.selectOption("");
    await page.locator(".beside .findings").waitFor({ state: "detached" });
  }));

test("a letter is copied, sent by e-mail, and taken to the page for drafts", () =>
  visit("/recover/billing?letter", async (page) => {
    await page.fill("#s-customer", "Ana");
    const { text } = await letter("&customer=Ana");
    await page.getByRole("button", { name: "Copy the letter" }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
    assert.equal(await clipboard(page), text);
    const mail = await page.getAttribute("#letter-mail", "href");
    assert.equal(decodeURIComponent(mail.replace("mailto:?body=", "")), text);
    await page.getByRole("button", { name: /^Change the words/ }).click();
    await page.waitForURL("**/check#result");
    assert.equal(await page.inputValue("#text"), text);
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
    await page.getByRole("button", { name: /^Change the words/ }).click();
    await page.locator("#result").waitFor();
    assert.equal(await page.inputValue("#text"), text);
  }, { javaScriptEnabled: false }));
