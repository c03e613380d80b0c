// The page of an order works without this. With it, a changed quantity is checked at once: price, stock, risk, terms.
"use strict";

const form = document.querySelector("form[data-check]");
const waiting = new Map();

const money = (value) => value === null ? "–" : value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const share = (value) => value === null ? "–" : value > 0 && value < 0.005 ? "<1%" : value < 1 && value > 0.995 ? ">99%" : `${Math.round(100 * value)}%`;

function show(row, name, text) {
  const cell = row.querySelector(`[data-cell="${name}"]`);
  if (cell) cell.textContent = text;
}

function addUp() {
  const cells = [...form.querySelectorAll('[data-cell="goods"]')];
  const goods = cells.map((cell) => Number(cell.textContent.replaceAll(",", "")) || 0);
  const sum = document.querySelector('[data-sum="goods"]');
  if (sum) sum.textContent = money(goods.reduce((all, one) => all + one, 0));
}

async function check(row, quantity) {
  const body = JSON.stringify({ supplier_id: form.dataset.check, unique_id: row.dataset.sku, quantity });
  const answer = await fetch("/v1/orders/check", { method: "POST", body, headers: { "content-type": "application/json" } });
  const found = await answer.json();
  if (!answer.ok) return show(row, "say", found.detail);
  show(row, "unit_price", found.unit_price === null ? "–" : found.unit_price.toFixed(2));
  show(row, "goods", money(found.goods));
  show(row, "stock_days_after", found.stock_days_after === null ? "∞" : Math.round(found.stock_days_after).toString());
  show(row, "risk_if_ordered", share(found.risk_if_ordered));
  show(row, "say", [...found.breaches, ...(found.advice ? [found.advice] : [])].map((one) => one.sentence).join(" "));
  addUp();
}

form?.addEventListener("input", (event) => {
  const field = event.target, row = field.closest("tr[data-sku]");
  if (!row || !field.classList.contains("qty")) return;
  const quantity = Number(field.value.replaceAll(",", ""));
  clearTimeout(waiting.get(row));
  if (!field.value.trim() || !Number.isFinite(quantity) || quantity < 0) return show(row, "say", "Enter a number of units, 0 or more");
  waiting.set(row, setTimeout(() => check(row, quantity).catch((error) => show(row, "say", error.message)), 250));
});
