import { GatewayError } from "../../edge/core/errors.ts";

/** So long may be the name of a file, beside what is put around it while it comes. */
const NAME_MAX = 200;

/**
 * The name of the one file that the target `path` becomes: no slash, no dot in front, so that it
 * lies in its folder whatever the path says. Throws `ota.name` where it is longer than a file's
 * name may be.
 */
export function targetName(path: string): string {
  const name = encodeURIComponent(path).replace(/^\./, "%2E");
  if (name.length > 0 && name.length <= NAME_MAX) return name;
  throw new GatewayError("ota.name", `a target's name of ${name.length} characters is not taken`);
}
