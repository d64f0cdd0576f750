import test from "ava";
import { aPoint } from "../../drivers/modbus/fake-link.ts";
import { lineTimeOf, transactionMs } from "../../drivers/modbus/line-time.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";

const READS = 12;
const NEVER = new AbortController().signal;
const DEVICE = { name: "d", unit: 1, maxRegisters: 125 };

/**
 * Reads long enough that the rig, which looks at its clock once a millisecond each way, adds no more
 * than the share that is allowed.
 */
const LONG_READS = [
  [2400, 10],
  [9600, 60],
  [19_200, 125],
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
      const ends: number[] = [];
      for (let read = 0; read <= READS; read++) {
        const outcome = await session.read(request, NEVER);
        t.is(outcome.kind, "values");
        ends.push(outcome.uptime);
      }
      // A busy machine can make a read longer than the line does, never shorter.
      const happened = Math.min(
        ...ends.slice(1).map((end, index) => end - (ends[index] as number)),
      );
      const share = transactionMs(line, request) / happened;
      t.log(`${happened.toFixed(1)} ms, foreseen ${(100 * share).toFixed(1)} % of it`);
      t.true(Math.abs(share - 1) <= 0.05, `${happened}`);
    },
  );
}
