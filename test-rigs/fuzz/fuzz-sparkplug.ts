import { faultsOf } from "../../edge/forward/sparkplug/checks.ts";
import { DATA_TYPES } from "../../edge/forward/sparkplug/data-types.ts";
import { decodePayload } from "../../edge/forward/sparkplug/decode.ts";
import { encodePayload } from "../../edge/forward/sparkplug/encode.ts";
import type { Metric, Payload } from "../../edge/forward/sparkplug/payload.ts";
import type { MessageType } from "../../edge/forward/sparkplug/topics.ts";
import { flipBits, noise } from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";
import { Random as Draw } from "../sim/random.ts";
import { newTally, noteWrong, type Tally } from "./tally.ts";

/** What can befall a payload on its way, and how often. */
const MISHAPS = {
  none: 4,
  flips: 3,
  truncated: 2,
  lost: 1,
  added: 1,
  /** Two joined into one, as protocol buffers allow. */
  joined: 1,
  /** A length or number that goes on for ever, or far beyond the end. */
  endless: 1,
  /** Messages within messages. */
  nested: 1,
  nothing: 1,
} as const;

type Mishap = keyof typeof MISHAPS;

const TYPES: readonly (MessageType | null)[] = [null, "NBIRTH", "NDEATH", "DDATA", "NCMD"];

/**
 * Takes `frames` payloads apart, most of them damaged. None may throw; what was not damaged is read
 * without a fault and written again byte for byte; what is read without a fault says the same when it
 * is written and read again; nothing that is read is larger than what came.
 */
export function fuzzSparkplug(frames: number, seed: number): Tally {
  const random = new Draw(seed);
  const tally = newTally(null);
  for (let frame = 0; frame < frames; frame++) {
    const sent = encodePayload(drawPayload(random));
    const mishap = random.weighted(MISHAPS);
    const bytes = drawDamaged(random, mishap, sent);
    tally.frames++;
    const wrong = takeApart(bytes, mishap === "none", random.pick(TYPES));
    if (wrong !== null) noteWrong(tally, `${wrong} after ${mishap}`, sent, bytes);
    else if (mishap === "none") tally.right++;
    else tally.refused++;
  }
  return tally;
}

function takeApart(bytes: Uint8Array, isSent: boolean, type: MessageType | null): string | null {
  try {
    const { payload, faults, notes } = decodePayload(bytes);
    faultsOf(payload, type);
    if ((payload.metrics?.length ?? 0) > bytes.length) return "more metrics than bytes";
    if (faults.length > 20) return "more faults than anybody reads";
    if (isSent && faults.length + notes.length > 0) return "faults told";
    if (faults.length > 0) return null;
    const again = encodePayload(payload);
    if (isSent && Buffer.compare(again, bytes) !== 0) return "not written as it was read";
    const reread = encodePayload(decodePayload(again).payload);
    return Buffer.compare(again, reread) === 0 ? null : "another when written again";
  } catch (error) {
    return `threw ${error}`;
  }
}

function drawDamaged(random: Random, mishap: Mishap, sent: Uint8Array): Uint8Array {
  const at = random.integer(0, sent.length - 1);
  switch (mishap) {
    case "none":
      return sent;
    case "flips":
      return flipBits(random, flipBits(random, sent));
    case "truncated":
      return sent.subarray(0, at);
    case "lost":
      return Buffer.concat([sent.subarray(0, at), sent.subarray(at + 1)]);
    case "added":
      return Buffer.concat([sent.subarray(0, at), noise(random, 1), sent.subarray(at)]);
    case "joined":
      return Buffer.concat([sent, encodePayload(drawPayload(random))]);
    case "endless": {
      const endless = Buffer.alloc(random.integer(1, 12), 0xff);
      return Buffer.concat([sent.subarray(0, at), endless, sent.subarray(at)]);
    }
    case "nested":
      return nested(random.integer(1, 200), sent);
    case "nothing":
      return noise(random, random.integer(1, 60));
  }
}

/** `payload` as the template of a metric of a template, `depth` times. */
function nested(depth: number, payload: Uint8Array): Uint8Array {
  let inner = payload;
  for (let level = 0; level < depth; level++) {
    const field = level % 2 === 0 ? [0x12] : [0x92, 0x01];
    inner = Buffer.concat([Uint8Array.from([...field, ...varint(inner.length)]), inner]);
  }
  return inner;
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A payload as an edge node may send it. */
function drawPayload(random: Random): Payload {
  return {
    timestamp: random.integer(0, 2 ** 45),
    metrics: Array.from({ length: random.integer(1, 6) }, () => drawMetric(random)),
    seq: random.integer(0, 255),
  };
}

function drawMetric(random: Random): Metric {
  const isNamed = random.chance(0.3);
  return {
    ...(isNamed ? { name: random.pick(["gas", "水位", "Node Control/Rebirth"]) } : {}),
    alias: random.integer(1, 400),
    timestamp: random.integer(0, 2 ** 45),
    ...(random.chance(0.3) ? { datatype: DATA_TYPES.Double } : {}),
    ...(random.chance(0.3) ? { isHistorical: true } : {}),
    ...(random.chance(0.2) ? { properties: drawProperties(random) } : {}),
    ...drawValue(random),
  };
}

function drawProperties(random: Random): NonNullable<Metric["properties"]> {
  return {
    keys: ["Quality", "engUnit"],
    values: [
      { type: DATA_TYPES.Int32, intValue: random.pick([0, 192, 500]) },
      { type: DATA_TYPES.String, stringValue: "%[LEL]" },
    ],
  };
}

function drawValue(random: Random): Metric {
  switch (random.integer(0, 6)) {
    case 0:
      return { isNull: true };
    case 1:
      return { intValue: random.integer(0, 2 ** 32 - 1) };
    case 2:
      return { longValue: 2n ** 63n + BigInt(random.integer(0, 2 ** 32)) };
    case 3:
      return { booleanValue: random.chance(0.5) };
    case 4:
      return { stringValue: random.pick(["", "open", "开"]) };
    case 5:
      return { floatValue: random.integer(-100, 100) / 4 };
    default:
      return { doubleValue: random.integer(-1e6, 1e6) / 100 };
  }
}
