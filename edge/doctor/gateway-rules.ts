import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong with the gateway's process and what it was told. */
export function gatewayRules(facts: Facts): readonly Finding[] {
  return [...downRule(facts), ...restartRule(facts), ...driftRules(facts)];
}

/** A gateway that hangs is not down: a second one would be refused where the first is. */
function downRule({ config, unasked, isSilent = false }: Facts): readonly Finding[] {
  if (unasked === null) return [];
  return [
    {
      code: isSilent ? "gateway.hung" : "gateway.down",
      subject: config.gateway.id,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [{ raw: unasked }],
    },
  ];
}

/** So many starts within an hour, most of them without a stop before, are no maintenance. */
const STARTS_MIN = 3;
const WITHIN_MS = 3_600_000;

/** It ends by itself again and again. */
function restartRule({ config, events, at }: Facts): readonly Finding[] {
  const turns = events.flatMap((event) =>
    event.kind === "gateway" && at - event.at <= WITHIN_MS ? [event] : [],
  );
  const starts = turns.filter(({ cause }) => cause === "start");
  // A stop that was asked for is told; what was killed or died tells nothing.
  const stops = turns.filter(({ cause }) => cause === "stop").length;
  const crashes = starts.length - 1 - stops;
  if (starts.length < STARTS_MIN || crashes < STARTS_MIN - 1) return [];
  const values = { starts: starts.length, stops, minutes: WITHIN_MS / 60_000 };
  return [
    {
      code: "gateway.restarting",
      subject: config.gateway.id,
      since: starts[0]?.at ?? null,
      sure: "certain",
      severity: "fault",
      evidence: [{ key: "starts", values }],
    },
  ];
}

/** What runs, what stands in the file, and what was taken by a signed order are not the same. */
function driftRules({ config, status, events, configuredAt }: Facts): readonly Finding[] {
  const kept = events.findLast((event) => event.kind === "gateway" && event.to === "kept");
  const { configuration: signed, who = "?" } = (kept?.kind === "gateway" && kept.detail) || {};
  const file = config.fingerprint;
  const running = status?.configuration ?? null;
  const isUnsigned = typeof signed === "string" && signed !== file;
  const isUnread = running !== null && running !== file;
  if (!isUnsigned && !isUnread) return [];
  return [
    {
      code: "gateway.configuration-drift",
      subject: config.gateway.id,
      since: configuredAt,
      sure: "certain",
      severity: "warning",
      evidence: [
        { key: "fileIs", values: { file } },
        ...(isUnread ? [{ key: "runningIs", values: { running } } as const] : []),
        ...(isUnsigned ? [{ key: "signedIs", values: { signed, who } } as const] : []),
      ],
    },
  ];
}
