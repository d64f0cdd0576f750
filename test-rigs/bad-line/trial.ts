import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import type { TLSSocket } from "node:tls";
import { openAuthority } from "../processes/certificates.ts";
import { startChild, tempDir } from "../processes/child.ts";
import type { Random } from "../sim/random.ts";
import { BadLineProxy } from "./bad-line.ts";

/** What is tried. */
export type Trial = {
  readonly payloadBytes: number;
  readonly outages: number;
  /** How much faster than life it goes. */
  readonly speed: number;
  /** The whole may take so long in real time, in milliseconds. */
  readonly patienceMs: number;
  readonly random: Random;
};

/** What came of it. */
export type TrialResult = {
  readonly isWhole: boolean;
  /** Over the line in both directions: TLS and the heads of HTTP too; not TCP's and IP's own. */
  readonly wireBytes: number;
  /** 1.02 times the payload, and 4 kB for each connection. */
  readonly wireBytesMax: number;
  readonly connections: number;
  readonly cuts: number;
  readonly outages: number;
  /** What of the part was used again after the process was killed, 0 to 1. */
  readonly reused: number;
};

/** 2G at its edge: 20 kbit/s. */
const BYTES_PER_S = 2_500;
/** A record of TLS that is cut is lost whole: a server for bad lines keeps them short, in bytes. */
const RECORD_BYTES = 2_048;

/** One file over one bad line by TLS; the process that fetches it is killed when half of it came. */
export async function tryBadLine(trial: Trial): Promise<TrialResult> {
  const { payloadBytes, outages, speed, random, patienceMs } = trial;
  const payload = randomBytes(payloadBytes);
  const server = await openServer(payload);
  const folder = tempDir("bad-line");
  const partBytes = () => {
    const name = readdirSync(folder).find((each) => !each.endsWith(".tag"));
    return name === undefined ? 0 : statSync(join(folder, name)).size;
  };
  const proxy = new BadLineProxy(
    {
      bytesPerS: BYTES_PER_S,
      cutChance: 0.3,
      taken: partBytes,
      speed,
      random,
      outages,
      payloadBytes,
    },
    server.port,
  );
  const url = `https://localhost:${await proxy.listen()}/release.tar.zst`;
  const sha256 = createHash("sha256").update(payload).digest("hex");
  const fetcher = join(import.meta.dirname, "fetcher.ts");
  const args = [fetcher, url, server.ca, folder, `${payloadBytes}`, sha256, `${speed}`];
  const start = () => startChild(process.execPath, args);
  try {
    const first = start();
    const until = performance.now() + patienceMs;
    while (partBytes() < payloadBytes / 2 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await first.end("SIGKILL");
    const kept = partBytes();
    server.asked.length = 0;
    await start().waitFor(/^whole /, patienceMs);
    const { up, down, ...rest } = proxy.tally;
    const [name = ""] = readdirSync(folder).filter((each) => !each.startsWith("."));
    return {
      isWhole: readFileSync(join(folder, name)).equals(payload),
      wireBytes: up + down,
      wireBytesMax: 1.02 * payloadBytes + 4_096 * rest.connections,
      reused: kept === 0 ? 0 : (server.asked[0] ?? 0) / kept,
      ...rest,
    };
  } finally {
    proxy.close();
    server.close();
  }
}

/** Serves `payload` with ranges; `asked` is told from which byte on each time. */
async function openServer(payload: Buffer) {
  const authority = openAuthority();
  const { cert, key } = authority.issue({ name: "localhost" });
  const asked: number[] = [];
  const server = createServer(
    { cert: readFileSync(cert), key: readFileSync(key) },
    (request, answer) => {
      const [, first = "0"] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
      const from = Number(first);
      asked.push(from);
      const range = `bytes ${from}-${payload.length - 1}/${payload.length}`;
      answer.writeHead(from > 0 ? 206 : 200, {
        ETag: '"release"',
        "Content-Length": payload.length - from,
        ...(from > 0 && { "Content-Range": range }),
      });
      answer.end(payload.subarray(from));
    },
  );
  server.on("secureConnection", (socket: TLSSocket) => {
    socket.setMaxSendFragment(RECORD_BYTES);
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, ca: authority.cert, asked, close };
}
