import type { PointNote } from "./complete-point.ts";
import type { Findings } from "./findings.ts";
import type { PointInput } from "./point-schema.ts";
import type { Path, ProblemCode } from "./problems.ts";
import { PROBLEMS } from "./problems.ts";
import type { Profile } from "./profile.ts";
import type { DeviceInput } from "./schema.ts";

const DEFAULT_EVERY_MS = 1000;

/** The keys of a point, of its device and of the profile together, and its period. */
export type MergedPoint = { readonly point: PointInput; readonly everyMs: number };

/** The profile's points, changed by the device's own keys, then the points it adds. */
export function mergedPoints(
  device: DeviceInput,
  profile: Profile | null,
): ReadonlyMap<string, MergedPoint> {
  const merged = new Map<string, MergedPoint>();
  const names = new Set([...Object.keys(profile?.points ?? {}), ...Object.keys(device.points)]);
  for (const name of names) {
    const basis = profile?.points[name];
    const own = Object.hasOwn(device.points, name) ? device.points[name] : undefined;
    const usualMs = device.every ?? profile?.every ?? DEFAULT_EVERY_MS;
    // A profile's point may be read less often than the rest, such as a serial number.
    const everyMs = own?.every ?? Math.max(usualMs, basis?.every ?? 0);
    const point = { ...withoutReplaced(basis ?? {}, own ?? {}), ...own };
    // What a device was found to be off says nothing of how often its model is to be looked at.
    const calibration = { ...basis?.calibration, ...own?.calibration };
    const isCalibrated = Object.keys(calibration).length > 0;
    merged.set(name, { point: isCalibrated ? { ...point, calibration } : point, everyMs });
  }
  return merged;
}

/** `basis` without the keys that make no sense beside what `own` says anew. */
function withoutReplaced(basis: PointInput, own: PointInput): PointInput {
  if (own.derive !== undefined) return basis.unit === undefined ? {} : { unit: basis.unit };
  const rest = { ...basis };
  if (own.address !== undefined || own.number !== undefined) {
    delete rest.address;
    delete rest.number;
    delete rest.derive;
    if (own.number !== undefined) delete rest.area;
  }
  if (own.type !== undefined) delete rest.length;
  return rest;
}

/** What a point lacks that its profile may have. */
const LACKS: ReadonlySet<ProblemCode> = new Set([
  "no-place",
  "no-area",
  "no-address",
  "no-type",
  "no-length",
  "missing-key",
  "unknown-group",
]);

/**
 * Notes what is wrong with a point. What it lacks is told when it is whole, without a profile that
 * cannot be read; what a key of the profile is warned of is told once, with the profile.
 */
export function noteAt(
  path: Path,
  own: PointInput,
  isWhole: boolean,
  findings: Findings,
): PointNote {
  return (code, params, key) => {
    if (!isWhole && LACKS.has(code)) return;
    if (key === null) findings.add(code, params, path, "key");
    else if (PROBLEMS[code].severity === "error" || key in own) {
      findings.add(code, params, [...path, key]);
    }
  };
}
