import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { verdictText } from "../../../edge/core/update-notes.ts";
import type { Activation } from "../../../ota/install/activate.ts";
import { foldersIn, type InstallFolders } from "../../../ota/install/folders.ts";
import { keepManifest } from "../../../ota/install/install.ts";
import { appendJournal, readJournal } from "../../../ota/install/journal.ts";
import { Progress } from "../../../ota/install/progress.ts";
import { Updater } from "../../../ota/install/updater.ts";
import { parseManifest } from "../../../ota/release/manifest.ts";
import { LEAST_PACE } from "../../../ota/trust/pace.ts";
import { TrustClient } from "../../../ota/trust/trust-client.ts";
import { SIM_EPOCH, SimClock } from "../../sim/clock.ts";
import { MemoryTransport } from "../../tuf/memory-transport.ts";
import { SignedRepository } from "../../tuf/signed-repository.ts";
import { offer, type SmallRelease, smallRelease, unpackInto } from "../../tuf/small-release.ts";

/** The boot guard of the product. */
export const GUARD = join(import.meta.dirname, "../../../ota/install/boot-guard");

const PROGRAM = Buffer.from("console.log('a gateway');\n".repeat(800));
const NODE = Buffer.from("the engine\n".repeat(6_000));

/** What runs; the next one, which a delta leads to; and one with a runtime of its own. */
export const RELEASES = {
  first: smallRelease(1, PROGRAM, NODE),
  second: smallRelease(2, Buffer.concat([PROGRAM, Buffer.from("// 2")]), NODE),
  third: smallRelease(3, PROGRAM, Buffer.concat([NODE, Buffer.from("3")]), "node-24.22.0"),
} as const;

/** The name of one of `RELEASES`. */
export type ReleaseName = keyof typeof RELEASES;

/** What is served: all of it, what the box knows when it begins, and what was there before that. */
type Hosts = Readonly<Record<"now" | "known" | "old", ReadonlyMap<string, Uint8Array>>>;

/** Writes the repositories into the new folder `folder`, for boxes of other processes. */
export function publishInto(folder: string): void {
  const repository = new SignedRepository();
  offer(repository, RELEASES.first);
  const old = new Map(repository.files);
  const known = new Map(repository.publish().files);
  offer(repository, RELEASES.second, { from: RELEASES.first });
  offer(repository, RELEASES.third);
  for (const [host, files] of Object.entries({ now: repository.files, known, old })) {
    mkdirSync(join(folder, host), { recursive: true });
    for (const [path, bytes] of files) {
      writeFileSync(join(folder, host, encodeURIComponent(path)), bytes);
    }
  }
}

function filesIn(folder: string): ReadonlyMap<string, Uint8Array> {
  return new Map(
    readdirSync(folder).map((name) => [decodeURIComponent(name), readFileSync(join(folder, name))]),
  );
}

/** A gateway with small releases, whose folders stand in `dir`; no gateway runs on it. */
export class Box {
  readonly folders: InstallFolders;
  readonly clock = new SimClock();
  readonly signal = new AbortController().signal;
  readonly #hosts: Hosts;
  readonly #state: string;

  /** `repositories`: what `publishInto` wrote. */
  constructor(dir: string, repositories: string) {
    this.#state = join(dir, "var");
    this.folders = foldersIn(join(dir, "opt"), this.#state);
    const filesOf = (host: string) => filesIn(join(repositories, host));
    this.#hosts = { now: filesOf("now"), known: filesOf("known"), old: filesOf("old") };
  }

  /** Has `first` installed and kept, on a box that knows what is published. */
  async factory(): Promise<void> {
    const { releases, runtimes, current, journal } = this.folders;
    const { version, runtimeName, application, runtime } = RELEASES.first;
    const slot = unpackInto(join(releases, version), application);
    unpackInto(join(runtimes, runtimeName), runtime);
    symlinkSync(join("..", "..", "runtimes", runtimeName), join(slot, "runtime"));
    symlinkSync(join("releases", version), current);
    mkdirSync(join(this.#state, "update"), { recursive: true });
    keepManifest(this.folders, parseManifest(this.#manifest(version)));
    const { now, boot } = { now: this.clock.now(), boot: this.clock.boot };
    const line = { step: "committed", release: version, from: null, reason: null } as const;
    appendJournal(journal, { at: now, boot, ...line });
    await this.passing(this.trust("known").refresh(this.signal));
  }

  trust(host: keyof Hosts = "now"): TrustClient {
    const { trust } = this.folders;
    return new TrustClient({
      reader: {
        transport: new MemoryTransport(this.#hosts, this.clock),
        clock: this.clock,
        pace: LEAST_PACE,
      },
      random: () => 0.5,
      patience: { backoff: { firstMs: 1_000, maxMs: 60_000 }, triesMax: 3 },
      metadataDir: join(trust, "metadata"),
      floorFiles: [join(trust, "floor"), join(this.folders.root, "floor")],
      anchor: this.#hosts.now.get("metadata/1.root.json") ?? Buffer.alloc(0),
      builtAtMs: SIM_EPOCH,
      mirrors: [{ metadataUrl: `mem://${host}/metadata`, targetsUrl: `mem://${host}/targets` }],
    });
  }

  updater(): Updater {
    return new Updater({
      folders: this.folders,
      clock: this.clock,
      own: { hardware: "pi4", channel: "stable" },
      trust: this.trust(),
      config: "gateway.yaml",
      gateway: { permit: async () => null, restart: async () => null },
      progress: new Progress(this.folders.progress, this.clock),
      tell: () => {},
    });
  }

  get activation(): Activation {
    return { folders: this.folders, clock: this.clock, command: null };
  }

  prepare(release: ReleaseName): Promise<string> {
    return this.passing(this.updater().prepare(RELEASES[release].version, this.signal));
  }

  /** Has `release` fetched, installed and put in place, on trial. */
  async bring(release: ReleaseName): Promise<void> {
    const wanted = { release: RELEASES[release].version, command: null, anyTime: true };
    await this.passing(this.updater().bring(wanted, this.signal));
  }

  /** The command line of the guard, as it is run before each start. */
  get guardCommand(): readonly string[] {
    return ["sh", GUARD, this.folders.root, this.#state];
  }

  /** Starts as after power-up: what is wrong with that; and the release that is started. */
  boot(): { readonly fault: string | null; readonly started: string } {
    const [shell = "", ...operands] = this.guardCommand;
    const guard = spawnSync(shell, operands, { encoding: "utf8", timeout: 60_000 });
    if (guard.status !== 0) return { fault: `the guard ends with ${guard.status}`, started: "" };
    const started = basename(readlinkSync(this.folders.current));
    return { fault: this.#faultOf(started), started };
  }

  /** What the release that was started says of itself. */
  says(verdict: "healthy" | "unhealthy", release: ReleaseName): void {
    const reason = verdict === "healthy" ? "online" : "update.memory";
    const { version } = RELEASES[release];
    const at = this.clock.now();
    writeFileSync(
      this.folders.verdict,
      verdictText({ release: version, boot: this.clock.boot, verdict, reason, at }),
    );
  }

  /** The lines of the journal, as `STEP VERSION`. */
  get steps(): readonly string[] {
    return readJournal(this.folders.journal).map(({ step, release }) => `${step} ${release}`);
  }

  /** What `promise` comes to, while virtual time passes. */
  async passing<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    promise.then(end, end);
    while (!isOver) {
      for (let turn = 0; turn < 200 && !isOver; turn++) await new Promise(setImmediate);
      if (!isOver) await this.clock.advance(1_000);
    }
    return promise;
  }

  /** Whether what is started is whole, to the byte: so it runs, whatever its program does. */
  #faultOf(version: string): string | null {
    const release = Object.values(RELEASES).find((each) => each.version === version);
    if (release === undefined) return `${version} is started, which is no release`;
    const slot = join(this.folders.current, "/");
    const wrong = [
      ...wrongIn(slot, release.application),
      ...wrongIn(join(slot, "runtime"), release.runtime),
    ];
    return wrong.length === 0 ? null : `${version} is started, whose ${wrong.join(", ")} is wrong`;
  }

  #manifest(version: string): Uint8Array {
    const files = this.#hosts.now;
    const [, bytes] = [...files].find(([path]) => path.endsWith(`.${version}.release.json`)) ?? [];
    if (bytes === undefined) throw new Error(`${version} is not published`);
    return bytes;
  }
}

function wrongIn(folder: string, files: SmallRelease["application"]): readonly string[] {
  return files
    .filter(({ path, bytes }) => {
      try {
        return !readFileSync(join(folder, path)).equals(bytes());
      } catch {
        return true;
      }
    })
    .map(({ path }) => path);
}
