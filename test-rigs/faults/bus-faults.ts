import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { openPty } from "../plant/pty.ts";
import { Random } from "../sim/random.ts";
import type { Bench } from "./fault.ts";
import {
  areRead,
  type Built,
  busIn,
  busYaml,
  failuresOf,
  type LineStory,
  openLine,
  twoDevices,
  wave,
} from "./line-story.ts";

const PAIR = [1, 2].map((unit) => modbusDevice(unit, [wave()]));
const itself = (bus: string) => bus;

/** What can be wrong with a whole line. */
export const BUS_STORIES: readonly LineStory[] = [
  {
    name: "the line's speed is wrong",
    expected: "bus.baud-wrong",
    subject: itself,
    build: (bench, bus) =>
      deaf(bench, bus, { settings: "baud: 9600, format: 8N1", tuned: "even-or-none" }),
  },
  {
    name: "the line's parity is wrong",
    expected: "bus.parity-wrong",
    subject: itself,
    build: (bench, bus) => deaf(bench, bus, { tuned: "odd" }),
  },
  {
    name: "a wire of the line is open",
    expected: "bus.line-open",
    subject: itself,
    build: (bench, bus) => deaf(bench, bus, { devices: [] }),
  },
  {
    name: "A and B are swapped, and only noise comes",
    expected: "bus.line-swapped",
    subject: itself,
    build: (bench, bus) => {
      const pty = openPty();
      bench.defer(() => pty.close());
      const random = new Random(7);
      // What a receiver makes of inverted characters: some bytes, none of them an answer.
      pty.onData = (bytes) =>
        pty.write(bytes.map((byte) => (~byte ^ random.integer(0, 255)) & 0xff));
      return {
        bus: busYaml(bus, pty.path, "baud: 19200, format: 8N1"),
        devices: twoDevices(bus),
        isShown: (status) => failuresOf(status, bus) >= 12,
      };
    },
  },
  {
    name: "a terminator is missing, so that long answers are damaged",
    expected: "bus.termination",
    subject: itself,
    build: unterminated,
  },
  {
    name: "an adapter is unplugged",
    expected: "bus.unplugged",
    subject: itself,
    build: (bench, bus) => {
      const { line, yaml } = openLine(bench, bus, { devices: PAIR });
      return {
        bus: yaml,
        devices: twoDevices(bus),
        isReady: areRead(bus),
        befall: () => line.unplug(),
        isShown: (status) => busIn(status, bus)?.state === "closed",
      };
    },
  },
  {
    name: "an adapter is replaced and its port has another name",
    expected: "bus.port-renamed",
    subject: itself,
    build: (bench, bus) => {
      const line = openModbusLine({ baud: 19_200, devices: PAIR });
      bench.defer(() => line.close());
      const folder = join(bench.dir, bus, "serial/by-id");
      mkdirSync(folder, { recursive: true });
      const nameOf = (serial: string) =>
        join(folder, `usb-FTDI_FT232R_USB_UART_${serial}-if00-port0`);
      symlinkSync(line.path, nameOf("A50285BI"));
      return {
        bus: busYaml(bus, nameOf("A50285BI"), "baud: 19200, format: 8N1"),
        devices: twoDevices(bus),
        isReady: areRead(bus),
        befall: () => {
          line.unplug();
          renameSync(nameOf("A50285BI"), nameOf("B7003XYZ"));
        },
        isShown: (status) => busIn(status, bus)?.state === "closed",
      };
    },
  },
  {
    name: "a port cannot be opened",
    expected: "bus.port-refused",
    subject: itself,
    build: (bench, bus) => {
      const path = join(bench.dir, `${bus}-tty-not-one`);
      writeFileSync(path, "");
      return {
        bus: busYaml(bus, path, "baud: 19200, format: 8N1"),
        devices: twoDevices(bus),
        isShown: (status) => busIn(status, bus)?.trouble != null,
      };
    },
  },
  {
    name: "an adapter hears itself",
    expected: "bus.echo",
    subject: itself,
    build: (bench, bus) => ({
      bus: openLine(bench, bus, { devices: PAIR, echo: true }).yaml,
      devices: twoDevices(bus),
      isReady: areRead(bus),
      isShown: (status) => (busIn(status, bus)?.counters.requests ?? 0) > 12,
    }),
  },
];

/** A line on which nobody answers, for long enough that the gateway knows. */
function deaf(bench: Bench, bus: string, line: Partial<Parameters<typeof openLine>[2]>): Built {
  return {
    bus: openLine(bench, bus, { devices: PAIR, ...line }).yaml,
    devices: twoDevices(bus),
    isShown: (status) => busIn(status, bus)?.silent.length === 2,
  };
}

/** A device with long answers and one with short ones, where what comes late in a frame suffers. */
function unterminated(bench: Bench, bus: string): Built {
  const random = new Random(11);
  const carried = (bytes: Uint8Array) =>
    bytes.map((byte, i) => (i > 15 && random.chance(0.008) ? byte ^ 0x40 : byte));
  const waves = Array.from({ length: 50 }, (_, i) => wave(i));
  const points = waves.map((_, i) => `p${i}: { area: holding, address: ${i}, type: uint16 }`);
  const devices = [modbusDevice(1, waves), modbusDevice(2, [wave()])];
  const b = "points: { x: { area: holding, address: 0, type: uint16 } }";
  return {
    bus: openLine(bench, bus, { devices, carried, baud: 115_200 }).yaml,
    devices: `  ${bus}-a: { bus: ${bus}, unit: 1, every: 100ms, points: { ${points} } }
  ${bus}-b: { bus: ${bus}, unit: 2, every: 100ms, ${b} }`,
    isShown: (status) => (busIn(status, bus)?.counters.requests ?? 0) > 150,
  };
}
