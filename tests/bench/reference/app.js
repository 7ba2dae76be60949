"use strict";
// Express with everything that the product's edge does for a public read.

const { createHash } = require("node:crypto");
const compression = require("compression");
const cors = require("cors");
const express = require("express");
const Redis = require("ioredis");
const { Pool } = require("pg");

const { availabilityQuery, listQuery, nameable, searchQuery, suggestQuery } = require("./questions");
const { begin, limited, problem, refuse } = require("./edge");
const catalogue = require("./catalogue");
const { availability } = require("./availability");
const { search, suggest } = require("./search");

const LISTING_MAX_AGE = 60;
const AVAILABILITY_MAX_AGE = 10;
const SEARCH_MAX_AGE = 60;

const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE || 10),
  application_name: "reference",
  options:
    "-c lock_timeout=3000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC " +
    "-c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_generic_plan",
});
const redis = new Redis(process.env.REDIS_URL, { enableAutoPipelining: true, maxRetriesPerRequest: 1 });

const app = express();
app.disable("x-powered-by");
app.set("etag", "weak");
app.set("query parser", "simple");
app.use(begin);
app.use(
  cors({
    origin: [process.env.FRONTEND_URL || "http://localhost:3000", /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/],
    exposedHeaders: ["Location", "Retry-After", "ETag", "X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining",
      "RateLimit-Reset", "Idempotent-Replayed"],
    maxAge: 600,
  }),
);
app.use(compression({ threshold: 500 }));
const most = Number(process.env.LIMIT_COUNT || 600);
const limit = limited(redis, most, 60);
const cached = limited(redis, most, 60, Number(process.env.CACHE_SECONDS || 0));

app.get("/health", (req, res) => res.json({ status: "ok" }));

app.get("/api/experiences", cached, async (req, res) => {
  if (res.kept) return again(res, LISTING_MAX_AGE);
  return answer(res, await catalogue.list(pool, listQuery(req.query)), LISTING_MAX_AGE);
});

app.get("/api/experiences/:name", cached, async (req, res) => {
  if (res.kept) return again(res, LISTING_MAX_AGE);
  const found = await catalogue.detail(pool, nameable(req.params.name));
  return answer(res, found ?? refuse(404, "experience_not_found", "There is no such experience."), LISTING_MAX_AGE);
});

app.get("/api/experiences/:name/availability", limit, async (req, res) => {
  const found = await availability(pool, nameable(req.params.name), availabilityQuery(req.query));
  answer(res, found ?? refuse(404, "experience_not_found", "There is no such experience."), AVAILABILITY_MAX_AGE);
});

app.get("/api/search", limit, async (req, res) => {
  answer(res, await search(pool, searchQuery(req.query)), SEARCH_MAX_AGE);
});

app.get("/api/search/suggest", limit, async (req, res) => {
  answer(res, await suggest(pool, suggestQuery(req.query)), SEARCH_MAX_AGE);
});

app.use((req) => refuse(404, "not_found", "There is nothing at this address."));
app.use(problem);

// The ETag and the 304 are Express's own.
function answer(res, payload, maxAge) {
  dress(res, maxAge);
  if (!res.keep) return res.json(payload);
  const body = JSON.stringify(payload);
  const tag = `W/"${createHash("sha256").update(body).digest("hex").slice(0, 24)}"`;
  res.keep(tag, body);
  return res.set("ETag", tag).type("application/json").send(body);
}

function again(res, maxAge) {
  dress(res, maxAge);
  return res.set({ ETag: res.kept.tag, Age: String(res.kept.age) }).type("application/json").send(res.kept.body);
}

function dress(res, maxAge) {
  res.set("Cache-Control", `public, max-age=${maxAge}`);
  res.vary("Accept-Encoding");
  res.vary("Accept-Language");
  res.vary("Origin");
}

async function close() {
  redis.disconnect();
  await pool.end();
}

module.exports = { app, close };
