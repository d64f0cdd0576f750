/**
 * The command line by which the public suite tuf-conformance drives a client: the trust client of
 * the gateway, unchanged, over the real network, disk and clock.
 *
 *     main.ts --metadata-dir DIR init TRUSTED_ROOT
 *     main.ts --metadata-dir DIR --metadata-url URL refresh
 *     main.ts --metadata-dir DIR --metadata-url URL --target-name NAME --target-base-url URL
 *             --target-dir DIR download
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { GatewayError } from "../../edge/core/errors.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { RealRepositoryTransport } from "../../edge/world/repository.ts";
import { LEAST_PACE } from "../../ota/trust/pace.ts";
import { TrustClient } from "../../ota/trust/trust-client.ts";

const OPTIONS = {
  "metadata-dir": { type: "string" },
  "metadata-url": { type: "string" },
  "target-name": { type: "string" },
  "target-base-url": { type: "string" },
  "target-dir": { type: "string" },
} as const;

const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
const { signal } = new AbortController();

/** What `--NAME` was given; throws where it was not. */
function given(name: keyof typeof OPTIONS): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

/** Beside the folder, in which the suite takes every `.json` for metadata. */
function beside(name: string): string {
  return `${given("metadata-dir").replace(/\/+$/, "")}.${name}`;
}

function init(rootFile: string): void {
  const root = readFileSync(rootFile);
  mkdirSync(given("metadata-dir"), { recursive: true });
  for (const name of ["floor-a", "floor-b"]) rmSync(beside(name), { force: true });
  writeFileSync(beside("anchor"), root);
  writeFileSync(join(given("metadata-dir"), "root.json"), root);
}

function client(): TrustClient {
  return new TrustClient({
    reader: {
      transport: new RealRepositoryTransport(),
      clock: new SystemClock(),
      pace: LEAST_PACE,
    },
    random: Math.random,
    patience: { backoff: { firstMs: 200, maxMs: 2_000 }, triesMax: 2 },
    metadataDir: given("metadata-dir"),
    floorFiles: [beside("floor-a"), beside("floor-b")],
    anchor: readFileSync(beside("anchor")),
    builtAtMs: 1,
    mirrors: [
      { metadataUrl: given("metadata-url"), targetsUrl: values["target-base-url"] ?? "file:///" },
    ],
  });
}

async function download(): Promise<void> {
  const trust = client();
  // The suite expects what is current to be learnt before anything is looked for.
  await trust.refresh(signal);
  const target = await trust.find(given("target-name"), signal);
  await trust.download(target, given("target-dir"), signal);
}

async function run(): Promise<void> {
  const [command, operand = ""] = positionals;
  if (command === "init") init(operand);
  else if (command === "refresh") await client().refresh(signal);
  else if (command === "download") await download();
  else throw new Error("say init TRUSTED_ROOT, refresh or download");
}

try {
  await run();
} catch (error) {
  console.error(error instanceof GatewayError ? `${error.code}: ${error.message}` : String(error));
  process.exitCode = 1;
}
