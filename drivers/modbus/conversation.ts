import { askedBy, decode, type Framing } from "./decode.ts";
import type { Explanation } from "./explanation.ts";
import type { Direction } from "./meaning.ts";
import type { Asked } from "./pdu-meaning.ts";

/**
 * What a frame is in the talk on a bus.
 *
 * - `request`: the gateway asks
 * - `answer`: to what was asked, or where that is not known, to anything
 * - `late`: the answer to a request that had been given up
 * - `echo`: the request coming back, as adapters do it that hear themselves
 * - `stray`: it answers nothing that was asked and not answered yet
 * - `damaged`: received, and no sound frame
 */
export type Role = "request" | "answer" | "late" | "echo" | "stray" | "damaged";

/** One frame, what it is in the talk, and for an answer what was asked. */
export type Heard = {
  readonly role: Role;
  readonly explanation: Explanation;
  readonly asked: Asked | null;
};

/** A request that has no answer yet. */
type Open = {
  readonly asked: Asked;
  readonly transaction: number | null;
  readonly bytes: Uint8Array;
  readonly isGivenUp: boolean;
};

/** So many requests are remembered of which the answer may still come. */
const OPEN_MAX = 16;

/** The answers to these are the request again (Modbus Application Protocol V1.1b3, 6). */
const REPEATED = [5, 6, 8, 22];

/** Follows the talk on one bus, so that each answer is understood by what was asked. */
export class Conversation {
  readonly #framing: Framing;
  #open: readonly Open[] = [];
  #hasAsked = false;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /**
   * The frames in `bytes`, which went in `direction`, or whose direction is not known. Where a
   * sound frame stands in noise, first the whole, then the frame.
   */
  hear(direction: Direction | null, bytes: Uint8Array): readonly Heard[] {
    if (direction === "request") return [this.#ask(bytes, direction)];
    const whole = decode(this.#framing, bytes, { direction, asked: null });
    const [first, ...rest] = whole.parts;
    if (first === undefined || direction === null) return [this.#hearOne(direction, bytes)];
    const isJoined = whole.faults.some(({ kind }) => kind === "joined");
    const around: Heard = { role: "damaged", explanation: whole, asked: null };
    const isEcho = isJoined && this.#isAsked(first);
    return [
      ...(isJoined ? [] : [around]),
      isEcho ? this.#echo(first) : this.#hearOne(direction, first),
      ...rest.map((part) => this.#hearOne(direction, part)),
    ];
  }

  /** What was asked last came to nothing: its answer would be late now. */
  giveUp(): void {
    this.#open = this.#open.map((open) => ({ ...open, isGivenUp: true }));
  }

  #ask(bytes: Uint8Array, direction: Direction | null): Heard {
    const explanation = decode(this.#framing, bytes, { direction, asked: null });
    const asked = askedBy(explanation);
    // A serial line carries one request at a time: the one before has had its time.
    if (this.#framing !== "modbus-tcp") this.giveUp();
    const before = this.#open.slice(1 - OPEN_MAX);
    const { transaction } = explanation;
    const open = asked === null ? [] : [{ asked, transaction, bytes, isGivenUp: false }];
    this.#open = [...before, ...open];
    this.#hasAsked = true;
    return { role: "request", explanation, asked: null };
  }

  #hearOne(direction: Direction | null, bytes: Uint8Array): Heard {
    const plain = decode(this.#framing, bytes, { direction, asked: null });
    const open = this.#open.findLast((each) => isAnswer(plain, each));
    const isRepeated = REPEATED.includes(open?.asked.functionCode ?? 0);
    if (direction !== null && !isRepeated && this.#isAsked(bytes)) return this.#echo(bytes);
    if (open !== undefined) {
      const { asked } = open;
      const explanation = decode(this.#framing, bytes, { direction: "answer", asked });
      if (direction !== null || explanation.faults.length === 0) {
        this.#open = this.#open.filter((each) => each !== open);
        return { role: open.isGivenUp ? "late" : "answer", explanation, asked };
      }
    }
    if (direction === null && plain.meanings[0]?.direction !== "answer") {
      return this.#ask(bytes, direction);
    }
    return { role: this.#roleOf(plain, direction), explanation: plain, asked: null };
  }

  #echo(bytes: Uint8Array): Heard {
    const explanation = decode(this.#framing, bytes, { direction: "request", asked: null });
    return { role: "echo", explanation, asked: null };
  }

  /** Whether `bytes` are what was asked, on a line where an adapter can hear itself. */
  #isAsked(bytes: Uint8Array): boolean {
    const last = this.#open.at(-1);
    if (last === undefined || this.#framing === "modbus-tcp") return false;
    return Buffer.compare(last.bytes, bytes) === 0;
  }

  #roleOf({ faults }: Explanation, direction: Direction | null): Role {
    if (faults.length > 0) return "damaged";
    return direction !== null && this.#hasAsked ? "stray" : "answer";
  }
}

/** Whether a frame is to be read as the answer to an open request. */
function isAnswer({ transaction, unit, functionCode, faults }: Explanation, open: Open): boolean {
  const isDamaged = faults.some(({ kind }) => kind === "check-sum");
  if (isDamaged || open.transaction !== transaction) return false;
  return open.asked.unit === unit && open.asked.functionCode === functionCode;
}
