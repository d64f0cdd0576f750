import type { PointReading, ReadRequest } from "../driver.ts";
import { readBit, readRegisters } from "./value.ts";

/** The registers or bits that a device answered with. */
export type Data =
  | { readonly kind: "registers"; readonly registers: readonly number[] }
  | { readonly kind: "bits"; readonly bits: readonly boolean[] };

/** What `data`, the whole answer to `request`, says about each of its points. */
export function readingsOf({ points }: ReadRequest, data: Data): readonly PointReading[] {
  return points.map(({ point, offset }) =>
    data.kind === "bits"
      ? readBit(point, data.bits[offset] as boolean)
      : readRegisters(point, data.registers, offset),
  );
}
