import test from "ava";
import { aPoint, inTime } from "../../drivers/modbus/fake-link.ts";
import { lineTimeOf, transactionMs } from "../../drivers/modbus/line-time.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { Random } from "./random.ts";
import { SimSerialLine } from "./serial-line.ts";
import { Trace } from "./trace.ts";

const NEVER = new AbortController().signal;
const TIMING = { timeoutMs: 3000, graceMs: 0 };
const REGISTERS = 60;
const READS = 100;
/** The most that the simulated device takes for itself besides the silence, in milliseconds. */
const OWN_MS = 15.5;

/** Reads 60 registers of one device again and again as fast as the driver does it. */
async function busyLine(baud: number, splits: number) {
  const clock = new SimClock();
  const points = Array.from({ length: REGISTERS }, (_, address) => ({
    ...aPoint({ id: `d.p${address}`, address }),
    device: "d",
    unit: null,
    sentinels: [],
    measurement: null,
    write: false,
    readAlone: false,
    readClears: false,
  }));
  const line = new SimSerialLine({
    clock,
    random: new Random(baud),
    trace: new Trace(clock, 10),
    name: "line",
    ...TIMING,
    baud,
    devices: [new SimDevice(1, points, () => 0)],
  });
  line.units.splits = splits;
  const serial = { path: "/dev/line", baud, format: "8E1" } as const;
  const bus = { kind: "modbus-rtu", serial, turnaroundMs: 0, silenceMs: null } as const;
  const session = openModbus(line.open(serial, 1), clock, { ...bus, ...TIMING });
  const time = lineTimeOf(bus);
  const device = { name: "d", unit: 1, maxRegisters: 125 };
  const [request, ...others] = planReads(device, points, time);
  if (request === undefined || others.length > 0) throw new Error("not one request");
  for (let read = 0; read < READS; read++) {
    const { kind } = await inTime(clock, session.read(request, NEVER));
    if (kind !== "values") throw new Error("not read");
  }
  const { requests, violations } = line.units.truth;
  return { requests, violations, legalMs: transactionMs(time, request) };
}

for (const baud of [1200, 9600, 19_200, 115_200]) {
  test(`at ${baud} baud the next request follows its 3.5 characters of silence at once, and none sooner`, async (t) => {
    for (const splits of [0, 1]) {
      const { requests, violations, legalMs } = await busyLine(baud, splits);
      t.deepEqual(violations, []);
      t.is(requests.length, READS);
      const periods = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));
      // Nothing is lost but what the device takes for itself.
      t.deepEqual(
        periods.filter((ms) => ms > legalMs + OWN_MS + 1e-6),
        [],
      );
      t.true(Math.min(...periods) >= legalMs);
    }
  });
}

test("a request sent sooner is noticed by the simulated line", async (t) => {
  const clock = new SimClock();
  const line = new SimSerialLine({
    clock,
    random: new Random(1),
    trace: new Trace(clock, 10),
    name: "line",
    ...TIMING,
    baud: 9600,
    devices: [],
  });
  const link = line.open({ path: "/dev/line", baud: 9600, format: "8E1" }, 1);
  link.write(Uint8Array.of(1, 3, 0, 0, 0, 1, 0x84, 0x0a));
  await clock.advance(8 * line.timing.characterMs + line.timing.silenceMs - 0.01);
  link.write(Uint8Array.of(1, 3, 0, 0, 0, 1, 0x84, 0x0a));
  t.deepEqual(
    line.units.truth.violations.map(({ rule }) => rule).filter((rule) => rule === "silence"),
    ["silence"],
  );
});
