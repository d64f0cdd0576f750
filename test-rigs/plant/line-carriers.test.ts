import test, { type ExecutionContext } from "ava";
import type { ReadOutcome, Session } from "../../drivers/driver.ts";
import { inTime } from "../../drivers/modbus/fake-link.ts";
import { lineTimeOf } from "../../drivers/modbus/line-time.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import type { Link } from "../../edge/core/link.ts";
import type { Clock } from "../../edge/core/time.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { POINT } from "../sim/a-point.ts";
import { SimClock } from "../sim/clock.ts";
import { SimDevice } from "../sim/device.ts";
import { Random } from "../sim/random.ts";
import { SimSerialLine } from "../sim/serial-line.ts";
import { Trace } from "../sim/trace.ts";
import type { FramingName } from "./frame.ts";
import type { LineFault } from "./line-fault.ts";
import { openModbusLine } from "./modbus-server.ts";

/** The one line on both carriers, each with the driver that runs in the field. */
const NEVER = new AbortController().signal;
const BAUD = 19_200;
const TIMING = { timeoutMs: 1500, graceMs: 1500 };
/** A busy machine hands over late. */
const MARGIN_MS = 1000;

/** What is to come of a read while the device is faulty: the same on both carriers. */
const TABLE: readonly [LineFault, readonly string[]][] = [
  [{ kind: "dead" }, ["timeout"]],
  [{ kind: "slow", untilMs: TIMING.timeoutMs - MARGIN_MS }, ["good"]],
  [{ kind: "late", untilMs: TIMING.timeoutMs + MARGIN_MS }, ["timeout"]],
  [{ kind: "wrong-unit" }, ["timeout"]],
  [{ kind: "noisy" }, ["good"]],
  [{ kind: "echoing" }, ["good"]],
  [{ kind: "split", gapMs: 30 }, ["good"]],
  [{ kind: "exception", code: 4 }, ["exception:4"]],
  [{ kind: "busy" }, ["exception:6"]],
  [{ kind: "colliding" }, ["crc", "timeout"]],
];

type Carrier = {
  readonly session: Session;
  readonly setFault: (unit: number, fault: LineFault | null) => void;
  readonly finish: <T>(work: Promise<T>) => Promise<T>;
};

function busOf(framing: FramingName, path: string) {
  const serial = { path, baud: BAUD, format: "8N1" } as const;
  return {
    kind: `modbus-${framing}`,
    serial,
    silenceMs: null,
    turnaroundMs: 5,
    ...TIMING,
  } as const;
}

function session(link: Link, clock: Clock, framing: FramingName): Session {
  return openModbus(link, clock, busOf(framing, "/dev/line"));
}

const CARRIERS = {
  virtual: (_: ExecutionContext, framing: FramingName, device: SimDevice): Carrier => {
    const clock = new SimClock();
    const trace = new Trace(clock, 10);
    const parts = { clock, random: new Random(1), trace, name: "line", baud: BAUD, framing };
    const line = new SimSerialLine({ ...parts, ...TIMING, devices: [device] });
    const link = line.open(busOf(framing, "/dev/line").serial, 1);
    return {
      session: session(link, clock, framing),
      setFault: (unit, fault) => line.setFault(unit, fault),
      finish: (work) => inTime(clock, work),
    };
  },
  real: async (t: ExecutionContext, framing: FramingName, device: SimDevice): Promise<Carrier> => {
    const line = openModbusLine({ baud: BAUD, framing, devices: [device] });
    t.teardown(() => line.close());
    const link = await openSerial(busOf(framing, line.path).serial, NEVER);
    t.teardown(() => link.close());
    return {
      session: session(link, new SystemClock(), framing),
      setFault: line.setFault,
      finish: (work) => work,
    };
  },
} as const;

function said(outcome: ReadOutcome): string {
  return outcome.kind === "values" ? "good" : outcome.reason;
}

for (const [name, open] of Object.entries(CARRIERS)) {
  for (const framing of ["rtu", "ascii"] as const) {
    test.serial(
      `on a ${name} ${framing} line each of the ten faults ends as it must`,
      async (t) => {
        t.timeout(60_000);
        const device = new SimDevice(1, [POINT], () => 1);
        const { session, setFault, finish } = await open(t, framing, device);
        const time = lineTimeOf(busOf(framing, "/dev/line"));
        const [request] = planReads({ name: "d", unit: 1, maxRegisters: 125 }, [POINT], time);
        if (request === undefined) throw new Error("nothing to ask");
        const read = async () => {
          const outcome = await finish(session.read(request, NEVER));
          if (outcome.kind === "values") {
            t.is(
              outcome.readings[0]?.value,
              device.raws.get(POINT.id),
              "a value that it never sent",
            );
          }
          return said(outcome);
        };
        t.is(await read(), "good");
        for (const [fault, expected] of TABLE) {
          setFault(1, fault);
          const outcome = await read();
          t.true(expected.includes(outcome), `${fault.kind}: ${outcome}`);
          setFault(1, null);
          const after = [await read(), await read()];
          t.true(after.includes("good"), `behind ${fault.kind}: ${after}`);
        }
      },
    );
  }
}
