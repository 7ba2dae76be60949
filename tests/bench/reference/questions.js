"use strict";
// What may be asked, checked by name before the database hears of it.

const { refuse } = require("./edge");

const CATEGORIES = new Set(["nightlife", "cultural", "adventure", "food", "nature"]);
const EXPONENTS = { KES: 2, USD: 2, EUR: 2, GBP: 2, UGX: 0, TZS: 2 };
const TYPES = new Set(["all", "experiences", "guides"]);
const SORTS = new Set(["rating", "price", "-price", "newest"]);
const LONGEST_WINDOW = 62;
const LONGEST_SEARCH = 200;
const AMOUNT = /^[0-9]{1,10}(\.[0-9]{1,2})?$/;
const INTEGER = /^[+-]?[0-9]{1,12}$/;
const RATING = /^[0-5](\.[0-9]{1,2})?$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const UNPRINTABLE = /[\u0000-\u001f\u007f]/;

class Question {
  constructor(query) {
    this.errors = {};
    this.given = {};
    for (const name in query) {
      if (query[name] === "") continue;
      const spelled = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (spelled in this.given) this.errors[spelled] = ["is given twice"];
      this.given[spelled] = query[name];
    }
  }

  read(name, parse, otherwise) {
    const value = this.given[name];
    if (value === undefined) return otherwise;
    const parsed = typeof value === "string" ? parse(value) : undefined;
    if (parsed === undefined) this.errors[name] = ["Not valid."];
    return parsed;
  }

  checked(values) {
    if (Object.keys(this.errors).length) {
      refuse(422, "invalid_fields", "Some fields are not valid; see errors.", this.errors);
    }
    return values;
  }
}

const oneOf = (known) => (text) => (known.has(text) ? text : undefined);
const whole = (least, most) => (text) => {
  const number = INTEGER.test(text.trim()) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
};
const words = (longest) => (text) => {
  const stripped = text.trim();
  return stripped && stripped.length <= longest && !UNPRINTABLE.test(stripped) ? stripped : undefined;
};
const rating = (text) => (RATING.test(text) && Number(text) <= 5 ? Number(text) : undefined);

function minor(exponent) {
  return (text) => {
    if (!AMOUNT.test(text.trim())) return undefined;
    const [major, cents = ""] = text.trim().split(".");
    if (/[1-9]/.test(cents.slice(exponent))) return undefined;
    return Number(major + cents.slice(0, exponent).padEnd(exponent, "0"));
  };
}

function day(text) {
  const ms = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 2000 && year < 2200 && date.toISOString().startsWith(text) ? ms / 86_400_000 : undefined;
}

// A number, or kinds of guest with their numbers: adult:2,child:1.
function party(text) {
  if (!text.includes(":")) return whole(1, 500)(text);
  const kinds = text.split(",").map((part) => {
    const at = part.lastIndexOf(":");
    return [part.slice(0, Math.max(at, 0)).trim(), whole(0, 500)(part.slice(at + 1))];
  });
  const isFit = kinds.every(([name, count]) => name && name.length <= 40 && !UNPRINTABLE.test(name) && count !== undefined);
  return isFit && kinds.length <= 10 && new Map(kinds).size === kinds.length ? kinds : undefined;
}

function listQuery(query) {
  const question = new Question(query);
  return question.checked({
    ...narrowed(question),
    guests: question.read("guests", whole(1, 1000)),
    sort: question.read("sort", oneOf(SORTS), "rating"),
  });
}

function searchQuery(query) {
  const question = new Question(query);
  return question.checked({
    q: question.read("q", words(LONGEST_SEARCH)),
    type: question.read("type", oneOf(TYPES), "all"),
    ...narrowed(question),
  });
}

function suggestQuery(query) {
  const question = new Question(query);
  const q = question.read("q", words(LONGEST_SEARCH));
  if (q === undefined) question.errors.q = ["Missing data for required field."];
  return question.checked({ q });
}

// What lists and searches are narrowed down by, and which page of them.
function narrowed(question) {
  const priced = "min_price" in question.given || "max_price" in question.given;
  const currency = question.read("currency", oneOf(new Set(Object.keys(EXPONENTS))), priced ? "KES" : undefined);
  const amount = minor(EXPONENTS[currency] ?? 2);
  const values = {
    category: question.read("category", oneOf(CATEGORIES)),
    location: question.read("location", words(100)),
    currency,
    minPrice: question.read("min_price", amount),
    maxPrice: question.read("max_price", amount),
    rating: question.read("rating", rating),
    page: question.read("page", whole(1, 10_000), 1),
    limit: question.read("limit", whole(1, 100), 20),
  };
  if (values.minPrice > values.maxPrice) question.errors.max_price = ["Must not be below min_price."];
  return values;
}

function availabilityQuery(query) {
  const question = new Question(query);
  const values = {
    first: question.read("from", day),
    last: question.read("to", day),
    guests: question.read("guests", party),
  };
  const length = values.last - values.first;
  if (length < 0 || length > LONGEST_WINDOW) {
    question.errors.to = [`Must not be before from, nor more than ${LONGEST_WINDOW} days after it.`];
  }
  return question.checked(values);
}

function nameable(name) {
  return name.length > 200 || UNPRINTABLE.test(name)
    ? refuse(404, "experience_not_found", "There is no such experience.")
    : name;
}

module.exports = { LONGEST_WINDOW, availabilityQuery, listQuery, nameable, searchQuery, suggestQuery };
