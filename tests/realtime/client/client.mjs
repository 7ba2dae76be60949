// The official client as a test drives it: commands come as JSON lines, everything that happens goes out as JSON lines.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const sockets = new Map();
const tell = (id, what, data) => process.stdout.write(`${JSON.stringify({ id, what, data: data ?? null })}\n`);

const verbs = {
  connect({ id, url, auth, transports, options }) {
    const socket = io(url, { auth, transports, forceNew: true, reconnection: false, ...options });
    sockets.set(id, socket);
    socket.on("connect", () => tell(id, "connect", socket.io.engine.transport.name));
    socket.on("connect_error", (error) => tell(id, "connect_error", { message: error.message, data: error.data }));
    socket.on("disconnect", (reason) => tell(id, "disconnect", reason));
    socket.io.engine?.on("upgrade", (transport) => tell(id, "upgrade", transport.name));
    socket.onAny((name, payload) => tell(id, name, payload));
  },
  async emit({ id, name, payload }) {
    try {
      tell(id, "ack", await sockets.get(id).timeout(3000).emitWithAck(name, payload));
    } catch (error) {
      tell(id, "ack", { error: String(error) });
    }
  },
  auth({ id, auth }) {
    sockets.get(id).auth = auth;
  },
  close({ id }) {
    sockets.get(id)?.disconnect();
    sockets.delete(id);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...command } = JSON.parse(line);
  await verbs[verb](command);
}
for (const socket of sockets.values()) socket.disconnect();
