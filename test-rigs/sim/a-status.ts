import type { PointStatus, Status } from "../../edge/control/status.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { NO_NOTES } from "../../edge/measure/measure-desk.ts";
import { RIGHT_TIME } from "./a-time.ts";

/** When `aStatus` was told, in Unix milliseconds. */
export const TOLD_AT = 1_763_964_000_000;

/** What a gateway without buses, points and alarms tells, with `some` of it different. */
export function aStatus(some: Partial<Status> = {}): Status {
  return {
    v: 1,
    gateway: "gw-0001",
    site: "Century Avenue 7",
    release: "0.1.0",
    configuration: "sha256:0",
    pid: 1,
    clock: "synced",
    time: RIGHT_TIME,
    at: TOLD_AT as WallMs,
    since: (TOLD_AT - 7_500_000) as WallMs,
    buses: [],
    points: [],
    alarms: [],
    interlocks: [],
    memory: [],
    buffer: {
      waiting: 3,
      waitingEvents: 0,
      refused: 0,
      refusedEvents: 0,
      commits: 99,
      bytes: 1_310_720,
      failing: null,
      retention: "keeping",
      streams: { readings: "R", events: "E" },
      heads: { readings: 97, events: 5 },
      maxBytes: 2_000_000_000,
      wear: null,
    },
    destinations: [],
    loops: [],
    start: null,
    ...some,
  };
}

/** A bus that is open and well, with `some` of it different. */
export function aBus(some: Partial<Status["buses"][number]> = {}): Status["buses"][number] {
  return {
    bus: "line-a",
    state: "open",
    since: (TOLD_AT - 3_600_000) as WallMs,
    trouble: null,
    counters: { requests: 1200, timeouts: 3 },
    missed: 0,
    silent: [],
    unanswered: [],
    disturbed: [],
    rivals: [],
    use: { load: 0.42, requestsPerS: 6.5, failures: {}, lastFailure: null },
    ...some,
  };
}

/** A point that was read a moment ago, with `some` of it different. */
export function aPointStatus(some: Partial<PointStatus> = {}): PointStatus {
  return {
    point: "gas-1.gas",
    origin: "asked",
    unit: "%[LEL]",
    value: 1.2,
    quality: "good",
    at: (TOLD_AT - 400) as WallMs,
    ageMs: 400,
    everyMs: 1000,
    ...NO_NOTES,
    ...some,
  };
}

/** A destination that is connected and owed nothing, with `some` of it different. */
export function aDestination(
  some: Partial<Status["destinations"][number]> = {},
): Status["destinations"][number] {
  return {
    destination: "centre",
    state: "connected",
    since: (TOLD_AT - 3_600_000) as WallMs,
    trouble: null,
    owed: { readings: 0, events: 0 },
    inFlight: 0,
    drain: null,
    acknowledged: 97,
    ...some,
  };
}
