// The fault switches: pills turn them on and off, the list above explains and tunes the ones that are on.

import { $, arrange, el, icon, send, setCount, spoken } from "./kit.js";

const UNITS = { seconds: "s", copies: "times", amount: "KES", code: "ResultCode" };
const pills = [...document.querySelectorAll("[data-fault]")];
let faults = {};

export function drawFaults(state) {
  faults = state.faults;
  drawScope(state.phones);
  for (const pill of pills) pill.setAttribute("aria-pressed", String(Boolean(faults[pill.dataset.fault])));
  const on = pills.filter((pill) => faults[pill.dataset.fault]);
  setCount($("fault-count"), on.length ? `${on.length} on` : 0);
  setCount($("badge-faults"), on.length);
  const list = $("active-faults");
  list.hidden = !on.length;
  const known = new Map([...list.children].map((row) => [row.dataset.name, row]));
  const rows = on.map((pill) => known.get(pill.dataset.fault) || row(pill));
  arrange(list, rows);
  rows.forEach((node, index) => update(node, on[index]));
}

function parts(setting) {
  return typeof setting === "object" ? { value: setting.value, phone: setting.phone } : { value: setting, phone: null };
}

function row(pill) {
  const name = pill.dataset.fault;
  const node = el("li", {}, el("div", { class: "what" }, el("strong", {}, pill.dataset.full), el("span")));
  if (pill.dataset.kind in UNITS) node.append(tuner(pill));
  const off = el("button", { type: "button", "aria-label": `Switch off: ${pill.dataset.full}` }, icon("cross"));
  off.addEventListener("click", () => put(name, false));
  node.append(off);
  node.dataset.name = name;
  return node;
}

function update(node, pill) {
  const { value, phone } = parts(faults[pill.dataset.fault]);
  const whom = phone ? `Only ${[phone].flat().map(spoken).join(", ")}. ` : "";
  const left = pill.dataset.kind === "switch" && value !== true ? ` ${value} more ${value === 1 ? "time" : "times"}.` : "";
  node.querySelector("span").textContent = whom + pill.dataset.hint + left;
  const input = node.querySelector("input");
  if (input && input !== document.activeElement) input.value = value === true ? "" : String(value);
}

function tuner(pill) {
  const name = pill.dataset.fault;
  const unit = UNITS[pill.dataset.kind];
  const input = el("input", { type: "number", min: "1", step: pill.dataset.kind === "seconds" ? "any" : "1", "aria-label": `${pill.dataset.full}: ${unit}` });
  input.addEventListener("change", () => {
    const { phone } = parts(faults[name]);
    const wanted = Number(input.value) || true;
    put(name, phone ? { phone, value: wanted } : wanted);
  });
  return el("label", {}, input, unit);
}

function drawScope(phones) {
  const select = $("fault-scope");
  if (document.activeElement === select) return;
  const wanted = ["", ...phones.map((phone) => phone.msisdn)];
  if (select.value && !wanted.includes(select.value)) wanted.push(select.value);
  if ([...select.options].map((option) => option.value).join() === wanted.join()) return;
  const chosen = select.value;
  select.replaceChildren(...wanted.map((value) => el("option", { value }, value ? spoken(value) : "everybody")));
  select.value = chosen;
}

async function put(name, value) {
  await send("PUT", "faults", { [name]: value });
  document.dispatchEvent(new Event("sandbox:changed"));
}

$("fault-scope").addEventListener("change", (event) => event.target.blur());
for (const pill of pills) {
  pill.addEventListener("click", () => {
    const phone = "everybody" in pill.dataset ? "" : $("fault-scope").value;
    put(pill.dataset.fault, faults[pill.dataset.fault] ? false : phone ? { phone, value: true } : true);
  });
}
