import type { Child } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";

/** A line of equal devices, units 1 to `devices`, and how they are read. */
export type ReadLine = {
  readonly path: string;
  readonly baud: number;
  readonly devices: number;
  /** Holding registers of each, from 0 on, each a point. */
  readonly registers: number;
  readonly everyMs: number;
  readonly timeoutMs: number;
};

/** Starts the whole gateway, with its buffer, on a line. */
export async function startGateway(line: ReadLine): Promise<Child> {
  const { path, baud, devices, registers, everyMs, timeoutMs } = line;
  const points = Array.from(
    { length: registers },
    (_, n) => `p${n}: { area: holding, address: ${n}, type: uint16 }`,
  ).join(", ");
  const settings = `kind: modbus-rtu, port: ${path}, baud: ${baud}, format: "8E1"`;
  const device = (n: number) =>
    `  d${n}: { bus: line, unit: ${n}, every: ${everyMs}ms, points: { ${points} } }`;
  const home = gatewayHome(
    [
      `buses: { line: { ${settings}, timeout: ${timeoutMs}ms } }`,
      "devices:",
      ...Array.from({ length: devices }, (_, n) => device(n + 1)),
    ].join("\n"),
    { commit: "1s" },
  );
  return await home.start();
}
