import { chmodSync, cpSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { PackedFile } from "../../ota/release/archive.ts";
import { RUNTIME_NAME } from "../../ota/release/runtime.ts";
import { installRelease } from "../release/installed-release.ts";
import { bootMachine, type Machine } from "./machine.ts";

const GUARD = fileURLToPath(new URL("../../ota/install/boot-guard", import.meta.url));
const INSTALL = "/opt/lifeline";

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
 * Boots a machine on which release `version`, which is `program`, is installed with its guard and its
 * unit, not yet started. `files` are added to its root.
 */
export async function bootInstalled(
  version: string,
  program: readonly PackedFile[],
  files: Readonly<Record<string, string>> = {},
): Promise<Machine> {
  const node = join(INSTALL, "runtimes", RUNTIME_NAME, "bin");
  const machine = await bootMachine(
    { [CONFIG.slice(1)]: NEW_SITE, ...files },
    { [dirname(process.execPath)]: node },
    (root) => {
      installRelease(join(root, INSTALL), version, program);
      cpSync(GUARD, join(root, INSTALL, "boot-guard"));
      chmodSync(join(root, INSTALL, "boot-guard"), 0o755);
    },
  );
  const { code, text } = await machine.run("chown -R lifeline: /etc/lifeline");
  if (code !== 0) throw new Error(text);
  return machine;
}
