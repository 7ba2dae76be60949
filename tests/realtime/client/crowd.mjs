// Thousands of official clients in one process, for the benchmark: connects them all and says when each event came.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const AT_ONCE = 64;
let latencies = [];
let hearers = new Set();
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const now = () => performance.timeOrigin + performance.now();

const connected = (url, token, index) =>
  new Promise((resolve, reject) => {
    const socket = io(url, { auth: { token }, transports: ["websocket"], forceNew: true, reconnection: false });
    socket.on("ready", resolve);
    socket.on("connect_error", (error) => reject(new Error(`${index}: ${error.message}`)));
    socket.on("disconnect", (reason) => tell({ lost: index, reason }));
    socket.on("notification", (event) => {
      latencies.push(now() - event.data.at);
      hearers.add(index);
    });
  });

const { url, tokens } = JSON.parse((await lines.next()).value);
const began = performance.now();
let next = 0;
const worker = async () => {
  while (next < tokens.length) {
    const index = next++;
    await connected(url, tokens[index], index);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
tell({ connected: tokens.length, seconds: (performance.now() - began) / 1000 });

for await (const line of lines) {
  tell({ latencies, hearers: hearers.size });
  if (JSON.parse(line).forget) {
    latencies = [];
    hearers = new Set();
  }
}
process.exit(0);
