import { createConnection, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "./fault.ts";

/**
 * A line to `port` of this machine that passes on so many bytes a second, as a bad mobile connection
 * does. Resolves with the port at its beginning.
 */
export async function openSlowLine(
  bench: Bench,
  { port, bytesPerS }: { readonly port: number; readonly bytesPerS: number },
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection({ host: "127.0.0.1", port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
    far.pipe(near);
    void passOn(near, far, bytesPerS);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  bench.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as { port: number }).port;
}

async function passOn(from: Socket, to: Socket, bytesPerS: number): Promise<void> {
  try {
    for await (const bytes of from as AsyncIterable<Buffer>) {
      // A tenth of a second's worth at a time, or the first piece would be through at once.
      const pieceBytes = Math.ceil(bytesPerS / 10);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        to.write(bytes.subarray(at, at + pieceBytes));
        await sleep(100);
      }
    }
  } catch {
    // Whoever hangs up ends it.
  }
}
