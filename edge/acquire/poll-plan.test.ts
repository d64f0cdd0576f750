import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { type BusPlan, planBuses } from "./poll-plan.ts";

/** The plans of a gateway with a serial line, a connection and these devices. */
function plans(devices: string, { baud = 9600, more = "", behind = "" } = {}): readonly BusPlan[] {
  const { config, problems } = loadConfig(
    `gateway: { id: gw }
buses:
  line: { kind: modbus-rtu, port: /dev/line, baud: ${baud}, format: 8E1 }
  plc: { kind: modbus-tcp, host: plc, turnaround: 100ms }
  moxa: { kind: modbus-tcp, host: moxa, framing: rtu${behind} }
  dtu: { kind: modbus-dial-in, listen: 0.0.0.0:9000, registration: A, framing: tcp${behind} }
  gate: { kind: modbus-tcp, host: gate${behind} }
devices: { ${devices} }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
${more}`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return planBuses(config);
}

/** A device with one register that is read every `every`. */
function device(name: string, bus: string, unit: number, every: string): string {
  const point = "x: { area: holding, address: 0, type: int16 }";
  return `${name}: { bus: ${bus}, unit: ${unit}, every: ${every}, points: { ${point} } }`;
}

test("every bus that something is read from has a plan", (t) => {
  t.deepEqual(
    plans(device("a", "line", 1, "1s")).map(({ bus, line, verdict }) => [bus, line, verdict]),
    [["line", "9600 8E1", "fits"]],
  );
  t.deepEqual(
    plans(`${device("a", "plc", 1, "1s")}, ${device("b", "line", 1, "1s")}`).map(
      ({ line }) => line,
    ),
    ["9600 8E1", "plc:502"],
  );
});

test("a serial line is full above 80 % of its time, and refused above all of it", (t) => {
  const verdict = (every: string) => plans(device("a", "line", 1, every))[0]?.verdict;
  // The request, its answer of 7 characters, two silences and 5 ms take 30.2 ms.
  t.is(verdict("40ms"), "fits");
  t.is(verdict("35ms"), "full");
  t.is(verdict("30ms"), "overloaded");
});

test("a connection is never refused, because its time is a guess", (t) => {
  t.is(plans(device("a", "plc", 1, "10ms"))[0]?.verdict, "full");
});

test("behind a serial server, and behind who dials in, is a serial line, if only assumed", (t) => {
  const seen = (bus: string, behind = "") => {
    const [plan] = plans(device("a", bus, 1, "25ms"), { behind });
    return [plan?.behind, plan?.verdict, plan?.proposal?.faster?.baud];
  };
  const assumed = { baud: 9600, format: "8N1", isAssumed: true };
  for (const bus of ["moxa", "dtu"]) t.deepEqual(seen(bus), [assumed, "full", undefined], bus);
  t.deepEqual(seen("gate"), [null, "fits", undefined]);
  // What is said of a line holds, so that a plan that it cannot carry is refused.
  const said = { baud: 9600, format: "8E1", isAssumed: false };
  for (const bus of ["moxa", "dtu", "gate"]) {
    t.deepEqual(seen(bus, ", baud: 9600, format: 8E1"), [said, "overloaded", 19_200], bus);
  }
});

test("gaps are read over where that is less than asking again on the line behind", (t) => {
  const points = [0, 30].map((at) => `x${at}: { area: holding, address: ${at}, type: int16 }`);
  const own = `maxGap: 100, points: { ${points.join(", ")} }`;
  const requests = (behind: string) =>
    plans(`a: { bus: gate, unit: 1, every: 1s, ${own} }`, { behind })[0]?.forecast.requests.length;
  t.is(requests(""), 1);
  t.is(requests(", baud: 2400"), 2);
});

test("where a line is too full, periods and a speed are proposed that are enough", (t) => {
  const devices = [1, 2, 3].map((unit) => device(`d${unit}`, "line", unit, "50ms")).join(", ");
  const [plan] = plans(devices);
  t.is(plan?.verdict, "overloaded");
  t.deepEqual(plan?.proposal?.periods, [
    { device: "d1", fromMs: 50, toMs: 200 },
    { device: "d2", fromMs: 50, toMs: 100 },
    { device: "d3", fromMs: 50, toMs: 100 },
  ]);
  t.is(plan?.proposal?.faster?.baud, 38_400);
  t.is(plans(devices, { baud: 38_400 })[0]?.verdict, "fits");
});

test("what an alarm watches keeps its period in the proposal", (t) => {
  const devices = [1, 2].map((unit) => device(`d${unit}`, "line", unit, "50ms")).join(", ");
  const more = "alarms: { high: { point: d1.x, high: 5, severity: red } }";
  t.deepEqual(plans(devices, { more })[0]?.proposal?.periods, [
    { device: "d2", fromMs: 50, toMs: 200 },
  ]);
});

test("a line that fits gets no proposal, nor does a fast one get a faster", (t) => {
  t.is(plans(device("a", "line", 1, "1s"))[0]?.proposal, null);
  const full = plans(device("a", "plc", 1, "100ms"))[0];
  t.is(full?.proposal?.faster, null);
});
