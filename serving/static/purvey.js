// Pages work without this. With it, a choice in a filter applies at once, one open decision closes the others,
// a decision is taken and undone in its row without loading the page anew, and lists follow the keyboard.
"use strict";

const ROWS = "table.list > tbody > tr, .actions > .action";
const SAID = { approve: "Approved", reject: "Rejected", snooze: "Snoozed", reopen: "Reopened" };

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filter");
  if (form && event.target.tagName === "SELECT") form.requestSubmit();
  const all = event.target.dataset.all;
  if (all) for (const box of document.querySelectorAll(`input[type=checkbox][name="${all}"]`)) box.checked = event.target.checked;
});

document.addEventListener("toggle", (event) => {
  const opened = event.target;
  if (!opened.open || !opened.closest(".decide")) return;
  for (const other of document.querySelectorAll(".decide details[open]")) if (other !== opened) other.open = false;
  if (!opened.querySelector("form:focus-within")) focusField(opened);
}, true);

const focusField = (opened) => opened.querySelector("input:not([type=hidden]), select")?.focus();

// A table wider than its place can be scrolled with the keyboard, also where nothing in it takes the focus.
const widths = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth && !target.querySelector("a[href], button, input, summary")) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) widths.observe(box);

// Rows of lists: one at a time has the focus, and what is decided on keeps its place, faded, until the next visit.

const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent !== null);
const rowOf = (element) => element?.closest(ROWS) ?? null;

function focusRow(row) {
  if (!row) return;
  row.dataset.row = "";
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function moveBy(step) {
  const all = rows(), at = all.indexOf(rowOf(document.activeElement));
  focusRow(at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step]);
}

function undecidedNear(row) {
  const all = rows(), at = all.indexOf(row), open = (other) => !other.classList.contains("gone");
  return all.slice(at + 1).find(open) ?? all.slice(0, at).reverse().find(open) ?? row;
}

// Decisions: sent by the row's own form, confirmed in the row, and the page's counts fetched anew.

async function send(form, fields) {
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" } });
  } catch {
    throw new Error("The server does not answer; try again");
  }
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
}

let refreshes = 0;

async function refresh() {
  const mine = ++refreshes;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine < refreshes) return page; // a later one knows more
  for (const old of document.querySelectorAll("[data-refresh]")) {
    const fresh = page.querySelector(`[data-refresh="${old.dataset.refresh}"]`);
    if (fresh && !old.contains(document.activeElement)) old.replaceWith(fresh);
  }
  return page;
}

function say(row, role, ...parts) {
  row.querySelector("[data-said]")?.remove();
  const said = document.createElement("p");
  said.dataset.said = "";
  said.className = role === "alert" ? "trouble" : "standing";
  said.setAttribute("role", role);
  said.append(...parts);
  row.querySelector(".what").append(said);
}

function hidden(name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  return field;
}

const formToken = () => document.querySelector("meta[name=form-token]").content;

function undoForm(action, decision) {
  const form = document.createElement("form"), button = document.createElement("button");
  form.method = "post";
  form.action = action;
  form.className = "undo";
  form.append(hidden("seen", decision.id), hidden("reason", "undone"), hidden("next", location.pathname + location.search), hidden("form_token", formToken()));
  button.name = "verdict";
  button.value = "reopen";
  button.dataset.key = "u";
  button.textContent = "Undo";
  form.append(button);
  return form;
}

async function decide(row, form, submitter) {
  const decision = await send(form, new FormData(form, submitter));
  const see = document.createElement("a"), within = row.contains(document.activeElement) || document.activeElement === document.body;
  see.href = form.action;
  see.textContent = "See it";
  row.classList.add("gone");
  row.querySelector("[name=action]")?.remove();
  say(row, "status", `${SAID[decision.verdict]}. `, see);
  row.querySelector(".decide").replaceChildren(...(decision.verdict === "reopen" ? [] : [undoForm(form.action, decision)]));
  if (within) focusRow(undecidedNear(row));
  refresh().catch(() => null); // the decision stands; its row must not wait to be undone
}

async function undo(row, form, submitter) {
  await send(form, new FormData(form, submitter));
  const fresh = (await refresh().catch(() => null))?.getElementById(row.id);
  if (!fresh) return location.reload();
  row.replaceWith(fresh);
  focusRow(fresh);
}

document.addEventListener("submit", async (event) => {
  const form = event.target, row = form.closest(".actions > .action");
  if (!row || !form.closest(".decide") || form.action.endsWith("/notes")) return;
  event.preventDefault();
  if (row.ariaBusy === "true") return;
  row.ariaBusy = "true";
  try {
    await (form.matches(".undo") ? undo : decide)(row, form, event.submitter);
  } catch (error) {
    say(row, "alert", `Not decided: ${error.message}.`);
  } finally {
    row.ariaBusy = "false";
  }
});

// Keys, as the dialog of `?` lists them: never while somebody types, and decisions only on the row that has the focus.

const keys = document.getElementById("keys"), showKeys = document.querySelector("button[data-keys]");
showKeys.hidden = false;
showKeys.addEventListener("click", () => keys.showModal());

const typing = (element) => element.matches("textarea, select, input:not([type=checkbox], [type=radio])") || element.isContentEditable;

function press(key) {
  const place = rowOf(document.activeElement) ?? document.querySelector("main > .decide");
  const control = place?.querySelector(`[data-key="${key}"]`);
  if (control?.matches("summary")) {
    control.parentElement.open = true;
    focusField(control.parentElement); // at once: the next key is a letter of the reason
  } else control?.click();
  return Boolean(control);
}

function openRow() {
  const row = document.activeElement;
  if (!row.matches(ROWS)) return false;
  const link = row.querySelector("a[href]");
  link?.click();
  return Boolean(link);
}

function search() {
  const field = document.querySelector("main input[type=search]");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function close(element) {
  const form = element.closest(".decide details[open]");
  if (!form) return false;
  form.open = false;
  const row = rowOf(form);
  if (row) focusRow(row);
  else form.querySelector("summary").focus();
  return true;
}

const KEYS = {
  j: () => moveBy(1) ?? true,
  k: () => moveBy(-1) ?? true,
  "/": search,
  "?": () => keys.showModal() ?? true,
  Enter: openRow,
  a: () => press("a"),
  r: () => press("r"),
  s: () => press("s"),
  x: () => press("x"),
  u: () => press("u"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open) return;
  if (event.key === "Escape" ? close(event.target) : !typing(event.target) && KEYS[event.key]?.()) event.preventDefault();
});
