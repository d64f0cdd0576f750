import { setTimeout as sleep } from "node:timers/promises";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import type { Fault } from "./fault.ts";

/** What can be wrong with a whole line. */
export const BUS_FAULTS: readonly Fault[] = [
  {
    name: "an adapter is unplugged",
    expected: "bus.unplugged",
    subject: "line",
    isQuick: true,
    examine: async ({ defer, doctor }) => {
      const devices = [1, 2].map((unit) => modbusDevice(unit, [SIGNAL]));
      const line = openModbusLine({ baud: 19_200, devices });
      defer(() => line.close());
      const home = gatewayHome(yamlOf(line.path));
      const gateway = await home.start();
      defer(() => gateway.end("SIGKILL"));
      line.unplug();
      await gateway.waitFor(/bus line closed/, 10_000);
      await sleep(500);
      return doctor(home.config);
    },
  },
];

const SIGNAL = { area: "holding", address: 0, type: "uint16", valueAt: () => 7 } as const;

function yamlOf(path: string): string {
  const points = "points: { x: { area: holding, address: 0, type: uint16 } }";
  return `buses: { line: { kind: modbus-rtu, port: ${path}, baud: 19200, format: 8N1 } }
devices:
  a: { bus: line, unit: 1, every: 500ms, ${points} }
  b: { bus: line, unit: 2, every: 500ms, ${points} }`;
}
