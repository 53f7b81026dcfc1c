// Single-key shortcuts: pages register them, one listener runs them, `?` shows them. A person may turn them off (WCAG 2.1.4).
const registered = new Map();
const sheet = document.querySelector("#keys");

/** Registers a shortcut. `mod` keys (Ctrl or Cmd with the key) work while typing and cannot be turned off. */
export function key(name, words, act, { mod = false } = {}) {
  registered.set(mod ? `mod+${name}` : name, { words, act });
}

const isTyping = (target) => target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
const isBlocked = (event) => document.body.dataset.keys === "off" || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]");

addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const mod = event.ctrlKey || event.metaKey;
  const found = registered.get(mod ? `mod+${event.key.toLowerCase()}` : event.key);
  if (!found || (!mod && isBlocked(event))) return;
  if (found.act(event) !== false) event.preventDefault();
});

function cap(name) {
  const element = document.createElement("kbd");
  element.textContent = name;
  return element;
}

function open() {
  sheet.querySelector("dl").replaceChildren(...[...registered].map(([name, { words }]) => {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.append(...name.replace("mod", "Ctrl").split("+").map(cap));
    text.textContent = words;
    row.append(term, text);
    return row;
  }));
  sheet.showModal();
}

if (sheet) {
  key("?", sheet.dataset.words, open);
  for (const button of document.querySelectorAll("[data-open-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest("[popover]")?.hidePopover(); open(); });
  }
}
