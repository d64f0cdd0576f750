import { writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild, tempDir } from "./child.ts";

/** A mosquitto on 127.0.0.1 that can be killed and started again on the same port. */
export type Mosquitto = {
  readonly port: number;
  readonly url: string;
  /** Ends the broker at once, as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The same as `kill`, for whoever only wants it gone. */
  close(): Promise<void>;
};

/** A TCP port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts mosquitto (Debian package `mosquitto`) with nothing kept on disk. */
export async function startMosquitto(): Promise<Mosquitto> {
  const port = await freePort();
  const config = join(tempDir("mosquitto"), "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  let child: Child | null = null;
  const start = async () => {
    child = startChild("/usr/sbin/mosquitto", ["-c", config]);
    for (let tries = 0; tries < 200; tries++) {
      if (await accepts(port)) return;
      await sleep(25);
    }
    throw new Error(`mosquitto does not listen:\n${child.lines.join("\n")}`);
  };
  await start();
  const kill = async () => child?.end("SIGKILL");
  return { port, url: `mqtt://127.0.0.1:${port}`, start, kill, close: kill };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
