"use strict";
// Finding experiences: one statement a question, prepared once for each combination of filters.

const { createHash } = require("node:crypto");

const COUNT_CAP = 10_000;
const EXPONENTS = { KES: 2, USD: 2, EUR: 2, GBP: 2, UGX: 0, TZS: 2 };
const TERMS = {
  flexible: [[24, 100]],
  moderate: [[120, 100], [24, 50]],
  strict: [[168, 50]],
};
const SORTS = {
  rating: "listings.rating_average DESC, listings.id DESC",
  price: "listings.price_minor, listings.id",
  "-price": "listings.price_minor DESC, listings.id DESC",
  newest: "listings.id DESC",
};
// What the next page begins behind.
const KEYS = {
  rating: (row) => [String(row.rating_average), row.id],
  price: (row) => [Number(row.price_minor), row.id],
  "-price": (row) => [Number(row.price_minor), row.id],
  newest: (row) => [row.id],
};
const CARD = `listings.id, listings.slug, listings.title, listings.summary, listings.category, listings.location,
  listings.latitude::float8 AS latitude, listings.longitude::float8 AS longitude, listings.price_minor,
  listings.currency, listings.price_per, listings.duration_minutes, listings.min_guests, listings.max_guests,
  listings.is_private, listings.confirmation, listings.images, listings.rating_average::float8 AS rating_average,
  listings.rating_count`;
const DETAIL = `${CARD}, listings.description, listings.timezone, listings.tiers, listings.capacity,
  listings.cut_off_hours, listings.inclusions, listings.exclusions, listings.cancellation_policy,
  guides.id AS guide_id, guides.slug AS guide_slug, users.first_name AS guide_first_name,
  users.last_name AS guide_last_name, users.avatar_url AS guide_avatar_url, guides.bio AS guide_bio,
  guides.languages AS guide_languages, guides.rating_average::float8 AS guide_rating_average,
  guides.rating_count AS guide_rating_count,
  (SELECT json_agg(json_build_array(i.key, i.alt_text, m.variants) ORDER BY i.position)
    FROM listing_images i LEFT JOIN media m ON m.id = i.media_id
    WHERE i.listing_id = listings.id AND (m.id IS NULL OR m.state = 'ready')) AS pictures`;
const LIVE = "listings.kind = 'experience' AND listings.status = 'active'";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// Each filter: its SQL around the place of its parameter, and what makes the parameter.
const FILTERS = {
  category: (p) => `listings.category = ${p}`,
  location: (p) => `lower(listings.location) LIKE ${p}`,
  currency: (p) => `listings.currency = ${p}`,
  minPrice: (p) => `listings.price_minor >= ${p}`,
  maxPrice: (p) => `listings.price_minor <= ${p}`,
  rating: (p) => `listings.rating_average >= ${p}`,
  guests: (p) => `listings.min_guests <= ${p} AND listings.max_guests >= ${p}`,
};
const prepared = new Map();

function statement(asked, sort) {
  const key = `${sort} ${asked.join(" ")}`;
  if (!prepared.has(key)) {
    // PostgreSQL cuts names at 63 characters, so two long ones could be one.
    const name = `list_${prepared.size}`;
    const filters = asked.map((filter, at) => FILTERS[filter](`$${at + 1}`));
    const where = [LIVE, ...filters].join(" AND ");
    const [limit, offset] = [`$${asked.length + 1}`, `$${asked.length + 2}`];
    const counted = `SELECT count(*) FROM (SELECT 1 FROM listings WHERE ${where} LIMIT ${COUNT_CAP + 1}) AS counted`;
    // The page's ids are found in an index; only its own rows are read. Whoever gets all that is left need not count.
    const found = `SELECT id FROM listings WHERE ${where} ORDER BY ${SORTS[sort]} LIMIT ${limit} OFFSET ${offset}`;
    const text = `WITH found AS (${found})
      SELECT ${CARD}, CASE WHEN (SELECT count(*) FROM found) = ${limit} THEN (${counted}) END AS total
      FROM listings JOIN found ON found.id = listings.id ORDER BY ${SORTS[sort]}`;
    prepared.set(key, { name, text, counted: { name: `count_${name}`, text: counted } });
  }
  return prepared.get(key);
}

async function list(pool, query) {
  const asked = Object.keys(FILTERS).filter((filter) => query[filter] !== undefined);
  const values = asked.map((filter) =>
    filter === "location" ? `%${query.location.toLowerCase().replace(/[\\%_]/g, "\\$&")}%` : query[filter],
  );
  const { name, text, counted } = statement(asked, query.sort);
  const offset = (query.page - 1) * query.limit;
  const { rows } = await pool.query({ name, text, values: [...values, query.limit + 1, offset] });
  const more = rows.length > query.limit;
  let total = more ? Number(rows[0].total) : offset + rows.length;
  // Beyond the last page there is no row to bring the count along.
  if (!rows.length && offset) total = Number((await pool.query({ ...counted, values })).rows[0].count);
  const shown = more ? rows.slice(0, query.limit) : rows;
  return page(shown.map(card), total, query, more ? cursor(query, KEYS[query.sort](shown.at(-1))) : null);
}

// Keys under a mark of the list's order and filters.
function cursor({ page, limit, ...filters }, keys) {
  const mark = createHash("sha256").update(JSON.stringify(filters)).digest("hex").slice(0, 10);
  return Buffer.from(JSON.stringify([mark, ...keys])).toString("base64url");
}

async function detail(pool, idOrSlug) {
  const [name, column] = UUID.test(idOrSlug) ? ["by_id", "id"] : ["by_slug", "slug"];
  const text = `SELECT ${DETAIL} FROM listings JOIN users ON users.id = listings.host_id
    LEFT JOIN guides ON guides.user_id = users.id WHERE listings.${column} = $1 AND ${LIVE}`;
  const { rows } = await pool.query({ name, text, values: [idOrSlug] });
  return rows.length ? full(rows[0]) : null;
}

function page(items, total, { page: number, limit }, next) {
  const counted = Math.min(total, COUNT_CAP);
  return {
    items,
    pagination: {
      page: number,
      limit,
      total: counted,
      total_is_capped: total > COUNT_CAP,
      total_pages: Math.ceil(counted / limit),
      has_next: next !== null,
      has_prev: number > 1,
      next_cursor: next,
    },
  };
}

function money(minor, currency) {
  const exponent = EXPONENTS[currency];
  return { amount: (Number(minor) / 10 ** exponent).toFixed(exponent), currency };
}

// Rows hold storage keys or whole addresses, answers whole addresses.
function address(key) {
  return key.startsWith("https://") || key.startsWith("http://") ? key : `${process.env.CDN_BASE_URL}/${key}`;
}

function card(row) {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    summary: row.summary,
    category: row.category,
    location: row.location,
    coordinates:
      row.latitude === null || row.longitude === null
        ? null
        : { latitude: row.latitude, longitude: row.longitude },
    price: money(row.price_minor, row.currency),
    price_per: row.price_per,
    duration_minutes: row.duration_minutes,
    min_guests: row.min_guests,
    max_guests: row.max_guests,
    is_private: row.is_private,
    confirmation: row.confirmation,
    images: row.images.map(address),
    rating_average: row.rating_average,
    rating_count: row.rating_count,
  };
}

function full(row) {
  return {
    ...card(row),
    description: row.description,
    timezone: row.timezone,
    tiers: row.tiers.map((tier) => ({
      name: tier.name,
      price: money(tier.price_minor, row.currency),
      takes_seat: tier.takes_seat,
    })),
    capacity: row.capacity,
    cut_off_hours: row.cut_off_hours,
    inclusions: row.inclusions,
    exclusions: row.exclusions,
    cancellation_policy: {
      name: row.cancellation_policy,
      tiers: TERMS[row.cancellation_policy].map(([hours_before, refund_percent]) => ({ hours_before, refund_percent })),
    },
    pictures: (row.pictures ?? []).map(([key, alt_text, variants]) => picture(key, alt_text, variants)),
    guide: {
      id: row.guide_id,
      slug: row.guide_slug,
      name: `${row.guide_first_name} ${row.guide_last_name}`.trim(),
      avatar_url: row.guide_avatar_url && address(row.guide_avatar_url),
      bio: row.guide_bio,
      languages: row.guide_languages ?? [],
      rating_average: row.guide_rating_average ?? 0,
      rating_count: row.guide_rating_count ?? 0,
    },
  };
}

function picture(key, alt_text, variants) {
  const made = Object.fromEntries(Object.entries(variants ?? {}).map(([width, each]) => [width, address(each)]));
  const widest = Object.keys(made).sort((one, other) => other - one)[0];
  return { url: key ? address(key) : made[widest], alt_text, variants: made };
}

module.exports = { LIVE, UUID, address, card, detail, list, page };
