import { X509Certificate } from "node:crypto";
import { lookup } from "node:dns/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type ErrorCode, GatewayError, messageOf } from "../core/errors.ts";
import type { MqttSettings, SessionCertificate, TlsSettings } from "../core/uplink.ts";
import { commandOutput } from "./command-output.ts";
import { type CertificateTerm, termOf } from "./key-file.ts";
import { connectMqtt } from "./mqtt.ts";
import { uplinkFault } from "./mqtt-faults.ts";
import { readTls } from "./mqtt-tls.ts";

/** Where a destination is, and how far to go. */
export type ReachTarget = {
  readonly host: string;
  readonly port: number;
  /** Null where nothing is encrypted. */
  readonly tls: TlsSettings | null;
  /**
   * How to log in at a broker, null where that is not to be tried. The client id is to be nobody
   * else's: a broker ends the older of two sessions with one name.
   */
  readonly login: MqttSettings | null;
};

/** The step at which reaching a destination ended. */
export type ReachStep = "name" | "connect" | "encryption" | "login";

/** How far a destination could be reached. */
export type Reach = {
  readonly host: string;
  readonly port: number;
  /** What the name stands for; empty where that is not known. */
  readonly addresses: readonly string[];
  /** What it ended with; null where all steps were taken. */
  readonly failed: {
    readonly step: ReachStep;
    /** The system's word at the first two steps (`ECONNREFUSED`), later one of the area `uplink`. */
    readonly code: string;
    /** What was said, as it comes. */
    readonly text: string;
    /** The reason of a broker's CONNACK (MQTT 3.1.1, 3.2.2.3; MQTT 5.0, 3.2.2.2), or null. */
    readonly reason: number | null;
  } | null;
  /** Whether the host answers an echo request, where nobody took the connection; null if not asked. */
  readonly answersPing: boolean | null;
  /** What the other side showed, its own first; none without encryption. */
  readonly chain: readonly CertificateTerm[];
  /** How long each step took that was taken, in milliseconds. */
  readonly tookMs: Readonly<Partial<Record<ReachStep, number>>>;
};

const NAME_MS = 5_000;
const CONNECT_MS = 4_000;
const TLS_MS = 5_000;
const LOGIN_MS = 5_000;
/** Of a name with many addresses so many are tried. */
const ADDRESSES_MAX = 3;

/** The steps as they are taken. */
type Steps = { addresses: readonly string[]; chain: readonly CertificateTerm[] } & {
  tookMs: Partial<Record<ReachStep, number>>;
};

class StepFailed extends Error {
  readonly step: ReachStep;
  readonly code: string;
  readonly reason: number | null;

  constructor(step: ReachStep, code: string, text: string, reason: number | null = null) {
    super(text);
    this.step = step;
    this.code = code;
    this.reason = reason;
  }
}

/**
 * Goes the way to a destination step by step, up to a login where one is asked for, and sends
 * nothing else. Takes at most about 25 s; never rejects.
 */
export async function reach(target: ReachTarget): Promise<Reach> {
  const { host, port } = target;
  const steps: Steps = { addresses: [], chain: [], tookMs: {} };
  try {
    await goThere(target, steps);
    return { host, port, ...steps, failed: null, answersPing: null };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const { step, code, message: text, reason } = error;
    const isMute = step === "connect" && code !== "ECONNREFUSED";
    const answersPing = isMute ? await answersEcho(steps.addresses[0] ?? host) : null;
    return { host, port, ...steps, failed: { step, code, text, reason }, answersPing };
  }
}

async function goThere({ host, port, tls, login }: ReachTarget, steps: Steps): Promise<void> {
  const timed = async <Result>(step: ReachStep, work: Promise<Result>): Promise<Result> => {
    const from = performance.now();
    try {
      return await work;
    } finally {
      steps.tookMs[step] = Math.round(performance.now() - from);
    }
  };
  steps.addresses = await timed("name", addressesOf(host));
  const socket = await timed("connect", connectAny(steps.addresses, port));
  try {
    if (tls !== null) {
      const encrypted = await timed("encryption", encrypt(socket, host, tls));
      steps.chain = chainOf(encrypted);
      checkTrust(encrypted, `${host}:${port}`);
    }
  } finally {
    socket.destroy();
  }
  if (login !== null) await timed("login", logIn(login));
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const late = timeLimit(NAME_MS);
  try {
    const found = await Promise.race([lookup(host, { all: true }), late.over]);
    if (found !== null) return found.slice(0, ADDRESSES_MAX).map(({ address }) => address);
  } catch (error) {
    throw new StepFailed("name", codeOf(error), messageOf(error));
  } finally {
    late.end();
  }
  throw new StepFailed("name", "EAI_AGAIN", `no answer for ${host} within ${NAME_MS} ms`);
}

/** How much a failure says, the most first. */
const TELLING = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"];

async function connectAny(addresses: readonly string[], port: number): Promise<Socket> {
  const failures: StepFailed[] = [];
  for (const address of addresses) {
    try {
      return await connectOne(address, port);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      failures.push(error);
    }
  }
  const rank = ({ code }: StepFailed) => (TELLING.indexOf(code) + TELLING.length + 1) % 4;
  const [first] = failures.toSorted((one, other) => rank(one) - rank(other));
  throw first ?? new StepFailed("name", "ENOTFOUND", "the name stands for no address");
}

function connectOne(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    const fail = (code: string, text: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new StepFailed("connect", code, text));
    };
    const timer = setTimeout(
      () => fail("ETIMEDOUT", `no answer from ${host}:${port} within ${CONNECT_MS} ms`),
      CONNECT_MS,
    );
    socket.once("error", (error) => fail(codeOf(error), messageOf(error)));
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      // What goes wrong later is told by whoever uses it.
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

/** Agrees on encryption whatever the certificate says: that is looked at afterwards. */
async function encrypt(socket: Socket, host: string, settings: TlsSettings): Promise<TLSSocket> {
  let own: SessionCertificate | null = null;
  try {
    const material = await readTls(settings);
    own = material.own;
    return await shakeHands(socket, host, material.options);
  } catch (error) {
    const { code, message } = uplinkFault(error, host, own);
    // What is wrong is wrong with the encryption, whatever else the same code may mean.
    const isVague = code === "uplink.refused";
    throw new StepFailed("encryption", isVague ? "uplink.tls" : code, message);
  }
}

function shakeHands(socket: Socket, host: string, options: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const given = { servername: isAddress(host) ? "" : host, ...options };
    const encrypted = connectTls({ ...given, socket, host, rejectUnauthorized: false });
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    const late = new GatewayError("uplink.tls", `no answer to TLS within ${TLS_MS} ms`);
    const timer = setTimeout(() => fail(late), TLS_MS);
    const hungUp = () => new GatewayError("uplink.tls", "the other side hung up on TLS");
    encrypted.once("error", fail);
    encrypted.once("close", () => fail(hungUp()));
    encrypted.once("secureConnect", () => {
      clearTimeout(timer);
      encrypted.removeAllListeners("close");
      encrypted.on("error", () => {});
      resolve(encrypted);
    });
  });
}

function checkTrust(encrypted: TLSSocket, place: string): void {
  if (encrypted.authorized) return;
  const code = String(encrypted.authorizationError);
  const { code: known, message } = uplinkFault(
    Object.assign(new Error(code), { code }),
    place,
    null,
  );
  throw new StepFailed("encryption", known, message);
}

function chainOf(encrypted: TLSSocket): readonly CertificateTerm[] {
  const chain: CertificateTerm[] = [];
  let shown = encrypted.getPeerCertificate(true);
  while (shown?.raw !== undefined) {
    const term = termOf(new X509Certificate(shown.raw));
    if (chain.some(({ fingerprint }) => fingerprint === term.fingerprint)) break;
    chain.push(term);
    shown = shown.issuerCertificate;
  }
  return chain;
}

async function logIn(settings: MqttSettings): Promise<void> {
  try {
    const given = { ...settings, connectTimeoutMs: LOGIN_MS };
    const uplink = await connectMqtt(given, AbortSignal.timeout(2 * LOGIN_MS));
    await uplink.close();
  } catch (error) {
    const code: ErrorCode = error instanceof GatewayError ? error.code : "uplink.refused";
    throw new StepFailed("login", code, messageOf(error), reasonIn(error));
  }
}

/** The CONNACK's reason, which mqtt.js gives as a number. */
function reasonIn(error: unknown): number | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "number") return code;
  return cause === undefined ? null : reasonIn(cause);
}

/** Whether `address` answers one echo request; null where that cannot be asked. */
async function answersEcho(address: string): Promise<boolean | null> {
  const printed = await commandOutput("sh", [
    "-c",
    'command -v ping >/dev/null || exit 1; ping -n -q -c 1 -W 2 "$1"; exit 0',
    "sh",
    address,
  ]);
  const [, received] = /(\d+) (?:packets )?received/.exec(printed ?? "") ?? [];
  return received === undefined ? null : Number(received) > 0;
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}

/** Resolves null after `ms`, unless it is ended before. */
function timeLimit(ms: number) {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  return { over, end: () => clearTimeout(timer) };
}
