// Passkeys: a form with data-passkey asks the browser for a credential and posts what it answers as JSON.
const ways = { "sign-in": fetched, confirm: given, new: created };
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

const optionsOf = (form) => JSON.parse(form.querySelector("#passkey-options").textContent);

async function ask({ publicKey }) {
  return navigator.credentials.get({ publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) } });
}

async function fetched(form) {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("no options");
  return ask((await response.json()).request_options);
}

async function given(form) {
  return ask(optionsOf(form).request_options);
}

// A passkey stays on the device and asks for finger, face or PIN, so that it can stand alone.
async function created(form) {
  const { publicKey } = optionsOf(form).creation_options;
  const selection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  return navigator.credentials.create({ publicKey: { ...publicKey, user, challenge: bytes(publicKey.challenge), excludeCredentials: known(publicKey.excludeCredentials), authenticatorSelection: selection } });
}

function answer(credential) {
  const { id, type, rawId, response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter((name) => response[name]);
  return {
    id, type, rawId: text(rawId),
    response: Object.fromEntries(parts.map((name) => [name, text(response[name])])),
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  };
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const failed = form.querySelector("[data-failed]");
  form.hidden = false;
  form.querySelector("button").addEventListener("click", async () => {
    failed.hidden = true;
    try {
      form.querySelector("[name=credential]").value = JSON.stringify(answer(await ways[form.dataset.passkey](form)));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
