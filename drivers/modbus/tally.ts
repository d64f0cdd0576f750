import type { Reason } from "../../edge/core/reading.ts";
import type { SessionCounters } from "../driver.ts";

type Counts = { -readonly [name in keyof SessionCounters]: SessionCounters[name] };

/** What has happened on a session, counted. */
export class Tally {
  readonly #counts: Counts = {
    requests: 0,
    timeouts: 0,
    crcErrors: 0,
    exceptions: 0,
    malformed: 0,
    discardedBytes: 0,
    lateAnswers: 0,
    unsolicited: 0,
  };

  sent(): void {
    this.#counts.requests++;
  }

  /** A request ended so; a link that is gone is nobody's fault. */
  failed(reason: Reason): void {
    if (reason === "timeout") this.#counts.timeouts++;
    else if (reason === "crc") this.#counts.crcErrors++;
    else if (reason === "malformed") this.#counts.malformed++;
    else if (reason.startsWith("exception:")) this.#counts.exceptions++;
  }

  /** A sound frame came that answers nothing pending. */
  stray(kind: "late" | "unsolicited"): void {
    if (kind === "late") this.#counts.lateAnswers++;
    else this.#counts.unsolicited++;
  }

  /** All counts; `discardedBytes` are those that belong to no frame. */
  counters(discardedBytes: number): SessionCounters {
    return { ...this.#counts, discardedBytes };
  }
}
