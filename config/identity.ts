import type { ByteOrder, PointType } from "../edge/core/point.ts";
import { completePoint, type PointLimits, type PointNote } from "./complete-point.ts";
import { limitsOf } from "./limits.ts";
import type { Place } from "./numbering.ts";
import type { Profile } from "./profile.ts";

/** How a device model is known by what it answers. At least one of the two is there. */
export type Identity = {
  /** Parts of the names that the device gives; null where its profile asks for none. */
  readonly names: { readonly vendor: string | null; readonly product: string | null } | null;
  /** What stands in a register, or null. */
  readonly place: IdentityPlace | null;
};

/** A value that tells a device model, and where it stands. */
export type IdentityPlace = Place & {
  readonly type: PointType;
  readonly order: ByteOrder;
  /** Registers a string takes; 0 for other types. */
  readonly length: number;
  readonly values: readonly (number | string)[];
  /** The bits that are compared, or null for all. */
  readonly mask: number | null;
};

type IdentifyInput = NonNullable<Profile["identify"]>;

/** How the model of `profile` is known; null where the profile does not say. */
export function identityOf(profile: Profile): Identity | null {
  const { identify } = profile;
  if (identify === undefined) return null;
  return completeIdentity(identify, limitsOf({}, profile), () => {});
}

/** `identify` with its defaults, or null where something is wrong with it; all faults are noted. */
export function completeIdentity(
  identify: IdentifyInput,
  limits: PointLimits,
  note: PointNote,
): Identity | null {
  const { vendor = null, product = null, values, mask, ...written } = identify;
  const names = vendor === null && product === null ? null : { vendor, product };
  const hasPlace = values !== undefined || Object.keys(written).length > 0;
  if (names !== null && !hasPlace) return { names, place: null };
  const point = completePoint(written, limits, note);
  if (values === undefined) {
    note("missing-key", { expected: { kind: "identity-values" } }, null);
  }
  if (point === null || values === undefined) return null;
  const { area, address, type, order, length } = point;
  return { names, place: { area, address, type, order, length, values, mask: mask ?? null } };
}
