import type { Event, GatewayEvent } from "../core/event.ts";
import { diskRules } from "./disk-rules.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { growthOf } from "./memory-trend.ts";
import { hours, megabytes, percent } from "./moment-text.ts";

/** A Pi slows itself down from 80 degrees on; other boards say where. */
const HOT_CELSIUS = 80;
/** So near to a limit it is as good as there, in kelvins. */
const NEAR = 3;
/** Less of the memory than this is too little. */
const MEMORY_SHARE = 0.05;
const DAY_MS = 86_400_000;
/** Without having been shut down it should not begin so often a day. */
const CUTS_A_DAY = 3;
/** What starts so soon after the machine did was started with it, in milliseconds. */
const WITH_MACHINE_MS = 180_000;

/** What is wrong with the machine that the gateway runs on. */
export function machineRules(facts: Facts): readonly Finding[] {
  const { machine } = facts;
  const restarts = restarting(facts);
  if (machine === null) return restarts;
  return [
    ...supply(machine),
    ...heat(machine),
    ...diskRules(facts),
    ...leak(facts),
    ...shortage(machine),
    ...restarts,
  ];
}

function supply({ power, bootedAt }: MachineFacts): readonly Finding[] {
  if (power === null || !(power.isLow || power.wasLow)) return [];
  return [
    {
      code: power.isLow ? "power.low" : "power.was-low",
      subject: "power",
      since: power.isLow ? null : bootedAt,
      sure: "certain",
      severity: power.isLow ? "fault" : "warning",
      evidence: [{ key: "powerFlags", values: { hex: power.hex } }],
    },
  ];
}

function heat({ power, temperatures }: MachineFacts): readonly Finding[] {
  const [hottest] = temperatures;
  const limit = hottest?.limitCelsius ?? HOT_CELSIUS;
  const isHot = hottest !== undefined && hottest.celsius >= Math.min(limit, HOT_CELSIUS + 5) - NEAR;
  // Slowed for want of power is another finding.
  const isSlowed = power !== null && (power.isAtSoftLimit || (power.isSlowed && !power.isLow));
  if (!isHot && !isSlowed) return [];
  const evidence: readonly Evidence[] = [
    ...temperatures.slice(0, 3).map(({ zone, celsius, limitCelsius }): Evidence => {
      const values = { zone, celsius: Math.round(celsius), limit: limitCelsius ?? HOT_CELSIUS };
      return { key: "temperature", values };
    }),
    ...(power === null ? [] : [{ key: "powerFlags", values: { hex: power.hex } } as const]),
  ];
  return [
    {
      code: isSlowed ? "heat.slowed" : "heat.hot",
      subject: "temperature",
      since: null,
      sure: "certain",
      severity: isSlowed ? "fault" : "warning",
      evidence,
    },
  ];
}

/** Memory that the gateway takes and never gives back. */
function leak({ status, machine }: Facts): readonly Finding[] {
  const growth = growthOf(status?.memory ?? []);
  if (status === null || growth === null) return [];
  const { bytesPerDay, fromBytes, toBytes, overMs } = growth;
  const left = machine?.memory?.availableBytes ?? null;
  const values = {
    from: megabytes(fromBytes),
    to: megabytes(toBytes),
    hours: hours(overMs),
    perDay: megabytes(bytesPerDay),
  };
  const untilMs = left === null ? null : (left / bytesPerDay) * DAY_MS;
  const until: readonly Evidence[] =
    untilMs === null
      ? []
      : [{ key: "memoryLasts", values: { left: megabytes(left ?? 0), hours: hours(untilMs) } }];
  return [
    {
      code: "memory.leak",
      subject: "lifeline",
      since: status.since,
      sure: overMs >= DAY_MS ? "certain" : "likely",
      severity: untilMs !== null && untilMs < 3 * DAY_MS ? "fault" : "warning",
      evidence: [{ key: "memoryGrew", values }, ...until],
    },
  ];
}

function shortage({ memory, process }: MachineFacts): readonly Finding[] {
  if (memory === null) return [];
  const { totalBytes, availableBytes, swapBytes, swapFreeBytes } = memory;
  if (availableBytes >= MEMORY_SHARE * totalBytes) return [];
  const values = {
    free: megabytes(availableBytes),
    total: megabytes(totalBytes),
    share: percent(availableBytes, totalBytes),
    swap: megabytes(swapBytes - swapFreeBytes),
    own: megabytes(process?.residentBytes ?? 0),
  };
  return [
    {
      code: "memory.short",
      subject: "memory",
      since: null,
      sure: "certain",
      severity: "warning",
      evidence: [{ key: "memoryFree", values }],
    },
  ];
}

/** A machine that begins again and again without having been shut down. */
function restarting({ at, config, events, machine }: Facts): readonly Finding[] {
  const turns = events.filter(isTurn);
  const starts = turns.filter(({ to, at: begun }) => to === "running" && at - begun < DAY_MS);
  const cuts = starts.filter((start) => {
    const before = turns[turns.indexOf(start) - 1];
    const isCut = before !== undefined && before.to === "running";
    return isCut && start.uptime !== undefined && start.uptime < WITH_MACHINE_MS;
  });
  if (cuts.length < CUTS_A_DAY) return [];
  const killed = machine?.memory?.killed ?? 0;
  return [
    {
      code: "machine.restarting",
      subject: "machine",
      since: cuts[0]?.at ?? null,
      sure: "likely",
      severity: "fault",
      evidence: [
        { key: "restarts", values: { starts: starts.length, cuts: cuts.length } },
        ...(killed > 0 ? [{ key: "killedForMemory", values: { count: killed } } as const] : []),
      ],
      explains: [config.gateway.id],
    },
  ];
}

/** Whether `event` tells that the gateway began or ended. */
function isTurn(event: Event): event is GatewayEvent & Event {
  return event.kind === "gateway" && (event.cause === "start" || event.cause === "stop");
}
