import type { DeviceConfig, ForbiddenRange } from "./gateway-config.ts";
import type { Profile } from "./profile.ts";
import type { DeviceInput } from "./schema.ts";

/** What a device takes and how it is paced, as the file and the profile say. */
export type DeviceLimits = Pick<
  DeviceConfig,
  "maxRegisters" | "maxBits" | "maxGap" | "isGapAssumed" | "forbidden" | "pace"
> & { readonly readAlone: boolean };

/** Keys that a device and a profile have in common. */
type LimitsInput = Pick<
  Profile & DeviceInput,
  | "maxRegisters"
  | "maxBits"
  | "maxGap"
  | "forbidden"
  | "readAlone"
  | "timeout"
  | "silence"
  | "turnaround"
>;

/**
 * The limits of a device: its own keys, then its profile's, then what the standard allows (Modbus
 * Application Protocol V1.1b3, 6.1 and 6.3). What the profile forbids stays forbidden. Without a
 * profile nobody has looked at what lies between the points, and reading it may clear it.
 */
export function limitsOf(own: LimitsInput, named: LimitsInput | null): DeviceLimits {
  const profile = named ?? {};
  const isGapAssumed = named === null && own.maxGap === undefined;
  return {
    maxRegisters: own.maxRegisters ?? profile.maxRegisters ?? 125,
    maxBits: own.maxBits ?? profile.maxBits ?? 2000,
    maxGap: own.maxGap ?? profile.maxGap ?? (named === null ? 0 : 125),
    ...(isGapAssumed && { isGapAssumed }),
    forbidden: [...(profile.forbidden ?? []), ...(own.forbidden ?? [])].map(
      ({ area, address, last = address }) => ({ area, address, count: last - address + 1 }),
    ),
    readAlone: own.readAlone ?? profile.readAlone ?? false,
    pace: {
      timeoutMs: own.timeout ?? profile.timeout ?? null,
      silenceMs: own.silence ?? profile.silence ?? null,
      turnaroundMs: own.turnaround ?? profile.turnaround ?? null,
    },
  };
}

/** Whether one address lies in both. */
export function shareAddresses(a: ForbiddenRange, b: ForbiddenRange): boolean {
  return a.area === b.area && a.address < b.address + b.count && b.address < a.address + a.count;
}
