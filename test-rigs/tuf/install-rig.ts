import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { JournalLine } from "../../edge/core/update-notes.ts";
import type { ObtainStep } from "../../ota/fetch/obtain.ts";
import { foldersIn, type InstallFolders } from "../../ota/install/folders.ts";
import type { GatewayLink, RestartAnswer } from "../../ota/install/gateway-link.ts";
import { keepManifest } from "../../ota/install/install.ts";
import { appendJournal, readJournal } from "../../ota/install/journal.ts";
import { Progress } from "../../ota/install/progress.ts";
import { Updater } from "../../ota/install/updater.ts";
import type { ReleaseManifest } from "../../ota/release/manifest.ts";
import type { TrustSettings } from "../../ota/trust/trust-client.ts";
import { SignedRepository } from "./signed-repository.ts";
import {
  type Offering,
  offer,
  type SmallRelease,
  smallRelease,
  unpackInto,
} from "./small-release.ts";
import { TrustRig } from "./trust-rig.ts";

const PERMITTED: RestartAnswer = { permitted: true, code: null, reason: null };

/** The program and the Node of small releases. */
export const PROGRAM: Buffer = Buffer.from("console.log('a gateway');\n".repeat(40));
export const NODE: Buffer = Buffer.from("the engine\n".repeat(200));

/** Release 0.1.0, which runs. */
export const FIRST: SmallRelease = smallRelease(1, PROGRAM, NODE);

/** A gateway on which `FIRST` is installed and was kept, and a repository. */
export class InstallRig implements GatewayLink {
  readonly trust: TrustRig;
  readonly folders: InstallFolders;
  readonly repository = new SignedRepository();
  readonly told: ObtainStep[] = [];
  /** What was asked of the gateway, in order. */
  readonly asked: string[] = [];
  /** What the gateway answers; null: none runs. */
  permitAnswer: RestartAnswer | null = PERMITTED;
  restartAnswer: RestartAnswer | null = PERMITTED;

  constructor(t: ExecutionContext, offered: SmallRelease = next(), offering: Offering = {}) {
    const first = offer(this.repository, FIRST);
    this.offer(offered, offering);
    this.trust = new TrustRig(t, this.repository);
    this.folders = foldersIn(join(this.trust.folder, "opt"), join(this.trust.folder, "var"));
    const { releases, runtimes, current, journal } = this.folders;
    const slot = unpackInto(join(releases, FIRST.version), FIRST.application);
    unpackInto(join(runtimes, FIRST.runtimeName), FIRST.runtime);
    symlinkSync(join("..", "..", "runtimes", FIRST.runtimeName), join(slot, "runtime"));
    symlinkSync(join("releases", FIRST.version), current);
    mkdirSync(join(this.trust.folder, "var", "update"), { recursive: true });
    keepManifest(this.folders, first);
    appendJournal(journal, this.line("committed", FIRST.version));
  }

  /** Publishes `release`; returns its manifest. */
  offer(release: SmallRelease, offering: Offering = {}): ReleaseManifest {
    return offer(this.repository, release, offering);
  }

  line(step: JournalLine["step"], release: string, more: Partial<JournalLine> = {}): JournalLine {
    const { now, boot } = { now: 1_790_000_000_000, boot: "boot-1" };
    return { at: now as JournalLine["at"], boot, step, release, from: null, reason: null, ...more };
  }

  /** An updater as a new process would make it. */
  updater(change: Partial<TrustSettings> = {}): Updater {
    return new Updater({
      folders: this.folders,
      clock: this.trust.clock,
      own: { hardware: "pi4", channel: "stable" },
      trust: this.trust.client(change),
      config: "gateway.yaml",
      gateway: this,
      progress: new Progress(this.folders.progress, this.trust.clock),
      tell: (step) => void this.told.push(step),
    });
  }

  /** Has the newest release brought, as a new process would. */
  bring(release: string | null = null, command: string | null = null) {
    const wanted = { release, command, anyTime: false };
    return this.trust.passing(this.updater().bring(wanted, this.trust.signal));
  }

  permit(release: string): Promise<RestartAnswer | null> {
    this.asked.push(`permit ${release}, current ${this.current}`);
    return Promise.resolve(this.permitAnswer);
  }

  restart(release: string): Promise<RestartAnswer | null> {
    this.asked.push(`restart ${release}, current ${this.current}`);
    return Promise.resolve(this.restartAnswer);
  }

  get current(): string {
    return readlinkSync(this.folders.current).replace("releases/", "");
  }

  get steps(): readonly string[] {
    return readJournal(this.folders.journal).map(({ step, release }) => `${step} ${release}`);
  }

  get slots(): readonly string[] {
    return readdirSync(this.folders.releases).toSorted();
  }

  get trialNote(): string {
    return readFileSync(this.folders.trial, "utf8");
  }

  /** What a candidate says of itself. */
  says(text: string): void {
    writeFileSync(this.folders.verdict, text);
  }
}

/** Release 0.2.0, with another program. */
export function next(counter = 2, ...more: [] | [`node-${string}`]): SmallRelease {
  return smallRelease(
    counter,
    Buffer.concat([PROGRAM, Buffer.from(`// ${counter}`)]),
    NODE,
    ...more,
  );
}
