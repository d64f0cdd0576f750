import { chmodSync, cpSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { PackedFile } from "../../ota/release/archive.ts";
import { UpdateSite } from "../release/update-story.ts";
import { bootMachine, type Machine } from "./machine.ts";

const GUARD = fileURLToPath(new URL("../../ota/install/boot-guard", import.meta.url));
const INSTALL = "/opt/lifeline";

/** Where the machine has this machine's Node. */
const NODE = "/srv/node";

/** Where the stick with releases is put in. */
export const STICK = "/srv/stick";

/** The command of the release that is in use. */
export const LIFELINE = `${INSTALL}/current/bin/lifeline`;

/** The file that tells the gateway what to do. */
export const CONFIG = "/etc/lifeline/gateway.yaml";

/** A bus that nobody answers on, and a centre that is away: what a new site looks like. */
export const NEW_SITE = `gateway: { id: gw-rig }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices:
  level:
    bus: line
    unit: 1
    points: { depth: { area: holding, address: 0, type: uint16, unit: m, every: 1s } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }
buffer: { dir: /var/lib/lifeline, max: 64MB }
`;

/** Where releases are installed in `machine`, seen from outside. */
export function installIn({ root }: Machine): string {
  return join(root, INSTALL);
}

/**
 * Boots a machine on which the release that is `program` is installed with its guard and its unit, not
 * yet started. `files` are added to its root. `updates` publishes releases onto the stick in it.
 */
export async function bootInstalled(
  program: readonly PackedFile[],
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly machine: Machine; readonly updates: UpdateSite }> {
  let updates: UpdateSite | null = null;
  const machine = await bootMachine(
    { [CONFIG.slice(1)]: NEW_SITE, ...files },
    { [dirname(process.execPath)]: NODE },
    (root) => {
      updates = new UpdateSite(join(root, INSTALL), join(root, STICK), join(NODE, "node"));
      updates.install({ files: program });
      cpSync(GUARD, join(root, INSTALL, "boot-guard"));
      chmodSync(join(root, INSTALL, "boot-guard"), 0o755);
    },
  );
  const { code, text } = await machine.run("chown -R lifeline: /etc/lifeline");
  if (code !== 0 || updates === null) throw new Error(text);
  return { machine, updates };
}
