import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Pair } from "./certificates.ts";
import { type Child, startChild, tempDir } from "./child.ts";

/** A mosquitto on 127.0.0.1 that can be killed and started again on the same port. */
export type Mosquitto = {
  readonly port: number;
  /** By the name `localhost` where it shows a certificate, else by address. */
  readonly url: string;
  /** Ends the broker at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as who maintains it does. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Reads passwords and certificates anew. */
  reread(): void;
  /** The process that runs now. */
  pid(): number;
  /** The same as `kill`, for whoever only wants it gone. */
  close(): Promise<void>;
};

/**
 * Below the ports that the kernel gives to whoever asks for any (from 32768 on, as a rule): such a
 * port would often be given to another, in the moment between this answer and its use.
 */
const PORTS = { from: 12_000, to: 32_000 };

/** A TCP port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** How the broker is reached, and by whom. */
export type MosquittoSettings = {
  /** Left out: any that is free. */
  readonly port?: number;
  /** Where it listens, for a gateway in another network: by this address, and under this name. */
  readonly address?: string;
  readonly name?: string;
  /** Stands before its command. */
  readonly wrap?: readonly string[];
  /** Its certificate; left out: nothing is encrypted. */
  readonly tls?: Pair;
  /** The only TLS that it speaks. */
  readonly tlsVersion?: "1.2" | "1.3";
  /** Asks for a certificate of this authority (a PEM file). */
  readonly clientCa?: string;
  readonly isWebsocket?: boolean;
  /** Lets in only whom this file of `mosquitto_passwd` names. */
  readonly passwords?: string;
  /** More lines of its configuration. */
  readonly lines?: readonly string[];
};

function configOf(port: number, spare: number, settings: MosquittoSettings): string {
  const { tls, tlsVersion, clientCa, isWebsocket, passwords, lines = [] } = settings;
  const { address = "127.0.0.1" } = settings;
  return [
    // Started by root it would change to another user, who may not read the test's files.
    "user root",
    // Version 2.0.11 gives up where it has no listener but for websockets.
    ...(isWebsocket ? [`listener ${spare} 127.0.0.1`] : []),
    `listener ${port} ${address}`,
    // Without the first it listens on every address.
    ...(isWebsocket ? ["socket_domain ipv4", "protocol websockets"] : []),
    ...(tls === undefined ? [] : [`certfile ${tls.cert}`, `keyfile ${tls.key}`]),
    // This sets the oldest.
    ...(tlsVersion === undefined ? [] : [`tls_version tlsv${tlsVersion}`]),
    ...(clientCa === undefined ? [] : [`cafile ${clientCa}`, "require_certificate true"]),
    ...(passwords === undefined ? [] : [`password_file ${passwords}`]),
    `allow_anonymous ${passwords === undefined}`,
    "persistence false",
    ...lines,
    "",
  ].join("\n");
}

function schemeOf({ tls, isWebsocket }: MosquittoSettings): string {
  const scheme = isWebsocket ? "ws" : "mqtt";
  return tls === undefined ? scheme : `${scheme}s`;
}

/** What OpenSSL is told where TLS 1.2 is to be the newest, which mosquitto has no word for. */
const UP_TO_1_2 = `
openssl_conf = here
[here]
ssl_conf = tls
[tls]
system_default = limits
[limits]
MaxProtocol = TLSv1.2
`;

/** A machine that does much else starts a broker slowly. */
const START_MS = 30_000;

/** Starts mosquitto (Debian package `mosquitto`) with nothing kept on disk. */
export async function startMosquitto(settings: MosquittoSettings = {}): Promise<Mosquitto> {
  const { name, wrap = [] } = settings;
  const port = settings.port ?? (await freePort());
  const dir = tempDir("mosquitto");
  const config = join(dir, "mosquitto.conf");
  const openssl = join(dir, "openssl.conf");
  writeFileSync(openssl, UP_TO_1_2);
  writeFileSync(config, configOf(port, await freePort(), settings));
  let child: Child | null = null;
  const start = async () => {
    const env = settings.tlsVersion === "1.2" ? { OPENSSL_CONF: openssl } : {};
    const [command = "", ...args] = [...wrap, "/usr/sbin/mosquitto", "-c", config];
    child = startChild(command, args, env);
    // It says so once it listens.
    await child.waitFor(/mosquitto version \S+ running/, START_MS);
  };
  await start();
  const kill = async () => child?.end("SIGKILL");
  const stop = async () => child?.end("SIGTERM");
  const host = name ?? (settings.tls === undefined ? "127.0.0.1" : "localhost");
  const url = `${schemeOf(settings)}://${host}:${port}`;
  const reread = () => child?.signal("SIGHUP");
  return { port, url, start, kill, stop, reread, pid: () => child?.pid ?? 0, close: kill };
}
