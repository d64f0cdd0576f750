import { randomBytes } from "node:crypto";
import fs, { existsSync, readFileSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { testOnDisk } from "../power-cut/test-on-disk.ts";
import { startVolatileDisk, type VolatileDisk } from "../power-cut/volatile-disk.ts";
import { Random } from "../sim/random.ts";
import { SignedRepository } from "./signed-repository.ts";
import { codeOf, TrustRig } from "./trust-rig.ts";

const CUTS = 16;
/** So much harm shows that the cuts would find what is not flushed. */
const HARM = 5;
/** More than what is flushed at once, so that cuts fall into the middle of it. */
const TARGET_BYTES = 1_500_000;
/** How long a client may go on before the power goes. */
const WITHIN_MS = 150;
const seed = Number(process.env.POWER_CUT_SEED ?? Date.now() % 2 ** 32);

/** A gateway whose folders stand on a disk whose power is cut. */
class CutGateway {
  readonly #repository = new SignedRepository().publish();
  readonly #old = new Map<string, Uint8Array>();
  readonly #rig: TrustRig;
  readonly #disk: VolatileDisk;
  readonly #random = new Random(seed);
  /** What was said to be trusted or fetched before the power went. */
  #trusted = 0;
  #target = { path: "", bytes: Buffer.alloc(0), isFetched: false };
  readonly faults: string[] = [];
  cutAmid = 0;

  constructor(t: ExecutionContext, disk: VolatileDisk) {
    this.#rig = new TrustRig(t, this.#repository, { old: this.#old });
    this.#disk = disk;
    disk.format();
  }

  /** Publishes, has it fetched, cuts the power meanwhile, and looks at what is left. */
  async round(cut: number): Promise<void> {
    this.#mount();
    const bytes = randomBytes(TARGET_BYTES);
    this.#target = { path: `pi4/stable/app-${cut}.tar`, bytes, isFetched: false };
    this.#repository.addTarget(this.#target.path, bytes);
    this.#repository.publish();
    const working = codeOf(this.#fetch());
    await sleep(this.#random.between(0, WITHIN_MS));
    await this.#disk.cut();
    if ((await working) !== "accepted") this.cutAmid += 1;
    this.#disk.unmount();
    await this.#disk.powerOn();
    this.#mount();
    await this.#examine(cut);
    // The disk is small.
    rmSync(join(this.#disk.dir, "targets"), { recursive: true });
    this.#disk.unmount();
    this.#old.clear();
    for (const [name, file] of this.#repository.files) this.#old.set(name, file);
  }

  #mount(): void {
    const refused = this.#disk.mount("barrier=1,commit=300");
    if (refused !== null) throw new Error(refused);
  }

  #client(...hosts: readonly string[]) {
    return this.#rig.client({
      metadataDir: join(this.#disk.dir, "metadata"),
      floorFiles: [join(this.#disk.dir, "floor-a"), join(this.#disk.dir, "b", "floor")],
      mirrors: hosts.map((host) => ({
        metadataUrl: `mem://${host}/metadata`,
        targetsUrl: `mem://${host}/targets`,
      })),
    });
  }

  async #fetch(): Promise<void> {
    const { signal } = this.#rig;
    const client = this.#client("repo");
    await this.#rig.passing(client.refresh(signal));
    this.#trusted = this.#repository.versions.timestamp;
    const target = await this.#rig.passing(client.find(this.#target.path, signal));
    await this.#rig.passing(client.download(target, join(this.#disk.dir, "targets"), signal));
    this.#target = { ...this.#target, isFetched: true };
  }

  async #examine(cut: number): Promise<void> {
    const { path, bytes, isFetched } = this.#target;
    const fault = (text: string) => this.faults.push(`cut ${cut}: ${text}`);
    const file = join(this.#disk.dir, "targets", encodeURIComponent(path));
    if (!existsSync(file)) {
      if (isFetched) fault("a target that was fetched is gone");
    } else if (!readFileSync(file).equals(bytes)) fault("a target is not what it was signed to be");
    const isNewTrusted = this.#trusted === this.#repository.versions.timestamp;
    if (isNewTrusted && this.#old.size > 0) {
      const code = await codeOf(this.#rig.passing(this.#client("old").refresh(this.#rig.signal)));
      if (code !== "ota.rollback") fault(`an old repository: ${code}`);
    }
    const code = await codeOf(this.#fetch());
    if (code !== "accepted") fault(`the right repository: ${code}`);
    else if (!readFileSync(file).equals(bytes)) fault("a target that was fetched again is wrong");
  }
}

/** What was found wrong after `cuts` cuts, or after so many of them that it is enough. */
async function faultsOf(t: ExecutionContext, cuts: number, enough: number): Promise<number> {
  const disk = await startVolatileDisk(seed);
  try {
    const gateway = new CutGateway(t, disk);
    let cut = 0;
    while (cut < cuts && gateway.faults.length < enough) await gateway.round(++cut);
    t.log(`${cut} power cuts, ${gateway.cutAmid} amid the work`, ...gateway.faults);
    return gateway.faults.length;
  } finally {
    await disk.close();
  }
}

/** What `work` comes to where nothing that is flushed is flushed. */
async function withoutFlushing<T>(work: () => Promise<T>): Promise<T> {
  await using file = await open(import.meta.filename);
  const handles = Object.getPrototypeOf(file) as Pick<FileHandle, "sync">;
  const kept = { fsyncSync: fs.fsyncSync, sync: handles.sync };
  fs.fsyncSync = () => {};
  handles.sync = () => Promise.resolve();
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    fs.fsyncSync = kept.fsyncSync;
    handles.sync = kept.sync;
    syncBuiltinESMExports();
  }
}

testOnDisk(
  "after every power cut what was trusted stays trusted and nothing is half there, by the flushes",
  async (t: ExecutionContext) => {
    t.timeout(110_000);
    t.log(`to draw the same moments again: POWER_CUT_SEED=${seed}`);
    t.is(await faultsOf(t, CUTS, 1), 0);
    t.true((await withoutFlushing(() => faultsOf(t, CUTS, HARM))) >= HARM);
  },
);
