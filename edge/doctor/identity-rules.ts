import type { ErrorCode } from "../core/errors.ts";
import type { FirstBoot } from "../core/first-boot.ts";
import type { FindingCode } from "./catalogue.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";

const SURE = { sure: "certain", severity: "fault", since: null } as const;

/** What is wrong with whose the gateway is, and with how it proves it. */
export function identityRules({ machine, status, config }: Facts): readonly Finding[] {
  const card = machine?.firstBoot ?? null;
  return [...(card === null ? [] : cardFindings(card)), ...unenrolled(status, config.gateway.id)];
}

/** What became of what the machine's card brought, and what was noted of it, where that is no good. */
export function cardFindings({ outcome, gateway, refused, noted }: FirstBoot): readonly Finding[] {
  const subject = gateway ?? "card";
  const notes: readonly Evidence[] = noted.map(({ code, about }) => {
    return { key: `note-${code}`, values: { about: about === "" ? "" : ` (${about})` } } as const;
  });
  const noticed: readonly Finding[] =
    notes.length === 0
      ? []
      : [{ ...SURE, code: "card.noted", severity: "warning", subject, evidence: notes }];
  if (outcome === "taken") return noticed;
  if (outcome === "empty")
    return [{ ...SURE, code: "card.empty", subject, evidence: [] }, ...noticed];
  const evidence: readonly Evidence[] = [
    ...(gateway === null ? [] : [{ key: "cardOf", values: { gateway } } as const]),
    ...refused.map(({ code, file }) => ({ key: `card-${code}`, values: { file } }) as const),
  ];
  return [{ ...SURE, code: "card.refused", subject, evidence }, ...noticed];
}

/** By what keeps the gateway from its identity, where that is not that it has none yet. */
const BY_CAUSE: Readonly<Partial<Record<ErrorCode, FindingCode>>> = {
  "enrol.foreign": "identity.foreign",
  "enrol.hardware": "identity.foreign",
  "enrol.revoked": "identity.revoked",
  "enrol.sealed": "identity.sealed",
  "enrol.clock": "identity.clock",
};

function unenrolled(status: Facts["status"], subject: string): readonly Finding[] {
  const { state, cause, why } = status?.enrolment ?? { state: "enrolled", cause: null, why: null };
  if (cause === null) return [];
  const evidence = [{ raw: `${cause}: ${why}` }];
  const code = BY_CAUSE[cause];
  if (code !== undefined) return [{ ...SURE, code, subject, evidence }];
  // A renewal that waits is none of it: the certificate in force still works.
  return state === "enrolled" ? [] : [{ ...SURE, code: "identity.none", subject, evidence }];
}
