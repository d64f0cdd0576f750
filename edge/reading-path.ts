import { allPoints, type GatewayConfig } from "../config/gateway-config.ts";
import { pointStatus } from "./control/point-status.ts";
import type { PointStatus } from "./control/status.ts";
import type { Reading } from "./core/reading.ts";
import type { Clock } from "./core/time.ts";
import type { MeasureDesk } from "./measure/measure-desk.ts";
import { Deriving, measureDeskOf } from "./measuring.ts";
import { Newest } from "./newest.ts";

export type PathParts = {
  readonly clock: Clock;
  readonly config: Pick<GatewayConfig, "points" | "talkers" | "boards" | "derived">;
  /** Judges measured readings by the alarms; gives those that belong to the story of one. */
  readonly judge: (measured: readonly Reading[]) => readonly Reading[];
  /** Takes what is to be stored. */
  readonly onKept: (kept: readonly Reading[]) => void;
  /** Takes all that was measured and is worth telling of, be it stored or not. */
  readonly onMeasured: (measured: readonly Reading[]) => void;
};

/** The way of a reading: measured, derived from, judged, and kept where it is worth storing. */
export class ReadingPath {
  /** Makes the measurements. */
  readonly desk: MeasureDesk;
  readonly #parts: PathParts;
  readonly #deriving: Deriving;
  /** As they were judged. */
  readonly #newest = new Newest();

  constructor(parts: PathParts) {
    this.#parts = parts;
    this.desk = measureDeskOf(parts.clock, parts.config);
    this.#deriving = new Deriving(this.desk, parts.config);
  }

  /**
   * What each of `told` is measured to be, in their order, judged by the alarms. What is derived
   * from them is judged at once, and kept where it is due.
   */
  measure(told: readonly Reading[]): readonly Reading[] {
    return this.#deriving.measured(told, (readings, from) => {
      this.#judge(readings);
      if (from === "derived") this.keep(this.#deriving.due(readings));
    });
  }

  /** Takes `measured` readings that are due: what is worth storing of them is stored. */
  keep(measured: readonly Reading[]): void {
    this.#parts.onKept(this.desk.kept(measured));
    this.#parts.onMeasured(measured);
  }

  /** What is known now of every point. */
  status(): readonly PointStatus[] {
    const { clock, config } = this.#parts;
    const now = clock.uptime();
    const newest = this.#newest.byPoint();
    return allPoints(config).map((point) => {
      return pointStatus(point, newest.get(point.id), this.desk.notes(point.id), now);
    });
  }

  #judge(measured: readonly Reading[]): void {
    this.#newest.note(measured);
    this.desk.want(this.#parts.judge(measured));
  }
}
