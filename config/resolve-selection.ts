import type { EventSelection, ReadingSelection, Selection } from "../edge/core/selection.ts";
import type { DestinationContext } from "./destination-keys.ts";
import { nearest } from "./nearest.ts";
import { isMatch } from "./pattern.ts";
import type { Path } from "./problems.ts";
import type { SelectionInput } from "./selection-schema.ts";

type Select = NonNullable<SelectionInput["select"]>;

/** What the destination at `path` gets; patterns that match nothing are remarked. */
export function resolveSelection(
  { select = {}, every }: SelectionInput,
  path: Path,
  context: DestinationContext,
): Selection {
  checkPatterns(select, [...path, "select"], context);
  const selection = {
    readings: readingsOf(select, every ?? null, context),
    events: eventsOf(select, context),
  };
  if (selection.readings?.points.size === 0 && select.points?.length !== 0) {
    if (!context.findings.hasErrors()) {
      context.findings.add("selects-nothing", null, [...path, "select"], "key");
    }
  }
  return selection;
}

function readingsOf(
  { points, devices, except }: Select,
  everyMs: number | null,
  context: DestinationContext,
): ReadingSelection | null {
  if (points === undefined && devices === undefined && except === undefined && everyMs === null) {
    return null;
  }
  const isAll = points === undefined && devices === undefined;
  const matches = (patterns: readonly string[] | undefined, name: string) =>
    patterns?.some((pattern) => isMatch(pattern, name)) === true;
  const selected = context.points.filter(
    ({ id, device }) =>
      (isAll || matches(points, id) || matches(devices, device)) && !matches(except, id),
  );
  return {
    rule: JSON.stringify({ points, devices, except, everyMs }),
    points: new Set(selected.map(({ id }) => id)),
    everyMs,
  };
}

function eventsOf({ alarms, events }: Select, context: DestinationContext): EventSelection | null {
  const { kinds, severity } = events ?? {};
  if (alarms === undefined && kinds === undefined && severity === undefined) return null;
  const named = context.alarms.filter((name) => alarms?.some((each) => isMatch(each, name)));
  return {
    rule: JSON.stringify({ alarms, kinds, severity }),
    kinds: kinds === undefined ? null : new Set(kinds),
    severity: severity ?? null,
    alarms: alarms === undefined ? null : new Set(named),
  };
}

function checkPatterns(
  select: Select,
  path: Path,
  { points, alarms, findings }: DestinationContext,
) {
  // Where something is wrong above, it may be missing here for that alone.
  if (findings.hasErrors()) return;
  const ids = points.map(({ id }) => id);
  const devices = [...new Set(points.map(({ device }) => device))];
  const names = { points: ids, devices, except: ids, alarms };
  for (const key of ["points", "devices", "except", "alarms"] as const) {
    for (const [i, pattern] of (select[key] ?? []).entries()) {
      const known = names[key];
      if (known.some((name) => isMatch(pattern, name))) continue;
      const near = nearest(pattern, known);
      findings.add("pattern-without-match", { pattern, nearest: near }, [...path, key, i]);
    }
  }
}
