import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A broker that takes every connection and all that is sent to it. */
export type MuteBroker = {
  readonly port: number;
  readonly url: string;
  /** How many connections are open. */
  connections(): number;
  close(): void;
};

/** MQTT 5.0, 3.2: the session is accepted; no properties. */
const CONNACK = Uint8Array.of(0x20, 3, 0, 0, 0);

/** Opens a broker on 127.0.0.1 that says nothing, but for a CONNACK where it `greets`. */
export async function openMuteBroker({ greets }: { greets: boolean }): Promise<MuteBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      if (greets) socket.write(CONNACK);
    });
    socket.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP port");
  return {
    port: address.port,
    url: `mqtt://127.0.0.1:${address.port}`,
    connections: () => sockets.size,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
