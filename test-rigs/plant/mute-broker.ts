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

/** What it says to whoever connects, and before that whether it accepts the session. */
export type MuteBrokerSettings = { readonly greets: boolean; readonly says?: Uint8Array };

/** Opens a broker on 127.0.0.1 that says nothing, but for what it is told to say. */
export async function openMuteBroker({ greets, says }: MuteBrokerSettings): Promise<MuteBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      if (greets) socket.write(CONNACK);
      if (says !== undefined) socket.write(says);
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
