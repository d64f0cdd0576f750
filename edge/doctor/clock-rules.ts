import type { Event, GatewayEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { clockTrust } from "./clock-trust.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { momentText } from "./moment-text.ts";

/** Uncorrected it would go wrong by more than that, in parts per million; a quartz does 20 to 50. */
const DRIFT_PPM = 200;
/** A clock that follows a source and differs by more than this cannot keep up, in milliseconds. */
const OFF_MS = 1_000;
/** So many corrections in one direction are no chance; the last of so long are looked at. */
const STEPS_MIN = 3;
const STEPS_MS = 7 * 86_400_000;
/** After a start it takes a while to find out, in milliseconds. */
const PATIENCE_MS = 120_000;

/** What is wrong with the time. */
export function clockRules(facts: Facts): readonly Finding[] {
  if (clockTrust(facts) === "behind") return behind(facts);
  return [...unsynced(facts), ...drifting(facts)];
}

/** The name by which findings of other areas are about the clock. */
export const CLOCK = "clock";

function behind({ at, machine, uplinks }: Facts): readonly Finding[] {
  const proof = machine?.proof ?? null;
  if (proof === null) return [];
  const days = Math.round((proof.at - at) / 8_640_000) / 10;
  const values = { now: momentText(at), file: proof.file, written: momentText(proof.at), days };
  return [
    {
      code: "clock.behind",
      subject: CLOCK,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [{ key: "clockBehind", values }, ...sourceOf(machine)],
      explains: early(uplinks),
    },
  ];
}

/** Destinations that are away because of a certificate that is not valid yet. */
function early(uplinks: Facts["uplinks"]): readonly string[] {
  return uplinks
    .filter(({ reach }) => reach.failed?.code === "uplink.certificate-early")
    .map(({ destination }) => destination);
}

function unsynced(facts: Facts): readonly Finding[] {
  const { at, status, machine } = facts;
  if (clockTrust(facts) === "right" || machine?.clock.isSynced === true) return [];
  if (status === null && machine?.clock.isSynced !== false) return [];
  // A source other than the clock tells the time: that is as good.
  if (status !== null && status.clock === "corrected") return [];
  if (status !== null && at - status.since < PATIENCE_MS && status.time.forMs < PATIENCE_MS) {
    if (machine?.clock.isSynced !== false) return [];
  }
  const waiting = status?.time.waiting.readings ?? 0;
  const held: readonly Evidence[] =
    waiting === 0 ? [] : [{ key: "waitingForTime", values: { messages: waiting } }];
  return [
    {
      code: "clock.unsynced",
      subject: CLOCK,
      since: status === null ? null : ((status.at - status.time.forMs) as WallMs),
      sure: "certain",
      severity: "warning",
      evidence: [...sourceOf(machine), ...held],
    },
  ];
}

/** Whoever sets the clock, as evidence. */
function sourceOf(machine: Facts["machine"]): readonly Evidence[] {
  if (machine === null) return [];
  const { daemon, server, isEnabled } = machine.clock;
  if (isEnabled === false) return [{ key: "timeSwitchedOff", values: {} }];
  if (daemon === null) return [{ key: "noTimeDaemon", values: {} }];
  if (server === null) return [{ key: "noTimeServer", values: { daemon } }];
  return [{ key: "timeServer", values: { daemon, server } }];
}

function drifting({ at, machine, events }: Facts): readonly Finding[] {
  const { driftPpm = null, offMs = null } = machine?.clock ?? {};
  const steps = stepsOneWay(events, at);
  const evidence: readonly Evidence[] = [
    ...(driftPpm !== null && driftPpm > DRIFT_PPM
      ? [{ key: "driftPpm", values: driftValues(driftPpm) } as const]
      : []),
    ...(offMs !== null && offMs > OFF_MS
      ? [{ key: "clockOff", values: { seconds: Math.round(offMs / 100) / 10 } } as const]
      : []),
    ...(steps.length >= STEPS_MIN
      ? [{ key: "clockSteps", values: stepValues(steps) } as const]
      : []),
  ];
  if (evidence.length === 0) return [];
  return [
    {
      code: "clock.drifting",
      subject: CLOCK,
      since: steps.length >= STEPS_MIN ? (steps[0]?.at ?? null) : null,
      sure: evidence.length > 1 || driftPpm !== null ? "certain" : "likely",
      severity: "warning",
      evidence,
    },
  ];
}

function driftValues(ppm: number) {
  return { ppm: Math.round(ppm), secondsPerDay: Math.round(ppm * 0.864) / 10 };
}

function stepValues(steps: readonly GatewayEvent[]) {
  const sum = steps.reduce((ms, step) => ms + byMs(step), 0);
  return { count: steps.length, seconds: Math.round(sum / 100) / 10 };
}

/** The last settings of the clock, where all were in one direction; a first one after a boot is large. */
function stepsOneWay(events: readonly Event[], at: number): readonly GatewayEvent[] {
  const steps = events.filter(
    (event): event is GatewayEvent =>
      event.kind === "gateway" &&
      event.cause === "clock" &&
      event.to === "stepped" &&
      Math.abs(event.at - at) < STEPS_MS &&
      Math.abs(byMs(event)) < STEP_MAX_MS,
  );
  const [first] = steps;
  const isOneWay = steps.every((step) => byMs(step) > 0 === byMs(first as GatewayEvent) > 0);
  return isOneWay ? steps : [];
}

/** A clock that is set by more was not running, in milliseconds. */
const STEP_MAX_MS = 600_000;

function byMs({ detail }: GatewayEvent): number {
  return Number(detail?.byMs ?? 0);
}
