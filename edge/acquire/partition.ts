import type { AddressRange, ReadOutcome, ReadRequest } from "../../drivers/driver.ts";

/**
 * What to ask instead of a request that the device refused to answer as a whole, or null where
 * nothing in it can be asked apart.
 */
export type SplitRefused = (
  request: ReadRequest,
  outcome: ReadOutcome,
) => { readonly cut: AddressRange; readonly parts: readonly ReadRequest[] } | null;

/** Requests that others take the place of, all of the same period. */
export type Exchange = {
  readonly old: readonly ReadRequest[];
  readonly instead: readonly ReadRequest[];
};

/**
 * Which requests are asked in parts, because their device refused them whole. What was planned is
 * tried again when the device may be another one: after it was silent, or the line was gone.
 */
export class Partition {
  readonly #split: SplitRefused;
  /** For each planned request that is asked in parts, those parts. */
  readonly #parts = new Map<ReadRequest, readonly ReadRequest[]>();

  constructor(split: SplitRefused) {
    this.#split = split;
  }

  /** What takes the place of `request`, which ended so, and where it was cut; null where it stays. */
  divide(
    request: ReadRequest,
    outcome: ReadOutcome,
  ): { readonly cut: AddressRange; readonly exchange: Exchange } | null {
    const split = this.#split(request, outcome);
    if (split === null) return null;
    const planned = this.#plannedOf(request);
    const others = (this.#parts.get(planned) ?? []).filter((part) => part !== request);
    this.#parts.set(planned, [...others, ...split.parts]);
    return { cut: split.cut, exchange: { old: [request], instead: split.parts } };
  }

  /** What was planned for `unit`, or for all units, in place of the parts. */
  reunite(unit: number | null): readonly Exchange[] {
    const whole = [...this.#parts].filter(([planned]) => unit === null || planned.unit === unit);
    for (const [planned] of whole) this.#parts.delete(planned);
    return whole.map(([planned, parts]) => ({ old: parts, instead: [planned] }));
  }

  #plannedOf(request: ReadRequest): ReadRequest {
    const found = [...this.#parts].find(([, parts]) => parts.includes(request));
    return found?.[0] ?? request;
  }
}
