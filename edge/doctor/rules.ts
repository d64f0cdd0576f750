import { bufferRules } from "./buffer-rules.ts";
import { busRules } from "./bus-rules.ts";
import { clockRules } from "./clock-rules.ts";
import { deviceRules } from "./device-rules.ts";
import type { Facts, Rule } from "./facts.ts";
import type { Finding, Told } from "./finding.ts";
import { gatewayRules } from "./gateway-rules.ts";
import { identityRules } from "./identity-rules.ts";
import { machineRules } from "./machine-rules.ts";
import { pointRules } from "./point-rules.ts";
import { upkeepRules } from "./upkeep-rules.ts";
import { uplinkRules } from "./uplink-rules.ts";

/** Who judges, one an area. */
const RULES: readonly Rule[] = [
  machineRules,
  clockRules,
  gatewayRules,
  busRules,
  deviceRules,
  pointRules,
  uplinkRules,
  bufferRules,
  upkeepRules,
  identityRules,
];

/** What is wrong by `facts`: what is worst and surest first, consequences within their causes. */
export function diagnose(facts: Facts): readonly Told[] {
  return folded(RULES.flatMap((rule) => rule(facts)).toSorted(byWeight));
}

const SEVERITIES = ["fault", "warning"] as const;
const SURENESS = ["certain", "likely", "possible"] as const;

function byWeight(a: Finding, b: Finding): number {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  return severity === 0 ? SURENESS.indexOf(a.sure) - SURENESS.indexOf(b.sure) : severity;
}

/**
 * `findings` with those taken out that another one explains. A finding never explains one of its
 * own subject, and of two that explain each other the first stays.
 */
export function folded(findings: readonly Finding[]): readonly Told[] {
  const causeOf = new Map<Finding, Finding>();
  for (const finding of findings) {
    const cause = findings.find((other) => {
      const isCause =
        other.subject !== finding.subject && other.explains?.includes(finding.subject);
      return isCause && rootOf(other, causeOf) !== finding;
    });
    if (cause !== undefined) causeOf.set(finding, cause);
  }
  return findings
    .filter((finding) => !causeOf.has(finding))
    .map((finding) => ({
      ...finding,
      folded: findings.filter((other) => other !== finding && rootOf(other, causeOf) === finding),
    }));
}

/** What `finding` comes from in the end. */
function rootOf(finding: Finding, causeOf: ReadonlyMap<Finding, Finding>): Finding {
  let root = finding;
  for (let cause = causeOf.get(root); cause !== undefined; cause = causeOf.get(root)) root = cause;
  return root;
}
