import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong with the gateway's process and what it was told. */
export function gatewayRules({ config, unasked }: Facts): readonly Finding[] {
  if (unasked === null) return [];
  return [
    {
      code: "gateway.down",
      subject: config.gateway.id,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [{ raw: unasked }],
    },
  ];
}
