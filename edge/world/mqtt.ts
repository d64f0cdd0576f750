import type { TLSSocket } from "node:tls";
import type { IClientOptions } from "mqtt";
import { GatewayError } from "../core/errors.ts";
import { shownUrl } from "../core/shown-url.ts";
import {
  INCOMING_BYTES_MAX,
  type MqttSettings,
  type Outgoing,
  type SessionCertificate,
  type TlsSettings,
  type Uplink,
} from "../core/uplink.ts";
import { clientMaker } from "./mqtt-client.ts";
import { isTlsFault, uplinkFault } from "./mqtt-faults.ts";
import { brokerCertificate, readTls, type TlsMaterial } from "./mqtt-tls.ts";
import { breakOff, MqttUplink, receive } from "./mqtt-uplink.ts";
import { readSecret } from "./secret-text.ts";

/** CONNACK: "unacceptable protocol version" of MQTT 3.1.1 (3.2.2.3) and of MQTT 5.0 (3.2.2.2). */
const WRONG_VERSION = [0x01, 0x84];

/** Where the broker names no receive maximum (MQTT 5.0, 3.2.2.3.3). */
const RECEIVE_MAXIMUM = 65_535;

/** How many messages the broker may have sent that are not taken yet. */
const INCOMING_MAX = 16;

/** What a connect needs that stands in files, as they are now. */
type Material = {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Null where nothing is encrypted. */
  readonly tls: TlsMaterial | null;
};

/**
 * Opens a session with a broker: MQTT 5, or 3.1.1 where the broker speaks no 5 or it is asked for.
 * What was not acknowledged is in the buffer: no session is resumed for its sake. Rejects with a
 * `GatewayError` of the area `uplink`.
 */
export async function connectMqtt(settings: MqttSettings, signal: AbortSignal): Promise<Uplink> {
  const { tls } = settings;
  if (tls?.identity === undefined) return await connectOnce(settings, undefined, signal);
  // Loaded where a destination shows it; the others do without.
  const { openedWith } = await import("./identity/identity-tls.ts");
  const open = (own: TlsSettings, newerRefused: string | undefined) =>
    connectOnce({ ...settings, tls: own }, newerRefused, signal);
  return await openedWith(tls, open, signal);
}

async function connectOnce(
  settings: MqttSettings,
  newerRefused: string | undefined,
  signal: AbortSignal,
): Promise<Uplink> {
  let own: SessionCertificate | null = null;
  try {
    const material = await materialOf(settings, newerRefused);
    own = material.tls?.own ?? null;
    if (settings.version === "3.1.1") return await openSession(settings, material, 4, signal);
    try {
      return await openSession(settings, material, 5, signal);
    } catch (error) {
      if (!(error instanceof VersionRefused) || settings.version === "5") throw error;
      return await openSession(settings, material, 4, signal);
    }
  } catch (error) {
    throw uplinkFault(error, shownUrl(settings.url), own);
  }
}

async function materialOf(
  { url, username, password, tls }: MqttSettings,
  newerRefused: string | undefined,
): Promise<Material> {
  const isSafe = /^(mqtts|wss):/i.test(url);
  return {
    username: username && (await readSecret(username)),
    password: password && (await readSecret(password)),
    tls: isSafe ? await readTls(tls ?? {}, newerRefused) : null,
  };
}

class VersionRefused extends Error {}

async function openSession(
  settings: MqttSettings,
  material: Material,
  protocolVersion: 4 | 5,
  signal: AbortSignal,
): Promise<Uplink> {
  const line = new Line();
  const makeClient = await clientMaker(settings.url);
  return await new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error("stopped"));
    const tls = material.tls?.options ?? null;
    const asked = options(settings, material, protocolVersion);
    const client = makeClient(asked, tls, (socket) => line.take(socket));
    if (settings.receiver !== undefined) receive(client, settings.receiver);
    const refuse = (error: Error) => {
      signal.removeEventListener("abort", onAbort);
      breakOff(client);
      reject(error);
    };
    const onAbort = () => refuse(new Error("stopped"));
    const onError = (error: Error & { code?: unknown }) =>
      refuse(isVersion(error) ? new VersionRefused(error.message) : (line.hungUp(error) ?? error));
    const onClose = () => refuse(line.hungUp(null) ?? closedEarly(protocolVersion));
    signal.addEventListener("abort", onAbort, { once: true });
    client.on("error", onError);
    client.on("close", onClose);
    client.once("connect", ({ properties }) => {
      signal.removeEventListener("abort", onAbort);
      client.off("error", onError);
      client.off("close", onClose);
      const broker = line.tls && brokerCertificate(line.tls);
      const certificates = [broker, material.tls?.own ?? null].filter((each) => each !== null);
      const receiveMaximum = properties?.receiveMaximum ?? RECEIVE_MAXIMUM;
      resolve(new MqttUplink(client, receiveMaximum, certificates));
    });
  });
}

/** What is known of the encrypted line: over websockets it lies two streams below the client's. */
class Line {
  tls: TLSSocket | null = null;
  #isAgreed = false;

  take(socket: TLSSocket): void {
    this.tls = socket;
    socket.once("secureConnect", () => {
      this.#isAgreed = true;
    });
  }

  /** What it means that the line is gone, by `error` or without a word; null for nothing more. */
  hungUp(error: (Error & { code?: unknown }) | null): Error | null {
    if (this.tls === null || this.#isAgreed) return null;
    if (error !== null && error.code !== "ECONNRESET") return null;
    const text = "the broker hung up while encryption was asked for: does this port take TLS?";
    return new GatewayError("uplink.tls", text, error === null ? {} : { cause: error });
  }
}

function isVersion(error: Error & { code?: unknown }): boolean {
  return !isTlsFault(error) && WRONG_VERSION.includes(Number(error.code));
}

/** A broker may answer a version that it does not know by hanging up. */
function closedEarly(protocolVersion: 4 | 5): Error {
  const text = "the broker closed the connection before accepting it";
  return protocolVersion === 5 ? new VersionRefused(text) : new Error(text);
}

function options(
  settings: MqttSettings,
  { username, password }: Material,
  protocolVersion: 4 | 5,
): IClientOptions {
  const { clientId, keepAliveS, connectTimeoutMs, sessionExpiryS = 0, will } = settings;
  return {
    protocolVersion,
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    clean: sessionExpiryS === 0,
    ...(protocolVersion === 5 ? { properties: sessionProperties(sessionExpiryS) } : {}),
    keepalive: keepAliveS,
    // Else the packet writer keeps a buffer for each of 65,536 numbers: seven megabytes.
    writeCache: false,
    connectTimeout: connectTimeoutMs,
    // Trying again is the forwarder's business, in its own time.
    reconnectPeriod: 0,
    resubscribe: false,
    ...(will === undefined ? {} : { will: willOf(will) }),
  };
}

function willOf({ topic, payload, qos = 1, retain }: Outgoing) {
  return { topic, payload: Buffer.from(payload), qos, retain };
}

function sessionProperties(sessionExpiryS: number): NonNullable<IClientOptions["properties"]> {
  return {
    ...(sessionExpiryS === 0 ? {} : { sessionExpiryInterval: sessionExpiryS }),
    receiveMaximum: INCOMING_MAX,
    // With room for the topic and the properties. What is larger the broker keeps to itself.
    maximumPacketSize: INCOMING_BYTES_MAX + 4096,
  };
}
