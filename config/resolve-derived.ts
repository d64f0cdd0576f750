import { sourcesOf } from "../edge/core/derivation.ts";
import type { CompleteDerived } from "./complete-derived.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint, DerivedPointConfig } from "./gateway-config.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { formatDuration } from "./quantity.ts";

/** A derived point, before it is known what its sources are. */
export type DraftDerived = CompleteDerived & { readonly id: string; readonly device: string };

/** What the sources of derived points are. */
type Known = {
  readonly read: ReadonlyMap<string, AnyPoint>;
  readonly drafts: ReadonlyMap<string, DraftDerived>;
};

/**
 * The derived points, each behind all that it needs; those in a circle are left out, which
 * `checkSources` tells.
 */
export function orderDerived(
  drafts: readonly DraftDerived[],
  read: readonly AnyPoint[],
): readonly DerivedPointConfig[] {
  const known = {
    read: new Map(read.map((point) => [point.id, point])),
    drafts: new Map(drafts.map((draft) => [draft.id, draft])),
  };
  const done = new Map<string, DerivedPointConfig>();
  for (const draft of drafts) complete(draft, known, done, new Set());
  return [...done.values()];
}

function complete(
  draft: DraftDerived,
  known: Known,
  done: Map<string, DerivedPointConfig>,
  above: ReadonlySet<string>,
): void {
  if (done.has(draft.id) || above.has(draft.id)) return;
  const below = new Set([...above, draft.id]);
  const sources = sourcesOf(draft.derivation);
  for (const source of sources) {
    const further = known.drafts.get(source);
    if (further !== undefined) complete(further, known, done, below);
  }
  if (sources.some((source) => known.drafts.has(source) && !done.has(source))) return;
  const inputs = sources.flatMap((source) => known.read.get(source) ?? done.get(source) ?? []);
  const everyMs = roundMs(inputs.map((input) => input.everyMs));
  // What is told by itself has at least its period: it may be told much less often than that.
  const silences = inputs.map((input) => ("silentAfterMs" in input ? input.silentAfterMs : 0));
  done.set(draft.id, { ...draft, everyMs, silentAfterMs: Math.max(0, ...silences), write: false });
}

/** A round ends when each of those inputs is new that come the most often. */
function roundMs(periods: readonly number[]): number {
  return periods.length === 0 ? 1000 : Math.min(...periods);
}

/** Checks every source of every derived point. */
export function checkSources(
  drafts: readonly DraftDerived[],
  ordered: readonly DerivedPointConfig[],
  find: (id: string) => PointLookup,
  findings: Findings,
): void {
  const sound = new Set(ordered.map(({ id }) => id));
  for (const draft of drafts) {
    const { id, device } = draft;
    const path = ["devices", device, "points", id.slice(device.length + 1), "derive"];
    const sources = sourcesOf(draft.derivation);
    for (const source of sources) checkSource(source, draft, find, path, findings);
    checkEachOnce(draft, path, findings);
    if (!sound.has(id)) findings.add("derived-circle", null, path, "key");
  }
}

function checkSource(
  source: string,
  { derivation }: DraftDerived,
  find: (id: string) => PointLookup,
  path: Path,
  findings: Findings,
): void {
  const lookup = find(source);
  if (lookup.kind === "unknown") {
    const { nearest, known } = lookup;
    findings.add("unknown-point", { name: source, nearest, known }, path);
  } else if (lookup.kind === "found" && lookup.point.type === "string") {
    findings.add("needs-number", { point: source }, path);
  } else if (
    lookup.kind === "found" &&
    lookup.point.type === "bool" &&
    derivation.kind !== "vote" &&
    derivation.kind !== "expression"
  ) {
    findings.add("needs-number", { point: source }, path);
  } else if (lookup.kind === "found" && "overMs" in derivation) {
    const { everyMs } = lookup.point;
    if (derivation.overMs >= 2 * everyMs) return;
    const [every, over] = [formatDuration(everyMs), formatDuration(derivation.overMs)];
    findings.add("window-too-short", { point: source, every, over }, path);
  }
}

function checkEachOnce({ derivation }: DraftDerived, path: Path, findings: Findings): void {
  if (!("of" in derivation) || typeof derivation.of === "string") return;
  const { of } = derivation;
  const twice = new Set(of.filter((source, i) => of.indexOf(source) !== i));
  for (const point of twice) findings.add("same-source", { point }, path);
}
