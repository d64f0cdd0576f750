import type { BoardPointConfig } from "../../config/gateway-config.ts";
import type { ReadOutcome, WriteOutcome } from "../../drivers/driver.ts";
import { type BoardSession, REASONS } from "../../drivers/firmata/firmata.ts";
import { type BoardAnswer, ORDER_MS, sourceOf } from "../core/board.ts";
import type { Reason } from "../core/reading.ts";
import { type Clock, stampOf, type UptimeMs } from "../core/time.ts";
import { isDoneInTime } from "../patience.ts";

/** An answer that is not there by then is not waited for any more. */
const ANSWER_MS = 3_000;

/** A point that is an output of a board. */
export type OutputPoint = Pick<BoardPointConfig, "id" | "input">;

/** The outputs of one board: told and asked at once, for nothing else takes its time. */
export class Pins {
  readonly #clock: Clock;
  readonly #session: () => Pick<BoardSession, "drive" | "look"> | null;

  /** `session` gives the board while it is open. */
  constructor(clock: Clock, session: () => Pick<BoardSession, "drive" | "look"> | null) {
    this.#clock = clock;
    this.#session = session;
  }

  /**
   * Has `point` be `value`, not any more from `until` on; done where the board says that it is so.
   * Never rejects.
   */
  async write({ input }: OutputPoint, value: boolean, until?: UptimeMs): Promise<WriteOutcome> {
    const session = this.#session();
    if (session === null) return this.#undone("not-done", "link-closed");
    const level = Number(value);
    const withinMs = Math.min(ORDER_MS, (until ?? Infinity) - this.#clock.uptime());
    if (withinMs <= 0) return this.#undone("not-done", "timeout");
    const answer = await this.#inTime(session.drive(sourceOf(input), level, withinMs));
    if (answer.kind === "level") {
      if (answer.level !== level) return this.#undone("unknown", "no-value");
      return { kind: "done", registers: [], ...stampOf(this.#clock) };
    }
    // What it never was told it has not done.
    const isUntold = answer.fault === "no-such-pin" || answer.fault === "line-busy";
    const kind = isUntold ? "not-done" : "unknown";
    return this.#undone(kind, reasonOf(answer));
  }

  /** What `point` is. Never rejects. */
  async read({ id, input }: OutputPoint): Promise<ReadOutcome> {
    const session = this.#session();
    const failed = (reason: Reason) =>
      ({ kind: "failure", reason, ...stampOf(this.#clock) }) as const;
    if (session === null) return failed("link-closed");
    const answer = await this.#inTime(session.look(sourceOf(input)));
    if (answer.kind === "none") return failed(reasonOf(answer));
    const readings = [{ point: id, value: answer.level === 1, quality: "good" }] as const;
    return { kind: "values", readings, ...stampOf(this.#clock) };
  }

  async #inTime(answer: Promise<BoardAnswer>): Promise<BoardAnswer> {
    const isThere = await isDoneInTime(answer, Promise.resolve(ANSWER_MS), this.#clock);
    return isThere ? await answer : { kind: "none", fault: "no-answer" };
  }

  #undone(kind: "not-done" | "unknown", reason: Reason): WriteOutcome {
    return { kind, reason, ...stampOf(this.#clock) };
  }
}

function reasonOf({ fault }: Extract<BoardAnswer, { readonly kind: "none" }>): Reason {
  return fault === "lost" ? "link-closed" : REASONS[fault];
}
