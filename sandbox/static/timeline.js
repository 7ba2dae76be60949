// The live log of requests and callbacks, newest first; a press on a line shows both raw bodies.

import { $, el, exactly, fetchJson, icon, press, tight } from "./kit.js";

const KEPT = 500;
const NAMES = { daraja: "M-Pesa", sendgrid: "SendGrid", africastalking: "Africa’s Talking", google: "Google" };
let first = true;

export function clearTimeline() {
  $("entries").replaceChildren();
  $("timeline-empty").hidden = false;
}

export function drawTimeline(entries) {
  const list = $("entries");
  // Whoever has scrolled down keeps reading the same line.
  const reading = list.scrollTop > 8;
  const height = list.scrollHeight;
  for (const entry of entries) list.prepend(row(entry));
  while (list.children.length > KEPT) list.lastChild.remove();
  if (reading) list.scrollTop += list.scrollHeight - height;
  if (entries.length) $("timeline-empty").hidden = true;
  first = false;
}

function row(entry) {
  const time = el("time", { datetime: entry.at, title: `${entry.at} (Nairobi)` }, exactly(entry.at));
  const item = el("li", { class: `entry ${entry.direction} ${entry.provider}${first ? "" : " fresh"}` });
  if (entry.direction === "note") {
    item.append(el("div", { class: "entry-line" }, time, icon("note"), el("span", { class: "title" }, tight(entry.title))));
    return item;
  }
  const bad = entry.error || entry.status >= 400;
  const way = entry.direction === "in" ? `to ${NAMES[entry.provider]}` : `back from ${NAMES[entry.provider]}`;
  const line = el(
    "button",
    { type: "button", class: "entry-line", "aria-expanded": "false" },
    time,
    icon(entry.direction),
    el("span", { class: "title" }, tight(entry.title)),
    el("span", { class: bad ? "status bad" : "status" }, entry.status ? String(entry.status) : "none"),
    el("span", { class: "where" }, `${way} · ${took(entry.ms)}`),
  );
  const body = el("div", { class: "entry-body", hidden: true });
  line.addEventListener("click", () => toggle(line, body, entry.n));
  item.append(line, body);
  return item;
}

const took = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`);

async function toggle(line, body, n) {
  const opening = body.hidden;
  line.setAttribute("aria-expanded", String(opening));
  body.hidden = !opening;
  if (!opening || body.children.length) return;
  try {
    const entry = await fetchJson(`requests/${n}`);
    body.replaceChildren(
      el("p", { class: "url" }, `${entry.method} ${entry.url}`),
      entry.error ? el("p", { class: "problem" }, entry.error) : "",
      ...half("Request", entry.request),
      ...half("Answer", entry.response),
    );
  } catch (problem) {
    body.replaceChildren(el("p", { class: "problem" }, problem.message));
  }
}

function half(name, wire) {
  const headers = Object.entries(wire.headers).map(([header, value]) => `${header}: ${value}`).join("\n");
  const pretty = indented(wire.body);
  const pre = el("pre", { tabindex: "0", "aria-label": `${name}, body` }, pretty ?? wire.body ?? "");
  const head = el("h4", {}, wire.body ? name : `${name}: no body`);
  if (pretty !== null && pretty !== wire.body) {
    const swap = el("button", { type: "button", "aria-pressed": "false" }, "Raw");
    swap.addEventListener("click", () => {
      const raw = swap.getAttribute("aria-pressed") === "false";
      swap.setAttribute("aria-pressed", String(raw));
      swap.textContent = raw ? "Indented" : "Raw";
      pre.textContent = raw ? wire.body : pretty;
    });
    head.append(swap);
  }
  const shown = headers ? el("details", {}, el("summary", {}, "Headers"), el("pre", {}, headers)) : "";
  return [head, wire.body ? pre : "", shown];
}

// Indents without parsing into numbers: 1500.0 has to stay 1500.0, for that is what went over the wire.
function indented(body) {
  if (!isJson(body)) return null;
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return body.trim().replace(/"(?:\\.|[^"\\])*"|[{[]\s*[}\]]|[{}[\],:]|\s+/g, (token) => {
    if (/^\s/.test(token)) return "";
    if (token === "{" || token === "[") return (depth += 1, token + line());
    if (token === "}" || token === "]") return (depth -= 1, line() + token);
    if (token === ",") return token + line();
    return token === ":" ? ": " : token;
  });
}

function isJson(body) {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false; // shown as it came
  }
}

const filters = [...document.querySelectorAll("[data-filter]")];
for (const filter of filters) {
  filter.addEventListener("click", () => {
    press(filters, filter);
    $("timeline").dataset.only = filter.dataset.filter;
  });
}
