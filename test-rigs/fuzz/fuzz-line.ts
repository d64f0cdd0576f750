import { AsciiFramer } from "../../drivers/modbus/ascii-framer.ts";
import { asciiFrame } from "../../drivers/modbus/fake-link.ts";
import type { Framer } from "../../drivers/modbus/framer.ts";
import { RtuFramer } from "../../drivers/modbus/rtu-framer.ts";
import type { UptimeMs } from "../../edge/core/time.ts";
import { crc16 } from "../plant/frame.ts";
import { split } from "../sim/bus-faults.ts";
import { Random } from "../sim/random.ts";
import { drawExchange, type Exchange, isRepeated } from "./exchange.ts";
import { type Answered, drawAnswered, type Write } from "./line-mishaps.ts";
import { newTally, noteWrong, type Tally } from "./tally.ts";

/** How a framing of serial lines is fuzzed. */
type Line = {
  readonly open: () => Framer;
  readonly write: Write;
  readonly isText: boolean;
  /** Of how many frames of fitting form with a random check sum one is right. */
  readonly oneIn: number;
};

export const LINES = {
  rtu: { open: () => new RtuFramer(), write: (adu) => adu, isText: false, oneIn: 2 ** 16 },
  ascii: {
    open: () => new AsciiFramer(1000),
    write: (adu) => asciiFrame([...adu.subarray(0, -2)]),
    isText: true,
    oneIn: 2 ** 8,
  },
} as const satisfies Readonly<Record<string, Line>>;

/**
 * Sends `frames` answers, with and without damage and in any split, through the framer of `line`.
 *
 * A check sum cannot tell everything: CRC-16 lets one in 2^16 random frames of fitting form pass,
 * and none that differs from what was sent within 16 bits in a row; the LRC of ASCII one in 2^8,
 * and none with one character changed (Modbus over serial line V1.02, 6.2). Frames that passed so
 * were not sent and are counted apart, as `byChance`; every other that is accepted and was not
 * sent is wrong.
 */
export function fuzzLine(line: Line, frames: number, seed: number): Tally {
  const random = new Random(seed);
  const tally = newTally(line.oneIn);
  const framer = line.open();
  for (let frame = 0; frame < frames; frame++) {
    const exchange = drawExchange(random);
    const answered = drawAnswered(random, exchange, line.write, line.isText);
    framer.ask(exchange.request);
    const accepted: Uint8Array[] = [];
    for (const chunk of split(random, answered.bytes, random.pick([1, 2, 5, 40]))) {
      for (const found of framer.take(chunk, 0 as UptimeMs)) {
        if (found.kind === "answer") accepted.push(found.adu);
        if (found.kind === "damaged") tally.refused++;
      }
    }
    framer.giveUp();
    judge(tally, exchange, answered, accepted);
  }
  return tally;
}

function judge(
  tally: Tally,
  { request, answer }: Exchange,
  { mishap, bytes }: Answered,
  accepted: readonly Uint8Array[],
): void {
  tally.frames++;
  const [first, ...more] = accepted;
  if (first === undefined) {
    // An adapter that gives back a request only now and then hides the answers that repeat one.
    if (mishap === "none" && !isRepeated(request))
      noteWrong(tally, "an undisturbed answer is not found", request, bytes);
    return;
  }
  if (more.length > 0) noteWrong(tally, "two answers to one request", request, bytes);
  if (Buffer.compare(first, answer) === 0) {
    tally.right++;
    return;
  }
  const isShown = mishap === "burst" && first.length === answer.length;
  if (crc16(first) !== 0 || isShown || mishap === "none") {
    noteWrong(
      tally,
      `accepted after ${mishap}: ${Buffer.from(first).toString("hex")}`,
      request,
      bytes,
    );
  } else {
    tally.byChance++;
  }
}
