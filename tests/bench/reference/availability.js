"use strict";
// When an experience can be booked: its timetable less what is taken, read in one statement, instants in milliseconds.

const { LIVE, UUID } = require("./catalogue");
const { refuse } = require("./edge");
const { LONGEST_WINDOW } = require("./questions");

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HORIZON = 180 * DAY;
const DEFAULT_WINDOW = 30;

// Exceptions of so many days around a day may decide about it, and hours be kept so many days apart, in whatever zones.
const REACH = 6;
const APART = 2;

// ``span`` is wider than the days in question: which day it is in the listing's zone is known only with the answer.
const text = (column) => `
  WITH listing AS (
    SELECT id, resource_id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, is_private,
      min_guests, max_guests, tiers, clock_timestamp() + $4::interval AS now
    FROM listings WHERE ${column} = $1 AND ${LIVE}
  ), span AS (
    SELECT since, greatest(since, least(since + 66, $3::date + 1)) AS until
    FROM (SELECT greatest((clock_timestamp() + $4::interval)::date, $2::date) - 1 AS since) AS begins
  )
  SELECT id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, is_private, min_guests, max_guests,
    tiers::text, (SELECT b.timezone FROM resources b WHERE b.id = listing.resource_id) AS body_zone, now,
    (SELECT json_agg(json_build_array(
        r.listing_id IS NOT NULL, r.weekday, r.start_time, r.end_time, r.valid_from, r.valid_until))
      FROM schedule_rules r WHERE r.listing_id = listing.id OR r.resource_id = listing.resource_id) AS rules,
    (SELECT json_agg(json_build_array(
        e.listing_id IS NOT NULL, e.on_date, e.is_available, e.start_time, e.end_time, e.until_on))
      FROM availability_calendar e
      WHERE (e.listing_id = listing.id OR e.resource_id = listing.resource_id)
        AND e.on_date <= span.until + ${REACH} + listing.duration_minutes / 1440
        AND coalesce(e.until_on, e.on_date) >= span.since - ${REACH}) AS exceptions,
    (SELECT json_agg(json_build_array(
        lower(d.during), upper(d.during), l.buffer_minutes, d.listing_id, d.capacity, d.seats_taken))
      FROM departures d JOIN listings l ON l.id = d.listing_id
      WHERE d.resource_id = listing.resource_id AND d.seats_taken > 0
        AND d.during && tstzrange(span.since - 2, span.until + 3 + listing.duration_minutes / 1440)) AS taken
  FROM listing, span`;
const BY_ID = { name: "availability_by_id", text: text("id") };
const BY_SLUG = { name: "availability_by_slug", text: text("slug") };

async function availability(pool, name, query) {
  const iso = (day) => (day === undefined ? null : new Date(day * DAY).toISOString().slice(0, 10));
  const values = [name, iso(query.first), iso(query.last), process.env.CLOCK_OFFSET || "0s"];
  const { rows } = await pool.query({ ...(UUID.test(name) ? BY_ID : BY_SLUG), values });
  if (!rows.length) return null;
  const [listing] = rows;
  const now = listing.now.getTime();
  const today = Math.floor((now + offsetAt(listing.timezone, now)) / DAY);
  const first = Math.max(query.first ?? today, today);
  const last = Math.min(query.last ?? first + DEFAULT_WINDOW, first + LONGEST_WINDOW);
  const [guests, seats] = party(listing, query.guests);
  return {
    experience_id: listing.id,
    timezone: listing.timezone,
    from: iso(first),
    to: iso(last),
    guests,
    slots: slots(listing, first, last, seats, now),
  };
}

// How many come, and how many of them take a seat.
function party(listing, asked) {
  if (asked === undefined) return [listing.min_guests, listing.min_guests];
  if (typeof asked === "number") return [welcome(listing, asked), asked];
  const tiers = JSON.parse(listing.tiers);
  const takesSeat = new Map(tiers.length ? tiers.map((tier) => [tier.name, tier.takes_seat]) : [["adult", true]]);
  let [count, seats] = [0, 0];
  for (const [name, number] of asked) {
    if (!takesSeat.has(name)) unwelcome(`unknown kind of guest '${name}'; known: ${[...takesSeat.keys()].join(", ")}`);
    count += number;
    if (takesSeat.get(name)) seats += number;
  }
  welcome(listing, count);
  return seats < 1 ? unwelcome("at least one guest must take a seat") : [count, seats];
}

function welcome(listing, count) {
  if (count < 1) unwelcome("at least one guest is needed");
  if (count < listing.min_guests) unwelcome(`at least ${listing.min_guests} guests are needed`);
  if (count > listing.max_guests) unwelcome(`at most ${listing.max_guests} guests can book together`);
  return count;
}

const unwelcome = (why) => refuse(422, "invalid_field", `guests: ${why}`, { guests: [why] });

function slots(listing, first, last, seats, now) {
  const zone = listing.timezone;
  const duration = listing.duration_minutes * MINUTE;
  const buffer = listing.buffer_minutes * MINUTE;
  const soonest = now + listing.cut_off_hours * HOUR;
  const latest = now + HORIZON;
  const taken = (listing.taken ?? []).map(([from, to, minutes, id, capacity, seats]) => ({
    from: Date.parse(from), to: Date.parse(to), gap: Math.max(buffer, minutes * MINUTE), own: id === listing.id, capacity, seats,
  }));
  const starts = new Set();
  for (const [opening, closing] of openings(listing, first, last)) {
    for (let start = opening; start + duration <= closing; start += duration + buffer) {
      if (start < soonest || start > latest) continue;
      const day = Math.floor((start + offsetAt(zone, start)) / DAY);
      if (day >= first && day <= last) starts.add(start);
    }
  }
  const found = [];
  for (const start of [...starts].sort((a, b) => a - b)) {
    const slot = slotAt(listing, start, start + duration, taken);
    if (slot && slot.seats_free > 0 && slot.seats_free >= seats) found.push(slot);
  }
  return found;
}

// The open hours that may have starts on the days, as instants; hours that end no later than they begin end on the next day.
function openings(listing, first, last) {
  const isOwn = (listing.rules ?? []).some(([own]) => own);
  const zoneOf = (own) => (own ? listing.timezone : listing.body_zone);
  const week = rulesByWeekday(listing.rules ?? [], isOwn);
  const exceptions = (listing.exceptions ?? []).map(([own, date, isAvailable, from, to, until]) => ({
    zone: zoneOf(own), isAvailable, since: dayOf(date), until: dayOf(until ?? date),
    from: from === null ? 0 : timeOf(from), to: to === null ? 0 : timeOf(to), isWhole: from === null,
  }));
  const apart = listing.timezone === listing.body_zone ? 0 : APART;
  const spans = [];
  const holes = [];
  const end = ({ from, to }, day) => (to <= from ? day + 1 : day) * DAY + to;
  const open = (zone, hours, day) => {
    const opening = instant(zone, day * DAY + hours.from);
    const closing = opening === null ? null : past(zone, end(hours, day));
    if (closing > opening) spans.push([opening, closing]);
  };
  const rulesZone = zoneOf(isOwn);
  for (let day = first - 1 - apart; day <= last + apart; day += 1) {
    // The epoch was a Thursday, and 0 is Monday.
    for (const rule of week[(day + 3) % 7]) if (day >= rule.since && day <= rule.until) open(rulesZone, rule, day);
    for (const one of exceptions) if (one.isAvailable && day >= one.since && day <= one.until) open(one.zone, one, day);
  }
  for (const one of exceptions) {
    if (one.isAvailable) continue;
    for (let day = Math.max(one.since, first - REACH); day <= Math.min(one.until, last + REACH); day += 1) {
      const hole = { from: past(one.zone, day * DAY + one.from), to: past(one.zone, end(one, day)), isWhole: one.isWhole };
      if (hole.from < hole.to) holes.push(hole);
    }
  }
  return holes.length ? spans.flatMap((span) => less(span, holes)) : spans;
}

function less(span, holes) {
  let parts = [span];
  for (const { from, to, isWhole } of holes) {
    if (to <= span[0] || from >= span[1]) continue;
    // What would begin on a closed day does not begin at all.
    if (isWhole && from <= span[0]) return [];
    parts = parts.flatMap(([left, right]) =>
      to <= left || from >= right ? [[left, right]] : [[left, from], [to, right]].filter(([one, other]) => one < other),
    );
  }
  return parts;
}

function slotAt(listing, start, end, taken) {
  let capacity = listing.capacity;
  let seats = 0;
  for (const busy of taken) {
    if (busy.own && busy.from === start && busy.to === end) {
      ({ capacity, seats } = busy);
    } else if (start < busy.to + busy.gap && busy.from < end + busy.gap) {
      return null;
    }
  }
  const local = new Date(start + offsetAt(listing.timezone, start)).toISOString();
  return {
    starts_at: `${new Date(start).toISOString().slice(0, 19)}Z`,
    ends_at: `${new Date(end).toISOString().slice(0, 19)}Z`,
    date: local.slice(0, 10),
    time: local.slice(11, 16),
    seats_free: listing.is_private && seats > 0 ? 0 : capacity - seats,
    capacity,
  };
}

function rulesByWeekday(rows, isOwn) {
  const week = Array.from({ length: 7 }, () => []);
  for (const [own, weekday, from, to, validFrom, validUntil] of rows) {
    if (isOwn && !own) continue;
    week[weekday].push({
      from: timeOf(from),
      to: timeOf(to),
      since: validFrom === null ? -Infinity : dayOf(validFrom),
      until: validUntil === null ? Infinity : dayOf(validUntil),
    });
  }
  return week;
}

const dayOf = (date) => Date.parse(`${date}T00:00:00Z`) / DAY;
const timeOf = (time) => Date.parse(`1970-01-01T${time}Z`);

// The instant of a local time; null where the clock skips it, the first where it happens twice.
function instant(zone, local) {
  const before = local - offsetAt(zone, local - DAY);
  if (before + offsetAt(zone, before) === local) return before;
  const after = local - offsetAt(zone, local + DAY);
  return after + offsetAt(zone, after) === local ? after : null;
}

// The same, or when the clock jumps over it.
function past(zone, local) {
  const found = instant(zone, local);
  if (found !== null) return found;
  let [before, after] = [local - offsetAt(zone, local + DAY), local - offsetAt(zone, local - DAY)];
  const offset = offsetAt(zone, before);
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
    if (offsetAt(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

const formats = new Map();
const offsets = new Map();

// Intl is slow, and offsets change at full quarters of an hour at most: one question to it a zone and quarter.
function offsetAt(zone, ms) {
  const quarter = Math.floor(ms / (15 * MINUTE));
  let known = offsets.get(zone);
  if (known === undefined) offsets.set(zone, (known = new Map()));
  let offset = known.get(quarter);
  if (offset === undefined) {
    if (!formats.has(zone)) {
      formats.set(
        zone,
        new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric",
          day: "numeric", hour: "numeric", minute: "numeric" }),
      );
    }
    const at = quarter * 15 * MINUTE;
    const part = Object.fromEntries(formats.get(zone).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - at;
    if (known.size > 100_000) known.clear();
    known.set(quarter, offset);
  }
  return offset;
}

module.exports = { availability };
