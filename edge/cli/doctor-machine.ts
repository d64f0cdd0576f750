import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { identityDirIn } from "../../config/identity-dir.ts";
import type { Status } from "../control/status.ts";
import { GatewayError } from "../core/errors.ts";
import type { SecretStanding } from "../core/sealed.ts";
import type { SecretText } from "../core/secret-text.ts";
import type { WallMs } from "../core/time.ts";
import { journalIn, trialIn } from "../core/update-notes.ts";
import type { TlsSettings } from "../core/uplink.ts";
import type { ConfigOnDisk, MachineFacts, UpdateFacts } from "../doctor/machine-facts.ts";
import { clockSource } from "../world/clock-source.ts";
import { ConfigStore } from "../world/config-store.ts";
import { disksOf } from "../world/disks.ts";
import { firstBootOf } from "../world/first-boot-notes.ts";
import { keyStanding } from "../world/identity/files.ts";
import { ROOTS, type Roots } from "../world/kernel-file.ts";
import { type KeyFile, type KeyFileRole, keyFile } from "../world/key-file.ts";
import { memoryOf, processMemory } from "../world/memory.ts";
import { networkOf } from "../world/network.ts";
import { powerFlags, temperatures } from "../world/power-supply.ts";
import { releaseSlots, slotOf } from "../world/release-slots.ts";
import { latestProof } from "../world/time-proof.ts";
import { metadataAt, updateFiles } from "../world/update-files.ts";
import { uptimeNow } from "../world/uptime.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** So many of the latest steps of updates are looked at. */
const STEPS_MAX = 50;

/** What systemd touches whenever it knows the time (systemd-timesyncd.service(8)). */
const KEPT_CLOCK = "/var/lib/systemd/timesync/clock";

/** What is examined. */
export type Examined = {
  /** Path of the configuration. */
  readonly file: string;
  readonly config: GatewayConfig;
  readonly status: Status | null;
  readonly at: WallMs;
};

/** Finds out about the machine, by its files and by asking programs of it; nothing is sent. */
export async function gatherMachine(
  { file, config, status, at }: Examined,
  roots: Roots = ROOTS,
): Promise<MachineFacts> {
  const [power, clock] = await Promise.all([powerFlags(roots), clockSource()]);
  const database = join(config.buffer.dir, "lifeline.db");
  const proofs = [database, `${database}-wal`, resolve(file), MAIN, KEPT_CLOCK];
  return {
    bootedAt: (at - uptimeNow()) as WallMs,
    disks: disksOf([config.buffer.dir, dirname(resolve(file))], roots),
    power,
    temperatures: temperatures(roots),
    memory: memoryOf(roots),
    process: status === null ? null : processMemory(status.pid, roots),
    clock,
    proof: latestProof(proofs),
    network: networkOf(roots),
    files: keyFiles(config),
    secrets: secretsOf(config.buffer.dir),
    slots: releaseSlots(import.meta.dirname),
    updates: await updatesOf(config.buffer.dir),
    onDisk: onDisk(file),
    firstBoot: firstBootOf(config.buffer.dir),
  };
}

/** What became of the releases beside this one; null where there are none. */
async function updatesOf(dir: string): Promise<UpdateFacts | null> {
  const slot = slotOf(import.meta.dirname);
  if (slot === null) return null;
  const files = updateFiles(dir, import.meta.dirname);
  const steps = journalIn((await files.journal(0)).text).slice(-STEPS_MAX);
  return { trial: trialIn(await files.trial()), steps, metadataAt: metadataAt(slot.root) };
}

/** Who may not look into the folder of the identity is told nothing of it. */
function secretsOf(dir: string): SecretStanding | null {
  try {
    return keyStanding(identityDirIn(dir));
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

function onDisk(file: string): ConfigOnDisk {
  const store = new ConfigStore(file);
  const isOnTrial = store.isOnTrial();
  const changedAt = (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null) as WallMs | null;
  return { file, changedAt, isOnTrial, candidate: isOnTrial ? store.candidate : null };
}

/** The files that `config` refers to for what is secret, and for certificates; each once. */
function keyFiles(config: GatewayConfig): readonly KeyFile[] {
  const found = new Map<string, KeyFileRole>();
  for (const destination of config.destinations) {
    if (!("tls" in destination)) continue;
    for (const [path, role] of tlsFiles(destination.tls)) found.set(path, role);
    const secrets =
      destination.kind === "mqtt"
        ? [destination.username, destination.password]
        : Object.values(destination.headers);
    for (const path of secrets.flatMap(filesIn)) found.set(path, "password");
  }
  return Array.from(found, ([path, role]) => keyFile(path, role));
}

function tlsFiles({ ca, cert, key }: TlsSettings): readonly (readonly [string, KeyFileRole])[] {
  return [
    ...(ca === undefined ? [] : [[ca, "authority"] as const]),
    ...(cert === undefined ? [] : [[cert, "certificate"] as const]),
    ...(key === undefined ? [] : [[key, "key"] as const]),
  ];
}

function filesIn(text: SecretText | null): readonly string[] {
  return (text ?? []).flatMap((part) =>
    typeof part !== "string" && part.kind === "file" ? [part.path] : [],
  );
}
