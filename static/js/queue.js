// The cursor of the queue: j and k move it, o opens, x chooses. Rows are looked up anew each time, for the list refreshes itself.
import { key } from "./keys.js";

const words = document.querySelector("[data-queue]")?.dataset ?? {};
const rows = () => [...document.querySelectorAll(".queue-row")];
const link = (row) => row?.querySelector(".queue-row-subject");
let current = "";

function at() {
  const focused = document.activeElement.closest?.(".queue-row");
  if (focused) current = focused.id;
  return rows().findIndex((row) => row.id === current);
}

function move(step) {
  const list = rows();
  if (!list.length) return;
  const row = list[Math.max(0, Math.min(list.length - 1, at() + step))];
  current = row.id;
  mark();
  link(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function mark() {
  for (const row of rows()) row.toggleAttribute("data-cursor", row.id === current);
}

key("j", words.down ?? "Next ticket", () => move(1));
key("k", words.up ?? "Previous ticket", () => move(-1));
key("o", words.open ?? "Open the ticket", () => link(rows()[at()])?.click());
if (document.querySelector(".queue-check input")) key("x", words.choose ?? "Choose the ticket", () => rows()[at()]?.querySelector(".queue-check input")?.click());

document.addEventListener("htmx:afterSettle", mark);
