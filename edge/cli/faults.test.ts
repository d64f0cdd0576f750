import test from "ava";
import { RIGHT_TIME } from "../../test-rigs/sim/a-time.ts";
import { anAlarm } from "../../test-rigs/sim/an-alarm.ts";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { NO_NOTES } from "../measure/measure-desk.ts";
import { faultsOf, faultsView } from "./faults.ts";

type Bus = Status["buses"][number];
type Destination = Status["destinations"][number];

const USE = { load: 0, requestsPerS: 0, failures: {}, lastFailure: null };

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
    rivals: [],
    use: USE,
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
    drain: null,
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
    time: RIGHT_TIME,
    at: 0 as WallMs,
    since: 0 as WallMs,
    buses: [bus()],
    points: [],
    alarms: [],
    interlocks: [],
    loops: [],
    start: null,
    memory: [],
    buffer: {
      waiting: 0,
      waitingEvents: 0,
      refused: 0,
      refusedEvents: 0,
      commits: 0,
      bytes: 0,
      failing: null,
      retention: "keeping",
      streams: { readings: "R", events: "E" },
      heads: { readings: 0, events: 0 },
      maxBytes: 0,
      wear: null,
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

test("points of a part that is not answered, or of a disturbed device, are no faults of their own", (t) => {
  const part = { ...NO_ANSWER, device: "gas-1", points: ["gas-1.gas"] };
  const unanswered = { buses: [bus({ unanswered: [part] })], points: [gas("bad:timeout")] };
  t.deepEqual(
    faultsOf(status(unanswered)).map(({ kind }) => kind),
    ["part-silent"],
  );
  const disturbed = { buses: [bus({ disturbed: ["gas-1"] })], points: [gas("bad:malformed")] };
  t.deepEqual(faultsOf(status(disturbed)), [{ kind: "disturbed", at: "gas-1" }]);
});

test("a point that lacks another one's value is no fault beside that one", (t) => {
  t.deepEqual(faultsOf(status({ points: [gas("bad:input")] })), []);
});

test("a buffer that drops, or had to give up what the disk did not take, is at fault", (t) => {
  const { buffer } = status();
  t.deepEqual(faultsOf(status({ buffer: { ...buffer, retention: "dropping" } })), [
    { kind: "buffer-dropping" },
  ]);
  t.deepEqual(faultsOf(status({ buffer: { ...buffer, refused: 7, refusedEvents: 1 } })), [
    { kind: "buffer-shed", readings: 7, events: 1 },
  ]);
});

test("an input of a board without a value is a fault, told in the reader's words", (t) => {
  const faults = [{ source: "bmp280@118 pressure", fault: "no-answer" }] as const;
  const board = { firmware: "StandardFirmata 2.5", faults };
  const view = (lang: "en" | "zh-CN") =>
    faultsView(status({ buses: [bus({ bus: "node", board })] }), lang).join("\n");
  t.regex(view("en"), /node bmp280@118 pressure: nothing answers there/);
  t.regex(view("zh-CN"), /node bmp280@118 pressure: 该处无应答/);
  t.deepEqual(faultsOf(status({ buses: [bus({ board: { ...board, faults: [] } })] })), []);
});

test("what is only listened to gets advice of its own: it has no unit number", (t) => {
  const shown = status({ buses: [bus({ silent: ["gauge"], use: null })] });
  t.deepEqual(faultsOf(shown), [{ kind: "talker-silent", at: "gauge" }]);
  t.is(faultsView(shown, "en")[1], "  nothing is heard from gauge");
  t.notRegex(faultsView(shown, "en").join(), /unit|A and B/);
});

test("a destination is at fault when it is disconnected, or connected and takes nothing", (t) => {
  const destinations = [
    destination({ destination: "away", state: "disconnected" }),
    destination({ destination: "deaf", trouble: "no-subscriber" }),
    destination({ destination: "half", trouble: "status-refused" }),
    destination({ destination: "well" }),
  ];
  t.deepEqual(faultsOf(status({ destinations })), [
    { kind: "destination-away", at: "away", code: "uplink.refused", detail: null },
    { kind: "no-subscriber", at: "deaf" },
    { kind: "status-refused", at: "half" },
  ]);
});

test("what keeps a destination away is told with its remedy, apart from others", (t) => {
  const away = { state: "disconnected", trouble: "certificate has expired" } as const;
  const destinations = [
    destination({ destination: "a", ...away, code: "uplink.certificate-expired" }),
    destination({ destination: "b", state: "disconnected", trouble: "refused" }),
  ];
  const text = faultsView(status({ destinations }), "en").join("\n");
  t.regex(text, /destination a: the destination's certificate has expired\n.*\n.*gateway's date/);
  t.regex(text, /destination b\n/);
  t.regex(faultsView(status({ destinations }), "zh-CN").join("\n"), /a：目标平台的证书已过期/);
});

const NO_ANSWER = { area: "holding", address: 256, count: 2 } as const;

const gasHigh = anAlarm();

function gas(quality: Status["points"][number]["quality"]): Status["points"][number] {
  const value = quality === "good" ? 60 : null;
  const read = { value, quality, at: 0 as WallMs, ageMs: 0, everyMs: 1000 };
  return { point: "gas-1.gas", origin: "asked", unit: null, ...read, ...NO_NOTES };
}

test("an active alarm alone is no fault of the gateway", (t) => {
  const alarms = [anAlarm({ state: "unacknowledged", active: true })];
  t.deepEqual(faultsOf(status({ alarms, points: [gas("good")] })), []);
});

test("an alarm whose point is not known, now or never yet, is a fault: it cannot be raised", (t) => {
  for (const quality of ["bad:timeout", "bad:not-yet-read"] as const) {
    const shown = status({
      alarms: [gasHigh],
      points: [gas(quality)],
      buses: [bus({ silent: ["gas-1"] })],
    });
    const faults = faultsOf(shown).filter(({ kind }) => kind !== "device-silent");
    t.deepEqual(faults, [{ kind: "alarm-unjudged", at: "gas-high" }]);
  }
});

test("a device whose answers are damaged is not told as one that says nothing", (t) => {
  const buses = [bus({ silent: ["gas-1"] })];
  const shown = status({ buses, points: [gas("bad:crc")] });
  t.deepEqual(faultsOf(shown), [{ kind: "device-garbled", at: "gas-1" }]);
  t.is(faultsView(shown, "en")[1], "  damaged answers from gas-1");
  t.deepEqual(faultsOf({ ...shown, buses: [bus()] }), faultsOf(shown));
});

test("a point that its device refuses is a fault, with what the refusal means", (t) => {
  const shown = status({ points: [gas("bad:exception:2")] });
  t.deepEqual(faultsOf(shown), [
    { kind: "point-bad", at: "gas-1.gas", quality: "bad:exception:2" },
  ]);
  t.regex(faultsView(shown, "en")[2] ?? "", /gas-1\.gas: exception 2: illegal data address/);
});

test("a value that is not believed is a fault of its own, which sends nobody to the address", (t) => {
  const shown = status({ points: [gas("bad:loop-fault")] });
  t.deepEqual(faultsOf(shown), [
    { kind: "point-unbelieved", at: "gas-1.gas", quality: "bad:loop-fault" },
  ]);
  t.notRegex(faultsView(shown, "en").join(), /address/);
});

test("points of a closed bus and of a device that is silent are told once, by the cause", (t) => {
  const closed = status({ buses: [bus({ state: "closed" })], points: [gas("bad:link-closed")] });
  t.deepEqual(
    faultsOf(closed).map(({ kind }) => kind),
    ["bus-closed"],
  );
  const silent = status({ buses: [bus({ silent: ["gas-1"] })], points: [gas("bad:timeout")] });
  t.deepEqual(
    faultsOf(silent).map(({ kind }) => kind),
    ["device-silent"],
  );
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
    buffer: { ...status().buffer, failing: "buffer.full", retention: "dropping", refused: 200_000 },
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

test("peers that displace each other are a fault of their bus, with where they are", (t) => {
  const state = status({ buses: [bus({ bus: "dtu-1", rivals: ["10.0.0.1", "10.0.0.2"] })] });
  t.deepEqual(faultsOf(state), [{ kind: "rivals", at: "dtu-1", detail: "10.0.0.1 10.0.0.2" }]);
  t.deepEqual(faultsView(state, "en").slice(1), [
    "  peers with the same identity displace each other: bus dtu-1",
    "    dtu-1: 10.0.0.1 10.0.0.2",
    "    → give each its own registration; if it is one alone, check its signal",
  ]);
});
