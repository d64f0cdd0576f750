import { readFileSync } from "node:fs";
import { CHECKS, type CheckName } from "./checks.ts";
import { CHECKED, reasonOf } from "./claims.ts";

/** An assertion about edge nodes, with its gist in our own words. */
export type Assertion = { readonly id: string; readonly gist: string };

const FILE = new URL("../vectors/sparkplug_edge_assertions.json", import.meta.url);
const listed = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly assertions: readonly Assertion[];
  readonly otherEdgeAssertions: readonly Assertion[];
};

/** Those that the specification's own test kit makes of an edge node, and ten more of its text. */
export const ASSERTIONS: readonly Assertion[] = [
  ...listed.assertions,
  ...listed.otherEdgeAssertions,
].map(({ id, gist }) => ({ id: id.replace(/^tck-id-/, ""), gist }));

/** What becomes of an assertion: the check that is made of it, or why there is none. */
export function claimOf(id: string): { readonly check: CheckName } | { readonly why: string } {
  const check = CHECKED[id];
  if (check !== undefined) return { check };
  const why = reasonOf(id);
  if (why === null) throw new Error(`nobody says what becomes of ${id}`);
  return { why };
}

const HEAD = `# Conformance with Sparkplug B 3.0, as an edge node

<!-- Written by test-rigs/sparkplug/main.ts from its checks. To write it anew:
     npx -c 'node test-rigs/sparkplug/main.ts' -->

Each assertion by its id, without \`tck-id-\`: those that the TCK makes of an edge node, and more of
the specification's text. What is checked is checked in packets that went over TCP between the gateway's
edge node and mosquitto, over MQTT 5 and 3.1.1, by \`test-rigs/sparkplug/conformance.test.ts\`; payloads are
read by Eclipse Tahu's protocol buffers.
`;

/** The table of all assertions. */
export function conformancePage(): string {
  const rows = ASSERTIONS.map(({ id, gist }) => {
    const claim = claimOf(id);
    return "check" in claim
      ? `| \`${id}\` | ${gist} | yes: ${CHECKS[claim.check].says} |`
      : `| \`${id}\` | ${gist} | does not apply: ${claim.why} |`;
  });
  const checked = ASSERTIONS.filter(({ id }) => "check" in claimOf(id)).length;
  const counts = `${checked} are checked, ${ASSERTIONS.length - checked} do not apply.`;
  const table = ["| assertion | gist | checked |", "| --- | --- | --- |", ...rows];
  return `${HEAD}\n${counts}\n\n${table.join("\n")}\n`;
}
