// What the page for drafts and the page about the API can do beyond saywell.js, which runs before it.
"use strict";
(() => {
  const { one, all, tell, base, reviewed } = window.saywell;

  // A draft is reviewed by the service while someone writes. The review comes as the page has it without a script, and
  // takes its place.
  const draft = one(".draft");
  if (draft) {
    const [text, marked, verdict] = [one("#text"), one("#marked"), one("#verdict")];
    let pause;
    let asked;
    let changed = false;
    // Until the next review is there, underlines stay with their words, and go where these are changed.
    const follow = () => {
      const [was, now] = [marked.textContent, text.value];
      const least = Math.min(was.length, now.length);
      let [head, tail] = [0, 0];
      while (head < least && was[head] === now[head]) head += 1;
      while (tail < least - head && was.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
      const [before, after] = [[], []];
      let [at, kept, left] = [0, 0, 0];
      for (const run of [...marked.childNodes]) {
        const { length } = run.textContent;
        if (at + length <= head) kept = before.push(run) && at + length;
        else if (at >= was.length - tail) left += after.push(run) && length;
        at += length;
      }
      marked.replaceChildren(...before, now.slice(kept, now.length - left), ...after);
    };
    const review = async () => {
      clearTimeout(pause);
      asked?.abort();
      asked = new AbortController();
      try {
        const page = await reviewed(new URLSearchParams(new FormData(draft)), asked.signal);
        const found = one("#review", page);
        if (!found) return tell(one(".lede", page).textContent);
        const runs = one(".marked", found);
        changed = false;
        if (runs?.textContent === text.value) marked.replaceChildren(...runs.cloneNode(true).childNodes);
        else marked.textContent = text.value;
        one("#review").replaceWith(found);
        const words = one("#result")?.textContent ?? "";
        if (verdict.textContent !== words) verdict.textContent = words;
      } catch (error) {
        if (error.name !== "AbortError") tell("No answer: the service cannot be reached.");
      }
    };
    draft.addEventListener("input", () => {
      changed = true;
      follow();
      clearTimeout(pause);
      pause = setTimeout(review, 300);
    });
    draft.addEventListener("submit", async (event) => {
      event.preventDefault();
      await review();
      one("#result")?.focus();
    });
    draft.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) draft.requestSubmit();
    });
    draft.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-rewrite]");
      if (!button) return;
      const signs = [...text.value];
      const { start = 0, end = signs.length, words = text.value, rewrite, whole } = button.dataset;
      if (whole !== undefined && changed) return tell("The draft has changed meanwhile.");
      if (signs.slice(start, end).join("") !== words) return tell("The draft has changed meanwhile.");
      const from = signs.slice(0, start).join("").length;
      text.focus({ preventScroll: true });
      text.setSelectionRange(from, from + words.length);
      // What is put in by this command can be undone.
      if (!document.execCommand("insertText", false, rewrite)) text.setRangeText(rewrite);
      follow();
      await review();
      one("#result")?.focus({ preventScroll: true });
    });
    // A browser that comes back to the page may have kept the draft.
    if (text.value) review();
  }

  // The page about the API: a link to a route opens it, and each can be asked.
  const unfold = () => {
    const route = document.getElementById(location.hash.slice(1))?.closest(".route");
    if (route) route.open = true;
  };
  unfold();
  window.addEventListener("hashchange", unfold);
  for (const form of all(".try")) {
    const [line, pre, answer] = [one(".command code", form), one("pre", form), one(".answer", form)];
    const fields = (place) => all(`[data-place=${place}]`, form);
    const filled = (place) => fields(place).filter(({ value }) => value).map(({ name, value }) => [name, value]);
    const address = () => {
      let path = base + form.dataset.path;
      for (const { name, value } of fields("path")) path = path.replace(`{${name}}`, encodeURIComponent(value));
      const query = new URLSearchParams(filled("query"));
      return path + (query.size ? `?${query}` : "");
    };
    form.addEventListener("input", () => {
      const data = filled("body").map(([name, value]) => ` --data-urlencode '${name}=${value.replaceAll("'", "'\\''")}'`);
      line.textContent = `curl${data.join("")} '${location.origin}${address().replaceAll("'", "%27")}'`;
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { method } = form.dataset;
      const sent = method === "POST" ? { body: new URLSearchParams(filled("body")) } : {};
      try {
        const response = await fetch(address(), { method, cache: "no-store", ...sent });
        const body = await response.text();
        const isJson = response.headers.get("content-type")?.includes("json");
        pre.textContent = isJson ? JSON.stringify(JSON.parse(body), null, 2) : body;
        pre.hidden = false;
        answer.textContent = `${response.status} ${response.statusText}`;
      } catch {
        answer.textContent = "No answer: the service cannot be reached.";
      }
    });
  }
})();
