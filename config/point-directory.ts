import type { AnyPoint } from "./gateway-config.ts";
import { nearest } from "./nearest.ts";
import type { Profiles } from "./profile.ts";
import type { Draft } from "./salvage.ts";

/** What is known of a point that something refers to. */
export type PointLookup =
  | { readonly kind: "found"; readonly point: AnyPoint }
  /** It exists, but has faults of its own, or may exist: nothing more is to be said. */
  | { readonly kind: "unsure" }
  | {
      readonly kind: "unknown";
      readonly nearest: string | null;
      readonly known: readonly string[];
    };

/** Finds points by `device.point`, also those of devices that have faults. */
export function pointDirectory(
  draft: Draft,
  profiles: Profiles,
  points: readonly AnyPoint[],
): (id: string) => PointLookup {
  const sound = new Map(points.map((point) => [point.id, point]));
  const namesOf = (device: string): readonly string[] => {
    const profile = profiles.get(draft.profileOf(device) ?? "");
    const names = [...Object.keys(profile?.points ?? {}), ...draft.ownPoints(device).names];
    return [...new Set(names)];
  };
  const known = draft.devices.flatMap((device) =>
    namesOf(device).map((name) => `${device}.${name}`),
  );
  return (id) => {
    const point = sound.get(id);
    if (point !== undefined) return { kind: "found", point };
    const device = id.slice(0, id.indexOf("."));
    if (known.includes(id)) return { kind: "unsure" };
    if (mayHaveMore(draft, profiles, device)) return { kind: "unsure" };
    return { kind: "unknown", nearest: nearest(id, known), known };
  };
}

/** Whether the device's points cannot be told, so that no name is certainly wrong. */
function mayHaveMore(draft: Draft, profiles: Profiles, device: string): boolean {
  if (!draft.devices.includes(device)) return false;
  const profile = draft.profileOf(device);
  return !draft.ownPoints(device).sure || (profile !== null && !profiles.get(profile));
}
