// Single-key shortcuts. A page names them in its markup (`data-key="r"`) or registers them here; `?` shows them all.
// A person may turn them off (WCAG 2.1.4); Ctrl or Cmd with Enter sends the form one is in, and always works.
const registered = new Map();
const sheet = document.querySelector("#keys");

/** Registers a shortcut that has no element of its own. `act` may return false to leave the key to the browser. */
export function key(name, words, act) {
  registered.set(name, { words, act });
}

const isOff = () => document.body.dataset.keys === "off";
const isTyping = (target) => target.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
const isBlocked = (event) => isOff() || event.altKey || isTyping(event.target) || document.querySelector("dialog[open], :popover-open");

const named = () => [...document.querySelectorAll("[data-key]")].filter((element) => element.checkVisibility() || element.matches("[type=radio]"));

function wordsOf(element) {
  return element.dataset.words ?? element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
}

function press(element) {
  if (element.matches("textarea, select, input:not([type=radio], [type=checkbox])")) element.focus();
  else element.click();
  const next = element.dataset.focus ?? (element.matches("summary") && element.parentElement.open ? "" : null);
  if (next === null) return;
  const target = next ? document.querySelector(next) : element.parentElement.querySelector("textarea, select, input:not([type=hidden])");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey) return send(event);
  if (event.key === "Escape" && isTyping(event.target) && !event.target.closest("dialog, [popover]")) return event.target.blur();
  if (isBlocked(event)) return;
  const element = named().find((each) => each.dataset.key === event.key);
  if (element) press(element);
  else if (!registered.has(event.key) || registered.get(event.key).act(event) === false) return;
  event.preventDefault();
});

function send(event) {
  const form = event.key === "Enter" && event.target.matches?.("textarea") && event.target.form;
  if (!form) return;
  event.preventDefault();
  form.requestSubmit([...form.elements].find((each) => each.type === "submit" && each.checkVisibility()));
}

function row(name, words) {
  const [group, term, text] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
  for (const part of name.split("+")) term.append(Object.assign(document.createElement("kbd"), { textContent: part }));
  text.textContent = words.replace(/\s+/g, " ").trim();
  group.append(term, text);
  return group;
}

function open() {
  const rows = named().map((element) => [element.dataset.key, wordsOf(element)]);
  rows.push(...[...registered].map(([name, { words }]) => [name, words]));
  if (document.querySelector("textarea")) rows.push(["Ctrl+Enter", sheet.dataset.send], ["Esc", sheet.dataset.leave]);
  sheet.querySelector("dl").replaceChildren(...rows.map(([name, words]) => row(name, words)));
  sheet.showModal();
}

if (sheet) {
  key("?", sheet.dataset.open, open);
  for (const button of document.querySelectorAll("[data-open-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest("[popover]")?.hidePopover(); open(); });
  }
}
