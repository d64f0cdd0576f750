import type { AddressRange } from "../../drivers/driver.ts";
import type { Cut, Cuts } from "../core/ledger.ts";

/**
 * The places at which devices refused to be read across. Kept over restarts for as long as the
 * configuration is the same, so that a device is not asked in vain again.
 */
export class CutMemory {
  readonly #configuration: string;
  readonly #onChange: (cuts: Cuts) => void;
  #cuts: readonly Cut[];

  /** `remembered` is what the buffer kept, `configuration` the fingerprint of today's. */
  constructor(remembered: Cuts | null, configuration: string, onChange: (cuts: Cuts) => void) {
    this.#configuration = configuration;
    this.#onChange = onChange;
    this.#cuts = remembered?.configuration === configuration ? remembered.cuts : [];
  }

  /** The cuts of each device, by its name. */
  byDevice(): ReadonlyMap<string, readonly AddressRange[]> {
    return Map.groupBy(this.#cuts, ({ device }) => device);
  }

  /** `device` refused to be read across `range`. */
  add(device: string, { area, address, count }: AddressRange): void {
    const isKnown = this.#cuts.some(
      (cut) =>
        cut.device === device &&
        cut.area === area &&
        cut.address === address &&
        cut.count === count,
    );
    if (isKnown) return;
    this.#cuts = [...this.#cuts, { device, area, address, count }];
    this.#onChange({ configuration: this.#configuration, cuts: this.#cuts });
  }
}
