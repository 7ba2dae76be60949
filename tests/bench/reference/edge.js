"use strict";
// What every answer carries: ids, limits, the headers that keep browsers from doing harm, and one line of log.

const { randomBytes } = require("node:crypto");
const pino = require("pino");

const log = pino(
  { base: { process: "reference" }, timestamp: () => `,"timestamp":"${new Date().toISOString()}"` },
  pino.destination({ fd: 1, sync: true }),
);
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,64}$/;
const ALWAYS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};
// One round trip: the count of this window and the milliseconds that are left of it.
const HIT = `
  local count = redis.call("INCR", KEYS[1])
  if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
  return {count, redis.call("PTTL", KEYS[1])}
`;

// The same, and in the same round trip the answer that is kept and the milliseconds left of it, or whether somebody asked before.
const LOOK = `
  local count = redis.call("INCR", KEYS[1])
  if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
  local left = redis.call("PTTL", KEYS[1])
  if count > tonumber(ARGV[2]) then return {count, left} end
  local kept = redis.call("GET", KEYS[2])
  if kept then return {count, left, kept, redis.call("PTTL", KEYS[2])} end
  local is_first = redis.call("SET", KEYS[3], "1", "PX", ARGV[3], "NX")
  return {count, left, false, is_first and 0 or 1}
`;
const TAG_LENGTH = 28;

const UNKNOWN = { status: 500, code: "internal_error", message: "Something went wrong on our side. We have been told." };

class Problem extends Error {
  constructor(status, code, detail, errors = {}) {
    super(detail);
    Object.assign(this, { status, code, errors });
  }
}

function refuse(status, code, detail, errors) {
  throw new Problem(status, code, detail, errors);
}

function begin(req, res, next) {
  const started = process.hrtime.bigint();
  const given = req.headers["x-request-id"];
  req.id = given && REQUEST_ID.test(given) ? given : randomBytes(16).toString("hex");
  res.setHeader("X-Request-ID", req.id);
  for (const name in ALWAYS) res.setHeader(name, ALWAYS[name]);
  res.on("finish", () => {
    log.info({
      event: "request",
      request_id: req.id,
      method: req.method,
      route: req.route ? req.route.path : null,
      status: res.statusCode,
      ms: Math.round(Number(process.hrtime.bigint() - started) / 1e5) / 10,
      user_id: null,
    });
  });
  next();
}

function limited(redis, count, seconds, cacheSeconds = 0) {
  redis.defineCommand("hit", { numberOfKeys: 1, lua: HIT });
  redis.defineCommand("look", { numberOfKeys: 3, lua: LOOK });
  return async (req, res, next) => {
    const counts = `reference:${req.ip}`;
    const key = `reference:kept:${req.originalUrl}`;
    const [used, left, kept, lasts] = cacheSeconds
      ? await redis.look(counts, key, `${key}:asked`, seconds, count, cacheSeconds * 1000)
      : await redis.hit(counts, seconds);
    const reset = Math.max(Math.ceil(left / 1000), 1);
    res.setHeader("RateLimit-Limit", String(count));
    res.setHeader("RateLimit-Remaining", String(Math.max(count - used, 0)));
    res.setHeader("RateLimit-Reset", String(reset));
    if (used > count) {
      res.setHeader("Retry-After", String(reset));
      refuse(429, "too_many_requests", "Too many requests. Slow down and try again.");
    }
    if (kept) {
      res.kept = { tag: kept.slice(0, TAG_LENGTH), body: kept.slice(TAG_LENGTH) };
      res.kept.age = Math.max(Math.ceil((cacheSeconds * 1000 - lasts) / 1000), 0);
    } else if (lasts === 1) {
      res.keep = (tag, body) => redis.set(key, tag + body, "PX", cacheSeconds * 1000);
    }
    next();
  };
}

function problem(error, req, res, next) {
  const known = error instanceof Problem;
  if (!known) log.error({ request_id: req.id, err: error });
  const { status, code, message: detail } = known ? error : UNKNOWN;
  res.status(status).set("Cache-Control", "private, no-store").type("application/problem+json");
  res.send(
    JSON.stringify({
      type: `urn:elite-events:problem:${code}`,
      title: code[0].toUpperCase() + code.slice(1).replaceAll("_", " "),
      status,
      detail,
      message: detail,
      code,
      errors: known ? error.errors : {},
      request_id: req.id,
    }),
  );
}

module.exports = { begin, limited, problem, refuse };
