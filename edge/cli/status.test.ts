import test from "ava";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { faultsOf } from "./status.ts";

type Bus = Status["buses"][number];
type Destination = Status["destinations"][number];

function bus(changes: Partial<Bus> = {}): Bus {
  return {
    bus: "line-a",
    state: "open",
    since: 0 as WallMs,
    trouble: null,
    counters: {},
    missed: 0,
    silent: [],
    ...changes,
  };
}

function destination(changes: Partial<Destination> = {}): Destination {
  return {
    destination: "centre",
    state: "connected",
    since: 0 as WallMs,
    trouble: null,
    owed: { readings: 0, events: 0 },
    inFlight: 0,
    acknowledged: 0,
    ...changes,
  };
}

function status(changes: Partial<Status> = {}): Status {
  return {
    v: 1,
    gateway: "gw-1",
    site: null,
    release: "0",
    configuration: "sha256:0",
    pid: 1,
    clock: "synced",
    at: 0 as WallMs,
    since: 0 as WallMs,
    buses: [bus()],
    points: [],
    alarms: [],
    buffer: {
      waiting: 0,
      refused: 0,
      refusedEvents: 0,
      commits: 0,
      bytes: 0,
      failing: null,
      streams: { readings: "R", events: "E" },
      heads: { readings: 0, events: 0 },
      maxBytes: 0,
    },
    destinations: [destination()],
    ...changes,
  };
}

test("where everything works there is no fault", (t) => {
  t.deepEqual(faultsOf(status()), []);
});

test("a closed bus, a silent device and a failing buffer are faults", (t) => {
  const buses = [bus({ bus: "gone", state: "closed" }), bus({ silent: ["gas-1"] })];
  const buffer = { ...status().buffer, failing: "buffer.full" };
  t.deepEqual(faultsOf(status({ buses, buffer })), [
    { kind: "bus-closed", at: "gone" },
    { kind: "device-silent", at: "gas-1" },
    { kind: "buffer-failing" },
  ]);
});

test("a destination is at fault when it is disconnected, or connected and takes nothing", (t) => {
  const destinations = [
    destination({ destination: "away", state: "disconnected" }),
    destination({ destination: "deaf", trouble: "no-subscriber" }),
    destination({ destination: "well" }),
  ];
  t.deepEqual(
    faultsOf(status({ destinations })).map((fault) => "at" in fault && fault.at),
    ["away", "deaf"],
  );
});

test("an active alarm alone is no fault of the gateway", (t) => {
  const alarm = {
    alarm: "gas-high",
    point: "gas-1.gas",
    state: "unacknowledged",
    severity: "red",
    setpoint: 50,
    limit: "high",
    since: 0 as WallMs,
  } as const;
  t.deepEqual(faultsOf(status({ alarms: [alarm] })), []);
});
