import type { Block, BlockPoint } from "./block.ts";

/** The gateway's id in the demo. */
export const GATEWAY = "demo-block";

/** Where the simulated block is to be found. */
export type Whereabouts = {
  readonly manholePort: string;
  readonly streetPort: string;
  readonly bridgePort: number;
  readonly brokerPort: number;
  readonly bufferDir: string;
  readonly controlSocket: string;
};

/** The `gateway.yaml` of the demo; `onDelayMs` is that of the gas alarms. */
export function gatewayYaml(block: Block, where: Whereabouts, onDelayMs: number): string {
  const devices = block.devices.map(({ name, bus, unit, points }) => {
    const lines = points.map((point) => `      ${point.point}: ${pointYaml(point)}`);
    return [`  ${name}:`, `    bus: ${bus}`, `    unit: ${unit}`, "    points:", ...lines].join(
      "\n",
    );
  });
  const gas = `deadband: 2, onDelay: ${Math.round(onDelayMs)}ms`;
  return `gateway:
  id: ${GATEWAY}
  site: { name: Simulated block, asset: RQ-310115-0007, position: [31.2304, 121.4737] }

buses:
  manhole: { kind: modbus-rtu, port: ${quoted(where.manholePort)}, baud: 9600, format: "8N1" }
  street:  { kind: modbus-rtu, port: ${quoted(where.streetPort)}, baud: 19200, format: "8E1" }
  bridge:  { kind: modbus-tcp, host: 127.0.0.1, port: ${where.bridgePort} }

devices:
${devices.join("\n")}

alarms:
  gas-1-low:  { point: gas-1.methane, high: 25, ${gas}, severity: yellow }
  gas-1-high: { point: gas-1.methane, high: 50, ${gas}, severity: red }
  gas-2-low:  { point: gas-2.methane, high: 25, ${gas}, severity: yellow }
  gas-2-high: { point: gas-2.methane, high: 50, ${gas}, severity: red }
  main-burst: { point: main-1.pressure, low: 0.2, deadband: 0.02, severity: orange }
  cover-open: { point: manhole.cover, high: 1, severity: blue }

destinations:
  centre: { kind: mqtt, url: mqtt://127.0.0.1:${where.brokerPort} }

buffer: { dir: ${quoted(where.bufferDir)}, max: 64MB, commit: 500ms, holdUnsynced: 0ms }
control: { socket: ${quoted(where.controlSocket)} }
`;
}

function pointYaml({ signal, unit, everyMs }: BlockPoint): string {
  const { area, address, type, order, scale } = signal;
  const fields = [
    `area: ${area}`,
    `address: ${address}`,
    `type: ${type}`,
    ...(order === undefined ? [] : [`order: ${order}`]),
    ...(scale === undefined || scale === 1 ? [] : [`scale: ${scale}`]),
    ...(unit === null ? [] : [`unit: ${quoted(unit)}`]),
    `every: ${everyMs}ms`,
  ];
  return `{ ${fields.join(", ")} }`;
}

/** A JSON string is a YAML string. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
