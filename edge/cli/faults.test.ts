import test from "ava";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { faultsOf, faultsView } from "./faults.ts";

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
    unanswered: [],
    disturbed: [],
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
      waitingEvents: 0,
      refused: 0,
      refusedEvents: 0,
      commits: 0,
      bytes: 0,
      failing: null,
      isDropping: false,
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
    { kind: "bus-closed", at: "gone", detail: null },
    { kind: "device-silent", at: "gas-1" },
    { kind: "buffer-failing", code: "buffer.full" },
  ]);
});

test("a device that does not answer for some of its points, or is disturbed, is at fault", (t) => {
  const points = ["gas-1.span", "gas-1.zero"];
  const part = { ...NO_ANSWER, device: "gas-1", points };
  const buses = [bus({ unanswered: [part, { ...part, address: 300 }], disturbed: ["level-1"] })];
  t.deepEqual(faultsOf(status({ buses })), [
    { kind: "part-silent", at: "gas-1", detail: "holding 256..257: gas-1.span gas-1.zero" },
    { kind: "part-silent", at: "gas-1", detail: "holding 300..301: gas-1.span gas-1.zero" },
    { kind: "disturbed", at: "level-1" },
  ]);
  t.is(faultsView(status({ buses }), "en")[1], "  gas-1 answers, but not for all that it is asked");
});

test("a buffer that drops, or had to give up what the disk did not take, is at fault", (t) => {
  const { buffer } = status();
  t.deepEqual(faultsOf(status({ buffer: { ...buffer, isDropping: true } })), [
    { kind: "buffer-dropping" },
  ]);
  t.deepEqual(faultsOf(status({ buffer: { ...buffer, refused: 7, refusedEvents: 1 } })), [
    { kind: "buffer-shed", readings: 7, events: 1 },
  ]);
});

test("a destination is at fault when it is disconnected, or connected and takes nothing", (t) => {
  const destinations = [
    destination({ destination: "away", state: "disconnected" }),
    destination({ destination: "deaf", trouble: "no-subscriber" }),
    destination({ destination: "half", trouble: "status-refused" }),
    destination({ destination: "well" }),
  ];
  t.deepEqual(faultsOf(status({ destinations })), [
    { kind: "destination-away", at: "away", detail: null },
    { kind: "no-subscriber", at: "deaf" },
    { kind: "status-refused", at: "half" },
  ]);
});

const NO_ANSWER = { area: "holding", address: 256, count: 2 } as const;

const gasHigh = {
  alarm: "gas-high",
  point: "gas-1.gas",
  state: "normal",
  severity: "red",
  setpoint: 50,
  limit: "high",
  since: null,
} as const;

function gas(quality: Status["points"][number]["quality"]): Status["points"][number] {
  const value = quality === "good" ? 60 : null;
  return { point: "gas-1.gas", unit: null, value, quality, at: 0 as WallMs, everyMs: 1000 };
}

test("an active alarm alone is no fault of the gateway", (t) => {
  const alarms = [{ ...gasHigh, state: "unacknowledged" } as const];
  t.deepEqual(faultsOf(status({ alarms, points: [gas("good")] })), []);
});

test("an alarm whose point is not known, now or never yet, is a fault: it cannot be raised", (t) => {
  for (const quality of ["bad:timeout", "bad:not-yet-read"] as const) {
    const faults = faultsOf(status({ alarms: [gasHigh], points: [gas(quality)] }));
    t.deepEqual(faults, [{ kind: "alarm-unjudged", at: "gas-high" }]);
  }
});

test("faults are told by kind, each with what to do, in at most 80 columns but for names", (t) => {
  const shown = status({
    buses: [
      bus({ state: "closed", trouble: "cannot open /dev/ttyUSB0" }),
      bus({ bus: "pump", silent: ["valve-1", "valve-2"], disturbed: ["valve-3"] }),
      bus({ bus: "p", unanswered: [{ ...NO_ANSWER, device: "gas-1", points: ["gas-1.gas"] }] }),
    ],
    alarms: [gasHigh, { ...gasHigh, alarm: "gas-low" }],
    points: [gas("bad:link-closed")],
    destinations: [destination({ trouble: "no-subscriber" }), destination({ trouble: "refused" })],
    buffer: { ...status().buffer, failing: "buffer.full", isDropping: true, refused: 200_000 },
  });
  const lines = faultsView(shown, "en");
  t.is(lines.length, 1 + 2 * 10 + 2);
  t.true(lines.includes("    line-a: cannot open /dev/ttyUSB0"));
  t.true(lines.includes("  no answer from valve-1, valve-2"));
  t.true(lines.includes("  cannot be judged, for the value is not known: alarm gas-high, gas-low"));
  for (const line of lines) t.true(line.length <= 80, line);
  const chinese = faultsView(shown, "zh-CN").filter((line) => !/\/dev|holding/.test(line));
  for (const line of chinese) t.regex(line, /[\u4e00-\u9fff]/);
  t.deepEqual(faultsView(status(), "en"), []);
});
