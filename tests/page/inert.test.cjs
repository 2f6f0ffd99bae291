// Words from outside are words: nothing that is typed or linked becomes markup, script or style.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { browse } = require("./harness.cjs");

const { open } = browse();

const attacks = [
  "<script>pwned=1</script>",
  "<img src=x onerror=pwned=1>",
  "\"><svg onload=pwned=1>",
  "'><iframe srcdoc='<script>parent.pwned=1</script>'>",
  "</title><script>pwned=1</script>",
  "</textarea><script>pwned=1</script>",
  "\" autofocus onfocus=pwned=1 x=\"",
  "javascript:pwned=1",
  "{{7*7}}${7*7}<%= 7*7 %>",
  "--><script>pwned=1</script>",
  "<style>*{display:none}</style>",
  "<a href=javascript:pwned=1>x</a>",
  "<meta http-equiv=refresh content=0;url=https://example.com>",
  "<base href=https://example.com/>",
  "&lt;script&gt;pwned=1&lt;/script&gt;",
  "]\"],{\"a\":\"<script>pwned=1</script>",
  "\u2028pwned=1//",
  "__proto__",
  "constructor",
];

const doors = (attack) => {
  const words = encodeURIComponent(attack);
  return [
    `/search?q=${words}`,
    `/recover/billing?customer=${words}&item=${words}`,
    `/recover/billing#customer=${words}&item=${words}&${words}=1`,
    `/recover/billing?letter&customer=${words}&item=${words}&me=${words}`,
    `/recover/billing?letter#customer=${words}&item=${words}`,
    `/recover/billing?letter&line=${words}`,
    `/phrases/recover.billing.hoped-for?customer=${words}`,
    `/phrases/recover.billing.hoped-for#customer=${words}`,
    `/phrases/${words}`,
    `/sources/${words}`,
    `/recover/${words}`,
    `/${words}`,
    `/recover/billing?${words}=1`,
    `/recover/billing?tone=${words}`,
    `/recover/billing.html?n=${words}`,
    `/search.html?q=a&command=${words}`,
    `/docs?${words}`,
    `/install?${words}`,
  ];
};

const unharmed = (page) =>
  page.evaluate(() => ({
    pwned: "pwned" in window || "polluted" in {},
    scripts: [...document.scripts].filter(({ src, textContent }) => textContent || !/\/assets\/saywell-[0-9a-f]{12}\.js$/.test(src)).length,
    strangers: document.querySelectorAll("img, iframe, svg, style, base, meta[http-equiv], a[href^='javascript' i]").length,
    handlers: [...document.querySelectorAll("*")].filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on"))).length,
    seen: document.querySelector("main").checkVisibility(),
  }));
const fine = { pwned: false, scripts: 0, strangers: 0, handlers: 0, seen: true };

test("words in an address stay words, on every page", async () => {
  const { page, context, wrong } = await open();
  for (const attack of attacks) {
    for (const path of doors(attack)) {
      await page.goto(path);
      // An address that differs from the last behind the # alone is not loaded anew.
      if (path.includes("#")) await page.reload();
      assert.deepEqual(await unharmed(page), fine, path);
    }
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a draft stays words, ${javaScriptEnabled ? "with" : "without"} a script`, async () => {
    const { page, context, wrong } = await open(null, { javaScriptEnabled });
    for (const attack of attacks) {
      const around = `Calm down ${attack} calm down.`;
      for (const draft of [around, around.padEnd(20_001, "x")]) {
        await page.goto("/check");
        await page.fill("#text", draft);
        await page.getByRole("button", { name: "Check", exact: true }).click();
        await page.locator("#result").waitFor();
        assert.equal(await page.inputValue("#text"), draft);
        assert.deepEqual(await unharmed(page), fine, attack);
      }
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test("a rule that nobody has stays words", async () => {
  const { page, context, wrong } = await open("/check");
  await page.fill("#text", "Calm down.");
  await page.locator(".rules summary").click();
  for (const attack of attacks) {
    await page.locator("[name=rules]").first().evaluate((box, value) => Object.assign(box, { value, checked: true }), attack);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent);
    assert.deepEqual(await unharmed(page), fine, attack);
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("words that are typed stay words", async () => {
  const { page, context, wrong } = await open("/recover/billing");
  for (const attack of attacks) {
    for (const field of await page.locator(".fields input").all()) await field.fill(attack);
    await page.fill("#q", attack);
    await page.waitForTimeout(130);
    assert.deepEqual(await unharmed(page), fine, attack);
  }
  await page.goto("/docs");
  await page.locator("summary", { hasText: "GET /v1/{command}/{topic}" }).click();
  const route = page.locator("form[data-path='/v1/{command}/{topic}']");
  for (const attack of attacks) {
    await route.locator("[name=topic]").fill(attack);
    await route.getByRole("button", { name: /^Try it/ }).click();
    await route.locator(".answer:not(:empty)").waitFor();
    assert.deepEqual(await unharmed(page), fine, attack);
  }
  assert.deepEqual(wrong, []);
  await context.close();
});
