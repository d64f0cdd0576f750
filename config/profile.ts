import { checkShape } from "./check-shape.ts";
import { completeDerived } from "./complete-derived.ts";
import type { PointNote } from "./complete-point.ts";
import { completePoint } from "./complete-point.ts";
import { completeTalkPoint } from "./complete-talk-point.ts";
import { Findings } from "./findings.ts";
import { completeIdentity } from "./identity.ts";
import { limitsOf } from "./limits.ts";
import { LIMIT_KEYS } from "./limits-schema.ts";
import type { Path, Problem } from "./problems.ts";
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

/** The keys that say nothing of a device with a protocol of its own. */
const MODBUS_KEYS = ["unit", "identify", ...LIMIT_KEYS] as const;

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
  if (profile.identify !== undefined && talk === null) {
    completeIdentity(profile.identify, limitsOf({}, profile), noteIn(["identify"], findings));
  }
  for (const [name, point] of Object.entries(profile.points)) {
    const note = noteIn(["points", name], findings);
    if (point.derive !== undefined) {
      completeDerived(point, point.derive, note);
      continue;
    }
    if (talk !== null) completeTalkPoint(name, point, talk, note);
    else if (profile.protocol === undefined) {
      completePoint(point, limitsOf({}, profile), note);
    }
  }
  return { profile: findings.hasErrors() ? null : profile, problems: findings.list() };
}

function noteIn(path: Path, findings: Findings): PointNote {
  return (code, params, key) => {
    const isWhole = key === null;
    findings.add(code, params, isWhole ? path : [...path, key], isWhole ? "key" : "value");
  };
}

/** Notes the keys of a profile that say nothing beside, or without, a protocol. */
function checkProfileKeys(profile: Profile, findings: Findings): void {
  const talks = profile.protocol !== undefined;
  for (const name of talks ? MODBUS_KEYS : (["silentAfter"] as const)) {
    if (profile[name] === undefined) continue;
    const here = talks ? "serial" : "modbus";
    const allowed = talks
      ? ["serial", "every", "protocol", "silentAfter", "points"]
      : ["serial", ...MODBUS_KEYS, "every", "points"];
    findings.add("key-elsewhere", { name, here, allowed }, [name]);
  }
}
