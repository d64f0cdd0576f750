import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { ErrorCode } from "../../edge/core/errors.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { RealRepositoryTransport } from "../../edge/world/repository.ts";
import { addRelease } from "../../ota/repository/add-release.ts";
import {
  draftFile,
  type Moment,
  nextRoot,
  nextTargets,
  type RootChange,
  roleName,
  signDraft,
  upcoming,
  writeDraft,
} from "../../ota/repository/draft.ts";
import { publish } from "../../ota/repository/publish.ts";
import type { SigningKey } from "../../ota/repository/signing-key.ts";
import { metadataFile, publishedIn } from "../../ota/repository/tree.ts";
import { verifyTree } from "../../ota/repository/verify.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { signingKey } from "../tuf/signing-key.ts";
import { smallBuild } from "./small-build.ts";

/** When all is said, in Unix milliseconds. */
export const NOW_MS = Date.now();
/** The same as a moment. */
export const MOMENT: Moment = {
  nowMs: NOW_MS,
  after: (days) => `${new Date(NOW_MS + days * 86_400_000).toISOString().slice(0, 19)}Z`,
};
/** Who signs for the small releases. */
export const ROLE: string = roleName("rpi-arm64", "stable");

/** A small team with its keys, and a folder. */
export class Office {
  readonly folder = scratchDirectory();
  readonly tree = join(this.folder, "repository");
  readonly drafts = join(this.folder, "drafts");
  root: readonly SigningKey[] = [signingKey(), signingKey(), signingKey()];
  readonly targets = [signingKey(), signingKey()];
  readonly release = [signingKey(), signingKey()];
  readonly online = [signingKey(), signingKey()];

  constructor(t: ExecutionContext) {
    t.teardown(() => rmSync(this.folder, { recursive: true }));
  }

  draftRoot(change: RootChange): void {
    writeDraft(this.drafts, "root", nextRoot(publishedIn(this.tree).root, change, MOMENT));
  }

  /** All that comes before the first release. */
  found(): this {
    const [snapshot, timestamp] = this.online;
    this.draftRoot({
      root: roleOf(this.root, 2),
      targets: roleOf(this.targets, 2),
      snapshot: roleOf([snapshot!], 1),
      timestamp: roleOf([timestamp!], 1),
    });
    this.delegate("rpi-arm64", this.release);
    this.sign("root", this.root.slice(0, 2));
    this.sign("targets", this.targets);
    return this;
  }

  /** Lets those of `keys` sign for `hardware`/stable, two of them. */
  delegate(hardware: string, keys: readonly SigningKey[]): void {
    const name = roleName(hardware, "stable");
    const published = publishedIn(this.tree);
    const { targets } = upcoming(published, this.drafts);
    const own = { name, paths: [`${hardware}/stable/*`], ...roleOf(keys, 2) };
    writeDraft(this.drafts, "targets", nextTargets(published.targets, targets, [own], MOMENT));
  }

  /** One person after the other. */
  sign(name: string, keys: readonly SigningKey[]): void {
    for (const key of keys) signDraft(draftFile(this.drafts, name), key);
  }

  add(counter: number, from: readonly string[] = []) {
    const build = join(this.folder, `build-${counter}`);
    const path = smallBuild(build, counter);
    return addRelease(this.tree, this.drafts, build, path, from, MOMENT);
  }

  publish() {
    return publish(this.tree, this.drafts, this.online, MOMENT);
  }

  /** Adds, signs and publishes. */
  bring(counter: number, from: readonly string[] = []) {
    const manifest = this.add(counter, from);
    this.sign(ROLE, this.release);
    this.publish();
    return manifest;
  }

  verify(tree = this.tree) {
    const anchor = readFileSync(metadataFile(this.tree, "1.root.json"));
    const using = { transport: new RealRepositoryTransport(), clock: new SystemClock() };
    return verifyTree(tree, anchor, using, new AbortController().signal);
  }
}

/** `keys`, so many of whom have to sign. */
export function roleOf(keys: readonly SigningKey[], threshold: number) {
  return { keys: keys.map(({ key }) => key), threshold };
}

/** The code that `act` is refused with. */
export function refusedBy(act: () => unknown): ErrorCode | string {
  try {
    act();
    return "done";
  } catch (error) {
    return error instanceof GatewayError ? error.code : `not coded: ${error}`;
  }
}
