import type { DestinationConfig } from "../../config/gateway-config.ts";
import type { WallMs } from "../core/time.ts";
import type { DestinationStatus } from "../forward/destination.ts";
import type { Reach } from "../world/reach.ts";
import type { FindingCode } from "./catalogue.ts";
import { certificateRules, refusedCertificate } from "./certificate-rules.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding, Sure } from "./finding.ts";
import { networkRules } from "./network-rules.ts";
import type { UplinkFacts } from "./uplink-facts.ts";

/** What keeps the platforms from being reached, and what will. */
export function uplinkRules(facts: Facts): readonly Finding[] {
  const { config } = facts;
  return [
    ...networkRules(facts),
    ...config.destinations.flatMap((destination) => ruleOf(destination, facts)),
    ...certificateRules(facts),
  ];
}

function ruleOf({ name }: DestinationConfig, facts: Facts): readonly Finding[] {
  const status = facts.status?.destinations.find(({ destination }) => destination === name) ?? null;
  if (status?.state === "connected") return refusals(status);
  const uplink = facts.uplinks.find(({ destination }) => destination === name);
  if (uplink === undefined || uplink.reach.failed === null) return away(status);
  return unreached(uplink, uplink.reach.failed, status, facts);
}

/** A platform that is connected and does not take what it is sent. */
function refusals(status: DestinationStatus): readonly Finding[] {
  const { destination: subject, since, trouble, owed } = status;
  const code = REFUSALS[trouble ?? ""];
  if (code === undefined) return [];
  const evidence: readonly Evidence[] = [
    { key: "owedMessages", values: { readings: owed.readings, events: owed.events } },
  ];
  const sure = code === "uplink.no-subscriber" ? "certain" : "likely";
  return [{ code, subject, since, sure, severity: "fault", evidence, explains: ["buffer"] }];
}

const REFUSALS: Readonly<Record<string, FindingCode>> = {
  refused: "uplink.not-authorised",
  "status-refused": "uplink.not-authorised",
  "no-subscriber": "uplink.no-subscriber",
  "host-offline": "uplink.host-offline",
};

/** The gateway does not get through although all steps can be taken now. */
function away(status: DestinationStatus | null): readonly Finding[] {
  if (status === null || status.since === null) return [];
  const { destination: subject, since, trouble } = status;
  return [
    {
      code: "uplink.away",
      subject,
      since,
      sure: "possible",
      severity: "fault",
      evidence: trouble === null ? [] : [{ raw: trouble }],
      explains: ["buffer"],
    },
  ];
}

type Failure = NonNullable<Reach["failed"]>;

function unreached(
  { destination: subject, url, reach }: UplinkFacts,
  failure: Failure,
  status: DestinationStatus | null,
  facts: Facts,
): readonly Finding[] {
  const since = status?.since ?? owedSince(subject, facts);
  const evidence = evidenceOf(reach, failure);
  const about = { subject, values: { url }, since, severity: "fault" } as const;
  if (failure.step === "encryption") {
    const judged = refusedCertificate(failure.code, reach, facts);
    return [
      { ...about, ...judged, evidence: [...judged.evidence, ...evidence], explains: ["buffer"] },
    ];
  }
  const { code, sure } = judgedBy[failure.step](failure, reach, facts);
  return [{ ...about, code, sure, evidence, explains: ["buffer"] }];
}

/** Without a gateway to ask: since when something is owed to it. */
function owedSince(destination: string, { buffer }: Facts): WallMs | null {
  if (buffer?.kind !== "read") return null;
  const owed = buffer.survey.destinations.find((each) => each.destination === destination);
  return (owed?.sinceAt ?? null) as WallMs | null;
}

type Judged = { readonly code: FindingCode; readonly sure: Sure };
type Judge = (failure: Failure, reach: Reach, facts: Facts) => Judged;

const judgedBy: Readonly<Record<"name" | "connect" | "login", Judge>> = {
  name: ({ code }) =>
    code === "EAI_AGAIN"
      ? { code: "uplink.name-unanswered", sure: "certain" }
      : { code: "uplink.name-unknown", sure: "certain" },
  connect: ({ code }, reach, { machine }) => {
    switch (code) {
      case "ECONNREFUSED":
        return { code: "uplink.refused", sure: "certain" };
      case "ENETUNREACH":
        return { code: "uplink.no-way", sure: "certain" };
      case "EHOSTUNREACH":
        return { code: "uplink.host-down", sure: "certain" };
      case "EACCES":
      case "EPERM":
        return { code: "uplink.filtered", sure: "certain" };
      default: {
        const isNear = machine?.network.neighbours.some(
          ({ address, answers }) => !answers && reach.addresses.includes(address),
        );
        if (isNear) return { code: "uplink.host-down", sure: "certain" };
        if (reach.answersPing === true) return { code: "uplink.filtered", sure: "likely" };
        return { code: "uplink.silent", sure: "likely" };
      }
    }
  },
  login: ({ code, reason }) => {
    if (code === "uplink.login") {
      return { code: "uplink.login", sure: PASSWORD_REASONS.has(reason) ? "certain" : "likely" };
    }
    if (code === "uplink.secret") return { code: "uplink.secret", sure: "certain" };
    if (code === "uplink.client-certificate") return { code, sure: "likely" };
    return { code: "uplink.mute", sure: "likely" };
  },
};

/** Bad user name or password (MQTT 3.1.1, 3.2.2.3; MQTT 5.0, 3.2.2.2). Others only say no. */
const PASSWORD_REASONS: ReadonlySet<number | null> = new Set([0x04, 0x86]);

/** The way as far as it went. */
function evidenceOf(
  { host, port, addresses, answersPing, tookMs }: Reach,
  { step, code, text, reason }: Failure,
): readonly Evidence[] {
  const address = addresses.join(", ");
  return [
    ...(step === "name" || address === "" || address === host
      ? []
      : [{ key: "nameStandsFor", values: { host, address } } as const]),
    ...(step === "connect"
      ? [{ key: "connectFailed", values: { host, port, code, ms: tookMs.connect ?? 0 } } as const]
      : []),
    ...(step === "encryption" || step === "login"
      ? [{ key: "connectTook", values: { host, port, ms: tookMs.connect ?? 0 } } as const]
      : []),
    ...(answersPing === null
      ? []
      : [{ key: answersPing ? "pingAnswered" : "pingUnanswered", values: { host } } as const]),
    ...(reason === null ? [] : [{ key: "connackReason", values: { reason } } as const]),
    { raw: text },
  ];
}
