"use strict";
// The reference of the benchmarks: the product's hot public reads as a careful Express server would do them, one process
// a core, with the same SQL, the same answers and the same duties.

const cluster = require("node:cluster");

const workers = Number(process.env.WEB_WORKERS || 2);

if (cluster.isPrimary) {
  for (let n = 0; n < workers; n += 1) cluster.fork();
  cluster.on("exit", (worker, code) => {
    process.exitCode = code || 1;
    for (const one of Object.values(cluster.workers)) one.kill();
  });
  process.on("SIGTERM", () => {
    cluster.removeAllListeners("exit");
    cluster.disconnect(() => process.exit(0));
  });
} else {
  const { app, close } = require("./app");
  const server = app.listen(Number(process.env.PORT), "127.0.0.1", 1024);
  server.keepAliveTimeout = 60_000;
  process.on("disconnect", () => close().finally(() => process.exit(0)));
}
