// The theme form without its round trip: the page changes at once, the cookie follows.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  document.documentElement.dataset.theme = body.get("theme");
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
  form.querySelector(`[value="${body.get("theme") === "dark" ? "light" : "dark"}"]`).focus();
});
