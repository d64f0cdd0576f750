import type { Link } from "../../edge/core/link.ts";
import type { Protocol, TalkPoint } from "../../edge/core/talker.ts";
import type { Clock } from "../../edge/core/time.ts";
import { BinaryParser } from "./binary.ts";
import { TalkSession } from "./listen.ts";
import { NmeaParser } from "./nmea.ts";
import type { Parser } from "./parser.ts";
import { TextParser } from "./text.ts";

/** A device on a serial line of its own; the configuration's have this shape. */
export type Talker = {
  readonly protocol: Protocol;
  /** What is sent to have it answer; null for one that talks by itself. */
  readonly ask: readonly number[] | null;
  readonly points: readonly TalkPoint[];
};

/** Listens to `talker` on `link`, which is the session's from now on. */
export function openTalker(link: Link, clock: Clock, baud: number, talker: Talker): TalkSession {
  const ask = talker.ask === null ? null : Uint8Array.from(talker.ask);
  return new TalkSession(link, clock, parserOf(talker, ask), { ask, gapMs: gapMs(baud) });
}

function parserOf({ protocol, points }: Talker, ask: Uint8Array | null): Parser {
  switch (protocol.kind) {
    case "text":
      return new TextParser(protocol, points, ask);
    case "nmea":
      return new NmeaParser(points);
    case "binary":
      return new BinaryParser(protocol, points);
  }
}

/** Start bit, 8 data bits, parity or a second stop bit, stop bit. */
const BITS_PER_CHARACTER = 11;

/** USB adapters and loaded machines hand over late what came in time. */
const GAP_MIN_MS = 200;

/** A silence in which no device pauses within a message: 20 characters, at least 200 ms. */
function gapMs(baud: number): number {
  return Math.max(GAP_MIN_MS, (20 * BITS_PER_CHARACTER * 1000) / baud);
}
