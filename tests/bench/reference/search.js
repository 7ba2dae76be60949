"use strict";
// Searching and suggesting: the product's own statements, which the bench writes out, asked in the same order.

const { readFileSync } = require("node:fs");
const { address, card, page } = require("./catalogue");

const MOST_WORDS = 10;
const MOST_MENDED = 4;
const SHORTEST_MENDED = 3;
const LONGEST_WORD = 40;
const CANDIDATES = 200;
const FIRST_CANDIDATES = 100;
const FEW_OF_SEVERAL = 400;
const MOST_PRICE_STEPS = 8;
const ROUNDING = 1e-9;
const LONGEST_TITLE = 300;
const LONGEST_TEXT = 200;
const FEWEST_LETTERS = 2;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const WORD = /[\p{L}\p{N}]+(?:['’‘`´ʼ][\p{L}\p{N}]+)*/gu;
const APOSTROPHES = /['’‘`´ʼ]/g;
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
const BOUNDS = ["min_rating", "currency", "least", "most", "guests"];
const KINDS = { all: null, experiences: "experience", guides: "guide" };

const statements = JSON.parse(readFileSync(process.env.STATEMENTS, "utf8"));

async function ask(pool, which, given) {
  const { name, text, names, otherwise } = statements[which];
  const values = names.map((one, at) => (one in given ? given[one] : otherwise[at]));
  const { rows } = await pool.query({ name, text, values, rowMode: "array" });
  return rows;
}

async function search(pool, query) {
  const { q } = query;
  const { terms, corrected } = q === undefined ? { terms: null, corrected: null } : await understand(pool, q);
  const shown = { query: q ?? null, corrected_query: corrected };
  if (terms && !terms.length) return { ...shown, ...found([], 0, query) };
  const offset = (query.page - 1) * query.limit;
  const asked = { ...(await parameters(pool, terms, query)), needed: offset + query.limit };
  const isNarrow = BOUNDS.some((name) => asked[name] !== null);
  const isDeep = asked.needed >= FIRST_CANDIDATES;
  const find = `find${asked.few === null ? "" : "_few"}${isNarrow ? "_narrowed" : ""}${isDeep ? "_deep" : ""}`;
  const rows = await ask(pool, find, { ...asked, limit: query.limit, offset });
  // Beyond the last page there is no row to bring the count along.
  const counted = rows.length || !offset ? rows : await ask(pool, find, { ...asked, limit: 1, offset: 0 });
  const [total, isAll] = counted.length ? [Math.min(Number(counted[0][2]), CANDIDATES), counted[0][3]] : [0, true];
  const words = terms && new Set(telling(terms).flatMap((term) => [term.word, ...term.variants]));
  return { ...shown, ...found(rows.map(([kind, row]) => hit(kind, JSON.parse(row), words)), total, query, isAll) };
}

function found(items, total, query, isAll = true) {
  const end = (query.page - 1) * query.limit + items.length;
  const next = items.length && end < total ? Buffer.from(String(end)).toString("base64url") : null;
  const answer = page(items, total, query, next);
  answer.pagination.total_is_capped = total >= CANDIDATES || !isAll;
  return answer;
}

async function suggest(pool, { q }) {
  const rows = [...q].length < FEWEST_LETTERS ? [] : await ask(pool, "suggest", { q });
  return { items: rows.map(([type, text, id, slug]) => ({ type, text, id, slug })) };
}

// What was typed as words that there are, typos mended.
async function understand(pool, q) {
  const typed = await ask(pool, "read", { q, most: MOST_WORDS });
  const unknown = typed.filter(([, stems, words]) => stems.length && !words.length).map(([word]) => word).slice(0, MOST_MENDED);
  if (!unknown.length) return { terms: termsOf(typed), corrected: null };
  const mended = new Map(typed.filter(([, stems, words]) => words.length || !stems.length).map(([word]) => [word, word]));
  for (const word of unknown) mended.set(word, await mend(pool, word));
  const words = typed.map(([word]) => mended.get(word)).filter(Boolean);
  if (words.join(" ") === typed.map(([word]) => word).join(" ")) return { terms: termsOf(typed), corrected: null };
  const corrected = words.join(" ");
  return { terms: termsOf(await ask(pool, "read", { q: corrected, most: MOST_WORDS })), corrected: corrected || null };
}

function termsOf(rows) {
  const terms = new Map(rows.map(([word, stems, variants, entries]) => [word, { word, stems, variants, entries: Number(entries) }]));
  return [...terms.values()];
}

async function mend(pool, word) {
  const isMendable = word.length >= SHORTEST_MENDED && word.length <= LONGEST_WORD;
  const rows = await ask(pool, "mend", { word, spellings: isMendable ? spellings(word) : [], is_mendable: isMendable });
  return rows.length ? rows[0][0] : null;
}

// Whatever one slip of the finger makes of a word.
function spellings(word) {
  const near = new Set();
  for (let at = 0; at <= word.length; at += 1) {
    const [left, right] = [word.slice(0, at), word.slice(at)];
    if (right) near.add(left + right.slice(1));
    if (right.length > 1) near.add(left + right[1] + right[0] + right.slice(2));
    for (const letter of LETTERS) {
      if (right) near.add(left + letter + right.slice(1));
      near.add(left + letter + right);
    }
  }
  near.delete(word);
  near.delete("");
  return [...near];
}

async function parameters(pool, terms, query) {
  const prices = costing(query);
  const properties = [KINDS[query.type], prices ? undefined : query.category].filter(Boolean).map((name) => quoted(`#${name}`));
  if (prices) properties.push(prices);
  if (query.location !== undefined) {
    const places = await ask(pool, "place", { text: query.location, most: MOST_WORDS });
    properties.push(all(places.map(([kin]) => any(kin.map((word) => `@${word}`)))) || quoted("#nowhere"));
  }
  if (!properties.length && !terms) properties.push("('#experience' | '#guide')");
  return {
    ...sought(terms ?? [], properties),
    min_rating: query.rating ?? null,
    currency: query.currency ?? null,
    least: query.minPrice ?? null,
    most: query.maxPrice ?? null,
    guests: null,
  };
}

function sought(terms, properties) {
  if (!terms.length) return { heads: all(properties), others: "", words: "", few: null, rest: null };
  const heads = all(telling(terms).map((term) => any([term.word, ...term.variants].map((word) => `^${word}`))));
  const stems = all(terms.flatMap((term) => term.stems.map(quoted)));
  const asked = { heads: all([heads, ...properties]), others: stems ? all([stems, ...properties]) : "", words: stems };
  return { ...asked, ...fewOf(terms, properties) };
}

// Where one of the words is in few documents, those are looked up and all else is asked of them.
function fewOf(terms, properties) {
  const told = terms.filter((term) => term.stems.length);
  const [rarest] = [...told].sort((one, other) => one.entries - other.entries);
  if (!rarest || rarest.entries > (told.length > 1 ? FEW_OF_SEVERAL : CANDIDATES)) return { few: null, rest: null };
  const others = terms.filter((term) => term !== rarest).flatMap((term) => term.stems.map(quoted));
  return { few: all(rarest.stems.map(quoted)), rest: all([...others, ...properties]) || null };
}

function telling(terms) {
  const says = terms.filter((term) => term.stems.length);
  return says.length ? says : terms;
}

function costing({ category, currency, minPrice, maxPrice }) {
  if (currency === undefined || minPrice === undefined || maxPrice === undefined) return null;
  const step = (minor, rounding) => Math.max(Math.floor((2 * Math.log(minor + 1)) / Math.log(2) + rounding), 0);
  const [first, last] = [step(minPrice, -ROUNDING), step(maxPrice, ROUNDING)];
  if (last - first >= MOST_PRICE_STEPS) return null;
  const of = category ? `#${category} ` : "#";
  return any(Array.from({ length: last - first + 1 }, (_, at) => `${of}${currency}${first + at}`));
}

const quoted = (lexeme) => `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
const any = (lexemes) => `(${[...new Set(lexemes.map(quoted))].join(" | ")})`;
const all = (conditions) => conditions.join(" & ");

function hit(kind, row, words) {
  const isExperience = kind === "experience";
  const shown = isExperience ? experience(row) : guide(row);
  const [title, text] = isExperience ? [shown.title, shown.summary] : [shown.name, row[5]];
  return {
    type: kind,
    experience: isExperience ? shown : null,
    guide: isExperience ? null : shown,
    highlights: words && { title: marked(title, words, LONGEST_TITLE), text: marked(text, words, LONGEST_TEXT) },
  };
}

function experience([
  id, slug, title, summary, category, location, latitude, longitude, price_minor, currency, price_per, duration_minutes,
  min_guests, max_guests, is_private, confirmation, images, rating_average, rating_count,
]) {
  return card({
    id, slug, title, summary, category, location, latitude, longitude, price_minor, currency, price_per, duration_minutes,
    min_guests, max_guests, is_private, confirmation, images, rating_average, rating_count,
  });
}

function guide([
  id, slug, first, last, avatar, bio, region, languages, specializations, years_experience, is_licensed, rating_average,
  rating_count, experience_count,
]) {
  return {
    id,
    slug,
    name: `${first} ${last}`.trim(),
    avatar_url: avatar && address(avatar),
    summary: beginning(bio),
    region,
    languages,
    specializations,
    years_experience,
    is_licensed,
    rating_average,
    rating_count,
    experience_count,
  };
}

function beginning(bio) {
  const text = bio.trim().split(/\s+/).join(" ");
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, text.lastIndexOf(" ", LONGEST_TEXT - 1))}…`;
}

// The text, or as much as is shown around the first word that was sought, as HTML with those words marked.
function marked(text, words, longest) {
  const spans = [];
  for (const match of text.matchAll(WORD)) {
    if (words.has(folded(match[0]))) spans.push([match.index, match.index + match[0].length]);
  }
  const [start, end] = excerpt(text, spans.length ? spans[0][0] : 0, longest);
  let html = start ? "…" : "";
  let at = start;
  for (const [first, last] of spans) {
    if (first < start || last > end) continue;
    html += `${escaped(text.slice(at, first))}<mark>${escaped(text.slice(first, last))}</mark>`;
    at = last;
  }
  return html + escaped(text.slice(at, end)) + (end < text.length ? "…" : "");
}

function excerpt(text, about, longest) {
  if (text.length <= longest) return [0, text.length];
  let start = Math.max(Math.min(about - Math.floor(longest / 3), text.length - longest), 0);
  if (start) {
    const blank = text.indexOf(" ", start);
    if (blank >= 0 && blank < about) start = blank + 1;
  }
  let end = Math.min(start + longest, text.length);
  if (end < text.length && text.slice(about, end).includes(" ")) {
    const blank = text.lastIndexOf(" ", end - 1);
    end = Math.max(blank >= about ? blank : -1, about + 1);
  }
  return [start, end];
}

const escaped = (text) => text.replace(/[&<>"']/g, (letter) => ESCAPED[letter]);
const folded = (word) => word.replace(APOSTROPHES, "").normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");

module.exports = { search, suggest };
