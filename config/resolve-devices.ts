import type { PointNote } from "./complete-point.ts";
import { completePoint } from "./complete-point.ts";
import type { Findings } from "./findings.ts";
import type { DeviceConfig, PointConfig } from "./gateway-config.ts";
import { nearest } from "./nearest.ts";
import type { PointInput } from "./point-schema.ts";
import type { Path, ProblemCode } from "./problems.ts";
import { PROBLEMS } from "./problems.ts";
import type { Profile, Profiles } from "./profile.ts";
import type { Draft } from "./salvage.ts";
import type { BusInput, DeviceInput } from "./schema.ts";

const DEFAULT_EVERY_MS = 1000;
const DEFAULT_MAX_REGISTERS = 125;

/** A bus that this release reads. */
export type ModbusInput = Extract<BusInput, { readonly kind: "modbus-rtu" | "modbus-tcp" }>;

/** The devices and points of the buses that this release reads. */
export type ResolvedDevices = {
  readonly devices: readonly DeviceConfig[];
  readonly points: readonly PointConfig[];
};

/** Checks every device and its points, with its profile, against the buses. */
export function resolveDevices(
  draft: Draft,
  profiles: Profiles,
  findings: Findings,
): ResolvedDevices {
  const devices: DeviceConfig[] = [];
  const points: PointConfig[] = [];
  const unitOwners = new Map<string, string>();
  for (const [name, input] of Object.entries(draft.config.devices ?? {})) {
    const path = ["devices", name];
    const profile = profileOf(input, profiles, path, findings);
    const bus = busOf(draft, input, path, findings);
    if (bus !== null && !isModbus(bus)) {
      findings.add("device-not-read", { bus: `${input.bus}` }, [...path, "bus"]);
      continue;
    }
    const { names, sure } = draft.ownPoints(name);
    if (sure && names.length === 0 && input.profile === undefined) {
      findings.add("no-points", null, path, "key");
    }
    const maxRegisters = input.maxRegisters ?? profile?.maxRegisters ?? DEFAULT_MAX_REGISTERS;
    const hasProfile = input.profile !== undefined || draft.mayHave(path, "profile");
    const isWhole = profile !== null || !hasProfile;
    for (const [pointName, { point, everyMs }] of mergedPoints(input, profile)) {
      const own = input.points[pointName] ?? {};
      const note = noteAt([...path, "points", pointName], own, isWhole, findings);
      const complete = completePoint(point, maxRegisters, note);
      if (complete === null) continue;
      points.push({ id: `${name}.${pointName}`, device: name, everyMs, ...complete });
    }
    const unit = bus === null ? null : unitOf(draft, name, bus, unitOwners, findings);
    if (bus === null || unit === null || input.bus === undefined) continue;
    devices.push({
      name,
      bus: input.bus,
      unit,
      profile: input.profile ?? null,
      maxRegisters,
      probeEveryMs: input.probeEvery ?? bus.probeEvery,
    });
  }
  return { devices, points };
}

/** Whether this release reads the bus. */
export function isModbus(bus: BusInput): bus is ModbusInput {
  return bus.kind === "modbus-rtu" || bus.kind === "modbus-tcp";
}

function profileOf(
  { profile: name }: DeviceInput,
  profiles: Profiles,
  path: Path,
  findings: Findings,
): Profile | null {
  if (name === undefined) return null;
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  const known = [...profiles.keys()];
  const params = { name, nearest: nearest(name, known), known };
  findings.add("unknown-profile", params, [...path, "profile"]);
  return null;
}

/** The device's bus; null when there is none, or when it has faults of its own. */
function busOf(
  draft: Draft,
  { bus: name }: DeviceInput,
  path: Path,
  findings: Findings,
): BusInput | null {
  if (name === undefined) return null;
  const known = draft.buses;
  if (known.includes(name)) return draft.config.buses?.[name] ?? null;
  findings.add("unknown-bus", { name, nearest: nearest(name, known), known }, [...path, "bus"]);
  return null;
}

function unitOf(
  draft: Draft,
  device: string,
  bus: BusInput,
  owners: Map<string, string>,
  findings: Findings,
): number | null {
  const path = ["devices", device];
  const { unit, bus: busName = "" } = draft.config.devices?.[device] ?? {};
  const [min, max] = bus.kind === "modbus-rtu" ? [1, 247] : [0, 255];
  const at = [...path, "unit"];
  if (unit === undefined) {
    if (draft.mayHave(path, "unit")) return null;
    findings.add("missing-key", { expected: { kind: "whole", min, max } }, at, "key");
    return null;
  }
  if (unit < min || unit > max) {
    findings.add("rtu-unit", { unit }, at);
    return null;
  }
  const owner = owners.get(`${busName} ${unit}`);
  if (owner !== undefined) {
    findings.add("same-unit", { device: owner, unit, bus: busName }, at);
    return null;
  }
  owners.set(`${busName} ${unit}`, device);
  return unit;
}

type MergedPoint = { readonly point: PointInput; readonly everyMs: number };

/** The profile's points, changed by the device's own keys, then the points it adds. */
function mergedPoints(
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
    merged.set(name, { point: { ...withoutReplaced(basis ?? {}, own ?? {}), ...own }, everyMs });
  }
  return merged;
}

/** `basis` without the keys that make no sense beside what `own` says anew. */
function withoutReplaced(basis: PointInput, own: PointInput): PointInput {
  const rest = { ...basis };
  if (own.address !== undefined || own.number !== undefined) {
    delete rest.address;
    delete rest.number;
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
]);

/**
 * Notes what is wrong with a point. What it lacks is told when it is whole, without a profile that
 * cannot be read; what a key of the profile is warned of is told once, with the profile.
 */
function noteAt(path: Path, own: PointInput, isWhole: boolean, findings: Findings): PointNote {
  return (code, params, key) => {
    if (!isWhole && LACKS.has(code)) return;
    if (key === null) findings.add(code, params, path, "key");
    else if (PROBLEMS[code].severity === "error" || key in own) {
      findings.add(code, params, [...path, key]);
    }
  };
}
