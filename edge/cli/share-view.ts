import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import type { Lang } from "../core/errors.ts";
import { say } from "./text.ts";

/** The most points that are named. */
const NAMED_MAX = 8;

/** What one destination gets of all points. */
export type Share = {
  readonly destination: string;
  /** How many points. */
  readonly points: number;
  /** One reading a window of so many milliseconds; null for every one. */
  readonly everyMs: number | null;
  /** The points that it does not get. */
  readonly leftOut: readonly string[];
};

/** What each destination of `config` gets. */
export function sharesOf(config: GatewayConfig): readonly Share[] {
  const all = allPoints(config).map(({ id }) => id);
  return config.destinations.map((each) => {
    const readings = "selection" in each ? each.selection.readings : null;
    const points = readings?.points ?? new Set(all);
    const leftOut = all.filter((id) => !points.has(id));
    return {
      destination: each.name,
      points: points.size,
      everyMs: readings?.everyMs ?? null,
      leftOut,
    };
  });
}

/** The destinations that do not get every reading, a line each. */
export function shareView(config: GatewayConfig, lang: Lang): string {
  const shares = sharesOf(config).filter(
    ({ everyMs, leftOut }) => everyMs !== null || leftOut.length > 0,
  );
  return shares.map((share) => lineOf(share, lang)).join("\n");
}

function lineOf({ destination, points, everyMs, leftOut }: Share, lang: Lang): string {
  const of = points + leftOut.length;
  const counts = say(lang, "shareCounts", { destination, points, of });
  const every = everyMs === null ? "" : say(lang, "shareEvery", { seconds: everyMs / 1000 });
  const named = leftOut.slice(0, NAMED_MAX).join(lang === "en" ? ", " : "、");
  const more = leftOut.length - Math.min(leftOut.length, NAMED_MAX);
  const rest = more === 0 ? named : say(lang, "shareMore", { named, more });
  const out = leftOut.length === 0 ? "" : say(lang, "shareLeftOut", { points: rest });
  return `${counts}${every}${out}`;
}
