import { CERTIFICATE_AHEAD_MS } from "../forward/certificate-watch.ts";
import type { CertificateTerm, KeyFile } from "../world/key-file.ts";
import type { Reach } from "../world/reach.ts";
import type { FindingCode } from "./catalogue.ts";
import { clockTrust } from "./clock-trust.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding, Sure } from "./finding.ts";
import { momentText } from "./moment-text.ts";

const DAY_MS = 86_400_000;

/** What is made of a connection that ended with its encryption. */
type Judged = {
  readonly code: FindingCode;
  readonly sure: Sure;
  readonly evidence: readonly Evidence[];
};

/** Why the encryption with a platform failed, by the error `code` and the certificates it showed. */
export function refusedCertificate(code: string, reach: Reach, facts: Facts): Judged {
  switch (code) {
    case "uplink.certificate-expired":
      return expired(reach.chain, facts);
    case "uplink.certificate-early":
      return early(reach.chain, facts);
    case "uplink.certificate-issuer":
    case "uplink.certificate-name":
      return { code, sure: "certain", evidence: shown(reach.chain.slice(0, 1)) };
    case "uplink.client-certificate":
      return { code, sure: "likely", evidence: ownTerms(facts) };
    case "uplink.secret":
      return { code, sure: "certain", evidence: [] };
    default:
      return { code: "uplink.tls", sure: "likely", evidence: [] };
  }
}

/** The clock may be ahead; but what is over by a time that has certainly been is over. */
function expired(chain: readonly CertificateTerm[], facts: Facts): Judged {
  const over = chain.filter(({ validTo }) => validTo < facts.at);
  const proof = facts.machine?.proof?.at ?? null;
  const isProven =
    proof !== null && proof < facts.at && over.some(({ validTo }) => validTo < proof);
  const isRight = clockTrust(facts) === "right" || isProven;
  return {
    code: "uplink.certificate-expired",
    sure: isRight ? "certain" : "likely",
    evidence: [...shown(over), ...clockEvidence(facts)],
  };
}

/** A clock that nobody sets is more often behind than a certificate is made out for the future. */
function early(chain: readonly CertificateTerm[], facts: Facts): Judged {
  const future = chain.filter(({ validFrom }) => validFrom > facts.at);
  const trust = clockTrust(facts);
  const evidence = [...shown(future), ...clockEvidence(facts)];
  if (trust === "right") return { code: "uplink.certificate-early", sure: "certain", evidence };
  const sure = trust === "behind" ? "certain" : "likely";
  return { code: "uplink.certificate-clock", sure, evidence };
}

function shown(chain: readonly CertificateTerm[]): readonly Evidence[] {
  return chain.map(({ subject, issuer, validFrom, validTo }) => ({
    key: "certificateTerm",
    values: { name: subject, issuer, from: momentText(validFrom), to: momentText(validTo) },
  }));
}

const TRUST = { right: "clockRight", behind: "clockWrong", unknown: "clockUnknown" } as const;

function clockEvidence(facts: Facts): readonly Evidence[] {
  return [{ key: TRUST[clockTrust(facts)], values: { now: momentText(facts.at) } }];
}

function ownTerms({ machine }: Facts): readonly Evidence[] {
  const own = (machine?.files ?? []).filter(({ role }) => role === "certificate");
  return shown(own.flatMap(({ certificate }) => certificate ?? []));
}

/** Certificates that are over or soon will be: the platforms' and the gateway's own. */
export function certificateRules(facts: Facts): readonly Finding[] {
  // By a clock that may be wrong nothing is told of that still works.
  if (clockTrust(facts) !== "right") return [];
  const reached = facts.uplinks.filter(({ reach }) => reach.failed === null);
  return [
    ...reached.flatMap(({ destination, reach }) => endingFirst(destination, reach.chain, facts)),
    ...(facts.machine?.files ?? []).flatMap((file) => endingFile(file, facts)),
  ];
}

function endingFirst(
  subject: string,
  chain: readonly CertificateTerm[],
  { at }: Facts,
): readonly Finding[] {
  const [first] = chain.toSorted((one, other) => one.validTo - other.validTo);
  if (first === undefined || first.validTo - at > CERTIFICATE_AHEAD_MS) return [];
  return [ending("uplink.certificate-ending", subject, first, at)];
}

function endingFile({ path, certificate }: KeyFile, { at }: Facts): readonly Finding[] {
  if (certificate === null || certificate.validTo - at > CERTIFICATE_AHEAD_MS) return [];
  const isOver = certificate.validTo < at;
  return [ending(isOver ? "identity.expired" : "identity.ending", path, certificate, at)];
}

function ending(
  code: "uplink.certificate-ending" | "identity.ending" | "identity.expired",
  subject: string,
  term: CertificateTerm,
  at: number,
): Finding {
  const days = Math.max(0, Math.floor((term.validTo - at) / DAY_MS));
  return {
    code,
    subject,
    values: { days },
    since: null,
    sure: "certain",
    severity: code === "identity.expired" ? "fault" : "warning",
    evidence: shown([term]),
  };
}
