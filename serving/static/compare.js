// The page of offers compared works without this. With it, numbers have sliders, and what is compared follows them.
"use strict";

const asked = document.querySelector("form[data-compare]");
let turn = 0, waiting = 0;

function slider(field) {
  const value = Number(field.value), bar = document.createElement("input");
  if (!field.value.trim() || !Number.isFinite(value) || value < 0) return;
  bar.type = "range";
  bar.min = "0";
  bar.max = value <= 1 && field.dataset.slide < 0.1 ? "1" : String(Math.max(2 * value, 10 * field.dataset.slide));
  bar.step = field.dataset.slide;
  bar.value = field.value;
  bar.setAttribute("aria-label", `Slide ${field.getAttribute("aria-label") ?? field.parentElement.textContent.trim()}`);
  bar.addEventListener("input", () => { field.value = bar.value; });
  field.addEventListener("input", () => { if (Number.isFinite(Number(field.value))) bar.value = field.value; });
  field.after(bar);
}

for (const field of asked.querySelectorAll("[data-slide]")) slider(field);

async function compare() {
  const mine = ++turn, address = `/compare?${new URLSearchParams(new FormData(asked))}`;
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector('[data-refresh="compared"]');
  if (mine < turn || !fresh) return; // a later one knows more
  document.querySelector('[data-refresh="compared"]').replaceWith(fresh);
  history.replaceState(null, "", address);
}

asked.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => compare().catch(() => null), 300);
});
