// What the pages are made of: valid, accessible in both themes, narrow, light.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const http = require("node:http");
const { source } = require("axe-core");
const { HtmlValidate } = require("html-validate");
const { base, pages, draft, go, browse } = require("./harness.cjs");

const { open } = browse();

const sizes = { desk: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

for (const [size, viewport] of Object.entries(sizes)) {
  test(`axe finds nothing on any page, light or dark: ${size}`, async () => {
    // A colour that changes by and by would be judged half-way.
    const { page, context, wrong } = await open(null, { viewport, reducedMotion: "reduce" });
    for (const name of Object.keys(pages)) {
      await go(page, name);
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
      await page.evaluate(source);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
        assert.deepEqual(found, [], `${name}, ${colorScheme}`);
      }
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test("nothing is cut off or scrolls sideways at 320 pixels, which is 400 % zoom", async () => {
  const { page, context, wrong } = await open(null, { viewport: { width: 320, height: 640 } });
  for (const name of Object.keys(pages)) {
    await go(page, name);
    await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("main *, header *, footer *")]
        .filter((element) => !element.closest("pre, .unseen") && element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 100)),
    );
    assert.deepEqual(wide, [], name);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, name);
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("nothing moves while a page loads", async () => {
  const { page, context } = await open();
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    const moved = await page.evaluate(
      () => new Promise((tell) => {
        const moved = [];
        const note = ({ sources }) => moved.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 100)));
        new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => tell(moved), 150);
      }),
    );
    assert.deepEqual(moved, [], name);
  }
  await context.close();
});

test("nothing moves for those who want no motion", async () => {
  const { page, context } = await open(null, { reducedMotion: "reduce" });
  for (const name of Object.keys(pages)) {
    await go(page, name);
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")]
      .filter((element) => parseFloat(getComputedStyle(element).transitionDuration) || getComputedStyle(element).animationName !== "none").length);
    assert.equal(moving, 0, name);
  }
  await context.close();
});

test("every page is valid HTML", async () => {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: {
      // Titles may be long where a person's words are in them, and a phrase is written as it is said.
      "long-title": "off",
      "no-trailing-whitespace": "off",
      // A form sends as many rules as are ticked, and a letter's lines one after the other.
      "form-dup-name": "off",
    },
  });
  for (const [name, path] of Object.entries(pages)) {
    const sent = name === "review" ? { method: "POST", body: draft } : {};
    const html = await (await fetch(base + path, { headers: { accept: "text/html" }, ...sent })).text();
    const { results } = await validator.validateString(html);
    const faults = results.flatMap(({ messages }) => messages.map(({ line, message, ruleId }) => `${line}: ${message} (${ruleId})`));
    assert.deepEqual(faults, [], name);
  }
});

const get = (path, headers) =>
  new Promise((tell, fail) =>
    http.get(base + path, { headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => tell({ headers: response.headers, status: response.statusCode, body: Buffer.concat(parts) }));
    }).on("error", fail));

test("the first page with all it loads is under 60 kB, under 20 kB compressed", async () => {
  const weigh = async (headers) => {
    const page = await get("/", { accept: "text/html" });
    const loads = [...new Set(page.body.toString().match(/\/assets\/[^"]+/g))];
    assert.equal(loads.length, 3);
    const all = await Promise.all(["/", ...loads].map((path) => get(path, { accept: "text/html", ...headers })));
    return all.reduce((sum, { body }) => sum + body.length, 0);
  };
  const [plain, compressed] = [await weigh({}), await weigh({ "accept-encoding": "gzip" })];
  console.log(`the first page: ${plain} bytes, ${compressed} compressed`);
  assert.ok(plain < 60_000 && compressed < 20_000, `${plain} bytes, ${compressed} compressed`);
});

test("what a page loads is kept for ever, and an old name is gone", async () => {
  const { body } = await get("/", { accept: "text/html" });
  for (const path of body.toString().match(/\/assets\/[^"]+/g)) {
    const { headers } = await get(path, {});
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
  }
  assert.equal((await get("/assets/saywell-000000000000.css", {})).status, 404);
});
