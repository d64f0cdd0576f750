import type { InterlockAnswer } from "./orders.ts";
import type { Turn } from "./state.ts";

type Ended = Pick<InterlockAnswer, "outcome" | "reason">;

/** One test, from turn to turn. */
export class TestRun {
  /** Resolves with what came of it. */
  readonly over: Promise<Ended>;
  readonly #end: (ended: Ended) => void;
  #trouble: string | undefined;

  constructor() {
    ({ promise: this.over, resolve: this.#end } = Promise.withResolvers<Ended>());
  }

  /** The interlock has moved. */
  take({ to, reason }: Pick<Turn, "to" | "reason">): void {
    this.#trouble ??= reason;
    if (to === "testing" || to === "releasing") return;
    const trouble = this.#trouble;
    const isWell = to === "idle" && trouble === undefined;
    const isFailed = to === "idle" || to === "not-obeying";
    const outcome = isWell ? "done" : isFailed ? "failed" : "interrupted";
    this.#end({ outcome, ...(trouble !== undefined && { reason: trouble }) });
  }

  /** The gateway stops. */
  readonly stop = (): void => this.#end({ outcome: "stopping" });
}
