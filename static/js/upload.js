// Files on a form: each goes straight to the store while one still types; the form then carries only their ids.
// Loaded once by a page; forms that are swapped in later are found too.
const TRIES = 3;
const running = new Map(); // row -> promise that settles when its upload does

const formOf = (box) => box.closest("form");
const tokenOf = (box) => formOf(box).elements.csrfmiddlewaretoken.value;
const rowsOf = (box) => box.querySelectorAll(".files-row");
const sized = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

class Failure extends Error {
  constructor(words, again) { super(words); this.again = again; }
}

function enliven(root) {
  for (const box of root.querySelectorAll("[data-files='']")) {
    box.dataset.files = "ready";
    box.querySelector("[data-camera]").hidden = !matchMedia("(pointer: coarse)").matches;
    for (const row of rowsOf(box)) adopt(box, row);
  }
}

// A file that the server knows already: its tick box becomes a row like all others.
function adopt(box, old) {
  const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
  row.dataset.removal = old.dataset.removal;
  row.querySelector(".file-name").textContent = old.querySelector(".file-name").textContent;
  row.querySelector(".file-size").textContent = old.querySelector(".file-size").textContent;
  old.replaceWith(row);
  finish(box, row, old.dataset.id);
}

function choose(box, files) {
  const room = Number(box.dataset.mostFiles) - rowsOf(box).length;
  for (const file of [...files].slice(0, Math.max(0, room))) add(box, file);
  if (files.length > room) tell(box, box.dataset.tooMany, true);
}

function add(box, file) {
  const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
  row.file = file;
  row.querySelector(".file-name").textContent = file.name;
  row.querySelector(".file-size").textContent = sized(file.size);
  box.querySelector(".files-list").append(row);
  start(box, row);
}

function start(box, row) {
  row.querySelector("[data-again]").hidden = true;
  if (row.file.size > Number(box.dataset.mostBytes)) return fail(box, row, new Failure(box.dataset.tooLarge, false));
  row.dataset.state = "sending";
  say(row, "");
  tell(box, `${row.file.name} ${box.dataset.sending}`);
  const work = send(box, row).then((id) => finish(box, row, id), (error) => fail(box, row, error)).finally(() => running.delete(row));
  running.set(row, work);
}

async function send(box, row) {
  const place = await ask(box, box.dataset.promise, { name: row.file.name, size: row.file.size });
  row.dataset.removal = place.removal;
  for (let tried = 1; ; tried += 1) {
    try {
      await put(row, place);
      break;
    } catch (error) {
      if (tried === TRIES || !row.isConnected) throw new Failure(box.dataset.failed, true);
      await pause(400 * 2 ** tried);
    }
  }
  await ask(box, place.arrival, {});
  return place.id;
}

// One question to our own server; what it says against it is for the person.
async function ask(box, url, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", tokenOf(box));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
  } catch {
    throw new Failure(box.dataset.failed, true);
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new Failure(box.dataset.signedOut, true);
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Failure(told.error || box.dataset.failed, answer.status >= 500);
  return told;
}

function put(row, place) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    row.request = request;
    request.open("PUT", place.url);
    request.setRequestHeader("Content-Type", place.type);
    request.upload.addEventListener("progress", (event) => { row.querySelector("progress").value = (100 * event.loaded) / event.total; });
    request.addEventListener("load", () => (request.status < 300 ? resolve() : reject(new Error(String(request.status)))));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => reject(new Error(name)));
    request.send(row.file);
  });
}

function finish(box, row, id) {
  if (row.file && !row.isConnected) return; // removed while it was on its way
  row.dataset.state = "done";
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: box.dataset.name, value: id });
  row.append(input);
  if (row.file) tell(box, `${row.file.name} ${box.dataset.done}`);
}

function fail(box, row, error) {
  row.dataset.state = "failed";
  row.querySelector("[data-again]").hidden = !error.again;
  say(row, error.message);
  tell(box, `${row.file.name}: ${error.message}`);
}

function remove(box, row) {
  row.request?.abort();
  if (row.dataset.removal) ask(box, row.dataset.removal, {}).catch(() => {}); // what stays is swept within a day
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("[data-remove]") ?? box.querySelector(".files-input")).focus();
}

function say(row, words) {
  row.querySelector(".files-words").textContent = words;
}

function tell(box, words, shown = false) {
  const line = box.querySelector("[data-said]");
  line.textContent = words;
  line.classList.toggle("sr", !shown);
}

// The input would send the same files a second time, so it is emptied as soon as they are taken.
document.addEventListener("change", (event) => {
  const box = event.target.closest?.("[data-files=ready]");
  if (!box || !event.target.matches(".files-input")) return;
  choose(box, event.target.files);
  event.target.value = "";
});

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-files]");
  if (!box) return;
  const row = event.target.closest(".files-row");
  if (event.target.closest("[data-remove]")) remove(box, row);
  if (event.target.closest("[data-again]")) start(box, row);
  if (event.target.closest("[data-camera]")) photograph(box);
});

function photograph(box) {
  const camera = document.createElement("input");
  Object.assign(camera, { type: "file", accept: "image/*" });
  camera.setAttribute("capture", "environment");
  camera.addEventListener("change", () => choose(box, camera.files));
  camera.click();
}

// A form waits for files that are on their way. When one fails, it is not sent, so that nobody misses it later.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const waiting = [...form.querySelectorAll(".files-row")].filter((row) => running.has(row));
  if (!waiting.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.waits) return;
  form.dataset.waits = "";
  const box = form.querySelector("[data-files]");
  const submitter = event.submitter;
  tell(box, box.dataset.waiting, true);
  Promise.all(waiting.map((row) => running.get(row))).then(() => {
    delete form.dataset.waits;
    tell(box, "");
    const failed = waiting.find((row) => row.isConnected && row.dataset.state === "failed");
    if (failed) failed.querySelector("[data-again]:not([hidden]), [data-remove]").focus();
    else form.requestSubmit(submitter);
  });
}, true);

// Files may be dropped on the form, and pictures pasted into its text.
const boxNear = (event) => event.target.closest?.("form")?.querySelector("[data-files=ready]");
const filesOf = (transfer) => [...(transfer?.files ?? [])];

document.addEventListener("dragover", (event) => {
  const box = boxNear(event);
  if (!box || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  box.dataset.over = "";
});
document.addEventListener("dragleave", (event) => { boxNear(event)?.removeAttribute("data-over"); });
document.addEventListener("drop", (event) => {
  const box = boxNear(event);
  if (!box || !filesOf(event.dataTransfer).length) return;
  event.preventDefault();
  box.removeAttribute("data-over");
  choose(box, filesOf(event.dataTransfer));
});
document.addEventListener("paste", (event) => {
  const box = boxNear(event);
  if (!box || !filesOf(event.clipboardData).length) return;
  event.preventDefault();
  choose(box, filesOf(event.clipboardData));
});

document.addEventListener("htmx:load", (event) => enliven(event.detail.elt.parentElement ?? document));
enliven(document);
