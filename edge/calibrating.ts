import type { CalibrationDesk, CalibrationParts } from "./calibrate/calibration-desk.ts";
import type { CalibrationOrder } from "./calibrate/orders.ts";
import type { CalibrationStore } from "./core/calibration.ts";
import { GatewayError } from "./core/errors.ts";

type Module = typeof import("./calibrate/calibration-desk.ts");

/** What a calibration desk needs; no store where the gateway is not to be calibrated. */
export type CalibratingParts = Omit<CalibrationParts, "store"> & {
  readonly store: CalibrationStore | undefined;
};

/** The desk, where any point was ever calibrated; null where it need not be loaded yet. */
export async function calibrationModule(store: CalibrationStore | undefined) {
  const { books = [], unreadable = [] } = store?.load() ?? {};
  return books.length + unreadable.length > 0 ? await loadDesk() : null;
}

function loadDesk(): Promise<Module> {
  return import("./calibrate/calibration-desk.ts");
}

/** The calibrations of a gateway: loaded once there are any, or somebody asks. */
export class Calibrating {
  readonly #parts: CalibratingParts;
  readonly #signal: AbortSignal;
  #desk: CalibrationDesk | null;

  constructor(parts: CalibratingParts, loaded: Module | null, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#desk = loaded === null ? null : this.#deskBy(loaded);
  }

  /** Has points measured as they were calibrated, from their first reading on. */
  resume(): void {
    this.#desk?.resume();
  }

  /** Whether somebody is at work on a point. */
  get isAtWork(): boolean {
    return this.#desk?.isAtWork ?? false;
  }

  /** Does what `order` says; see `CalibrationDesk.act`. */
  async act(order: CalibrationOrder): Promise<unknown> {
    const loaded = this.#desk === null ? await loadDesk() : null;
    if (loaded !== null) this.#desk ??= this.#deskBy(loaded);
    return await this.#desk?.act(order);
  }

  #deskBy({ CalibrationDesk: Desk }: Module): CalibrationDesk {
    const { store, ...parts } = this.#parts;
    if (store === undefined) {
      throw new GatewayError("calibration.refused", "this gateway keeps no calibrations");
    }
    return new Desk({ ...parts, store }, this.#signal);
  }
}
