// The customer's phone: lock screen, SMS thread, and the M-Pesa prompt with its PIN pad.

import { $, clock, day, el, fetchJson, icon, money, press, send, setCount, spoken } from "./kit.js";

const PIN_LENGTH = 4;
const MAX_PIN = 8;
const TITLE = document.title;
const OUTCOME_SHOWN = 6000;

let selected = ""; // "" is every phone
let prompt = null;
let pin = "";
let sending = false;
let texts = [];
let seen = new Set();
let firstDraw = true;
let clockAhead = 0; // the sandbox's clock minus the browser's, in milliseconds
let outcomeUntil = 0;

export async function drawPhone(state) {
  clockAhead = new Date(state.now) - Date.now();
  drawSelect(state.phones);
  const phones = selected ? state.phones.filter((phone) => phone.msisdn === selected) : state.phones;
  const open = phones.map((phone) => phone.prompt).filter((one) => one && one.state === "open");
  // A prompt that somebody may be typing into is not exchanged for another one.
  const kept = prompt && open.find((one) => one.id === prompt.id);
  const gone = prompt && !kept ? prompt : null;
  showPrompt(kept || open.find((one) => one.reachable) || null);
  if (gone) showOutcome(gone);
  $("badge-phone").hidden = !open.some((one) => one.reachable);
  $("badge-phone").textContent = "!";
  await drawTexts(state.sms, open.find((one) => !one.reachable));
}

export function tick() {
  const now = Date.now() + clockAhead;
  $("clock").textContent = clock(now);
  $("date").textContent = `${day(now)} · Nairobi`;
  if (prompt) drawTimeLeft(now);
  if (outcomeUntil && Date.now() > outcomeUntil) {
    $("outcome").hidden = true;
    outcomeUntil = 0;
  }
}

function drawSelect(phones) {
  const select = $("phone-select");
  const wanted = [["", phones.length ? `All phones (${phones.length})` : "All phones"]];
  for (const phone of phones) {
    const open = phone.prompt && phone.prompt.state === "open";
    wanted.push([phone.msisdn, spoken(phone.msisdn) + (open ? ` · asked for ${money(phone.prompt.amount)}` : "")]);
  }
  if (selected && !wanted.some(([value]) => value === selected)) wanted.push([selected, spoken(selected)]);
  const same = [...select.options].map((option) => option.value + option.text).join() === wanted.flatMap(([v, t]) => v + t).join();
  // An opened list is left as it is, so that it does not close under the pointer.
  if (same || document.activeElement === select) return;
  select.replaceChildren(...wanted.map(([value, text]) => el("option", { value }, text)));
  select.value = selected;
}

function showPrompt(next) {
  const changed = (next && next.id) !== (prompt && prompt.id);
  prompt = next;
  $("status-number").textContent = prompt ? spoken(prompt.msisdn) : selected ? spoken(selected) : "Safaricom";
  if (!changed) return;
  pin = "";
  sending = false;
  drawPin("");
  $("stk").hidden = !prompt;
  document.title = prompt ? `● ${money(prompt.amount)} · Sandbox` : TITLE;
  $("announce").textContent = prompt ? `M-Pesa asks ${spoken(prompt.msisdn)} for ${money(prompt.amount)}` : "";
  if (!prompt) return;
  $("outcome").hidden = true;
  outcomeUntil = 0;
  $("stk-amount").textContent = money(prompt.amount);
  $("stk-text").replaceChildren("Pay ", el("strong", {}, prompt.business), ", account ", el("strong", {}, prompt.account_reference));
  tick();
}

function drawTimeLeft(now) {
  const whole = new Date(prompt.expires_at) - new Date(prompt.opened_at);
  const left = Math.max(0, new Date(prompt.expires_at) - now);
  $("stk-left").textContent = `${Math.ceil(left / 1000)} s left`;
  $("stk-bar").style.transform = `scaleX(${Math.min(1, left / whole)})`;
}

function drawPin(hint, bad = false) {
  const dots = $("pin");
  const wanted = Math.max(PIN_LENGTH, pin.length);
  while (dots.children.length < wanted) dots.append(el("span"));
  while (dots.children.length > wanted) dots.lastChild.remove();
  [...dots.children].forEach((dot, index) => dot.classList.toggle("full", index < pin.length));
  const typed = pin ? `${pin.length} ${pin.length === 1 ? "digit" : "digits"} typed` : "Enter your M-PESA PIN";
  $("pin-hint").textContent = hint || typed;
  $("pin-hint").classList.toggle("bad", bad);
  $("stk-send").setAttribute("aria-disabled", String(pin.length < PIN_LENGTH));
}

function type(digit) {
  if (sending || pin.length >= MAX_PIN) return;
  pin += digit;
  drawPin("");
}

function erase() {
  pin = pin.slice(0, -1);
  drawPin("");
}

async function sendPin() {
  if (sending) return;
  if (pin.length < PIN_LENGTH) {
    drawPin("A PIN has four digits", true);
    return;
  }
  await act("pin", { pin });
}

async function act(verb, body) {
  const { msisdn, id } = prompt;
  sending = true;
  try {
    await send("POST", `phones/${msisdn}/${verb}`, body ?? {});
  } catch (problem) {
    if (prompt && prompt.id === id) drawPin(problem.message, true);
  }
  sending = false;
  document.dispatchEvent(new Event("sandbox:changed"));
}

const OUTCOMES = {
  paid: (one) => ["Paid", `${money(one.charged)} to ${one.business}. Receipt ${one.receipt}.`],
  cancelled: () => ["Cancelled", "No money was taken."],
  expired: () => ["Time is up", "The prompt was not answered. No money was taken."],
  failed: (one) => ["Not paid", `${one.result_desc} (${one.result_code})`],
};

async function showOutcome(ended) {
  const phone = await fetchJson(`phones/${ended.msisdn}`);
  const last = phone.prompts.find((one) => one.id === ended.id);
  if (!last || !OUTCOMES[last.state] || prompt) return;
  const [title, text] = OUTCOMES[last.state](last);
  const good = last.state === "paid";
  const box = $("outcome");
  box.classList.toggle("bad", !good);
  box.replaceChildren(icon(good ? "tick" : "cross"), el("strong", {}, title), el("span", {}, text));
  box.hidden = false;
  outcomeUntil = Date.now() + OUTCOME_SHOWN;
}

async function drawTexts(recent, onItsWay) {
  const asked = selected;
  let found = recent;
  if (selected) {
    const phone = await fetchJson(`phones/${selected}`);
    found = [...phone.sms, ...phone.mpesa_sms].sort((a, b) => a.at.localeCompare(b.at));
  }
  if (asked !== selected) return;
  const same = found.length === texts.length && found.every((text, index) => text.id === texts[index].id);
  texts = found;
  if (!same || firstDraw) drawThread();
  if (firstDraw) seen = new Set(texts.map((text) => text.id));
  firstDraw = false;
  drawNotices(onItsWay);
  if (!$("thread-view").hidden) markSeen();
  setCount($("thread-count"), texts.filter((text) => !seen.has(text.id)).length);
}

function drawThread() {
  const thread = $("thread");
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  const rows = [];
  let before = "";
  for (const text of texts) {
    const who = text.from + text.to;
    if (who !== before) rows.push(el("li", { class: "who" }, el("strong", {}, text.from), selected ? "" : ` to ${spoken(text.to)}`));
    before = who;
    rows.push(el("li", { class: text.provider === "mpesa" ? "bubble mpesa" : "bubble" }, text.text, el("time", { datetime: text.at }, clock(text.at))));
  }
  if (!rows.length) rows.push(el("li", { class: "nothing" }, "No messages yet. SMS sent through Africa’s Talking arrive here."));
  thread.replaceChildren(...rows);
  if (atEnd) thread.scrollTop = thread.scrollHeight;
}

function drawNotices(onItsWay) {
  const cards = texts.slice(-2).map((text) => ({
    id: text.id,
    from: selected ? text.from : `${text.from} to ${spoken(text.to)}`,
    at: clock(text.at),
    text: text.text,
  }));
  if (onItsWay) {
    cards.push({ id: onItsWay.id, from: spoken(onItsWay.msisdn), at: "", text: `A prompt for ${money(onItsWay.amount)} has been sent, but has not reached this phone.` });
  }
  if (!cards.length) {
    cards.push({ id: "hello", from: "Waiting for a payment", at: "", text: "Book something and pay with any Kenyan number. The M-Pesa prompt opens right here." });
  }
  const box = $("notices");
  const same = [...box.children].map((card) => card.dataset.id).join() === cards.map((card) => card.id).join();
  if (same) return;
  box.replaceChildren(
    ...cards.map((card) => {
      const node = el("div", { class: "notice" }, el("div", { class: "notice-head" }, el("strong", {}, card.from), el("span", {}, card.at)), el("p", {}, card.text));
      node.dataset.id = card.id;
      return node;
    }),
  );
}

function markSeen() {
  for (const text of texts) seen.add(text.id);
  setCount($("thread-count"), 0);
}

function show(thread) {
  $("lock").hidden = thread;
  $("thread-view").hidden = !thread;
  $("screen").classList.toggle("reading", thread);
  press([$("show-lock"), $("show-thread")], thread ? $("show-thread") : $("show-lock"));
  if (!thread) return;
  markSeen();
  $("thread").scrollTop = $("thread").scrollHeight;
}

$("show-lock").addEventListener("click", () => show(false));
$("show-thread").addEventListener("click", () => show(true));
$("stk-send").addEventListener("click", sendPin);
$("stk-cancel").addEventListener("click", () => act("cancel"));
for (const key of document.querySelectorAll("[data-digit]")) key.addEventListener("click", () => type(key.dataset.digit));
document.querySelector('[data-key="back"]').addEventListener("click", erase);

$("phone-select").addEventListener("change", (event) => {
  selected = event.target.value;
  texts = [];
  firstDraw = true;
  prompt = null;
  $("stk").hidden = true;
  $("notices").replaceChildren();
  event.target.blur();
  document.dispatchEvent(new Event("sandbox:redraw"));
});

// Typing works wherever the focus is, except where the key means something else there.
document.addEventListener("keydown", (event) => {
  if (!prompt || event.ctrlKey || event.metaKey || event.altKey) return;
  const focus = document.activeElement;
  if (focus.matches("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  const elsewhere = focus.matches("button, a, summary, input") && !$("stk").contains(focus);
  const key = event.key;
  if (/^\d$/.test(key)) {
    type(key);
    flash(key);
  } else if (key === "Backspace") erase();
  else if (key === "Enter" && !elsewhere && focus !== $("stk-cancel") && !focus.matches("[data-key]")) sendPin();
  else if (key === "Escape") act("cancel");
  else return;
  event.preventDefault();
});

function flash(digit) {
  const key = document.querySelector(`[data-digit="${digit}"]`);
  key.classList.add("pressed");
  setTimeout(() => key.classList.remove("pressed"), 120);
}
