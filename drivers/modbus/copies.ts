import { isBitArea } from "../../edge/core/point.ts";
import { after, type UptimeMs } from "../../edge/core/time.ts";
import type { ReadRequest } from "../driver.ts";
import { expectedOf, isPredictable } from "./framer.ts";

/** What an answer must look like to be taken for that of a request; `third` is null for anything. */
export type Shape = {
  readonly unit: number;
  readonly functionCode: number;
  readonly third: number | null;
};

/** How long a link is quiet between an answer and the next request that it would fit as well. */
export type CopySettings = {
  /** While nothing speaks for copies, in milliseconds. */
  readonly quietMs: number;
  /** While the unit has shown itself to send what nobody asked for, in milliseconds. */
  readonly waryMs: number;
};

/**
 * Longer than the second part of what a peer sends is held back where it waits for the first part
 * to be acknowledged, which takes 40 ms (Linux, TCP_DELACK_MIN).
 */
export const COPY_QUIET_MS = 50;

/** So long after a frame that nobody asked for its unit may send more, in milliseconds. */
const WARY_FOR_MS = 60_000;

/** An answer that was taken. */
type Answered = Shape & { readonly at: UptimeMs };

/**
 * When a request may be sent that a second copy of an answer before it would fit: a serial server
 * that asks again by itself gets two answers, and on a connection no line's pace tells the second
 * from the answer to the next request of the same unit, function and length. Between those the link
 * is quiet for a while, in which a copy shows itself as a stray; requests of other shapes need not
 * wait. What is left: a copy that comes later than the quiet time, of a unit that has shown none for
 * a minute, is believed if the next request has the same shape and is not answered yet. Only Modbus TCP's framing, where answers carry a number, rules that out.
 */
export class Copies {
  readonly #settings: CopySettings;
  #answers: readonly Answered[] = [];
  readonly #shownAt = new Map<number, UptimeMs>();

  constructor(settings: CopySettings) {
    this.#settings = settings;
  }

  /** A request of this shape was answered, be it by an exception. */
  answered(shape: Shape, isException: boolean, now: UptimeMs): void {
    const recent = this.#answers.filter((each) => this.#until(each) > now);
    this.#answers = [...recent, { ...shapeCome(shape, isException), at: now }];
  }

  /** A frame of `unit` came that answers nothing, nor what was given up: it may be a copy. */
  unsolicited(unit: number, now: UptimeMs): void {
    this.#shownAt.set(unit, now);
  }

  /** When a request of this shape may be sent; in the past where nothing fits it. */
  until(shape: Shape): UptimeMs {
    const fitting = this.#answers.filter((each) => fits(each, shape));
    return Math.max(0, ...fitting.map((each) => this.#until(each))) as UptimeMs;
  }

  #until({ unit, at }: Answered): UptimeMs {
    const shownAt = this.#shownAt.get(unit);
    const isWary = shownAt !== undefined && at < after(shownAt, WARY_FOR_MS);
    return after(at, isWary ? this.#settings.waryMs : this.#settings.quietMs);
  }
}

/** What came for a request of `shape`: an exception is the answer to any of its function. */
export function shapeCome(shape: Shape, isException: boolean): Shape {
  return isException ? { ...shape, third: null } : shape;
}

/** Whether what is an answer of the one shape can be one of the other. */
export function fits(a: Shape, b: Shape): boolean {
  const isEqual = a.third === null || b.third === null || a.third === b.third;
  return a.unit === b.unit && a.functionCode === b.functionCode && isEqual;
}

/** The shape of the answer to `request`, in serial-line form. */
export function shapeOf(request: Uint8Array): Shape {
  const [unit = 0, functionCode = 0] = request;
  const third = isPredictable(request) ? expectedOf(request).third : null;
  return { unit, functionCode, third };
}

/** The functions that read (Modbus Application Protocol V1.1b3, 6.1 to 6.4). */
const READING = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

/** The shape of the answer to a read. */
export function shapeOfRead({ unit, area, count }: ReadRequest): Shape {
  const third = isBitArea(area) ? Math.ceil(count / 8) : 2 * count;
  return { unit, functionCode: READING[area], third };
}
