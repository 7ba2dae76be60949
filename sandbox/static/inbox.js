// The inbox: a list of mails and a reader that shows the chosen one in a locked frame.

import { $, arrange, clock, el, fetchJson, icon, press, setCount } from "./kit.js";

let mails = [];
let current = null;
let following = true; // the newest mail opens by itself until somebody picks an older one
let plain = false;
const read = new Set();

export function drawInbox(found) {
  const newest = found.length ? found[found.length - 1].id : null;
  const same = found.length === mails.length && newest === (mails.length ? mails[mails.length - 1].id : null);
  if (same && (current || !found.length)) return;
  mails = found;
  if (current && !found.some((mail) => mail.id === current)) current = null;
  if (newest && (!current || following)) open(newest);
  drawList();
  $("mail").hidden = !current;
  $("mail-empty").hidden = Boolean(found.length);
  setCount($("mail-count"), found.length);
  setCount($("badge-inbox"), found.filter((mail) => !read.has(mail.id)).length);
}

function drawList() {
  const list = $("mail-list");
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]));
  arrange(list, [...mails].reverse().map((mail) => known.get(mail.id) || line(mail)));
  mark();
}

function line(mail) {
  const to = mail.to.join(", ");
  const button = el(
    "button",
    { type: "button", class: "mail-line" },
    el("span", { class: "avatar", "aria-hidden": "true" }, to.charAt(0)),
    el("strong", {}, mail.subject || "(no subject)"),
    el("time", { datetime: mail.at }, clock(mail.at)),
    el("span", { class: "to" }, `to ${to}`),
  );
  if (mail.attachments.length) {
    const clip = icon("clip");
    clip.classList.add("clip");
    button.append(clip);
  }
  button.addEventListener("click", () => {
    following = mail.id === mails[mails.length - 1].id;
    open(mail.id);
    mark();
  });
  const row = el("li", {}, button);
  row.dataset.id = mail.id;
  return row;
}

function mark() {
  for (const row of $("mail-list").children) {
    const button = row.firstChild;
    button.setAttribute("aria-current", String(row.dataset.id === current));
    button.classList.toggle("unread", !read.has(row.dataset.id));
  }
}

function open(id) {
  current = id;
  read.add(id);
  const mail = mails.find((one) => one.id === id);
  $("mail").hidden = false;
  $("mail-subject").textContent = mail.subject || "(no subject)";
  const sender = mail.from.name ? `${mail.from.name} <${mail.from.email}>` : mail.from.email;
  const facts = [["From", sender], ["To", mail.to.join(", ")], ["At", `${clock(mail.at)} EAT`]];
  if (mail.cc.length) facts.push(["Cc", mail.cc.join(", ")]);
  if (mail.bcc.length) facts.push(["Bcc", mail.bcc.join(", ")]);
  $("mail-facts").replaceChildren(...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
  $("mail-attachments").replaceChildren(...mail.attachments.map((item, index) => attachment(id, item, index)));
  showPart();
}

function attachment(id, item, index) {
  const size = item.size < 1024 ? `${item.size} B` : `${Math.round(item.size / 1024)} kB`;
  const link = el("a", { href: `/__sim/mails/${id}/attachments/${index}`, download: item.filename }, icon("clip"), item.filename, el("small", {}, size));
  return el("li", {}, link);
}

async function showPart() {
  const id = current;
  const frame = $("mail-frame");
  const html = mails.find((mail) => mail.id === id).has_html;
  const asText = plain || !html;
  frame.hidden = asText;
  $("mail-text").hidden = !asText;
  $("mail-html").disabled = !html;
  press([$("mail-html"), $("mail-plain")], asText ? $("mail-plain") : $("mail-html"));
  const address = `/__sim/mails/${id}/html`;
  if (!asText && frame.getAttribute("src") !== address) frame.src = address;
  if (!asText) return;
  const mail = await fetchJson(`mails/${id}`);
  if (id === current) $("mail-text").textContent = mail.text || "This mail has no plain text part.";
}

$("mail-html").addEventListener("click", () => {
  plain = false;
  showPart();
});
$("mail-plain").addEventListener("click", () => {
  plain = true;
  showPart();
});
