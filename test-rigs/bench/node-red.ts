import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import type { FlowNode } from "./node-red-flow.ts";

/** Outside of the project: nothing here depends on it. */
const CACHE = join(tmpdir(), "lifeline-bench-node-red");

/**
 * The fork of modbus-serial that the nodes ask for is at an address beside the npm registry: what
 * it was forked from stands in for it.
 */
const WANTED = {
  name: "lifeline-bench-node-red",
  private: true,
  dependencies: { "node-red": "5.0.7", "node-red-contrib-modbus": "5.60.2" },
  overrides: { "@openp4nr/modbus-serial": "npm:modbus-serial@8.0.25" },
};
const INSTALL_MS = 300_000;
const START_MS = 60_000;

/** What is installed, with its versions. */
export const NODE_RED_VERSIONS: string = Object.entries(WANTED.dependencies)
  .map((each) => each.join(" "))
  .join(", ");

/** Starts `flow` in a Node-RED that is installed, without an editor or any port. */
export async function startNodeRed(flow: readonly FlowNode[]): Promise<Child> {
  const dir = tempDir("node-red");
  writeFileSync(join(dir, "flows.json"), JSON.stringify(flow));
  writeFileSync(
    join(dir, "settings.js"),
    `module.exports = ${JSON.stringify({
      ...{ flowFile: "flows.json", httpAdminRoot: false, httpNodeRoot: false },
      telemetry: { enabled: false, updateNotification: false },
      externalModules: { palette: { allowInstall: false } },
      logging: { console: { level: "info", metrics: false, audit: false } },
    })}`,
  );
  const program = join(CACHE, "node_modules", "node-red", "red.js");
  const child = startChild(process.execPath, [program, "--userDir", dir]);
  await child.waitFor(/Started flows/, START_MS);
  return child;
}

function isInstalled(): boolean {
  return Object.entries(WANTED.dependencies).every(([name, version]) => {
    const file = join(CACHE, "node_modules", name, "package.json");
    if (!existsSync(file)) return false;
    return (JSON.parse(readFileSync(file, "utf8")) as { version?: string }).version === version;
  });
}

let installing: Promise<void> | null = null;

/**
 * Has npm install it into a cache, where it is not yet. Throws where that fails, saying why; it is
 * not tried again.
 */
export function installNodeRed(): Promise<void> {
  installing ??= install();
  return installing;
}

async function install(): Promise<void> {
  if (isInstalled()) return;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, "package.json"), JSON.stringify(WANTED, null, 2));
  const flags = [
    "--prefix",
    CACHE,
    "--ignore-scripts",
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
  ];
  const npm = startChild("npm", ["install", ...flags]);
  const timer = setTimeout(() => void npm.end("SIGTERM"), INSTALL_MS);
  const code = await npm.exited.finally(() => clearTimeout(timer));
  if (code === 0 && isInstalled()) return;
  const why = npm.lines.findLast((line) => /npm (error|ERR!) network/.test(line)) ?? npm.lines[0];
  throw new Error(`npm install ended with ${code}: ${why ?? "no reason given"}`);
}
