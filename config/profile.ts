import { checkShape } from "./check-shape.ts";
import type { PointNote } from "./complete-point.ts";
import { completePoint } from "./complete-point.ts";
import { Findings } from "./findings.ts";
import { limitsOf } from "./limits.ts";
import type { Problem } from "./problems.ts";
import type { ProfileInput } from "./profile-schema.ts";
import { profileSchema } from "./profile-schema.ts";
import { readSource } from "./source.ts";

/** What the gateway knows of a device model. */
export type Profile = ProfileInput;

/**
 * Profiles by the name that a device uses: the file's name without `.yaml`. Null is a profile
 * whose file has faults of its own.
 */
export type Profiles = Pick<ReadonlyMap<string, Profile | null>, "get" | "has" | "keys">;

/** The profile in `text`, or null, and what is wrong with it. */
export function loadProfile(text: string): {
  readonly profile: Profile | null;
  readonly problems: readonly Problem[];
} {
  const source = readSource(text);
  const findings = new Findings(source);
  if (findings.hasErrors()) return { profile: null, problems: findings.list() };
  checkShape(profileSchema, source.root, findings);
  if (findings.hasErrors()) return { profile: null, problems: findings.list() };
  const profile = profileSchema.parse(source.root);
  for (const [name, point] of Object.entries(profile.points)) {
    const path = ["points", name];
    const note: PointNote = (code, params, key) =>
      findings.add(
        code,
        params,
        key === null ? path : [...path, key],
        key === null ? "key" : "value",
      );
    completePoint(point, limitsOf({}, profile), note);
  }
  return { profile: findings.hasErrors() ? null : profile, problems: findings.list() };
}
