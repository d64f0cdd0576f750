import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong with single points. */
export function pointRules({ status }: Facts): readonly Finding[] {
  return (status?.points ?? [])
    .filter(({ quality }) => quality === "uncertain:stuck")
    .map(({ point, value }) => ({
      code: "point.stuck",
      subject: point,
      since: null,
      sure: "likely",
      severity: "warning",
      evidence: [{ key: "stuckAt", values: { point, value: String(value) } }],
    }));
}
