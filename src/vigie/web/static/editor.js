// A file of a study while it is written: its problems told as they arise, and what may stand at the cursor.
// The page works without this: the buttons send the text and list the problems.
"use strict";

const form = document.getElementById("editor");
const text = document.getElementById("text");
const gutter = form.querySelector(".gutter");
const problems = document.getElementById("problems");
const list = document.getElementById("suggestions");
const PAUSE = 500; // milliseconds after the last key

// ---- line numbers

function number() {
  const lines = text.value.split("\n").length;
  while (gutter.children.length > lines) gutter.lastElementChild.remove();
  while (gutter.children.length < lines) {
    const item = document.createElement("li");
    item.id = "L" + (gutter.children.length + 1);
    item.textContent = gutter.children.length + 1;
    gutter.append(item);
  }
  text.rows = lines;
}

function mark() {
  const said = problems.querySelector("[data-wrong]");
  const wrong = new Set(said ? said.dataset.wrong.trim().split(" ") : []);
  for (const item of gutter.children) item.classList.toggle("wrong", wrong.has(item.textContent));
}

function go(line, column) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = before + Math.min(column - 1, (lines[line - 1] || "").length);
  text.focus();
  text.setSelectionRange(at, at);
  const item = gutter.children[line - 1];
  if (item) item.scrollIntoView({ block: "center" });
}

problems.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  const file = form.elements.file.value;
  if (!link || link.dataset.file !== file) return;
  event.preventDefault();
  go(Number(link.dataset.line), Number(link.dataset.column));
});

// ---- problems while the text is written

let waiting = 0;
let asked = null;
let saved = form.dataset.unkept ? null : text.value;

async function ask(address, more) {
  const body = new FormData(form);
  for (const [key, value] of Object.entries(more)) body.set(key, value);
  if (asked) asked.abort();
  asked = new AbortController();
  const answer = await fetch(address, { method: "POST", body, signal: asked.signal, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

async function check() {
  try {
    const answer = await ask(form.dataset.check, {});
    problems.innerHTML = await answer.text();
    mark();
  } catch (error) {
    // an older question was given up, or nobody answers: the button still checks
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
}

text.addEventListener("input", () => {
  number();
  later();
  if (!list.hidden) suggest();
});

window.addEventListener("beforeunload", (event) => {
  if (text.value !== saved) event.preventDefault();
});
form.addEventListener("submit", () => { saved = text.value; });

// ---- what may stand at the cursor: a list that follows the keys, and never holds them

let found = { start: 0, end: 0, suggestions: [] };
let chosen = -1;
let latest = 0;

async function suggest() {
  const mine = ++latest;
  const body = new FormData(form);
  const before = Array.from(text.value.slice(0, text.selectionStart)).length; // the server counts characters
  body.set("cursor", before);
  let told;
  try {
    const answer = await fetch(form.dataset.suggest, { method: "POST", body, credentials: "same-origin" });
    told = answer.ok ? await answer.json() : { suggestions: [] };
  } catch (error) {
    told = { suggestions: [] };
  }
  if (mine !== latest) return;
  found = told;
  show();
}

function show() {
  list.replaceChildren();
  if (!found.suggestions.length) return close();
  found.suggestions.forEach((one, index) => {
    const item = document.createElement("li");
    item.id = "suggestion" + index;
    item.setAttribute("role", "option");
    const name = document.createElement("b");
    name.textContent = one.label;
    item.append(name);
    if (one.about) {
      const about = document.createElement("span");
      about.textContent = one.about;
      item.append(" ", about);
    }
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
    list.append(item);
  });
  list.hidden = false;
  place();
  choose(0);
}

function place() {
  const lines = text.value.slice(0, text.selectionStart).split("\n");
  const style = getComputedStyle(text);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const across = pen.measureText(lines[lines.length - 1]).width + parseFloat(style.paddingLeft) - text.scrollLeft;
  list.style.top = text.offsetTop + parseFloat(style.paddingTop) + lines.length * parseFloat(style.lineHeight) + "px";
  list.style.left = text.offsetLeft + Math.max(0, Math.min(across, text.clientWidth - list.offsetWidth)) + "px";
}

function choose(index) {
  chosen = (index + list.children.length) % list.children.length;
  [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  text.setAttribute("aria-activedescendant", "suggestion" + chosen);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

function take(index) {
  const one = found.suggestions[index];
  const letters = Array.from(text.value);
  const start = letters.slice(0, found.start).join("").length;
  const end = letters.slice(0, found.end).join("").length;
  close();
  text.focus();
  text.setSelectionRange(start, end);
  // the browser's own way keeps what may be undone
  if (!document.execCommand("insertText", false, one.text)) {
    text.setRangeText(one.text, start, end, "end");
    number();
    later();
  }
}

function close() {
  latest += 1;
  list.hidden = true;
  chosen = -1;
  text.removeAttribute("aria-activedescendant");
}

text.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.code === "Space" && form.dataset.suggest) {
    event.preventDefault();
    suggest();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.querySelector("button[value=keep]").click();
    return;
  }
  if (list.hidden) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    choose(chosen + step);
  } else if (event.key === "Enter") {
    event.preventDefault();
    take(chosen);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (["ArrowLeft", "ArrowRight", "Home", "End", "Tab"].includes(event.key)) {
    close(); // Tab goes on, as everywhere
  }
});
text.addEventListener("blur", close);

if (form.dataset.suggest) {
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-haspopup", "listbox");
  text.setAttribute("aria-controls", "suggestions");
  document.getElementById("hint").hidden = false;
}
number();
const asked_line = /^#L(\d+)$/.exec(location.hash);
if (asked_line) go(Number(asked_line[1]), 1);
