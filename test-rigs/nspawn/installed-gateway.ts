import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { bootMachine, type Machine } from "./machine.ts";

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));
const SLOT = "/opt/lifeline/releases/0.1.0";

/** The command of the release that is in use. */
export const LIFELINE = "/opt/lifeline/current/bin/lifeline";

/** A bus that nobody answers on, and a centre that is away: what a new site looks like. */
const GATEWAY_YAML = `gateway: { id: gw-rig }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1502 } }
devices:
  level:
    bus: line
    unit: 1
    points: { depth: { area: holding, address: 0, type: uint16, unit: m, every: 1s } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1883" } }
buffer: { dir: /var/lib/lifeline, max: 64MB }
`;

const LAUNCHER = `#!/bin/sh
exec ${SLOT}/runtime/bin/node ${NODE_FLAGS.join(" ")} ${SLOT}/app/edge/main.ts "$@"
`;

/**
 * Boots a machine on which this checkout is installed as release 0.1.0 and its unit is there, not
 * yet started. `files` are added to its root.
 */
export async function bootInstalled(
  files: Readonly<Record<string, string>> = {},
): Promise<Machine> {
  const machine = await bootMachine(
    {
      [`${SLOT.slice(1)}/bin/lifeline`]: LAUNCHER,
      "etc/lifeline/gateway.yaml": GATEWAY_YAML,
      ...files,
    },
    { [CHECKOUT]: `${SLOT}/app`, [dirname(process.execPath)]: `${SLOT}/runtime/bin` },
  );
  const { code, text } = await machine.run(
    "ip link set lo up; chown -R lifeline: /etc/lifeline; ln -s releases/0.1.0 /opt/lifeline/current",
  );
  if (code !== 0) throw new Error(text);
  return machine;
}
