// What every page needs from script: theme at once, closing messages, focus after a swap, words when the line is down.
import "./theme.js";
import "./keys.js";

const toasts = document.querySelector("#toasts");

function reveal(root) {
  for (const button of root.querySelectorAll("[data-close][hidden]")) button.hidden = false;
}

export function say(text) {
  document.querySelector("#live").textContent = text;
}

toasts?.addEventListener("click", (event) => {
  if (event.target.matches("[data-close]")) event.target.closest(".toast").remove();
});
reveal(document);

document.addEventListener("htmx:afterSwap", (event) => {
  reveal(document);
  event.target.querySelector?.("[autofocus]")?.focus();
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => say(document.body.dataset.lineDown));
}
