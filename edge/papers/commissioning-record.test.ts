import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { planBuses } from "../acquire/poll-plan.ts";
import type { Status } from "../control/status.ts";
import { type CommissioningFacts, recordOf } from "./commissioning-record.ts";
import { UNTRIED } from "./loop-tests.ts";

const YAML = `
gateway: { id: gw-1, site: { name: Site, asset: A-1 } }
buses: { line: { kind: modbus-rtu, port: /dev/ttyUSB0, baud: 9600 } }
devices:
  gas: { bus: line, unit: 1, points: { gas: { area: input, address: 0, type: uint16 }, temp: { area: input, address: 1, type: uint16 } } }
  valve: { bus: line, unit: 2, points: { shut: { area: coil, address: 0, type: bool, write: true } } }
alarms: { high: { point: gas.gas, high: 50, severity: red, interlock: off } }
interlocks: { off: { write: valve.shut, value: true } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1883" } }
buffer: { dir: /tmp/none }
`;

const bus = {
  ...{ bus: "line", state: "open", trouble: null, use: null, missed: 0 },
  ...{ silent: [], disturbed: [], unanswered: [] },
};
const point = (id: string, quality = "good") => ({
  ...{ point: id, unit: null, value: quality === "good" ? 1 : null, quality, at: 5 },
});
const centre = {
  ...{ destination: "centre", state: "connected", since: 1, acknowledged: 2, trouble: null },
  owed: { readings: 0, events: 0 },
};
const points = [point("gas.gas"), point("gas.temp"), point("valve.shut")];

/** What is known of a site of which all is well, but for `status` and `facts`. */
function factsOf(status: object = {}, facts: Partial<CommissioningFacts> = {}): CommissioningFacts {
  const { config } = loadConfig(YAML, {
    ...{ profiles: new Map(), readFile: () => "", env: () => undefined },
  });
  if (config === null) throw new Error("the configuration of this test is not usable");
  const tried = { ...UNTRIED, tested: true };
  const whole = {
    ...{ gateway: "gw-1", release: "1", configuration: config.fingerprint, clock: "synced" },
    ...{ since: 1, time: { source: null }, alarms: [], buses: [bus], points },
    ...{ destinations: [centre], ...status },
  };
  return {
    ...{ at: 9, number: "gw-1-C-1", config, status: whole as unknown as Status },
    plans: planBuses(config),
    loops: { alarms: new Map([["high", tried]]), interlocks: new Map([["off", tried]]), from: 1 },
    ...{ searches: [], photos: [], remarks: "", signatures: [], references: new Map() },
    buffer: {
      ...{ ok: true, messages: 1, readings: 1, events: 1, findings: 0 },
      chain: { ok: true, events: 1, last: 1 },
    },
    ...facts,
  };
}

const openOf = (status: object, facts: Partial<CommissioningFacts> = {}) =>
  recordOf(factsOf(status, facts)).open.map(({ code, subject }) => `${code} ${subject}`);

test("of a site of which all is well nothing is open", (t) => {
  t.deepEqual(recordOf(factsOf()).open, []);
  t.like(recordOf(factsOf()).devices[0], { device: "gas", state: "answers", points: 2, good: 2 });
});

test("a device that is silent is named, and its points are not named beside it", (t) => {
  const status = {
    buses: [{ ...bus, silent: ["gas"] }],
    points: [point("gas.gas", "bad:timeout"), point("gas.temp", "bad:timeout"), points[2]],
  };
  t.deepEqual(openOf(status), ["device-not-answering gas"]);
});

test("a point that alone is bad is named", (t) => {
  const status = { points: [points[0], point("gas.temp", "bad:exception:2"), points[2]] };
  t.deepEqual(openOf(status), ["point-not-good gas.temp"]);
});

test("each device of a bus that is not open is named", (t) => {
  const status = { buses: [{ ...bus, state: "closed" }] };
  t.deepEqual(openOf(status), ["device-not-answering gas", "device-not-answering valve"]);
});

test("what was not tried, reached, stored or told right is open", (t) => {
  const reference = {
    ...{ value: 2, tolerance: 0.1, read: 1, quality: "good", at: 5, difference: -1 },
    verdict: "fail" as const,
  };
  const found = { unit: 7, state: "found" as const, device: null, name: null, profiles: [] };
  const open = openOf(
    { clock: "unsynced", destinations: [{ ...centre, state: "disconnected" }], configuration: "x" },
    {
      loops: { alarms: new Map(), interlocks: new Map(), from: null },
      references: new Map([["gas.gas", reference]]),
      searches: [{ bus: "line", units: "1-9", isComplete: true, found: [found] }],
      buffer: {
        ...{ ok: false, messages: 1, readings: 1, events: 1, findings: 3 },
        chain: { ok: false, events: 1, last: 1 },
      },
    },
  );
  t.deepEqual(
    open.map((each) => each.split(" ")[0]),
    [
      ...["reference-failed", "alarm-untested", "interlock-untested", "stranger"],
      ...["destination-unreached", "clock-unsynced", "buffer-damaged", "chain-broken"],
      "configuration-differs",
    ],
  );
});
