import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import type { Path } from "./problems.ts";
import { formatDuration } from "./quantity.ts";
import type { Draft } from "./salvage.ts";

/** Commits that come more often are remarked, in milliseconds. */
const WISE_MS = 500;

/** What a commit of a few readings writes: a page of the log, and its share of moving that on. */
const COMMIT_BYTES = 4_500;

/** The commit interval of each point that has another one than `usualMs`, in milliseconds. */
export function resolveCommits(
  draft: Draft,
  points: readonly AnyPoint[],
  usualMs: number,
  findings: Findings,
): ReadonlyMap<string, number> {
  const commitMsOf = new Map<string, number>();
  const fastest = new Map<string, { readonly path: Path; readonly everyMs: number }>();
  for (const { id, device, everyMs } of points) {
    const { path, commitMs } = commitOf(draft, device, id.slice(device.length + 1), usualMs);
    if (commitMs !== usualMs) commitMsOf.set(id, commitMs);
    // Without a new reading there is nothing to commit.
    const ms = Math.max(commitMs, everyMs);
    const key = path.join(" ");
    if (ms < (fastest.get(key)?.everyMs ?? WISE_MS)) fastest.set(key, { path, everyMs: ms });
  }
  for (const { path, everyMs } of fastest.values()) {
    const perS = Math.round(10_000 / everyMs) / 10;
    const perDay = `${Number(((perS * 86_400 * COMMIT_BYTES) / 1e9).toPrecision(2))} GB`;
    findings.add("commit-often", { every: formatDuration(everyMs), perS, perDay }, path);
  }
  return commitMsOf;
}

/** What holds for a point, and where that is written. */
function commitOf(
  { config }: Draft,
  device: string,
  name: string,
  usualMs: number,
): { readonly path: Path; readonly commitMs: number } {
  const input = config.devices?.[device];
  const own = input?.points[name]?.commit;
  const path = ["devices", device];
  if (own !== undefined) return { path: [...path, "points", name, "commit"], commitMs: own };
  if (input?.commit !== undefined) return { path: [...path, "commit"], commitMs: input.commit };
  return { path: ["buffer", "commit"], commitMs: usualMs };
}
