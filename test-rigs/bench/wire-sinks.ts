import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connectAsync } from "mqtt";
import type { WallMs } from "../../edge/core/time.ts";
import { Hj212CentreModel } from "../centres/hj212-centre.ts";
import { serveCentre } from "../centres/serve-tcp.ts";
import { Sl651CentreModel } from "../centres/sl651-centre.ts";
import { freePort, startMosquitto } from "../processes/mosquitto.ts";

/** Who takes what a sender sends. */
export type Sink = {
  readonly port: number;
  /** How many messages have come so far. */
  readonly came: () => number;
  readonly close: () => void | Promise<void>;
};

/** Who logs in where. */
export const HJ212_LOGIN = {
  mn: "010000A8900016F000169DC0",
  password: "123456",
  system: "32",
} as const;
export const SL651_LOGIN = {
  centre: 5,
  station: "0011223344",
  password: "03E8",
  encoding: "hex",
} as const;

/** A mosquitto, with a subscriber by a listener of its own: what it gets is not counted as sent. */
export async function openBrokerSink(): Promise<Sink> {
  const watched = await freePort();
  // It would leave out messages for a subscriber that is behind.
  const lines = ["max_queued_messages 0", `listener ${watched} 127.0.0.1`];
  const broker = await startMosquitto({ lines });
  const url = `mqtt://127.0.0.1:${watched}`;
  const subscriber = await connectAsync(url, { clientId: "subscriber" });
  let came = 0;
  subscriber.on("message", () => {
    came++;
  });
  await subscriber.subscribeAsync("#");
  return {
    port: broker.port,
    came: () => came,
    close: async () => {
      await subscriber.endAsync(true);
      await broker.close();
    },
  };
}

/** A server that takes every POST. */
export async function openServerSink(): Promise<Sink> {
  let came = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (request.method === "POST") came++;
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    came: () => came,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const now = () => Date.now() as WallMs;

/** The simulated centre of HJ 212. */
export async function openHj212Sink(): Promise<Sink> {
  const centre = new Hj212CentreModel(HJ212_LOGIN, now);
  const { port, close } = await serveCentre(centre);
  return { port, close, came: () => centre.received.length };
}

/** The simulated centre of SL 651. */
export async function openSl651Sink(): Promise<Sink> {
  const centre = new Sl651CentreModel(SL651_LOGIN, now);
  const { port, close } = await serveCentre(centre);
  return { port, close, came: () => centre.received.length };
}

/** Bytes of all connections to `port` of this machine, both ways, as the kernel counts them (`ss`). */
export function bytesTo(port: number): number {
  const text = execFileSync("ss", ["-tinH", `dport = :${port}`]).toString();
  const counts = text.matchAll(/bytes_(?:sent|received):(\d+)/g);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
