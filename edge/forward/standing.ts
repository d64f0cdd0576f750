import type { ErrorCode } from "../core/errors.ts";
import type { Clock, WallMs } from "../core/time.ts";
import type { DestinationState, DestinationStatus } from "./destination.ts";

/** Whether a destination is reached, since when, and why not. */
export class Standing {
  readonly #clock: Clock;
  readonly #onTurn: (to: DestinationState, cause: string) => void;
  /** Null before the first try. */
  #state: DestinationState | null = null;
  #since: WallMs | null = null;
  /** Why it is not connected; null while it is. */
  #why: string | null = null;
  /** The code of the error that the last try ended with; null where it did not. */
  code: ErrorCode | null = null;

  /** `onTurn` is told when it is reached or lost. */
  constructor(clock: Clock, onTurn: (to: DestinationState, cause: string) => void) {
    this.#clock = clock;
    this.#onTurn = onTurn;
  }

  get isConnected(): boolean {
    return this.#state === "connected";
  }

  /** It is reached or not; only what changes is told. */
  turn(to: DestinationState, cause: string): void {
    this.#why = to === "connected" ? null : cause;
    if (to === this.#state) return;
    this.#state = to;
    this.#since = this.#clock.now();
    this.#onTurn(to, cause);
  }

  /** What `status` tells of it; `hold` is why a reached one takes nothing. */
  status(
    hold: string | null,
  ): Pick<DestinationStatus, "state" | "since" | "trouble"> & Partial<DestinationStatus> {
    return {
      state: this.#state ?? "disconnected",
      since: this.#since,
      trouble: this.#why ?? hold,
      ...(this.code === null ? {} : { code: this.code }),
    };
  }
}
