import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { openPty } from "../plant/pty.ts";
import { Random } from "../sim/random.ts";
import type { Bench, Fault } from "./fault.ts";
import { failuresOf, gatewaySite, lineSite, qualityOf, TWO, wave } from "./site.ts";

const PAIR = [1, 2].map((unit) => modbusDevice(unit, [wave()]));

/** What can be wrong with a whole line. */
export const BUS_FAULTS: readonly Fault[] = [
  {
    name: "the line's speed is wrong",
    expected: "bus.baud-wrong",
    subject: "line",
    isQuick: true,
    examine: (bench) =>
      deafLine(bench, { bus: ", baud: 9600, format: 8N1", tuned: "even-or-none" }),
  },
  {
    name: "the line's parity is wrong",
    expected: "bus.parity-wrong",
    subject: "line",
    isQuick: true,
    examine: (bench) => deafLine(bench, { tuned: "odd" }),
  },
  {
    name: "a wire of the line is open",
    expected: "bus.line-open",
    subject: "line",
    isQuick: true,
    examine: (bench) => deafLine(bench, { devices: [] }),
  },
  {
    name: "A and B are swapped, and only noise comes",
    expected: "bus.line-swapped",
    subject: "line",
    isQuick: true,
    examine: async (bench) => {
      const pty = openPty();
      bench.defer(() => pty.close());
      const random = new Random(7);
      // What a receiver makes of inverted characters: some bytes, none of them an answer.
      pty.onData = (bytes) =>
        pty.write(bytes.map((byte) => (~byte ^ random.integer(0, 255)) & 0xff));
      const bus = `buses: { line: { kind: modbus-rtu, port: ${pty.path}, timeout: 200ms } }`;
      const { home, whenever } = await gatewaySite(bench, `${bus}\ndevices:\n${TWO}`);
      await whenever("failures", (status) => failuresOf(status) >= 12);
      return bench.doctor(home.config);
    },
  },
  {
    name: "a terminator is missing, so that long answers are damaged",
    expected: "bus.termination",
    subject: "line",
    isQuick: true,
    examine: async (bench) => {
      const random = new Random(11);
      // A reflection inverts a bit of a byte now and then, in what comes late in a frame.
      const carried = (bytes: Uint8Array) =>
        bytes.map((byte, i) => (i > 15 && random.next() < 0.008 ? byte ^ 0x40 : byte));
      const longs = Array.from({ length: 50 }, (_, i) => wave(i));
      const points = longs.map((_, i) => `p${i}: { area: holding, address: ${i}, type: uint16 }`);
      const yaml = `  a: { bus: line, unit: 1, every: 100ms, points: { ${points} } }
  b: { bus: line, unit: 2, every: 100ms, points: { x: { area: holding, address: 0, type: uint16 } } }`;
      const { home, whenever } = await lineSite(
        bench,
        [modbusDevice(1, longs), modbusDevice(2, [wave()])],
        yaml,
        { carried, bus: ", baud: 115200", baud: 115_200 },
      );
      await whenever("enough requests", ({ buses }) => (buses[0]?.counters.requests ?? 0) > 150);
      return bench.doctor(home.config);
    },
  },
  {
    name: "an adapter is unplugged",
    expected: "bus.unplugged",
    subject: "line",
    isQuick: true,
    examine: async (bench) => {
      const { line, home, gateway } = await lineSite(bench, PAIR, TWO);
      line.unplug();
      await gateway.waitFor(/bus line closed/, 10_000);
      return bench.doctor(home.config);
    },
  },
  {
    name: "an adapter is replaced and its port has another name",
    expected: "bus.port-renamed",
    subject: "line",
    isQuick: true,
    examine: async (bench) => {
      const line = openModbusLine({ baud: 19_200, devices: PAIR });
      bench.defer(() => line.close());
      const folder = join(bench.dir, "serial/by-id");
      mkdirSync(folder, { recursive: true });
      const nameOf = (serial: string) =>
        join(folder, `usb-FTDI_FT232R_USB_UART_${serial}-if00-port0`);
      const bus = `buses: { line: { kind: modbus-rtu, port: ${nameOf("A50285BI")}, baud: 19200 } }`;
      symlinkSync(line.path, nameOf("A50285BI"));
      const { home, gateway } = await gatewaySite(bench, `${bus}\ndevices:\n${TWO}`);
      line.unplug();
      renameSync(nameOf("A50285BI"), nameOf("B7003XYZ"));
      await gateway.waitFor(/bus line closed/, 10_000);
      return bench.doctor(home.config);
    },
  },
  {
    name: "a port cannot be opened",
    expected: "bus.port-refused",
    subject: "line",
    isQuick: true,
    examine: async (bench) => {
      const path = join(bench.dir, "ttyNotOne");
      writeFileSync(path, "");
      const bus = `buses: { line: { kind: modbus-rtu, port: ${path}, baud: 19200 } }`;
      const { home, whenever } = await gatewaySite(bench, `${bus}\ndevices:\n${TWO}`);
      await whenever("trouble", ({ buses }) => buses[0]?.trouble != null);
      return bench.doctor(home.config);
    },
  },
  {
    name: "an adapter hears itself",
    expected: "bus.echo",
    subject: "line",
    isQuick: true,
    examine: async (bench) => {
      const { home, whenever } = await lineSite(bench, PAIR, TWO, { echo: true });
      await whenever("readings", (status) => qualityOf(status, "b.x") === "good");
      await whenever("requests", ({ buses }) => (buses[0]?.counters.requests ?? 0) > 12);
      return bench.doctor(home.config);
    },
  },
];

/** A line on which nobody answers, for long enough that the gateway knows. */
async function deafLine(bench: Bench, line: Parameters<typeof lineSite>[3]) {
  const { home, whenever } = await lineSite(bench, line?.devices ?? PAIR, TWO, line);
  await whenever("silence", ({ buses }) => buses[0]?.silent.length === 2);
  return bench.doctor(home.config);
}
