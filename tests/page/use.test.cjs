// What people do with the pages.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { base, below, pages, go, browse, clipboard, cursor } = require("./harness.cjs");

const { open, visit } = browse();

// What no address has a part in is tried at one of them.
const once = { skip: below !== "" };

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

test("the first page has the cursor in the search box, and finds while one types", () =>
  visit("/", async (page) => {
    await cursor(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type("invoice");
    await page.waitForSelector(`#found a[href='${below}/recover/billing']`);
    assert.match(await page.textContent("#count"), /^\d+ found$/);
    await page.keyboard.press("Escape");
    assert.ok(await page.isHidden("#found"));
    await page.fill("#q", "xyzzyx");
    await page.waitForFunction(() => document.querySelector("#count").textContent === "Nothing found");
  }));

test("a topic shows every phrase, and filling in changes all of them at once", () =>
  visit("/recover/billing", async (page) => {
    const all = await (await fetch(`${base}/v1/recover/billing?all`)).json();
    assert.deepEqual(await page.locator(".words").allTextContents(), all.phrases.map((phrase) => phrase.text));
    await page.getByLabel("What is the customer's name?").fill("Ana");
    const filled = await (await fetch(`${base}/v1/recover/billing?all&customer=Ana`)).json();
    assert.deepEqual(await page.locator(".words").allTextContents(), filled.phrases.map((phrase) => phrase.text));
  }));

test("the browser fills every phrase of the book exactly as the service does", once, async () => {
  const sets = [
    ["Ana", "bill", "Friday", "Joe", "two hours", "$5", "Rosa", "Acme"],
    ["  Dr. Matt, Jr. ", "the new invoice", "by noon tomorrow.", "“Jo”", "your whole day!!", "a lot…", "J.", "Acme Inc."],
    ["in two hours", "on Friday at 5", "By noon", "In Flames", "before lunch", "until then", "at the door"],
    [".NET", "Ana:heart:", ":wave::skin-tone-3: Ana", "at 10:30: sharp", "<:party:12> all :größe:, yes", "a:b:c", ":smile:"],
    ["o'Brien & <b>Söhne</b>", "ß-Version\u200b", "…", "ɐ", "an hour", "the 3", "i", "the \u202eco"],
  ];
  const index = await (await fetch(`${base}/v1`)).json();
  const { page, context, wrong } = await open();
  for (const command of index.commands) {
    for (const topic of command.topics) {
      await page.goto(`/${command.name}/${topic}`);
      const inputs = await page.locator(".fields input").evaluateAll((all) => all.map((input) => input.name));
      for (const set of sets) {
        const values = Object.fromEntries(inputs.map((name, place) => [name, set[place % set.length]]));
        const seen = await page.evaluate((values) => {
          for (const input of document.querySelectorAll(".fields input")) input.value = values[input.name];
          document.querySelector(".fields")?.dispatchEvent(new Event("input"));
          return [...document.querySelectorAll(".words")].map((words) => words.textContent);
        }, values);
        const answer = await fetch(`${base}/v1/${command.name}/${topic}?all&${new URLSearchParams(values)}`);
        assert.deepEqual(seen, (await answer.json()).phrases.map((phrase) => phrase.text), `${command.name} ${topic}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("what is copied is exactly the words", () =>
  visit("/recover/billing", async (page) => {
    await page.getByLabel("What is the customer's name?").fill("Ana");
    await page.getByRole("button", { name: "Copy phrase 2", exact: true }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
    const answer = await (await fetch(`${base}/v1/recover/billing?n=2&customer=Ana`)).json();
    assert.equal(await clipboard(page), answer.text);
  }));

test("copying works where a browser has no clipboard for pages, as over plain HTTP", async () => {
  const { page, context, wrong } = await open();
  await page.addInitScript(() => {
    window.kept = navigator.clipboard;
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await page.goto("/phrases/recover.billing.hoped-for#customer=Ana");
  await page.getByRole("button", { name: /^Copy phrase/ }).click();
  await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
  assert.equal(await page.evaluate(() => window.kept.readText()), await page.textContent(".words"));
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the same is there as a slash command and for a terminal, with what was filled in", () =>
  visit("/recover/billing", async (page) => {
    await page.getByLabel("What is the customer's name?").fill('Ana "the" O\'Neil');
    const card = page.locator(".card").first();
    await card.locator("summary").click();
    await card.getByRole("button", { name: "Copy the slash command" }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
    assert.equal(await clipboard(page), `/recover billing 1 customer="Ana ”the” O'Neil"`);
    const curl = await card.locator("code").nth(1).textContent();
    const address = curl.match(/^curl '([^']+)'$/)[1];
    assert.equal(await (await fetch(address)).text(), (await card.locator(".words").textContent()) + "\n");
  }));

test("a filled phrase can be shared: what was filled in is behind the # of its address, and never sent", () =>
  visit("/recover/billing?customer=Ana", async (page, context) => {
    assert.equal(new URL(page.url()).hash, "#customer=Ana");
    assert.equal(new URL(page.url()).search, "");
    const words = await page.locator(".words").first().textContent();
    const link = await page.locator(".link").first().getAttribute("href");
    assert.match(link, /\/phrases\/[a-z.-]+#customer=Ana$/);
    const sent = [];
    context.on("request", (request) => sent.push(request.url()));
    const other = await context.newPage();
    await other.goto(new URL(link, base).href);
    assert.equal(await other.textContent(".words"), words);
    await other.getByLabel("What is the customer's name?").fill("Zebedee");
    assert.match(await other.textContent(".words"), /Zebedee/);
    assert.ok(!sent.some((url) => /Zebedee/.test(url)));
  }));

test("keys work from the first moment, wherever one is", () =>
  visit("/recover/billing", async (page) => {
    const key = (name) => page.keyboard.press(name);
    await key("c");
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
    assert.equal(await clipboard(page), await page.locator(".words").first().textContent());
    await page.reload();
    await key("ArrowDown");
    assert.equal(await focused(page), "Copy phrase 1");
    await key("ArrowRight");
    assert.match(await focused(page), /^2 /);
    await key("ArrowLeft");
    assert.match(await focused(page), /^1 /);
    await key("f");
    assert.equal(await page.evaluate(() => document.activeElement.id), "s-customer");
  }));

test("what was filled in goes along to the letter and to the topics next to it", async () => {
  const along = async (page) => {
    await page.locator(".related a").first().click();
    await page.waitForURL(/customer=Ana/);
    assert.equal(await page.inputValue("#s-customer"), "Ana");
    await page.goBack();
    await page.getByRole("link", { name: "Write it as a letter" }).click();
    await page.locator("#letter", { hasText: "Hello Ana," }).waitFor();
    await page.locator(".crumb .keep").click();
    assert.equal(await page.inputValue("#s-customer"), "Ana");
  };
  await visit("/recover/billing", async (page) => {
    await page.fill("#s-customer", "Ana");
    await along(page);
    assert.equal(new URL(page.url()).search, "");
  });
  await visit("/recover/billing?customer=Ana", along, { javaScriptEnabled: false });
});

test("on a phone a play is led step by step, and printed whole", () =>
  visit("/recover/billing", async (page) => {
    const shown = () => page.locator(".step > h2:visible").allTextContents();
    const names = (await page.locator(".step > h2").allTextContents()).map((name) => name.trim());
    for (const [place, name] of names.entries()) {
      assert.deepEqual((await shown()).map((name) => name.trim()), [name]);
      if (place + 1 < names.length) await page.locator(".step.here .onto a").tap();
    }
    assert.equal(await page.locator(".onto a:visible").count(), 0);
    await page.locator(".steps a").first().tap();
    assert.equal((await shown()).length, 1);
    assert.equal(await page.getAttribute(".steps a >> nth=0", "aria-current"), "step");
    await page.emulateMedia({ media: "print" });
    assert.equal((await shown()).length, names.length);
  }, { viewport: { width: 390, height: 844 }, hasTouch: true }));

test("everything can be done from the keyboard alone", () =>
  visit("/", async (page) => {
    const key = (name) => page.keyboard.press(name);
    await page.keyboard.type("invoice");
    await page.waitForSelector(`#found a[href='${below}/recover/billing']`);
    await key("ArrowDown");
    while (!(await page.evaluate((path) => document.activeElement.getAttribute("href") === path, `${below}/recover/billing`))) await key("ArrowDown");
    await key("Enter");
    await page.waitForURL("**/recover/billing");
    await key("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.focus("#s-customer");
    await page.keyboard.type("c/Ana");
    assert.equal(await page.inputValue("#s-customer"), "c/Ana");
    await key("Enter");
    assert.equal(await focused(page), "Copy phrase 1");
    await key("c");
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Copied.");
    assert.equal(await clipboard(page), await page.locator(".words").nth(0).textContent());
    await key("ArrowDown");
    await key("ArrowDown");
    assert.equal(await focused(page), "Copy phrase 3");
    await key("ArrowUp");
    assert.equal(await focused(page), "Copy phrase 2");
    await key("Enter");
    await page.waitForFunction(async () => /c\/Ana/.test(await navigator.clipboard.readText()));
    assert.equal(await clipboard(page), await page.locator(".words").nth(1).textContent());
    // Those who speak to their computer can switch the letters off, for good.
    await page.locator(".keys summary").focus();
    await key("Enter");
    await page.locator("#letters").focus();
    await key("Space");
    await page.reload();
    await page.locator(".copy").first().focus();
    await key("/");
    assert.equal(await focused(page), "Copy phrase 1");
  }));

for (const name of Object.keys(pages)) {
  test(`tab reaches every control, in view and with its focus seen, and leaves again: ${name}`, once, () =>
    visit(null, async (page) => {
      await go(page, name);
      const stops = await page.evaluate(
        () => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable]")]
          .filter((element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
          .filter((element) => element.offsetParent !== null && !element.closest("details:not([open]) > :not(summary)")).length,
      );
      await page.locator(".skip").focus();
      let reached = 1;
      for (; reached <= stops; reached += 1) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === document.body) return null;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const { top, bottom } = element.getBoundingClientRect();
          return { what: element.outerHTML.slice(0, 120), ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, inView: bottom > 0 && top < innerHeight };
        });
        if (!stop) break;
        assert.ok(stop.ring && stop.inView, JSON.stringify(stop));
      }
      assert.equal(reached, stops);
    }));
}

test("all of it is useful without a script", () =>
  visit("/", async (page) => {
    await page.fill("#q", "invoice");
    await page.keyboard.press("Enter");
    await page.locator("main").getByRole("link", { name: "A bill higher than hoped" }).first().click();
    assert.match(page.url(), /\/recover\/billing$/);
    assert.equal(await page.locator(".live:visible").count(), 0);
    await page.locator(".fill").evaluate((fill) => fill.open).catch(() => {});
    await page.getByLabel("What is the customer's name?").fill("Ana");
    await page.getByRole("button", { name: "Fill in" }).click();
    const answer = await (await fetch(`${base}/v1/recover/billing?all&customer=Ana`)).json();
    assert.deepEqual(await page.locator(".words").allTextContents(), answer.phrases.map((phrase) => phrase.text));
    await page.getByRole("link", { name: "Link to phrase 1", exact: true }).click();
    await page.getByRole("link", { name: "Another one" }).click();
    await page.getByRole("link", { name: /^All \d+ phrases$/ }).click();
    assert.equal(await page.title(), "A bill higher than hoped · /recover billing · Saywell");
    await page.goto("/docs");
    await page.locator("summary", { hasText: "GET /v1/sources" }).first().click();
    await page.getByRole("link", { name: "Open the example" }).click();
    assert.match(page.url(), /\/v1\//);
  }, { javaScriptEnabled: false }));

test("the page about the API asks the service and shows its answer", () =>
  visit("/docs", async (page) => {
    await page.locator("summary", { hasText: "GET /v1/{command}/{topic}" }).click();
    const route = page.locator("form[data-path='/v1/{command}/{topic}']");
    await route.locator("[name=topic]").fill("delay");
    await route.locator("[name=n]").fill("2");
    assert.match(await route.locator(".command code").textContent(), /\/v1\/recover\/delay\?n=2'$/);
    await route.getByRole("button", { name: /^Try it/ }).click();
    await route.locator(".answer", { hasText: "200" }).waitFor();
    assert.equal(JSON.parse(await route.locator("pre").textContent()).number, 2);
    await route.locator("[name=topic]").fill("nosuch");
    await route.getByRole("button", { name: /^Try it/ }).click();
    await route.locator(".answer", { hasText: "404" }).waitFor();
    // The routes that take a draft are asked by POST.
    const text = "You can't mean it. Calm down.";
    for (const [path, found] of [["/v1/check", "findings"], ["/v2/check", "matches"]]) {
      await page.locator("summary", { hasText: `POST ${path}` }).click();
      const check = page.locator(`form[data-method=POST][data-path='${path}']`);
      assert.match(await check.locator("pre").textContent(), /It was just a small/);
      await check.locator("[name=text]").fill(text);
      assert.ok((await check.locator(".command code").textContent()).includes(`--data-urlencode 'text=${text.replace("'", "'\\''")}'`));
      await check.getByRole("button", { name: /^Try it/ }).click();
      await check.locator(".answer", { hasText: "200" }).waitFor();
      const dismissing = JSON.parse(await check.locator("pre").textContent())[found].at(-1);
      assert.equal(dismissing.rule.id ?? dismissing.rule, "dismissing");
    }
  }));

test("the page about the API shows every route of the description", () =>
  visit("/docs", async (page) => {
    const { paths } = await (await fetch(`${base}/openapi.json`)).json();
    const shown = await page.locator(".try").evaluateAll((all) => all.map(({ dataset }) => `${dataset.method} ${dataset.path}`));
    const operations = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => [path, `${method.toUpperCase()} ${path}`]));
    const versioned = operations.filter(([path]) => !paths[path === "/" ? "/v1" : `/v1${path}`]);
    assert.deepEqual(new Set(shown), new Set(versioned.map(([, operation]) => operation)));
    assert.ok(shown.includes("POST /v2/check"));
  }));

test("what an administrator enters is ready to be copied", () =>
  visit("/install", async (page) => {
    const all = await page.locator("h2:has(.on, .off)").count();
    assert.ok(all > 2);
    assert.equal(await page.locator("h2 > .off").count(), all, "no platform is on");
    for (const [name, wanted] of [["discord-url", `${base}/discord/interactions`], ["mattermost-url", `${base}/mattermost/commands`]]) {
      await page.locator(`[data-copy=${name}]`).click();
      await page.waitForFunction((wanted) => navigator.clipboard.readText().then((words) => words === wanted), wanted);
    }
    await page.locator("[data-copy=discord-commands]").click();
    await page.waitForFunction(() => navigator.clipboard.readText().then((words) => JSON.parse(words).length > 1));
    const commands = JSON.parse(await clipboard(page)).map(({ name }) => name);
    assert.ok(commands.includes("recover") && commands.includes("saywell"));
  }));

test("links that are pasted into chat say what is behind them", async () => {
  const read = async (path) => (await fetch(base + path, { headers: { accept: "text/html" } })).text();
  const phrase = await read("/phrases/recover.billing.hoped-for?customer=Ana");
  const { text } = await (await fetch(`${base}/v1/phrases/recover.billing.hoped-for?customer=Ana`)).json();
  assert.match(phrase, /<meta property="og:title" content="A bill higher than hoped · \/recover billing">/);
  assert.ok(phrase.includes(`<meta property="og:description" content="${text.replaceAll("'", "&#39;")}">`));
});

test("a picture for the README", { skip: !process.env.SAYWELL_SCREENSHOT }, () =>
  visit("/recover/billing?letter#customer=Dr.+Matt&item=invoice&deadline=Friday&me=Joe", async (page) => {
    await page.locator(".bench").evaluate((bench) => bench.scrollIntoView());
    await page.screenshot({ path: process.env.SAYWELL_SCREENSHOT });
  }, { viewport: { width: 1120, height: 700 } }));
