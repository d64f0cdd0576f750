import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Answering } from "../sim/centre-endpoint.ts";

/** A centre on a TCP port of this machine. */
export type ServedCentre = {
  readonly port: number;
  /** How many connections were made. */
  readonly connections: () => number;
  /** Breaks every connection off. */
  readonly drop: () => void;
  readonly close: () => Promise<void>;
};

/** Lets `centre` answer on a free port of 127.0.0.1; what it says comes byte by byte. */
export async function serveCentre(centre: Answering): Promise<ServedCentre> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count++;
    sockets.add(socket);
    socket.setNoDelay(true);
    const hear = centre.connected((bytes) => {
      for (const byte of bytes) socket.write(Uint8Array.of(byte));
    });
    socket.on("data", (bytes) => hear(bytes));
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const drop = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    drop,
    close: async () => {
      drop();
      server.close();
      await once(server, "close");
    },
  };
}
