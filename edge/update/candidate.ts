import { messageOf } from "../core/errors.ts";
import { after, type Clock, type UptimeMs } from "../core/time.ts";
import type { UpdateFiles } from "../core/update-files.ts";
import { type ReleaseTrial, trialIn, verdictIn, verdictText } from "../core/update-notes.ts";
import type { Turn } from "../gateway-event.ts";
import type { Yardstick } from "./judge.ts";
import { type Judged, judged, type Look, nothingSeen, type Seen, seenWith } from "./judge.ts";
import { permissionOf, type RestartFacts } from "./permission.ts";
import type { UpdateStatus } from "./update-status.ts";

export type CandidateParts = {
  readonly clock: Clock;
  /** Name of the gateway. */
  readonly gateway: string;
  readonly files: UpdateFiles;
  readonly yardstick: Yardstick;
  readonly look: () => Omit<Look, "at" | "hasNetwork">;
  readonly restartFacts: () => RestartFacts;
  /** Ends the process, to be started anew; null where nobody would start it. */
  readonly restart: (() => void) | null;
  readonly tell: (turn: Turn) => void;
};

/** So long a release that does not do well waits for alarms and interlocks to end, in milliseconds. */
const WAIT_MAX_MS = 15 * 60_000;
/** Between two tries to write what it was found to be, in milliseconds. */
const WRITE_EVERY_MS = 10_000;

/**
 * The release that runs, while it is on trial: judged by what is seen of it, told, and, where it does
 * not do well, ended, so that the release before comes back. What it is found to be counts once it is
 * on the disk: a disk that never takes it is one more start of a candidate that said nothing of itself.
 */
export class Candidate {
  readonly #parts: CandidateParts;
  readonly #name: string;
  #seen: Seen;
  #found: Judged | null = null;
  #isWritten = false;
  #isTold = false;
  #isEnded = false;
  #isRemembered = false;
  #writeAt: UptimeMs;
  #foundAt: UptimeMs;

  constructor(parts: CandidateParts, name: string) {
    this.#parts = parts;
    this.#name = name;
    const now = parts.clock.uptime();
    this.#seen = nothingSeen(now);
    [this.#writeAt, this.#foundAt] = [now, now];
  }

  /** Takes up what it was found to be before a restart that nobody has acted upon. */
  async #remember(): Promise<void> {
    this.#isRemembered = true;
    const verdict = verdictIn(await this.#parts.files.verdict());
    if (verdict === null || verdict.release !== this.#name) return;
    const { reason } = verdict;
    this.#found =
      verdict.verdict === "healthy"
        ? { kind: "healthy", reason: reason === "offline" ? "offline" : "online" }
        : { kind: "unhealthy", reason: reason as never, detail: "" };
    [this.#isWritten, this.#isTold, this.#isEnded] = [true, true, true];
  }

  /** Whether there is more to see. */
  get isJudged(): boolean {
    return this.#found !== null;
  }

  status({ previous, tries }: ReleaseTrial): NonNullable<UpdateStatus["trial"]> {
    const found = this.#found;
    const state = found === null ? "judged" : this.#isWritten ? found.kind : "unwritten";
    return { previous, tries, state, reason: found?.reason ?? null };
  }

  /** Looks at it once. */
  async look(): Promise<void> {
    if (!this.#isRemembered) await this.#remember();
    if (this.#found === null) this.#judge();
    if (this.#found === null) return;
    if (!this.#isWritten) await this.#write(this.#found);
    if (this.#found.kind === "unhealthy") this.#end();
  }

  #judge(): void {
    const { clock, files, look, yardstick } = this.#parts;
    const at = clock.uptime();
    const seen = { ...look(), at, hasNetwork: files.hasNetwork() };
    this.#seen = seenWith(this.#seen, seen, yardstick);
    this.#found = judged(this.#seen, seen, yardstick);
    if (this.#found === null) return;
    this.#foundAt = at;
    const { kind, reason } = this.#found;
    const why = this.#found.kind === "unhealthy" ? { why: this.#found.detail } : {};
    this.#tell(kind, reason === "online" || reason === "offline" ? `update.${kind}` : reason, {
      ...(kind === "healthy" && { reason }),
      ...why,
    });
  }

  async #write({ kind, reason }: Judged): Promise<void> {
    const { clock, files } = this.#parts;
    if (clock.uptime() < this.#writeAt) return;
    this.#writeAt = after(clock.uptime(), WRITE_EVERY_MS);
    const said = { release: this.#name, boot: clock.boot, verdict: kind, reason };
    try {
      await files.write("verdict", verdictText({ ...said, at: clock.now() }));
      this.#isWritten = true;
    } catch (error) {
      if (this.#isTold) return;
      this.#isTold = true;
      this.#tell(kind, "update.unwritten", { why: messageOf(error) });
    }
  }

  /**
   * Ends it, but not while gas is there and somebody relies on it, however badly it does: it may wait
   * a while. Not before its verdict is on the disk, as it would only come again.
   */
  #end(): void {
    const { clock, restart, restartFacts } = this.#parts;
    if (this.#isEnded || !this.#isWritten || restart === null) return;
    const isOver = clock.uptime() >= after(this.#foundAt, WAIT_MAX_MS);
    if (!isOver && !permissionOf(restartFacts(), true).permitted) return;
    this.#isEnded = true;
    restart();
  }

  #tell(to: string, cause: string, detail: Readonly<Record<string, string>>): void {
    const { gateway, tell } = this.#parts;
    const turn = { kind: "gateway", subject: gateway, from: "trial", to, cause } as const;
    tell({ ...turn, detail: { release: this.#name, ...detail } });
  }
}

/** The trial of the release that runs; null where that is not on trial. */
export async function ownTrial(files: UpdateFiles): Promise<ReleaseTrial | null> {
  const trial = trialIn(await files.trial());
  return trial !== null && trial.candidate === files.slot?.name ? trial : null;
}
