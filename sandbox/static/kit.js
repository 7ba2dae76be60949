// Small things every part of the page needs: elements that cannot be injected into, times, numbers, calls.

export const $ = (id) => document.getElementById(id);

// Text only ever becomes a text node, so nothing a provider was sent can turn into markup.
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && typeof value !== "string") node[name] = value;
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("viewBox", name === "tick" || name === "cross" || name === "back" ? "0 0 24 24" : "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

const zone = { timeZone: "Africa/Nairobi", hourCycle: "h23" };
const minutes = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const days = new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "long", day: "numeric", month: "long" });

export const clock = (moment) => minutes.format(new Date(moment));
export const exactly = (moment) => seconds.format(new Date(moment));
export const day = (moment) => days.format(new Date(moment));

export const money = (amount) => `KES ${amount.toLocaleString("en-KE")}`;

export function spoken(msisdn) {
  const match = /^254(\d{3})(\d{3})(\d{3})$/.exec(msisdn);
  return match ? `0${match[1]} ${match[2]} ${match[3]}` : `+${msisdn}`;
}

export async function send(method, path, body) {
  const answer = await fetch(`/__sim/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error || `The sandbox answered ${answer.status}.`);
  return result;
}

export const fetchJson = async (path) => {
  const answer = await fetch(`/__sim/${path}`);
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
  return answer.json();
};

// Phone numbers and amounts are not broken over two lines.
export const tight = (text) => text.replace(/\b0\d{3} \d{3} \d{3}\b|KES \d/g, (part) => part.replaceAll(" ", "\u00a0"));

// Puts the rows in this order and moves only what is out of place, so that focus and scrolling stay.
export function arrange(list, rows) {
  for (const node of [...list.children]) if (!rows.includes(node)) node.remove();
  rows.forEach((node, index) => list.children[index] === node || list.insertBefore(node, list.children[index] || null));
}

export function setCount(node, count) {
  node.hidden = !count;
  node.textContent = count || "";
}

export function press(buttons, pressed) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === pressed));
}
