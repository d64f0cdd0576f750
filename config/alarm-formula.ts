import type { AlarmFormula, AlarmInput, Enabling } from "../edge/core/alarm-condition.ts";
import type { AlarmContext } from "./alarm-condition.ts";
import { parseFormula } from "./formula.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./problems.ts";
import type { AlarmInput as AlarmEntry } from "./schema.ts";

/**
 * The formula `text` over `of`, which stand in `when` and `of` of what is at `path`; null where it
 * has faults, which are noted.
 */
export function formulaOver(
  text: string,
  of: Readonly<Record<string, string>>,
  path: Path,
  context: AlarmContext,
): AlarmFormula | null {
  const inputs = new Map(
    Object.entries(of).map(([name, target]) => {
      checkTarget(target, [...path, "of", name], context);
      return [name, inputOf(target)] as const;
    }),
  );
  const parsed = parseFormula(text, Object.keys(of));
  if ("formula" in parsed) return { formula: parsed.formula, inputs };
  const { fault } = parsed;
  // The compiler cannot see that code and parameters come in pairs.
  context.findings.add(fault.code, fault.params as never, [...path, "when"]);
  return null;
}

/** Names hold no dot, ids of points do. */
function inputOf(target: string): AlarmInput {
  return target.includes(".") ? { kind: "point", point: target } : { kind: "alarm", alarm: target };
}

function checkTarget(target: string, path: Path, { draft, find, findings }: AlarmContext): void {
  if (!target.includes(".")) {
    const known = draft.alarms;
    if (known.includes(target)) return;
    findings.add("unknown-alarm", { name: target, nearest: nearest(target, known), known }, path);
    return;
  }
  const lookup = find(target);
  if (lookup.kind === "unknown") {
    const { nearest: close, known } = lookup;
    findings.add("unknown-point", { name: target, nearest: close, known }, path);
  } else if (lookup.kind === "found" && lookup.point.type === "string") {
    findings.add("needs-number", { point: target }, path);
  }
}

/** When the alarm at `path` is in force; undefined where it always is. */
export function enablingOf(
  { enable }: AlarmEntry,
  path: Path,
  context: AlarmContext,
): Enabling | undefined {
  if (enable === undefined) return undefined;
  const { when: text, of = {}, months = null } = enable;
  const own = [...path, "enable"];
  if (text === undefined && Object.keys(of).length > 0) {
    context.findings.add("alarm-key", { name: "of", here: "when" }, [...own, "of"], "key");
  }
  const when = text === undefined ? null : formulaOver(text, of, own, context);
  return { when, months };
}
