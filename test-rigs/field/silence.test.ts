import test from "ava";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import type { Link } from "../../edge/core/link.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { characterMs } from "../plant/wire.ts";

const NEVER = new AbortController().signal;
const REGISTERS = 4;
const SIGNALS = Array.from({ length: REGISTERS }, (_, address) => ({
  area: "holding" as const,
  address,
  type: "uint16" as const,
  valueAt: () => address,
}));

/** The silence before a request (Modbus over serial line V1.02, 2.5.1.1), in milliseconds. */
function legalMs(baud: number): number {
  return baud > 19_200 ? 1.75 : 3.5 * characterMs(baud);
}

/** `link`, of which `onWrite` is told what is about to be written. */
function watched(link: Link, onWrite: () => void): Link {
  return {
    closed: link.closed,
    get onData() {
      return link.onData;
    },
    set onData(listener) {
      link.onData = listener;
    },
    write(bytes) {
      onWrite();
      link.write(bytes);
    },
    close: () => link.close(),
  };
}

for (const [baud, reads] of [
  [1200, 10],
  [9600, 40],
  [19_200, 60],
  [115_200, 100],
] as const) {
  test.serial(
    `on a real port at ${baud} baud no request is sent before the line was silent for 3.5 characters`,
    async (t) => {
      const plant = openModbusLine({
        baud,
        devices: [modbusDevice(1, SIGNALS), modbusDevice(2, SIGNALS)],
      });
      t.teardown(() => plant.close());
      const serial = { path: plant.path, baud, format: "8E1" } as const;
      const silences: number[] = [];
      const link = watched(await openSerial(serial, NEVER), () =>
        silences.push(performance.now() - plant.lastByteAt()),
      );
      const timing = { timeoutMs: 5000, graceMs: 0 };
      const bus = { kind: "modbus-rtu", serial, ...timing } as const;
      const session = openModbus(link, new SystemClock(), bus);
      t.teardown(() => session.close());
      for (let read = 0; read < reads; read++) {
        const request = aRequest({ unit: 1 + (read % 2), count: REGISTERS });
        t.is((await session.read(request, NEVER)).kind, "values");
      }
      t.is(silences.length, reads);
      t.deepEqual(
        silences.filter((silence) => silence < legalMs(baud)),
        [],
      );
      t.is(plant.collisions(), 0);
    },
  );
}
