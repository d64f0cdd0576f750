import test from "ava";
import { aPoint } from "../../drivers/modbus/fake-link.ts";
import { lineTimeOf, transactionMs } from "../../drivers/modbus/line-time.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";

/** How far a read may be off what was foreseen. */
const SHARE_OFF = 0.05;
/** On a machine that is busy, so many reads are made until one is undisturbed. */
const READS_MAX = 12;
const NEVER = new AbortController().signal;
const DEVICE = { name: "d", unit: 1, maxRegisters: 125 };

/** Long reads, to which the rig and a busy machine add little. */
const LONG_READS = [
  [2400, 60],
  [4800, 125],
] as const;

for (const [baud, registers] of LONG_READS) {
  test.serial(
    `a read of ${registers} registers on a real port at the pace of ${baud} baud takes what was foreseen`,
    async (t) => {
      const points = Array.from({ length: registers }, (_, address) =>
        aPoint({ id: `d.${address}`, address }),
      );
      const signals = points.map((point) => ({ ...point, valueAt: () => point.address }));
      const plant = openModbusLine({ baud, devices: [modbusDevice(1, signals)] });
      t.teardown(() => plant.close());
      const serial = { path: plant.path, baud, format: "8E1" } as const;
      const bus = { kind: "modbus-rtu", serial, turnaroundMs: 0, silenceMs: null } as const;
      const link = await openSerial(serial, NEVER);
      const timing = { timeoutMs: 2000, graceMs: 0 };
      const session = openModbus(link, new SystemClock(), { ...bus, ...timing });
      t.teardown(() => session.close());

      const line = lineTimeOf(bus);
      const [request, ...others] = planReads(DEVICE, points, line);
      if (request === undefined || others.length > 0) throw new Error("not one request");
      const foreseen = transactionMs(line, request);
      let fastest = Number.POSITIVE_INFINITY;
      let before = (await session.read(request, NEVER)).uptime;
      for (let read = 0; read < READS_MAX && fastest > foreseen * (1 + SHARE_OFF); read++) {
        const { kind, uptime } = await session.read(request, NEVER);
        t.is(kind, "values");
        fastest = Math.min(fastest, uptime - before);
        before = uptime;
      }
      // A busy machine can make a read longer than the line does, never shorter.
      t.log(`${fastest.toFixed(1)} ms, ${foreseen.toFixed(1)} ms foreseen`);
      t.true(Math.abs(fastest / foreseen - 1) <= SHARE_OFF);
    },
  );
}
