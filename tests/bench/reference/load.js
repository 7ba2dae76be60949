"use strict";
// What load.lua does under wrk, for machines that have none: the same file of questions, the same figures, by autocannon.

const { readFileSync } = require("node:fs");
const autocannon = require("autocannon");

const [base, connections, seconds, file, encoding, start] = process.argv.slice(2);
const requests = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => {
  const [path, token, body] = line.split("\t");
  const headers = { "accept-encoding": encoding };
  if (!token) return { method: "GET", path, headers };
  headers.authorization = `Bearer ${token}`;
  headers["content-type"] = "application/json";
  return { method: "POST", path, headers, body };
});
const once = requests[0].method === "POST";
let at = once ? 0 : Number(start) % requests.length;
const next = () => requests[at++ % requests.length];

const run = autocannon({
  url: base,
  connections: Number(connections),
  duration: Number(seconds),
  requests: [next()],
  setupClient(client) {
    client.setRequest(next());
    client.on("response", () => {
      if (once && at >= requests.length) run.stop();
      client.setRequest(next());
    });
  },
});
run.then((result) => {
  process.stderr.write(
    `${JSON.stringify({
      requests: result["2xx"] + result.non2xx,
      seconds: result.duration,
      refused: result.non2xx,
      broken: result.errors + result.timeouts,
      p50_ms: result.latency.p50,
      p99_ms: result.latency.p99,
    })}\n`,
  );
});
