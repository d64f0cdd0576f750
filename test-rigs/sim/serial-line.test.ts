import test from "ava";
import type { ReadOutcome } from "../../drivers/driver.ts";
import { lineTimeOf } from "../../drivers/modbus/line-time.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { LINE_FAULTS, type LineFaultKind } from "../plant/line-fault.ts";
import { POINT } from "./a-point.ts";
import { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { Random } from "./random.ts";
import { SimSerialLine } from "./serial-line.ts";
import { Trace } from "./trace.ts";

const TIMING = { timeoutMs: 300, graceMs: 500 };
const BAUD = 19_200;
const BUS = {
  kind: "modbus-rtu",
  serial: { path: "/dev/line", baud: BAUD, format: "8N1" },
  silenceMs: null,
  turnaroundMs: 5,
  ...TIMING,
} as const;

/** The real driver on a simulated line with one device. */
function rig(seed: number) {
  const clock = new SimClock();
  const devices = [new SimDevice(1, [POINT], () => 1)];
  const settings = { clock, random: new Random(seed), trace: new Trace(clock), devices };
  const line = new SimSerialLine({ ...settings, name: "line", ...TIMING, baud: BAUD });
  const session = openModbus(line.open(BUS.serial, 1), clock, BUS);
  const signal = new AbortController().signal;
  const ask = async (): Promise<ReadOutcome> => {
    const [request] = planReads(
      { name: "d", unit: 1, maxRegisters: 125 },
      [POINT],
      lineTimeOf(BUS),
    );
    if (request === undefined) throw new Error("nothing to ask");
    const asked = session.read(request, signal);
    await clock.advance(2500);
    return await asked;
  };
  return { line, ask };
}

/** The values that were read and are not what the device last said, over many requests. */
async function asking(faults: readonly LineFaultKind[], share: number) {
  const told: string[] = [];
  const wrong: unknown[] = [];
  const violations: unknown[] = [];
  for (let seed = 1; seed <= 8; seed++) {
    const { line, ask } = rig(seed);
    const { units } = line;
    units.faults = Object.fromEntries(faults.map((fault) => [fault, share]));
    units.splits = 0.5;
    for (let n = 0; n < 50; n++) {
      const outcome = await ask();
      told.push(outcome.kind === "values" ? "good" : outcome.reason);
      if (outcome.kind !== "values") continue;
      const latest = units.truth.answers.filter(({ isIntact }) => isIntact).at(-1);
      const [reading] = outcome.readings;
      if (reading?.value !== latest?.raws.get(POINT.id)) wrong.push(reading?.value);
    }
    violations.push(...units.truth.violations);
  }
  return { told: new Set(told), wrong, violations };
}

test("where two devices have one unit no value of theirs is believed", async (t) => {
  const { told, wrong } = await asking(["colliding"], 1);
  t.false(told.has("good"));
  t.true(told.has("crc"));
  t.deepEqual(wrong, []);
});

test("a device that is busy says so, and is read when it has the time", async (t) => {
  const { told } = await asking(["busy"], 0.5);
  t.deepEqual([...told].toSorted(), ["exception:6", "good"]);
});

test("whatever befalls the answers, a good value is one that the device then held", async (t) => {
  const { told, wrong, violations } = await asking(LINE_FAULTS, 0.07);
  t.true(told.has("good"));
  t.deepEqual(wrong, []);
  t.deepEqual(violations, []);
});
