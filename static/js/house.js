// What every page needs from script: theme at once, keys, closing messages, focus after a swap, words when the line is down.
import "./theme.js";
import "./keys.js";

const toasts = document.querySelector("#toasts");

/** Says something in the corner and to screen readers. */
export function say(text, kind = "") {
  const toast = Object.assign(document.createElement("p"), { className: "toast", textContent: text });
  if (kind) toast.dataset.kind = kind;
  toasts.replaceChildren(toast);
}

function offerClosing() {
  for (const button of document.querySelectorAll("[data-close][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.matches?.("[data-close]")) event.target.closest(".toast").remove();
});

document.addEventListener("htmx:afterSettle", (event) => {
  offerClosing();
  const popover = document.activeElement === document.body && event.target.closest?.(":popover-open");
  (event.target.querySelector?.("[autofocus]") ?? popover?.querySelector?.("select, input:not([type=hidden]), textarea, a, button"))?.focus();
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const isPoll = event.detail.requestConfig?.verb === "get";
    if (!isPoll) say(document.body.dataset.lineDown, "error");
  });
}

offerClosing();
