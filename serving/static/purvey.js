// Pages work without this. With it, a choice in a filter applies at once, one open decision closes the others,
// and a decision takes its row away without loading the page anew.
"use strict";

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filter");
  if (form && event.target.tagName === "SELECT") form.requestSubmit();
});

document.addEventListener("toggle", (event) => {
  const opened = event.target;
  if (!opened.open || !opened.closest(".decide")) return;
  for (const other of document.querySelectorAll(".decide details[open]")) if (other !== opened) other.open = false;
  opened.querySelector("input:not([type=hidden]), select")?.focus();
}, true);

document.addEventListener("submit", async (event) => {
  const form = event.target, row = form.closest(".actions > .action");
  if (!row || !form.closest(".decide") || form.querySelector("[name=who]")) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  row.classList.add("gone");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const said = document.createElement("p");
    said.className = "standing";
    said.setAttribute("role", "status");
    said.textContent = { approve: "Approved", reject: "Rejected", snooze: "Snoozed", reopen: "Reopened" }[fields.get("verdict")] + ". ";
    const see = document.createElement("a");
    see.href = form.action;
    see.textContent = "See it or undo";
    said.append(see);
    row.querySelector(".what").append(said);
    row.querySelector(".decide").remove();
  } catch (error) {
    row.classList.remove("gone");
    alert(error.message);
  }
});
