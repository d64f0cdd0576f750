import type { Batch } from "../../core/batch.ts";
import { after, type UptimeMs } from "../../core/time.ts";
import { numberOf } from "./fold.ts";
import { type Mark, markOf } from "./mark.ts";

/** The newest reading of one point. */
type Newest = { readonly value: number | null; readonly mark: Mark; readonly until: UptimeMs };

/** What there is to say of a point of which nothing was heard, or nothing for too long. */
const SILENT = { value: null, mark: "B" } as const;

/** The newest readings of the points that a centre is told of. */
export class LatestReadings {
  readonly #holdMs: ReadonlyMap<string, number>;
  readonly #newest = new Map<string, Newest>();

  /** `holdMs` says of each point how long its value holds, in milliseconds. */
  constructor(holdMs: ReadonlyMap<string, number>) {
    this.#holdMs = holdMs;
  }

  /** Takes what was stored `now`. What stands for older readings is none of now. */
  add({ series }: Batch, now: UptimeMs): void {
    for (const { point, t, v, q, thinned } of series) {
      const holdMs = this.#holdMs.get(point);
      if (holdMs === undefined || thinned !== undefined || t.length === 0) continue;
      const last = t.reduce((best, at, i) => (at >= (t[best] as number) ? i : best), 0);
      const mark = markOf(q?.[last] ?? "good");
      this.#newest.set(point, {
        value: numberOf(v[last] ?? null),
        mark,
        until: after(now, holdMs),
      });
    }
  }

  /** What is known of `point` now. */
  of(point: string, now: UptimeMs): { readonly value: number | null; readonly mark: Mark } {
    const newest = this.#newest.get(point);
    return newest === undefined || now > newest.until ? SILENT : newest;
  }
}
