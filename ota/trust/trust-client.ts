import { mkdirSync } from "node:fs";
import type { TargetFile } from "@tufjs/models";
import { GatewayError } from "../../edge/core/errors.ts";
import { downloadTarget } from "./download.ts";
import { type Floor, NO_FLOOR, raised, type Seen, whyBelow } from "./floor.ts";
import { type FloorFiles, readFloor, writeFloor } from "./floor-file.ts";
import type { Patience } from "./mirrors.ts";
import type { Reader } from "./pace.ts";
import { Stage } from "./stage.ts";
import { StagedUpdater } from "./staged-updater.ts";
import type { Target } from "./target.ts";
import { targetName } from "./target-name.ts";
import { diskFault, verdictOf } from "./verdict.ts";

/** Where one copy of the repository stands. */
export type Mirror = {
  readonly metadataUrl: string;
  readonly targetsUrl: string;
};

/** What a trust client works with. */
export type TrustSettings = {
  readonly reader: Reader;
  /** A number in [0, 1), for the scatter of waits. */
  random(): number;
  readonly patience: Patience;
  /** Where the trusted metadata stand; one client at a time. */
  readonly metadataDir: string;
  readonly floorFiles: FloorFiles;
  /** The root metadata that came with the program. */
  readonly anchor: Uint8Array;
  /** When the program was built, in Unix milliseconds: it is never earlier than that. */
  readonly builtAtMs: number;
  /** Tried in this order; at least one. */
  readonly mirrors: readonly Mirror[];
  /** How many new root metadata are followed in one refresh; 256 where it is left out. */
  readonly rootRotationsMax?: number;
};

/** What a refresh found out. */
export type Fresh = {
  /** Until when what is known of releases counts as current, as signed: an ISO 8601 time. */
  readonly freshUntil: string;
  /** The clock was not synchronised: then no earlier time was assumed than the newest signed one. */
  readonly isTimeKnown: boolean;
  readonly versions: Pick<Floor, "root" | "timestamp" | "snapshot" | "roles">;
};

/**
 * Knows which releases are authentic, current and never older than what was seen before; fetches
 * them. Each method rejects with a `GatewayError` of the area `ota`, or the reason of its signal.
 */
export class TrustClient {
  readonly #settings: TrustSettings;
  #open: {
    readonly mirror: Mirror;
    readonly updater: StagedUpdater;
    readonly stage: Stage;
  } | null = null;

  constructor(settings: TrustSettings) {
    this.#settings = settings;
  }

  /** Learns what is current from the first mirror that can prove it. */
  async refresh(signal: AbortSignal): Promise<Fresh> {
    const { updater } = await this.#overMirrors(signal, (mirror) => this.#refresh(mirror, signal));
    const { root, timestamp, snapshot, roles } = updater.seen;
    return {
      freshUntil: updater.freshUntil ?? "",
      isTimeKnown: this.#isTimeKnown,
      versions: { root, timestamp, snapshot, roles },
    };
  }

  /** What the offline keys say of the target `path`. Refreshes where that was not done yet. */
  async find(path: string, signal: AbortSignal): Promise<Target> {
    const [file, isConsistent] = await this.#overMirrors(signal, async (mirror) => {
      const isSame = this.#open?.mirror === mirror;
      const { updater } = isSame && this.#open ? this.#open : await this.#refresh(mirror, signal);
      const found = await this.#settled(() => updater.find(path), signal);
      return [found, updater.isConsistent] as const;
    });
    if (file === undefined) {
      throw new GatewayError("ota.unknown-target", `nothing signed is called ${path}`);
    }
    return targetOf(file, isConsistent);
  }

  /**
   * Fetches `target` into `folder`, from whichever mirror has it, going on where it was cut off even
   * by an earlier process. Resolves with the file, which is whole, verified and on the disk. `onBytes`
   * hears how many of its bytes are there, whenever more are.
   */
  async download(
    target: Target,
    folder: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void = () => {},
  ): Promise<string> {
    const { reader, patience, mirrors } = this.#settings;
    const random = () => this.#settings.random();
    const urls = mirrors.map(({ targetsUrl }) => addressOf(targetsUrl, target.file));
    try {
      const download = { reader, random, patience, urls, target, folder, onBytes };
      return await downloadTarget(download, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw diskFault(error, `cannot keep ${targetName(target.path)}`);
    }
  }

  /**
   * The counter of the newest release that was confirmed here; 0 where none was. Throws `ota.disk`
   * where that cannot be read.
   */
  get releaseFloor(): number {
    return this.#readFloor().release;
  }

  /** Never again takes a release with a lower counter than `counter`. Throws `ota.disk`. */
  confirm(counter: number): void {
    const floor = this.#readFloor();
    try {
      const release = Math.max(floor.release, counter);
      writeFloor(this.#settings.floorFiles, { ...floor, release });
    } catch (error) {
      throw diskFault(error, "cannot keep which release was confirmed");
    }
  }

  #readFloor(): Floor {
    try {
      return readFloor(this.#settings.floorFiles);
    } catch (error) {
      throw diskFault(error, "cannot read which versions were seen before");
    }
  }

  get #isTimeKnown(): boolean {
    return this.#settings.reader.clock.state() !== "unsynced";
  }

  async #refresh(mirror: Mirror, signal: AbortSignal) {
    const { metadataDir, anchor, reader, builtAtMs, rootRotationsMax } = this.#settings;
    this.#open = null;
    try {
      mkdirSync(metadataDir, { recursive: true });
      const stage = new Stage(metadataDir, anchor);
      const updater = new StagedUpdater({
        folder: stage.folder,
        metadataUrl: mirror.metadataUrl,
        reader,
        nowMs: Math.max(1, builtAtMs, this.#readFloor().issuedMs, reader.clock.now()),
        rootRotationsMax: rootRotationsMax ?? 256,
        signal,
      });
      this.#open = { mirror, updater, stage };
    } catch (error) {
      throw verdictOf(diskFault(error, "cannot prepare a refresh"), this.#isTimeKnown);
    }
    const open = this.#open;
    await this.#settled(() => open.updater.refresh(), signal);
    return open;
  }

  /** Does `step`, then keeps what it verified, whether it came to its end or not. */
  async #settled<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const outcome = await step().then(
      (value) => ({ kind: "done", value }) as const,
      (error: unknown) => ({ kind: "failed", error }) as const,
    );
    try {
      signal.throwIfAborted();
      this.#keep(outcome.kind === "done");
    } catch (error) {
      this.#open = null;
      throw diskFault(error, "cannot keep the metadata");
    }
    if (outcome.kind === "done") return outcome.value;
    this.#open = null;
    throw verdictOf(outcome.error, this.#isTimeKnown);
  }

  /** The floor rises first: what is cut off between the two refuses too much, never too little. */
  #keep(isWhole: boolean): void {
    const open = this.#open;
    if (open === null) return;
    const { updater, stage } = open;
    const { floorFiles } = this.#settings;
    const floor = this.#readFloor();
    const changed = stage.changed();
    const seen = isWhole ? updater.seen : newOf(updater.seen, changed);
    const why = whyBelow(floor, seen);
    // On the way from an older root to the one seen before, which a cut may have ended.
    const isOnTheWay = !isWhole && changed.every((name) => name === "root.json");
    if (why !== null && !isOnTheWay) throw new GatewayError("ota.rollback", why);
    if (why === null) writeFloor(floorFiles, raised(floor, seen));
    stage.commit();
  }

  /** The first that succeeds; where none does, why, an operator's matter before a passing one. */
  async #overMirrors<T>(signal: AbortSignal, step: (mirror: Mirror) => Promise<T>): Promise<T> {
    let why: GatewayError | null = null;
    for (const mirror of this.#inOrder()) {
      try {
        return await step(mirror);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof GatewayError)) throw error;
        if (error.code === "ota.disk" || error.code === "ota.budget") throw error;
        if (why === null || (why.remedy === "retry" && error.remedy !== "retry")) why = error;
      }
    }
    throw why ?? new GatewayError("ota.unreachable", "no repository is configured");
  }

  /** That which answered last before the others. */
  #inOrder(): readonly Mirror[] {
    const { mirrors } = this.#settings;
    const last = this.#open?.mirror;
    return last === undefined ? mirrors : [last, ...mirrors.filter((mirror) => mirror !== last)];
  }
}

/** Of a refresh that failed only what it wrote counts: the rest may be old, and was not judged. */
function newOf(seen: Seen, changed: readonly string[]): Seen {
  const isNew = (name: string) => changed.includes(name);
  return {
    root: seen.root,
    keys: seen.keys,
    timestamp: isNew("timestamp.json") ? seen.timestamp : 0,
    issuedMs: isNew("timestamp.json") ? seen.issuedMs : 0,
    snapshot: isNew("snapshot.json") ? seen.snapshot : 0,
    roles: isNew("snapshot.json") ? seen.roles : NO_FLOOR.roles,
  };
}

function targetOf(target: TargetFile, isConsistent: boolean): Target {
  const { path, length, hashes, custom } = target;
  const [first] = Object.values(hashes);
  const slash = path.lastIndexOf("/") + 1;
  const file = `${path.slice(0, slash)}${first}.${path.slice(slash)}`;
  return { path, length, hashes, custom, file: isConsistent ? file : path };
}

/** Throws `ota.name` where `file` would lead out of what stands below `base`. */
function addressOf(base: string, file: string): string {
  const folder = new URL(base.endsWith("/") ? base : `${base}/`).href;
  const { href } = new URL(folder + (file.startsWith("/") ? file.slice(1) : file));
  if (href.startsWith(folder)) return href;
  throw new GatewayError("ota.name", `${file} lies outside of ${folder}`);
}
