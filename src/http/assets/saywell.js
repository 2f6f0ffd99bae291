// What a page can do with a script: search while someone types, blanks that fill at once, copying, keys. Every page
// works without it. What is typed into a blank never leaves the browser: it stands in the address after the #.
"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  // What every address begins with, where the service stands below a path of its own.
  const base = new URL(document.currentScript.src).pathname.replace(/\/assets\/[^/]*$/, "");
  const make = (tag, words, from = {}) => Object.assign(document.createElement(tag), { textContent: words }, from);

  // Told to everyone, seen and heard.
  const status = one("#status");
  let hush;
  const tell = (words) => {
    clearTimeout(hush);
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = words));
    hush = setTimeout(() => (status.textContent = ""), 4000);
  };

  // Copying: exactly the words. Over plain HTTP a browser has no clipboard for us, and copies a selection instead.
  const copy = async (element) => {
    const words = element.value ?? element.textContent;
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      const [held, here] = [make("textarea", words, { className: "unseen" }), document.activeElement];
      document.body.append(held);
      held.select();
      const done = document.execCommand("copy");
      held.remove();
      here?.focus({ preventScroll: true });
      if (!done) return tell("This browser does not let the page copy.");
    }
    tell("Copied.");
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(document.getElementById(button.dataset.copy));
  });

  // Search while someone types.
  const field = one("#q");
  const found = one("#found");
  const count = one("#count");
  let wait;
  let latest;
  const close = () => {
    clearTimeout(wait);
    latest?.abort();
    found.hidden = true;
    count.textContent = "";
  };
  const entry = (path, title, detail) => {
    const link = make("a", "", { href: path });
    link.append(make("b", title), make("span", detail));
    const item = make("li", "");
    item.append(link);
    return item;
  };
  const look = async () => {
    const words = field.value.trim();
    if (!words) return close();
    latest?.abort();
    latest = new AbortController();
    const query = new URLSearchParams({ q: words });
    try {
      const response = await fetch(`${base}/v1/search?limit=8&${query}`, { signal: latest.signal });
      if (!response.ok) return close();
      const { total, hits } = await response.json();
      const entries = hits.map((hit) =>
        hit.phrase
          ? entry(base + hit.path, hit.phrase.text, hit.title)
          : entry(base + hit.path, hit.title, `/${hit.command} ${hit.topic}`),
      );
      if (total > hits.length) entries.push(entry(`${base}/search?${query}`, `All ${total}`, "on a page of their own"));
      found.replaceChildren(...entries);
      found.hidden = !total;
      count.textContent = total ? `${total} found` : "Nothing found";
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(look, 100);
  });
  field.closest(".find").addEventListener("focusout", (event) => {
    if (!event.relatedTarget?.closest(".find")) close();
  });

  // Keys. The single characters can be switched off, for those who speak to their computer.
  const letters = one("#letters");
  try {
    letters.checked = localStorage.letters !== "off";
    letters.addEventListener("change", () => (localStorage.letters = letters.checked ? "on" : "off"));
  } catch {
    // A browser that keeps nothing keeps no choice either.
  }
  const items = (list) => (list ? all(list.matches(".phrases") ? ".card .copy" : "a", list).filter((item) => item.checkVisibility()) : []);
  const move = (from, step) => {
    // From the first moment on: nothing has been moved to yet.
    if (from === document.body || from.id === "main") return step > 0 ? items(one("[data-list]"))[0] : null;
    if (from === field) return step > 0 ? items(found.hidden ? one("[data-list]") : found)[0] : null;
    const list = from.closest("[data-list], .found");
    const here = from.closest(".card") ? one(".copy", from.closest(".card")) : from;
    const next = items(list).indexOf(here) + step;
    return next < 0 && list === found ? field : items(list)[next];
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const here = event.target;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const writes = here.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (step && (here === field || here === document.body || here.id === "main" || here.closest("[data-list], .found"))) {
      const next = move(here, step);
      if (next) {
        event.preventDefault();
        next.focus();
      }
    } else if (event.key === "Escape" && here.closest(".find")) {
      field.focus();
      close();
    } else if (turn && steps.length && !writes) {
      const current = steps.findIndex((step) => step.contains(here.closest(".step") ?? one(".here")));
      lead(steps[current + turn]);
    } else if (letters.checked && !writes) {
      const inView = (card) => card.checkVisibility() && card.getBoundingClientRect().bottom > 100;
      const card = here.closest(".card") ?? all(".card, .letter").find(inView);
      if (event.key === "/") {
        event.preventDefault();
        field.focus();
        field.select();
      } else if (event.key === "c" && card) {
        one(".copy", card).focus({ preventScroll: true });
        copy(one(".words", card) ?? one("#letter-plain"));
      } else if (event.key === "f" && fields.length) {
        event.preventDefault();
        if (fold) fold.open = true;
        fields[0].focus();
      } else if (event.key === "l") {
        one(".as a")?.click();
      }
    }
  });

  // The language of phrases, as src/say/phrase.rs has it. A text is a string, a slot {name: words to fall back on}, a
  // clause a list.
  const determiners = ["the", "a", "an", "your", "our", "my", "this", "that", "their", "its"];
  const abbreviations = "Dr Mr Mrs Ms Prof St Inc Co Corp Ltd Jr Sr vs etc".split(" ");
  const abbreviated = (text) => {
    if (!text.endsWith(".")) return false;
    const word = text.slice(0, -1).split(/[ (“"]/).pop();
    return word.includes(".") || (/^\p{Alphabetic}$/u.test(word) && word !== "I") || abbreviations.includes(word);
  };
  const endsSentence = (text) => {
    const bare = text.replace(/["”’')]+$/, "");
    return /[?!]$/.test(bare) || (bare.endsWith(".") && !abbreviated(bare));
  };
  const startsSentence = (before) => {
    const bare = before.replace(/ +$/, "");
    return /^[“"‘(]*$/.test(bare) || (bare.length < before.length && endsSentence(bare));
  };
  // “iPhone” is written so wherever it stands, and so is a letter that has no single capital.
  const capital = (words) =>
    words.replace(/^([“"‘(]*)(.)([\p{L}\p{N}]*)/su, (all, quotes, letter, rest) => {
      const upper = letter.toUpperCase();
      return [...upper].length > 1 || /\p{Lu}/u.test(rest) ? all : quotes + upper + rest;
    });
  const whens = ["in", "on", "at", "by", "before", "within", "after", "until", "till", "around"];
  const capitals = (...words) => words.every((word) => /^\p{Uppercase}/u.test(word));
  // How many letters of the fixed words before a value go, and what is left of the value.
  const withoutEcho = (before, fixed, value) => {
    const [first, rest] = value.split(/ (.*)/s);
    if (rest === undefined || !before.endsWith(" ")) return [0, value];
    const [a, b] = [before.slice(0, -1).split(" ").pop().toLowerCase(), first.toLowerCase()];
    const echo = (a === b && /^\p{Alphabetic}*$/u.test(a)) || (determiners.includes(a) && determiners.includes(b));
    if (echo) return [0, rest];
    const limit = ["by", "until"].includes(a) && a.length < fixed && whens.includes(b) && !capitals(first, rest);
    return [limit ? a.length + 1 : 0, value];
  };
  const fill = (pieces, values) => {
    const runs = [];
    // Fixed words at its end begin at `fixed`.
    let [line, fixed, afterValue, gap] = ["", 0, false, false];
    const write = (words, slot, isValue) => {
      const said = !afterValue && startsSentence(line) ? capital(words) : words;
      line += said;
      runs.push({ said, slot });
      [afterValue, gap] = [isValue, false];
    };
    const text = (words, slot = null) => {
      if (gap) {
        if (words.startsWith(" ") && (!line || line.endsWith(" "))) words = words.slice(1);
        if (/^[.,;:?!]/.test(words) && line.endsWith(" ")) {
          line = line.slice(0, -1);
          runs.at(-1).said = runs.at(-1).said.slice(0, -1);
        }
      }
      if (afterValue && words.startsWith(".") && line.endsWith(".")) words = words.slice(1);
      if (words) write(words, slot, false);
    };
    const cut = (count) => {
      if (count) line = line.slice(0, -count);
      while (count) {
        const last = runs.at(-1);
        const gone = Math.min(count, last.said.length);
        last.said = last.said.slice(0, last.said.length - gone);
        if (!last.said) runs.pop();
        count -= gone;
      }
    };
    const value = (words, slot) => {
      const [gone, left] = withoutEcho(line, line.length - fixed, words);
      cut(gone);
      write(left, slot, true);
      fixed = line.length;
    };
    const piece = (part) => {
      if (typeof part === "string") return text(part);
      if (Array.isArray(part)) {
        const open = part.some((inner) => typeof inner === "object" && !values[Object.keys(inner)[0]]);
        return open ? (gap = true) : part.forEach(piece);
      }
      const [[name, fallback]] = Object.entries(part);
      const slot = { name, otherwise: fallback ?? "____" };
      if (values[name]) value(values[name], slot);
      else if (fallback) text(fallback, slot);
      else value("____", slot);
    };
    pieces.forEach(piece);
    return runs.filter((run) => run.said);
  };
  const blank = ({ said, slot }) => {
    if (!slot) return said;
    const mark = make("span", said, { className: "slot" });
    Object.assign(mark.dataset, { ...slot, said });
    return mark;
  };
  const write = (element, pieces, values) => element.replaceChildren(...fill(pieces, values).map(blank));
  // What acts on text instead of being seen goes; so does what would clash with the sentence's own marks.
  const acting =
    /(?!\s|\x85)[\p{Cc}\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}]|\ufeff/gu;
  const edge = " ,;:!?…–—،؛؟۔।。、，：；！？";
  const leading = new RegExp(`^[${edge}.\\u200c\\u200d\\ufe00-\\ufe0f]+`);
  const trailing = new RegExp(`[${edge}]$`);
  const edges = new RegExp(`^[${edge}]`);
  // What chat platforms show as a picture goes whole: `:heart:`, `<:heart:123>`; a time has no letter, and stays.
  const code = /^(?:<a?:[\p{Alphabetic}\p{N}_+'&-]{1,64}:\d*>|:([\p{Alphabetic}\p{N}_+'&-]{1,64}):(?![\p{Alphabetic}\p{N}]))/u;
  const withoutCodes = (words) => {
    let out = "";
    while (words) {
      const [found, name] = words.match(code) ?? [];
      if (found && (!name || /\p{Alphabetic}/u.test(name) || !/[\p{Alphabetic}\p{N}]$/u.test(out))) {
        words = words.slice(found.length);
        if (out.endsWith(" ") && edges.test(words)) out = out.slice(0, -1);
      } else {
        const [first] = words;
        out += first;
        words = words.slice(first.length);
      }
    }
    return out.replace(/ +/g, " ").trim();
  };
  // `.NET` keeps its full stop.
  const dot = (gone, at, whole) =>
    /(?:^|[^.])\.$/.test(gone) && /^[\p{Alphabetic}\p{N}]/u.test(whole.slice(gone.length)) ? "." : "";
  const clean = (typed) => {
    let words = typed.replace(acting, "").replace(/[\s\x85]+/g, " ").trim();
    words = (words.includes(":") ? withoutCodes(words) : words).replace(leading, dot);
    words = [...words].slice(0, 200).join("").trim();
    while (trailing.test(words) || (words.endsWith(".") && !abbreviated(words))) words = words.slice(0, -1);
    return words;
  };

  // Blanks that fill every card at once, and a link that carries them.
  const fields = all(".fields input[type=text]");
  const cards = all(".card").map((card) => {
    const words = one(".words", card);
    const pieces = JSON.parse(words.dataset.pieces);
    const slots = pieces.flat().filter((part) => typeof part === "object").flatMap((part) => Object.keys(part));
    const [slash, curl] = all(".command code", card);
    return { words, pieces, slots, slash, typed: slash.textContent.match(/^\S+ \S+ \d+/)[0], curl, link: one(".link", card) };
  });
  const paragraphs = all("#letter p[data-pieces]");
  const lines = all("#letter select");
  // The paragraphs of a letter in which somebody has written.
  const own = new Set();
  const refresh = () => {
    const values = {};
    for (const { name, value } of fields) if (clean(value)) values[name] = clean(value);
    for (const card of cards) {
      write(card.words, card.pieces, values);
      const filled = Object.entries(values).filter(([name]) => card.slots.includes(name));
      card.slash.textContent = card.typed + filled.map(([name, value]) => ` ${name}="${value.replaceAll('"', "”")}"`).join("");
      const query = filled.length ? `?${new URLSearchParams(filled)}` : "";
      card.curl.textContent = `curl '${location.origin}${card.link.pathname}${query}'`;
    }
    if (paragraphs.length) {
      const said = paragraphs.map((element) => {
        if (own.has(element)) refill(element, values);
        else write(element, JSON.parse(element.dataset.pieces), values);
        return element.textContent.trim();
      });
      // The signature stands right under its line.
      const plain = said.slice(0, -1).filter(Boolean).join("\n\n") + "\n" + said.at(-1);
      const sent = one("#letter-plain");
      if (sent.value !== plain) reviewLetter((sent.value = plain));
      one("#letter-mail").href = `mailto:?body=${encodeURIComponent(plain)}`;
    }
    const fragment = new URLSearchParams(values).toString();
    const rest = (search) => {
      const query = new URLSearchParams(search);
      for (const { name } of fields) query.delete(name);
      return query;
    };
    for (const link of all("a.link[href*='/phrases/'], .keep")) [link.search, link.hash] = [rest(link.search), fragment];
    const query = rest(location.search);
    if (lines.some((line) => !line.selectedOptions[0].defaultSelected)) {
      query.delete("line");
      for (const { value } of lines) query.append("line", value);
    }
    const address = location.pathname + (query.size ? `?${query}` : "") + (fragment ? `#${fragment}` : "");
    // Own words come back with the page, and stand in no address.
    history.replaceState([...own].map((element) => [paragraphs.indexOf(element), element.textContent]), "", address);
  };
  // In a paragraph with own words, blanks that were left as they are go on filling.
  const refill = (element, values) => {
    for (const mark of all("[data-name]", element)) {
      const { name, otherwise } = mark.dataset;
      mark.dataset.said = mark.textContent = values[name] || otherwise;
    }
  };
  const makeOwn = (element) => {
    own.add(element);
    for (const mark of all("[data-name]", element)) if (mark.textContent !== mark.dataset.said) delete mark.dataset.name;
    const line = one("select", element.closest(".part") ?? element);
    if (!line || line.selectedOptions[0].matches(".own")) return;
    one(".own", line)?.remove();
    const option = make("option", "Your own words", { className: "own", value: line.value });
    option.dataset.conditions = line.selectedOptions[0].dataset.conditions;
    line.append(option);
    option.selected = true;
  };
  // What the review proposes, put into the paragraph that it is about; a line to add goes after the last step.
  const mend = ({ start, end, words, rewrite }) => {
    let at = 0;
    const texts = paragraphs.map((element) => [...element.textContent.trim()]);
    const index = texts.findIndex((signs) => {
      const from = at;
      at += signs.length && signs.length + 2;
      return words && from <= start && end <= from + signs.length && ((at = from), true);
    });
    const element = paragraphs[index] ?? all("#letter .part p[data-pieces]:not([hidden])").at(-1) ?? paragraphs[0];
    const signs = texts[paragraphs.indexOf(element)];
    const [from, to] = words ? [start - at, end - at] : [signs.length, signs.length];
    if (signs.slice(from, to).join("") !== words) return tell("The letter has changed meanwhile.");
    element.textContent = signs.slice(0, from).join("") + rewrite + signs.slice(to).join("");
    makeOwn(element);
    refresh();
    element.focus({ preventScroll: true });
    tell("The letter is changed.");
  };
  for (const [place, element] of paragraphs.entries()) {
    const label = one(".pick label", element.closest(".part") ?? element);
    element.setAttribute("contenteditable", "plaintext-only");
    element.setAttribute("role", "textbox");
    element.setAttribute("aria-multiline", "true");
    element.setAttribute("aria-label", label?.textContent ?? (place ? "Ending" : "Greeting"));
    element.addEventListener("input", () => {
      makeOwn(element);
      refresh();
    });
    // An open blank is typed over.
    element.addEventListener("click", ({ target }) => {
      if (target.matches(".slot") && target.textContent === "____") getSelection().selectAllChildren(target);
    });
  }
  one(".beside")?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-start]");
    if (button) mend(button.dataset);
  });
  // A letter's review stands beside it; another line of the same step takes the place of one.
  const reviewed = async (body, signal) => {
    const response = await fetch(`${base}/check`, { method: "POST", headers: { accept: "text/html" }, body, signal });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };
  let later;
  const reviewLetter = (text) => {
    clearTimeout(later);
    later = setTimeout(async () => {
      try {
        const review = one("#review", await reviewed(new URLSearchParams({ text })));
        if (review && one("#letter-plain").value === text) one("#review").replaceWith(review);
      } catch {
        tell("No answer: the service cannot be reached.");
      }
    }, 400);
  };
  for (const line of lines) {
    const part = line.closest(".part");
    line.addEventListener("change", () => {
      const { pieces = "[]", conditions = "" } = line.selectedOptions[0].dataset;
      const [words, condition, mine] = [one("p[data-pieces]", part), one(".condition", part), one(".own", line)];
      if (own.delete(words)) mine.words = [...words.childNodes];
      if (mine?.selected) {
        own.add(words);
        words.replaceChildren(...mine.words);
      }
      words.dataset.pieces = pieces;
      words.hidden = !line.value;
      condition.textContent = conditions;
      condition.hidden = !conditions;
      refresh();
    });
    one(".another", part).addEventListener("click", () => {
      // The first option leaves the step out.
      line.selectedIndex = (line.selectedIndex % (line.options.length - 1)) + 1;
      line.dispatchEvent(new Event("change"));
    });
  }
  const fold = one(".fill");
  if (fields.length) {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const input of fields) if (given.has(input.name)) input.value = given.get(input.name);
    if (fold) fold.open ||= matchMedia("(min-width: 56rem)").matches || fields.some((input) => input.value);
    for (const [place, words] of paragraphs.length ? (history.state ?? []) : []) {
      paragraphs[place].textContent = words;
      makeOwn(paragraphs[place]);
    }
    if (paragraphs.length || fields.some((input) => input.value)) refresh();
    const form = one(".fields");
    form.addEventListener("input", refresh);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      one(".copy").focus();
    });
  }

  // A play is led: step by step on a phone, and to the step on a larger screen. What is filled in stays in the address.
  const steps = all(".led > .step");
  const lead = (step) => {
    if (!step) return;
    const heading = one("h2", step);
    for (const other of steps) other.classList.toggle("here", other === step);
    for (const link of all(".steps a")) {
      if (link.hash === `#${heading.id}`) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    heading.focus({ preventScroll: true });
    heading.scrollIntoView();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#step-']");
    if (!link) return;
    event.preventDefault();
    lead(document.getElementById(link.hash.slice(1)).closest(".step"));
  });

  // For the script of the pages on which a draft is written or the service is asked.
  window.saywell = { one, all, tell, base, reviewed };
})();
