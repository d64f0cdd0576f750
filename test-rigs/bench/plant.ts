import process from "node:process";
import type { ModbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";

/**
 * A process of its own that serves DEVICES Modbus TCP devices with REGISTERS holding registers
 * each, all changing, each value off its course by up to NOISE, and prints their ports as JSON:
 * `node plant.ts DEVICES REGISTERS [NOISE]`.
 */
const [devices = 10, registers = 100, noise = 0] = process.argv.slice(2).map(Number);

// What serves two thousand requests a second is not to take the processor from what is measured.
const device: ModbusDevice = {
  unit: 1,
  read: (area, address, atMs) =>
    area === "holding" && address < registers ? valueAt(atMs, address) & 0xffff : undefined,
  write: () => {},
};

const ports = await Promise.all(
  Array.from({ length: devices }, async () => (await openModbusTcp({ devices: [device] })).port),
);
process.stdout.write(`${JSON.stringify(ports)}\n`);

function valueAt(ms: number, address: number): number {
  const course = 1000 * Math.sin(ms / 60_000 + address);
  return Math.round(noise === 0 ? course : course + noise * drawn(ms, address));
}

/** Between -1 and 1, the same for the same moment and address, and like no other. */
function drawn(ms: number, address: number): number {
  const turns = Math.sin(ms * 12.9898 + address * 78.233) * 43_758.5453;
  return 2 * (turns - Math.floor(turns)) - 1;
}
