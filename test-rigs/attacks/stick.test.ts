import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import type { ErrorCode } from "../../edge/core/errors.ts";
import type { Clock } from "../../edge/core/time.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { RealRepositoryTransport } from "../../edge/world/repository.ts";
import { LEAST_PACE } from "../../ota/trust/pace.ts";
import { tempDir } from "../processes/child.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import { FIRST, InstallRig, next } from "../tuf/install-rig.ts";
import { SignedRepository } from "../tuf/signed-repository.ts";
import { offer } from "../tuf/small-release.ts";
import { codeOf } from "../tuf/trust-rig.ts";

/** Time passes as it does for a real stick; what is signed does not run out of date. */
function clockOf(real: SystemClock): Clock {
  return {
    now: () => SIM_EPOCH,
    uptime: () => real.uptime(),
    state: () => "synced",
    isStateKnown: () => true,
    boot: real.boot,
    sleep: (ms, signal) => real.sleep(ms, signal),
  };
}

/** Writes `repository` where a stick would be. */
function stickOf({ files }: Pick<SignedRepository, "files">): string {
  const stick = tempDir("stick");
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(stick, path)), { recursive: true });
    writeFileSync(join(stick, path), bytes);
  }
  return stick;
}

/** A gateway that has seen what its repository holds, and a stick. */
class StickRig extends InstallRig {
  readonly #signal = new AbortController().signal;

  async bringFrom(stick: string): Promise<unknown> {
    const base = pathToFileURL(stick).href;
    const updater = this.updater({
      reader: {
        transport: new RealRepositoryTransport(),
        clock: clockOf(new SystemClock()),
        pace: LEAST_PACE,
      },
      patience: { backoff: { firstMs: 1, maxMs: 1 }, triesMax: 1 },
      mirrors: [{ metadataUrl: `${base}/metadata`, targetsUrl: `${base}/targets` }],
    });
    return await updater.bring({ release: null, command: null, anyTime: true }, this.#signal);
  }
}

test("a good stick brings the newest release, as the network would", async (t) => {
  const rig = new StickRig(t);
  t.like(await rig.bringFrom(stickOf(rig.repository)), { kind: "on-trial" });
  t.is(rig.current, "0.2.0");
});

/** The one file below `folder` of `stick` whose name `pattern` matches. */
function fileOf(stick: string, folder: string, pattern: RegExp): string {
  const names = readdirSync(join(stick, folder)).filter((name) => pattern.test(name));
  if (names[0] === undefined) throw new Error(`no ${pattern} in ${folder}`);
  return join(stick, folder, names[0]);
}

const TARGETS = join("targets", "pi4", "stable");

/** What a person finds in a drawer, or somebody puts there. */
const STICKS: Readonly<
  Record<string, readonly [ErrorCode, (rig: StickRig) => string | Promise<string>]>
> = {
  "is older than what the gateway has seen": [
    "ota.rollback",
    async (rig) => {
      const stick = stickOf(rig.repository);
      rig.offer(next(3));
      await rig.trust.refresh();
      return stick;
    },
  ],
  "lay about until it ran out": [
    "ota.expired",
    (rig) => {
      rig.repository.expires = "2025-12-31T00:00:00Z";
      rig.repository.publish();
      return stickOf(rig.repository);
    },
  ],
  "is another customer's": [
    "ota.signature",
    () => {
      const other = new SignedRepository();
      offer(other, FIRST);
      offer(other, next(4));
      for (let turn = 0; turn < 5; turn++) other.publish();
      other.publishRoot();
      return stickOf(other);
    },
  ],
  "holds nothing": ["ota.absent", () => tempDir("stick")],
  "was pulled before the metadata were whole": [
    "ota.malformed",
    (rig) => {
      const stick = stickOf(rig.repository.publish());
      truncateSync(join(stick, "metadata", "timestamp.json"), 100);
      return stick;
    },
  ],
  "lacks a file of the metadata": [
    "ota.absent",
    (rig) => {
      const stick = stickOf(rig.repository.publish());
      rmSync(
        fileOf(stick, "metadata", new RegExp(`^${rig.repository.versions.targets}\\.targets`)),
      );
      return stick;
    },
  ],
  "lacks the manifest": [
    "ota.absent",
    (rig) => {
      const stick = stickOf(rig.repository);
      rmSync(fileOf(stick, TARGETS, /\.latest\.release\.json$/));
      return stick;
    },
  ],
  "lacks the archive": [
    "ota.absent",
    (rig) => {
      const stick = stickOf(rig.repository);
      rmSync(fileOf(stick, TARGETS, /lifeline-0\.2\.0\.tar\.zst$/));
      return stick;
    },
  ],
  "was pulled amid the archive": [
    "ota.unreachable",
    (rig) => {
      const stick = stickOf(rig.repository);
      const file = fileOf(stick, TARGETS, /lifeline-0\.2\.0\.tar\.zst$/);
      truncateSync(file, 100);
      return stick;
    },
  ],
  "holds an archive of which a bad cell changed a byte": [
    "ota.hash",
    (rig) => {
      const stick = stickOf(rig.repository);
      const file = fileOf(stick, TARGETS, /lifeline-0\.2\.0\.tar\.zst$/);
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.with(60, (bytes[60] ?? 0) ^ 1));
      return stick;
    },
  ],
  "holds a longer archive": [
    "ota.length",
    (rig) => {
      const stick = stickOf(rig.repository);
      const file = fileOf(stick, TARGETS, /lifeline-0\.2\.0\.tar\.zst$/);
      writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(10)]));
      return stick;
    },
  ],
  "holds a folder where a file should be": [
    "ota.unreachable",
    (rig) => {
      const stick = stickOf(rig.repository.publish());
      rmSync(join(stick, "metadata", "timestamp.json"));
      mkdirSync(join(stick, "metadata", "timestamp.json"));
      return stick;
    },
  ],
  "leads by a link to what never ends": [
    "ota.unreachable",
    (rig) => {
      const stick = stickOf(rig.repository);
      const file = fileOf(stick, TARGETS, /lifeline-0\.2\.0\.tar\.zst$/);
      rmSync(file);
      symlinkSync("/dev/zero", file);
      return stick;
    },
  ],
  "holds metadata of one day and targets of another": [
    "ota.absent",
    (rig) => {
      const before = stickOf(rig.repository);
      rig.offer(next(3));
      const stick = stickOf(rig.repository);
      rmSync(join(stick, "targets"), { recursive: true });
      cpSync(join(before, "targets"), join(stick, "targets"), { recursive: true });
      return stick;
    },
  ],
};

for (const [what, [code, made]] of Object.entries(STICKS)) {
  test(`a stick that ${what} is refused, and nothing is installed`, async (t) => {
    const rig = new StickRig(t);
    const stick = await made(rig);
    const { current, slots, steps } = rig;
    t.is(await codeOf(rig.bringFrom(stick)), code);
    t.deepEqual(
      { current: rig.current, slots: rig.slots, steps: rig.steps },
      { current, slots, steps },
    );
  });
}
