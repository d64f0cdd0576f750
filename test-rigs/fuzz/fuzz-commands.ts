import { createPrivateKey, type KeyObject } from "node:crypto";
import { type Claims, readClaims, refusalAsOld, refusalOf } from "../../edge/command/claims.ts";
import { ENVELOPE_MAX, type Refusal, readEnvelope } from "../../edge/command/envelope.ts";
import { newMemory } from "../../edge/command/memory.ts";
import { type Order, readOrder } from "../../edge/command/order.ts";
import { isSignedBy } from "../../edge/command/signature.ts";
import { type CommandKey, PERMISSIONS } from "../../edge/core/command.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { commander } from "../centre/commander.ts";
import { flipBits, noise } from "../sim/bus-faults.ts";
import { Random } from "../sim/random.ts";
import { newTally, noteWrong, type Tally } from "./tally.ts";

/** What can befall a command on its way, or be made of one, and how often. */
const MISHAPS = {
  none: 1,
  flips: 6,
  truncated: 3,
  lost: 3,
  added: 3,
  /** A field of the envelope, or of what is signed, is another. */
  forged: 6,
  /** The envelope of one command with the payload of another. */
  crossed: 3,
  /** Signed by somebody else under a known name. */
  stranger: 1,
  /** The same once more. */
  replayed: 1,
  /** JSON, but no command. */
  odd: 3,
  nested: 1,
  oversized: 1,
  nothing: 3,
} as const;

type Mishap = keyof typeof MISHAPS;

const NOW = 1_763_964_000_000 as WallMs;
/** Signing takes longer than all else: so many commands are signed, and spoilt in many ways. */
const SIGNED = 300;

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410, 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

function drawKey(random: Random): KeyObject {
  const key = Buffer.concat([PKCS8_HEAD, noise(random, 32)]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/**
 * Takes `frames` commands apart as the gateway does, nearly all of them spoilt. None may throw; what
 * was not spoilt is taken, with its order; nothing else ever is. `isSigned` looks at the signature.
 */
export function fuzzCommands(frames: number, seed: number, isSigned = isSignedBy): Tally {
  const random = new Random(seed);
  const tally = newTally(null);
  const { key, sign } = commander("writer", PERMISSIONS, "gw-1", drawKey(random));
  const stranger = commander("writer", PERMISSIONS, "gw-1", drawKey(random));
  const drawn = () => drawOrder(random);
  const sound = Array.from({ length: SIGNED }, () => Buffer.from(sign(drawn(), NOW)));
  const signed = new Set(sound.map((each) => (JSON.parse(textOf(each)) as Fields).payload));
  const strange = Array.from({ length: 30 }, () => Buffer.from(stranger.sign(drawn(), NOW)));
  for (let frame = 0; frame < frames; frame++) {
    const sent = random.pick(sound);
    const mishap = random.weighted(MISHAPS);
    const other = random.pick(mishap === "stranger" ? strange : sound);
    const bytes = drawSpoilt(random, mishap, sent, other);
    tally.frames++;
    const outcome = takeApart(bytes, key, isSigned, mishap === "replayed");
    const isRefused = typeof outcome === "object";
    if (mishap === "none" && isRefused) noteWrong(tally, `refused ${outcome.code}`, sent, bytes);
    else if (isRefused) tally.refused++;
    // A space more, or a bit of the signature that means nothing, leaves what was signed.
    else if (signed.has(outcome) && mishap !== "replayed") tally.right++;
    else noteWrong(tally, `${outcome} after ${mishap}`, sent, bytes);
  }
  return tally;
}

/** The payload of what was accepted, why it was not, or what went wrong. */
function takeApart(
  bytes: Uint8Array,
  key: CommandKey,
  isSigned: typeof isSignedBy,
  isReplayed: boolean,
): string | Refusal {
  try {
    const taken = take(bytes, key, isSigned, isReplayed);
    if (!("code" in taken)) return String((JSON.parse(textOf(bytes)) as Fields).payload);
    return taken.detail.length > 300 ? "more is said than anybody reads" : taken;
  } catch (error) {
    return `threw ${error}`;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** The way of a command through the desk, but for what is stored. */
function take(
  bytes: Uint8Array,
  key: CommandKey,
  isSigned: typeof isSignedBy,
  isReplayed: boolean,
): Order | Refusal {
  const envelope = readEnvelope(bytes);
  if ("code" in envelope) return envelope;
  if (envelope.key !== key.name) return { code: "command.key", detail: "" };
  // Claims and orders must stand what is not signed as well: both are read whoever signed.
  const isOwn = isSigned(envelope, key);
  const claims = readClaims(envelope.payload);
  if ("code" in claims) return claims;
  const order = readOrder(claims.order);
  const refusal = refusalIn(claims, key, isReplayed);
  if (!isOwn) return { code: "command.signature", detail: "" };
  return refusal ?? order;
}

function refusalIn(claims: Claims, key: CommandKey, isReplayed: boolean): Refusal | null {
  if (claims.gateway !== "gw-1") return { code: "command.gateway", detail: "" };
  const fresh = newMemory((NOW - 3_600_000) as WallMs);
  const memory = isReplayed ? { ...fresh, ids: [claims.id] } : fresh;
  const now = { at: NOW, clock: "synced" } as const;
  return refusalAsOld(claims, key, memory) ?? refusalOf(claims, key, memory, now);
}

/** Some order of each kind. */
function drawOrder(random: Random): object {
  return random.pick([
    { kind: "read", points: ["gas-1.gas", "阀.开"] },
    { kind: "write", point: "valve.shut", value: random.pick([true, 12.5, "on"]) },
    { kind: "acknowledge", alarm: "high" },
    { kind: "shelve", alarm: "high", reason: "washed", forMs: 60_000 },
    { kind: "rate", destination: "centre", readingsPerS: random.pick([null, 500]) },
    { kind: "backlog", destination: "centre", from: 3, to: random.integer(3, 1e9) },
    { kind: "configure", yaml: "gateway: {}\n", withinMs: 60_000 },
    { kind: "confirm", configuration: "sha256:0123456789abcdef" },
    { kind: "rollback" },
  ]);
}

type Fields = Record<string, unknown>;

function drawSpoilt(random: Random, mishap: Mishap, sent: Buffer, other: Buffer): Uint8Array {
  const at = random.integer(0, sent.length - 1);
  switch (mishap) {
    case "none":
    case "replayed":
      return sent;
    case "stranger":
      return other;
    case "flips":
      return flipBits(random, flipBits(random, Uint8Array.from(sent)));
    case "truncated":
      return sent.subarray(0, at);
    case "lost":
      return Buffer.concat([sent.subarray(0, at), sent.subarray(at + 1)]);
    case "added":
      return Buffer.concat([sent.subarray(0, at), noise(random, 1), sent.subarray(at)]);
    case "forged":
      return forged(random, JSON.parse(sent.toString()) as Fields);
    case "crossed": {
      const { signature } = JSON.parse(other.toString()) as Fields;
      return json({ ...(JSON.parse(sent.toString()) as Fields), signature });
    }
    case "odd":
      return json(drawOdd(random, 3));
    case "nested":
      return Buffer.from("[".repeat(random.integer(1, 20_000)));
    case "oversized":
      return Buffer.concat([sent, Buffer.alloc(ENVELOPE_MAX, 0x20)]);
    case "nothing":
      return noise(random, random.integer(0, 400));
  }
}

/** One field of the envelope is another, or one of what is signed. */
function forged(random: Random, envelope: Fields): Uint8Array {
  const odd = drawOdd(random, 2);
  if (random.chance(0.5)) {
    const name = random.pick(["v", "key", "payload", "signature", "kid"]);
    return json({ ...envelope, [name]: odd });
  }
  const payload = Buffer.from(String(envelope.payload), "base64url").toString();
  const claims = JSON.parse(payload) as Fields;
  const name = random.pick(["gateway", "id", "counter", "issued", "expires", "order"]);
  const order = { ...(claims.order as Fields), [random.pick(["kind", "value", "yaml"])]: odd };
  const other = random.chance(0.5) ? { ...claims, [name]: odd } : { ...claims, order };
  return json({ ...envelope, payload: json(other).toString("base64url") });
}

/** Any value of JSON, at most `depth` deep. */
function drawOdd(random: Random, depth: number): unknown {
  const kind = random.integer(0, depth > 0 ? 7 : 5);
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick([0, -1, 1, 1.5, 1e308, 2 ** 53, NOW]);
    case 3:
      return random.pick(["", "gw-1", "writer", "write", "__proto__", "constructor", "\u0000"]);
    case 4:
      return Buffer.from(noise(random, random.integer(0, 80))).toString("base64url");
    case 5:
      return "x".repeat(random.integer(0, 300));
    case 6:
      return Array.from({ length: random.integer(0, 3) }, () => drawOdd(random, depth - 1));
    default:
      return Object.fromEntries(
        ["v", "key", "__proto__", "order", "kind"]
          .filter(() => random.chance(0.5))
          .map((name) => [name, drawOdd(random, depth - 1)]),
      );
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
