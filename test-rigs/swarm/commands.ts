import { createPrivateKey, type KeyObject } from "node:crypto";
import type { PointConfig } from "../../config/gateway-config.ts";
import type { CommandKey } from "../../edge/core/command.ts";
import { type Commander, commander, type Over } from "../centre/commander.ts";
import type { SimBroker } from "../sim/broker.ts";
import type { SimClock } from "../sim/clock.ts";
import type { Random } from "../sim/random.ts";

/** What is done with a command: only what is `good`, `reordered` or sent `again` may ever act. */
export const TRICKS = {
  good: 6,
  /** Two, the later one first. */
  reordered: 2,
  /** One that was sent before, whatever it was. */
  again: 6,
  expired: 1,
  /** Held up on its way for longer than it is good. */
  late: 3,
  foreign: 1,
  /** Signed by somebody else under a known name. */
  stranger: 1,
  unsigned: 1,
  /** Another payload under the signature. */
  tampered: 1,
  downgraded: 1,
  /** By a key that may not write. */
  forbidden: 1,
} as const;

export type Trick = keyof typeof TRICKS;

/** Somebody at the centre sends a command, or what looks like one. */
export type CommandIncident = {
  readonly atMs: number;
  readonly kind: "command";
  readonly trick: Trick;
  /** Which of those before is sent again. */
  readonly pick: number;
};

/** A command that was sent: it writes `value`, which no other does. */
export type CommandTruth = {
  readonly value: number;
  readonly id: string;
  readonly trick: Trick;
  readonly text: string;
  /** Whether it may act. */
  readonly isGood: boolean;
  /** When it was sent first. */
  readonly sentAt: number;
};

/** The register that commands write. */
export function commandPoint(points: readonly PointConfig[]): PointConfig {
  const [first] = points as readonly [PointConfig, ...PointConfig[]];
  const place = { area: "holding", address: 3500, type: "uint16" } as const;
  const plain = { order: "ABCD", length: 0, scale: 1, offset: 0, unit: null } as const;
  return { ...first, id: `${first.device}.told`, ...place, ...plain, write: true };
}

/** Draws who sends what when. */
export function drawCommands(random: Random, safetyMs: number): readonly CommandIncident[] {
  return Array.from({ length: random.pick([0, 5, 20, 60]) }, () => ({
    atMs: random.between(0, safetyMs),
    kind: "command",
    trick: random.weighted(TRICKS),
    pick: random.integer(0, 1000),
  }));
}

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410, 7). */
const PKCS8_HEAD = "302e020100300506032b657004220420";

/** A key whose bytes are drawn: the same seed signs the same bytes. */
function drawKey(random: Random): KeyObject {
  const bytes = Buffer.from(Array.from({ length: 32 }, () => random.integer(0, 255)));
  const key = Buffer.concat([Buffer.from(PKCS8_HEAD, "hex"), bytes]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

const DAY_MS = 86_400_000;
/** So long one is good that is going to be late, and so long it is held up, in milliseconds. */
const SHORT_MS = 2_000;
const HELD_UP_MS = 5_000;

/** The keys of a seed: who may write, who may only read, and who is not known by that name. */
export class Signers {
  readonly writer: Commander;
  readonly reader: Commander;
  readonly stranger: Commander;

  constructor(random: Random, gateway: string) {
    const key = () => drawKey(random);
    this.writer = commander("writer", ["read", "write"], gateway, key());
    this.reader = commander("reader", ["read"], gateway, key());
    this.stranger = commander("writer", ["read", "write"], gateway, key());
  }

  /** Those that the gateway is told of. */
  get keys(): readonly CommandKey[] {
    return [this.writer.key, this.reader.key];
  }
}

/** Whoever sends commands through the centre's broker. */
export class Sender {
  /** All that was sent, in the order in which it was signed. */
  readonly sent: CommandTruth[] = [];
  readonly #signers: Signers;
  readonly #point: string;
  readonly #clock: SimClock;
  readonly #broker: SimBroker;
  readonly #topic: string;

  constructor(
    signers: Signers,
    point: string,
    parts: { readonly clock: SimClock; readonly broker: SimBroker; readonly gateway: string },
  ) {
    this.#signers = signers;
    this.#point = point;
    this.#clock = parts.clock;
    this.#broker = parts.broker;
    this.#topic = `lifeline/v1/${parts.gateway}/commands`;
  }

  /** Plays `trick`; `pick` says which of those before is sent again. */
  play(trick: Trick, pick = 0): void {
    if (trick === "reordered") {
      const [first, second] = [this.#sign(trick), this.#sign(trick)];
      this.#tell(second.text);
      this.#tell(first.text);
    } else if (trick === "again") {
      // One that is held up is not told yet, and would be in time.
      const told = this.sent.filter((each) => each.trick !== "late");
      const before = told[pick % Math.max(1, told.length)];
      if (before !== undefined) this.#tell(before.text);
    } else if (trick === "late") {
      const { text } = this.#sign(trick);
      this.#clock.at(this.#clock.uptime() + HELD_UP_MS, () => this.#tell(text));
    } else this.#tell(this.#sign(trick).text);
  }

  #tell(text: string): void {
    this.#broker.tell(this.#topic, Buffer.from(text));
  }

  #sign(trick: Trick): CommandTruth {
    const value = this.sent.length + 1;
    const { writer, reader, stranger } = this.#signers;
    const who = { stranger, forbidden: reader }[trick as string] ?? writer;
    const id = `${trick}-${value}`;
    const now = this.#clock.now();
    const order = { kind: "write", point: this.#point, value };
    const text = spoilt(trick, who.sign(order, now, { id, ...overOf(trick, now) }));
    const isGood = trick === "good" || trick === "reordered";
    const truth = { value, id, trick, text, isGood, sentAt: this.#clock.uptime() };
    this.sent.push(truth);
    return truth;
  }
}

function overOf(trick: Trick, now: number): Over {
  if (trick === "foreign") return { gateway: "gw-other" };
  if (trick === "late") return { issued: now, expires: now + SHORT_MS } as Over;
  if (trick !== "expired") return {};
  const issued = Math.max(1, now - 10 * DAY_MS);
  return { issued, expires: issued + 1 } as Over;
}

function spoilt(trick: Trick, text: string): string {
  const { signature, ...envelope } = JSON.parse(text) as Record<string, string>;
  switch (trick) {
    case "unsigned":
      return JSON.stringify(envelope);
    case "downgraded":
      return JSON.stringify({ ...envelope, signature, v: 0 });
    case "tampered": {
      const payload = Buffer.from(envelope.payload ?? "", "base64url").toString();
      const other = payload.replace('"value":', '"value":6');
      return JSON.stringify({
        ...envelope,
        payload: Buffer.from(other).toString("base64url"),
        signature,
      });
    }
    default:
      return text;
  }
}
