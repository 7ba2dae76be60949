"use strict";
// When an experience can be booked: its timetable less what is taken, read in one statement, instants in milliseconds.

const { LIVE, UUID } = require("./catalogue");
const { LONGEST_WINDOW } = require("./questions");

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HORIZON = 180 * DAY;
const DEFAULT_WINDOW = 30;

// ``span`` is wider than the days in question: which day it is in the listing's zone is known only with the answer.
const text = (column) => `
  WITH listing AS (
    SELECT id, resource_id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, min_guests,
      clock_timestamp() + $4::interval AS now
    FROM listings WHERE ${column} = $1 AND ${LIVE}
  ), span AS (
    SELECT since, greatest(since, least(since + 66, $3::date + 1)) AS until
    FROM (SELECT greatest((clock_timestamp() + $4::interval)::date, $2::date) - 1 AS since) AS begins
  )
  SELECT id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, min_guests, now,
    (SELECT json_agg(json_build_array(
        r.listing_id IS NOT NULL, r.weekday, r.start_time, r.end_time, r.valid_from, r.valid_until))
      FROM schedule_rules r WHERE r.listing_id = listing.id OR r.resource_id = listing.resource_id) AS rules,
    (SELECT json_agg(json_build_array(e.on_date, e.is_available, e.start_time, e.end_time))
      FROM availability_calendar e
      WHERE (e.listing_id = listing.id OR e.resource_id = listing.resource_id)
        AND e.on_date BETWEEN span.since AND span.until) AS exceptions,
    (SELECT json_agg(json_build_array(
        lower(d.during), upper(d.during), l.buffer_minutes, d.listing_id, d.capacity, d.seats_taken))
      FROM departures d JOIN listings l ON l.id = d.listing_id
      WHERE d.resource_id = listing.resource_id AND d.seats_taken > 0
        AND d.during && tstzrange(span.since - 2, span.until + 3)) AS taken
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
  const guests = query.guests ?? listing.min_guests;
  return {
    experience_id: listing.id,
    timezone: listing.timezone,
    from: iso(first),
    to: iso(last),
    guests,
    slots: slots(listing, first, last, guests, now),
  };
}

function slots(listing, first, last, guests, now) {
  const duration = listing.duration_minutes * MINUTE;
  const buffer = listing.buffer_minutes * MINUTE;
  const soonest = now + listing.cut_off_hours * HOUR;
  const latest = now + HORIZON;
  const week = rulesByWeekday(listing.rules ?? []);
  const exceptions = byDay(listing.exceptions ?? []);
  const taken = (listing.taken ?? []).map(([from, to, minutes, id, capacity, seats]) => ({
    from: Date.parse(from), to: Date.parse(to), gap: Math.max(buffer, minutes * MINUTE), own: id === listing.id, capacity, seats,
  }));
  const found = [];
  for (let day = first; day <= last; day += 1) {
    const starts = new Map();
    for (const [opening, closing] of hoursOn(week, exceptions.get(day), day)) {
      const end = instant(listing.timezone, day * DAY + closing);
      let start = instant(listing.timezone, day * DAY + opening);
      if (start === null || end === null) continue;
      for (; start + duration <= end; start += duration + buffer) starts.set(start, true);
    }
    for (const start of [...starts.keys()].sort((a, b) => a - b)) {
      if (start < soonest || start > latest) continue;
      const slot = slotAt(listing, start, start + duration, taken);
      if (slot && slot.seats_free > 0 && slot.seats_free >= guests) found.push(slot);
    }
  }
  return found;
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
    seats_free: capacity - seats,
    capacity,
  };
}

function rulesByWeekday(rows) {
  const own = rows.some(([isOwn]) => isOwn);
  const week = Array.from({ length: 7 }, () => []);
  for (const [isOwn, weekday, from, to, validFrom, validUntil] of rows) {
    if (own && !isOwn) continue;
    week[weekday].push({
      hours: [timeOf(from), timeOf(to)],
      since: validFrom === null ? -Infinity : dayOf(validFrom),
      until: validUntil === null ? Infinity : dayOf(validUntil),
    });
  }
  return week;
}

function byDay(rows) {
  const days = new Map();
  for (const [date, isAvailable, from, to] of rows) {
    const day = dayOf(date);
    if (!days.has(day)) days.set(day, []);
    days.get(day).push({ isAvailable, from: from && timeOf(from), to: to && timeOf(to) });
  }
  return days;
}

function hoursOn(week, exceptions, day) {
  // The epoch was a Thursday, and 0 is Monday.
  let windows = week[(day + 3) % 7].filter((rule) => day >= rule.since && day <= rule.until).map((rule) => rule.hours);
  if (!exceptions) return windows;
  for (const one of exceptions) if (one.isAvailable) windows.push([one.from, one.to]);
  for (const one of exceptions) {
    if (one.isAvailable) continue;
    if (one.from === null) return [];
    windows = windows.flatMap(([from, to]) =>
      one.to <= from || one.from >= to
        ? [[from, to]]
        : [[from, one.from], [one.to, to]].filter(([left, right]) => left < right),
    );
  }
  return windows;
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
