import process from "node:process";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";

/**
 * A process of its own that serves DEVICES Modbus TCP devices with REGISTERS holding registers
 * each, all changing, each value off its course by up to NOISE, and prints their ports as JSON:
 * `node plant.ts DEVICES REGISTERS [NOISE]`.
 */
const [devices = 10, registers = 100, noise = 0] = process.argv.slice(2).map(Number);

const ports = await Promise.all(
  Array.from({ length: devices }, async () => {
    const signals = Array.from({ length: registers }, (_, address) => ({
      area: "holding" as const,
      address,
      type: "int16" as const,
      valueAt: (ms: number) =>
        Math.round(1000 * Math.sin(ms / 60_000 + address) + noise * drawn(ms, address)),
    }));
    return (await openModbusTcp({ devices: [modbusDevice(1, signals)] })).port;
  }),
);
process.stdout.write(`${JSON.stringify(ports)}\n`);

/** Between -1 and 1, the same for the same moment and address, and like no other. */
function drawn(ms: number, address: number): number {
  const turns = Math.sin(ms * 12.9898 + address * 78.233) * 43_758.5453;
  return 2 * (turns - Math.floor(turns)) - 1;
}
