// Asks the sandbox what is new, hands it to the parts of the page, and keeps the header.

import { $, money, press, send } from "./kit.js";
import { drawFaults } from "./faults.js";
import { drawInbox } from "./inbox.js";
import { drawPhone, tick } from "./phone.js";
import { clearTimeline, drawTimeline } from "./timeline.js";

const FAST = 600;
const SLOW = 4000;
let tag = "";
let since = 0;
let epoch = null;
let asking = null;
let latest = null;

async function refresh() {
  clearTimeout(asking);
  try {
    const answer = await ask();
    connected(Boolean(answer));
    if (answer && answer.status === 200) await draw(await answer.json(), answer.headers.get("ETag"));
  } finally {
    clearTimeout(asking);
    asking = setTimeout(refresh, document.hidden ? SLOW : FAST);
  }
}

// The answer, or null while the sandbox is away.
async function ask() {
  try {
    const answer = await fetch(`/__sim/state?since=${since}`, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    return answer.ok || answer.status === 304 ? answer : null;
  } catch (problem) {
    console.warn("The sandbox did not answer", problem);
    return null;
  }
}

async function draw(state, newTag) {
  if (epoch !== null && epoch !== state.epoch) clearTimeline();
  const restarted = state.last < since;
  epoch = state.epoch;
  // The tag names the since it answered; the next question has another one.
  tag = (newTag || "").replace(/-\d+"$/, `-${state.last}"`);
  if (restarted) {
    clearTimeline();
    since = 0;
    tag = "";
    return;
  }
  since = state.last;
  latest = state;
  drawInbox(state.mails);
  drawFaults(state);
  drawTimeline(state.timeline);
  $("taken").firstElementChild.textContent = money(state.charges.sum);
  if (document.activeElement !== $("autopilot")) $("autopilot").checked = state.autopilot.enabled;
  await drawPhone(state);
}

function connected(yes) {
  $("live").classList.toggle("on", yes);
  $("live").classList.toggle("off", !yes);
  const text = yes ? "Live" : "No answer";
  if ($("live-text").textContent !== text) $("live-text").textContent = text;
}

$("autopilot").addEventListener("change", async (event) => {
  await send("PUT", "autopilot", { enabled: event.target.checked, after_seconds: 1 });
  refresh();
});

// A second press within three seconds, instead of a question in a box.
let armed = null;
$("reset").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  if (!armed) {
    button.textContent = "Forget everything?";
    button.classList.add("armed");
    armed = setTimeout(disarm, 3000);
    return;
  }
  disarm();
  await send("POST", "reset");
  refresh();
});

function disarm() {
  clearTimeout(armed);
  armed = null;
  $("reset").textContent = "Reset";
  $("reset").classList.remove("armed");
}

const tabs = [...document.querySelectorAll("[data-goto]")];
for (const tab of tabs) {
  tab.addEventListener("click", () => {
    document.body.dataset.view = tab.dataset.goto;
    press(tabs, tab);
    scrollTo(0, 0);
  });
}

for (const code of document.querySelectorAll("[data-address]")) code.textContent = location.origin + code.dataset.address;
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.addEventListener("sandbox:changed", refresh);
document.addEventListener("sandbox:redraw", () => latest && drawPhone(latest));
addEventListener("unhandledrejection", (event) => {
  $("live-text").textContent = event.reason.message;
});
setInterval(tick, 250);
tick();
refresh();
