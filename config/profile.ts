import { checkShape } from "./check-shape.ts";
import type { PointNote } from "./complete-point.ts";
import { completePoint } from "./complete-point.ts";
import { completeTalkPoint } from "./complete-talk-point.ts";
import { Findings } from "./findings.ts";
import { limitsOf } from "./limits.ts";
import { LIMIT_KEYS } from "./limits-schema.ts";
import type { Problem } from "./problems.ts";
import type { ProfileInput } from "./profile-schema.ts";
import { profileSchema } from "./profile-schema.ts";
import { resolveProtocol } from "./resolve-protocol.ts";
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
  const talk =
    profile.protocol === undefined
      ? null
      : resolveProtocol(profile.protocol, (code, params, path) =>
          findings.add(code, params, ["protocol", ...path]),
        );
  checkProfileKeys(profile, findings);
  for (const [name, point] of Object.entries(profile.points)) {
    const path = ["points", name];
    const note: PointNote = (code, params, key) =>
      findings.add(
        code,
        params,
        key === null ? path : [...path, key],
        key === null ? "key" : "value",
      );
    if (talk !== null) completeTalkPoint(name, point, talk, note);
    else if (profile.protocol === undefined) {
      completePoint(point, limitsOf({}, profile), note);
    }
  }
  return { profile: findings.hasErrors() ? null : profile, problems: findings.list() };
}

/** Notes the keys of a profile that say nothing beside, or without, a protocol. */
function checkProfileKeys(profile: Profile, findings: Findings): void {
  const talks = profile.protocol !== undefined;
  for (const name of talks ? (["unit", ...LIMIT_KEYS] as const) : (["silentAfter"] as const)) {
    if (profile[name] === undefined) continue;
    const here = talks ? "serial" : "modbus";
    const allowed = talks
      ? ["serial", "every", "protocol", "silentAfter", "points"]
      : ["serial", "unit", ...LIMIT_KEYS, "every", "points"];
    findings.add("key-elsewhere", { name, here, allowed }, [name]);
  }
}
