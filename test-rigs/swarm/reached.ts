import { ALARM_STATES } from "../../edge/core/alarm.ts";
import type { InterlockStateName } from "../../edge/core/interlock.ts";
import { LINE_FAULTS } from "../plant/line-fault.ts";
import { TCP_FAULTS, UDP_FAULTS } from "../sim/bus-faults.ts";
import { TALK_FAULTS } from "../sim/talker-line.ts";
import { TRICKS } from "./commands.ts";
import type { Incident } from "./incidents.ts";
import type { Evidence } from "./invariants.ts";

/** How often a seed met each thing that can befall a gateway, by its name. */
export type Reached = Readonly<Record<string, number>>;

/** Every kind of incident: what is added there is missing here, says the compiler. */
const INCIDENTS: Readonly<Record<Incident["kind"], true>> = {
  ...{ unplug: true, plug: true, deaden: true, revive: true, tardy: true, prompt: true },
  ...{ "broker-away": true, "broker-back": true, "session-lost": true },
  ...{ "subscriber-away": true, "subscriber-back": true },
  ...{ "other-away": true, "other-back": true, "other-session-lost": true },
  ...{ "disk-refuses": true, "disk-free": true, "write-fails": true, crash: true, kill: true },
  ...{ "clock-synced": true, "clock-lost": true, "clock-set": true, reboot: true },
  ...{ reconfigure: true, visit: true, command: true },
  ...{ install: true, guard: true },
  ...{ stick: true, loosen: true, "fall-back": true },
};

const INTERLOCK_STATES: Readonly<Record<Exclude<InterlockStateName, "resuming">, true>> = {
  ...{ idle: true, blocked: true, tripping: true, tripped: true, holding: true, releasing: true },
  ...{ held: true, spent: true, "not-obeying": true, overridden: true, testing: true },
};

/** What suppresses another alarm is not drawn. */
const NOT_DRAWN: ReadonlySet<string> = new Set(["suppressed"]);

/** All that the seeds together have to reach. */
export const TO_REACH: readonly string[] = [
  ...Object.keys(INCIDENTS).map((kind) => `incident ${kind}`),
  ...["buffer.full", "buffer.io", "buffer.read-only"].map((fault) => `disk-refuses ${fault}`),
  ...["before", "after"].map((side) => `crash ${side}`),
  ...["period", "alarm", "alarm-removed"].map((change) => `reconfigure ${change}`),
  ...Object.keys(TRICKS).map((trick) => `command ${trick}`),
  ...LINE_FAULTS.map((fault) => `line ${fault}`),
  ...TCP_FAULTS.map((fault) => `tcp ${fault}`),
  ...UDP_FAULTS.map((fault) => `udp ${fault}`),
  ...TALK_FAULTS.filter((fault) => fault !== "silent").map((fault) => `talk ${fault}`),
  ...ALARM_STATES.filter((state) => !NOT_DRAWN.has(state)).map((state) => `alarm ${state}`),
  ...Object.keys(INTERLOCK_STATES).map((state) => `interlock ${state}`),
  ...["installed", "activated", "committed", "rolled-back"].map((step) => `update.${step}`),
  ...["permitted", "update.alarm", "update.interlock"].map((code) => `restart ${code}`),
  ...["dropped", "thinned", "refused", "delivered again", "refused connection"],
];

/** What `evidence` and the incidents of a seed say that it reached. */
export function reachedBy(evidence: Evidence, incidents: readonly Incident[]): Reached {
  const counts: Record<string, number> = {};
  const count = (name: string, times = 1) => {
    if (times > 0) counts[name] = (counts[name] ?? 0) + times;
  };
  for (const incident of incidents) {
    count(`incident ${incident.kind}`);
    const detail = detailOf(incident);
    if (detail !== null) count(`${incident.kind} ${detail}`);
  }
  for (const { bus, requests, openings } of evidence.truths) {
    const family = familyOf(evidence, bus);
    for (const { fault } of requests) if (fault !== null) count(`${family} ${fault}`);
    count("refused connection", openings.filter(({ isRefused }) => isRefused).length);
  }
  for (const { said } of evidence.talks.values()) {
    for (const { fault } of said) if (fault !== null) count(`talk ${fault}`);
  }
  for (const { event } of evidence.storedEvents) {
    if (event.kind === "alarm" || event.kind === "interlock") count(`${event.kind} ${event.to}`);
  }
  const { dropped, thinned, refused, received, updates } = evidence;
  for (const { text } of updates.steps) count(text.split(" ")[0] as string);
  for (const { code } of updates.permissions) count(`restart ${code ?? "permitted"}`);
  count("dropped", dropped.length);
  count("thinned", thinned.length);
  count("refused", refused.length);
  count("delivered again", received.length - new Set(received.map(({ payload }) => payload)).size);
  return counts;
}

function detailOf(incident: Incident): string | null {
  switch (incident.kind) {
    case "disk-refuses":
      return incident.fault;
    case "crash":
      return incident.side;
    case "reconfigure":
      return incident.change.kind;
    case "command":
      return incident.trick;
    default:
      return null;
  }
}

/** By which faults the answers of `bus` are spoilt. */
function familyOf({ config }: Evidence, bus: string): "line" | "tcp" | "udp" {
  switch (config.buses.find(({ name }) => name === bus)?.kind) {
    case "modbus-tcp":
      return "tcp";
    case "modbus-udp":
      return "udp";
    default:
      return "line";
  }
}
