import { batchText } from "../../edge/core/batch-text.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { encoded } from "../../edge/forward/encoding.ts";
import { readingsPayload } from "../../edge/forward/mqtt-json.ts";
import { batchOf } from "../sim/batch-of.ts";

/** Gateways of one kind: what they measure, and how they put it. */
export type Kind = {
  readonly name: string;
  readonly share: number;
  readonly points: number;
  /** Between two stored readings of a point, in seconds: what `every` and `report` leave. */
  readonly everyS: number;
  /** Between two messages, in seconds: `batch.every`, or the commit where there is none. */
  readonly messageS: number;
  readonly compression: "none" | "zstd";
};

/** What one message of readings took where it was measured: processor time in milliseconds. */
export type Measured = {
  readonly gateways: number;
  /** In all, from the first gateway's start until nothing was owed. */
  readonly messages: number;
  /** While all gateways sent; so is the processor time. */
  readonly perSecond: number;
  readonly missing: number;
  readonly cpuMs: { readonly brokers: number; readonly receivers: number };
  /** All brokers together, in megabytes, with that many gateways connected. */
  readonly brokersMb: number;
};

/** What a fleet of one kind, or all of it, brings to its centre. */
export type Flow = {
  readonly gateways: number;
  readonly messagesS: number;
  readonly readingsS: number;
  /** On the line of the centre, both ways, in bytes a second: payload, topic, MQTT, TLS, TCP, IP. */
  readonly wireBytesS: number;
  /** Payload as it is kept, in bytes a second. */
  readonly storedBytesS: number;
};

/**
 * What a message takes beside its payload: topic and header of PUBLISH (MQTT 3.1.1, 3.3) 45 bytes,
 * a record of TLS 1.3 (RFC 8446, 5.2) 22, TCP with time stamps and IPv4 52; the same but for the
 * topic for PUBACK, and an acknowledgement of TCP each way.
 */
const MESSAGE_BYTES = 45 + 22 + 52 + (4 + 22 + 52) + 2 * 52;
/** PINGREQ and PINGRESP with what TLS, TCP and IP add, every 60 seconds, in bytes a second. */
const ALIVE_BYTES_S = (2 * (2 + 22 + 52) + 52) / 60;

/** The payload of one publication of `kind`, in bytes, as the gateway writes it. */
export function payloadBytes({ points, everyS, messageS, compression }: Kind): number {
  const steps = Array.from({ length: Math.max(1, Math.round(messageS / everyS)) }, (_, n) => n);
  const texts = steps.map((step) => messageText(step, points, everyS));
  const text = texts.length === 1 ? texts.join() : `[${texts.join(",")}]`;
  return Buffer.byteLength(encoded(text, { encoding: "json", compression }).payload);
}

/** A message of contract v1 with one reading of each of so many points. */
function messageText(step: number, points: number, everyS: number): string {
  const at = (Date.UTC(2026, 10, 28) + step * everyS * 1000) as WallMs;
  const readings = Array.from({ length: points }, (_, n): Reading => {
    const value = Math.round(100 * (20 + n + 2 * Math.sin(step / 30 + n))) / 100;
    return { point: `station-${n}.level`, value, quality: "good", at, uptime: 0 as UptimeMs };
  });
  const key = { gateway: "gw-100000", stream: "01JDQ5V1N8X7", seq: 1_000_000 + step };
  return readingsPayload(key, batchText(batchOf(readings, "synced", () => "m")));
}

/** What `gateways` of `kind` bring. */
export function flowOf(kind: Kind, gateways: number): Flow {
  const messageS = Math.max(kind.messageS, kind.everyS);
  const messagesS = gateways / messageS;
  const payload = payloadBytes(kind);
  return {
    gateways,
    messagesS,
    readingsS: (gateways * kind.points) / kind.everyS,
    wireBytesS: messagesS * (payload + MESSAGE_BYTES) + gateways * ALIVE_BYTES_S,
    storedBytesS: messagesS * payload,
  };
}

/** Several flows as one. */
export function togetherOf(flows: readonly Flow[]): Flow {
  const sum = (of: (flow: Flow) => number) => flows.reduce((total, flow) => total + of(flow), 0);
  return {
    gateways: sum(({ gateways }) => gateways),
    messagesS: sum(({ messagesS }) => messagesS),
    readingsS: sum(({ readingsS }) => readingsS),
    wireBytesS: sum(({ wireBytesS }) => wireBytesS),
    storedBytesS: sum(({ storedBytesS }) => storedBytesS),
  };
}

/** What a centre needs for `flow`, by what was measured here; processors like the measured ones. */
export type Centre = {
  /** Processors of all brokers and receivers together at the steady flow. */
  readonly brokerCores: number;
  readonly receiverCores: number;
  /** The same while what an outage left comes beside it. */
  readonly drainCores: number;
  /** Machines that do the drain half loaded while one of each kind is away. */
  readonly brokers: number;
  readonly receivers: number;
  readonly brokersGb: number;
  /** Kept for a day in the brokers, and for a year in the archive, each with its copies. */
  readonly dayTb: number;
  readonly yearTb: number;
  /** Bits a second on the line of the centre while what an outage left comes beside what is live. */
  readonly drainBitsS: number;
};

/** Where an outage of `outageH` hours at `share` of the gateways has to be made good in `drainH`. */
export type Outage = { readonly share: number; readonly outageH: number; readonly drainH: number };

const DAY_S = 86_400;
/** Copies of what brokers hold, and of what the archive does. */
const COPIES = 3;
/** Processors of a machine. */
export const MACHINE_CORES = 4;

export function centreFor(flow: Flow, measured: Measured, outage: Outage): Centre {
  const brokerCores = (flow.messagesS * measured.cpuMs.brokers) / 1000;
  const receiverCores = (flow.messagesS * measured.cpuMs.receivers) / 1000;
  const more = 1 + (outage.share * outage.outageH) / outage.drainH;
  const tb = (seconds: number) => (COPIES * flow.storedBytesS * seconds) / 1e12;
  return {
    ...{ brokerCores, receiverCores, drainCores: (brokerCores + receiverCores) * more },
    brokers: machinesFor(brokerCores * more, COPIES),
    receivers: machinesFor(receiverCores * more, 2),
    brokersGb: (measured.brokersMb / measured.gateways) * (flow.gateways / 1000),
    ...{ dayTb: tb(DAY_S), yearTb: tb(365 * DAY_S) },
    drainBitsS: 8 * flow.wireBytesS * more,
  };
}

function machinesFor(cores: number, least: number): number {
  return Math.max(least, Math.ceil((2 * cores) / MACHINE_CORES) + 1);
}
