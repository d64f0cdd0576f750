import type { GatewayConfig } from "../../config/gateway-config.ts";
import { identityDirIn } from "../../config/identity-dir.ts";
import { GatewayError } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import { verdictText } from "../core/update-notes.ts";
import type { VersionClaims } from "../core/version-proof.ts";
import { RELEASE } from "../release.ts";
import { ownTrial } from "../update/candidate.ts";
import { Updating } from "../update/updating.ts";
import { proofOf } from "../world/identity/prove.ts";
import { memoryLimit } from "../world/memory.ts";
import { updateFiles } from "../world/update-files.ts";

/** What the unit of the gateway lets it take (ota/systemd), where the system does not tell. */
const MEMORY_MAX_BYTES = 300_000_000;

/** The part in its being replaced of the gateway that is configured so. */
export function ownUpdate(clock: Clock, config: GatewayConfig): Promise<Updating> {
  const dir = identityDirIn(config.buffer.dir);
  return Updating.open({
    ...{ clock, config, release: RELEASE },
    files: updateFiles(config.buffer.dir, import.meta.dirname),
    memoryMaxBytes: memoryLimit() ?? MEMORY_MAX_BYTES,
    sign: (claims) => signed(claims, dir),
  });
}

/** Whether the release that runs is on trial, its buffer being in `dir`. */
export async function isTried(dir: string): Promise<boolean> {
  return (await ownTrial(updateFiles(dir, import.meta.dirname))) !== null;
}

/** The release that runs could not: where it is on trial, the boot guard is to know why. */
export async function noteFailure(clock: Clock, reason: string, dir: string): Promise<void> {
  const files = updateFiles(dir, import.meta.dirname);
  const trial = await ownTrial(files);
  if (trial === null) return;
  const said = { release: trial.candidate, boot: clock.boot, verdict: "unhealthy" } as const;
  try {
    await files.write("verdict", verdictText({ ...said, reason, at: clock.now() }));
  } catch (error) {
    // The guard finds a candidate that said nothing, and starts it a few times more.
    if (!(error instanceof GatewayError)) throw error;
  }
}

/** A key that cannot be read now proves nothing: destinations tell why. */
function signed(claims: VersionClaims, dir: string): string | null {
  try {
    return proofOf(claims, dir);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return null;
  }
}
