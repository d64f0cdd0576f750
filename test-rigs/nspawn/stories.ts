import { setTimeout as delay } from "node:timers/promises";
import type { PackedFile } from "../../ota/release/archive.ts";
import type { Ending, Site, Way } from "./site.ts";
import { asRelease, type Variant } from "./variants.ts";

/** What came of one release, and what is wrong with that. */
export type Story = {
  readonly variant: Variant;
  readonly way: Way;
  readonly ending: Ending;
  /** How many readings the centre has had of the site in all. */
  readonly readings: number;
  readonly complaints: readonly string[];
};

/** So long after a fault a release is gone back from, or by the end of its window, in milliseconds. */
const BACK_MAX_MS = 15_000;
/** So long the centre is away before a release is tried that will not do well, in milliseconds. */
const AWAY_MS = 1_000;
/** Of a gateway that dies: what waits for the commit, which takes its time, and what is just asked. */
const UNCOMMITTED = 3;

/** What is tried: in which way it gets there, and as which release. */
export type Told = { readonly variant: Variant; readonly way: Way; readonly counter: number };

/**
 * Tries a variant of `program` on `site`. Of a release that does not do well the
 * centre is away meanwhile: what was not sent yet is in its hands.
 */
export async function tellStory(
  site: Site,
  program: readonly PackedFile[],
  { variant, way, counter }: Told,
): Promise<Story> {
  const version = `0.2.${counter}`;
  const release = asRelease(variant.change(program), version, counter);
  const before = await site.settled();
  const isGood = variant.reason === null;
  if (!isGood) {
    site.setAway(true);
    await delay(AWAY_MS);
  }
  const ending = await site.tryRelease(version, release, way);
  site.setAway(false);
  const after = await site.settled();
  const step = isGood ? "committed" : "rolled-back";
  await site.told(version, step, ...(isGood ? [] : [`${variant.reason}`]));
  const { update } = await site.status();
  const isInTime =
    ending.afterMs <= site.windowMs || (ending.afterFaultMs ?? ending.afterMs) <= BACK_MAX_MS;
  const wrong: readonly (readonly [boolean, string])[] = [
    [ending.step !== step, `it was ${ending.step}, not ${step}`],
    [ending.reason !== variant.reason, `the reason is ${ending.reason}, not ${variant.reason}`],
    [!(isGood || isInTime), "it took too long"],
    [update?.last?.step !== step, `the gateway says that it was ${update?.last?.step}`],
    [
      (update?.last?.reason ?? null) !== variant.reason,
      `it says because of ${update?.last?.reason}`,
    ],
    [after.streams !== 1, "the buffer was begun anew"],
    [after.gaps + after.conflicts > 0, `gaps: ${after.gaps}, conflicts: ${after.conflicts}`],
    [
      after.missing - before.missing > UNCOMMITTED * ending.tries,
      `${after.missing - before.missing} readings never came`,
    ],
  ];
  const complaints = wrong.flatMap(([isWrong, what]) => (isWrong ? [what] : []));
  return { variant, way, ending, readings: after.readings, complaints };
}

/** What stands in the rows of the table. */
export const COLUMNS = ["a release that is", "ended", "starts", "after", "after its fault", ""];

/** A story as a row of the table. */
export function rowOf({ variant, way, ending, complaints }: Story): readonly string[] {
  const seconds = (ms: number | null) => (ms === null ? "-" : `${(ms / 1_000).toFixed(1)} s`);
  return [
    `${variant.name}, ${way}`,
    `${ending.step}${ending.reason === null ? "" : ` (${ending.reason})`}`,
    String(ending.tries),
    seconds(ending.afterMs),
    seconds(ending.afterFaultMs),
    complaints.join("; ") || "right",
  ];
}
