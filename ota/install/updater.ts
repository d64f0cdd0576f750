import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { InstalledLayer } from "../fetch/bases.ts";
import { type ObtainedLayer, type ObtainStep, obtainRelease } from "../fetch/obtain.ts";
import type { ReleaseManifest } from "../release/manifest.ts";
import type { Own } from "../trust/policy.ts";
import type { TrustClient } from "../trust/trust-client.ts";
import { diskFault } from "../trust/verdict.ts";
import { type Activation, activate, tell, withdraw } from "./activate.ts";
import { findRelease } from "./find-release.ts";
import type { InstallFolders } from "./folders.ts";
import type { GatewayLink } from "./gateway-link.ts";
import {
  checkRoom,
  type FetchedRelease,
  hasRelease,
  hasRuntime,
  install,
  keepManifest,
} from "./install.ts";
import { type Installed, installedIn, manifestOf } from "./installed.ts";
import type { Progress } from "./progress.ts";
import { prune } from "./prune.ts";
import { renewGuard } from "./renew-guard.ts";
import { checkWayBack } from "./way-back.ts";

/** What an updater works with. */
export type UpdaterParts = {
  readonly folders: InstallFolders;
  readonly clock: Pick<Clock, "now" | "boot">;
  /** What this gateway is: its hardware class and the channel it follows. */
  readonly own: Pick<Own, "hardware" | "channel">;
  readonly trust: TrustClient;
  /** The configuration that a release must be able to read. */
  readonly config: string;
  readonly gateway: GatewayLink;
  readonly progress: Progress;
  /** Is told how far a release was fetched. */
  readonly tell: (step: ObtainStep) => void;
};

/** A release that is to run here. */
export type Wanted = {
  /** As `findRelease` takes it; null: the newest. */
  readonly release: string | null;
  /** The id of the command that ordered it; null where none did. */
  readonly command: string | null;
  /** Also outside the maintenance windows: a person is there. */
  readonly anyTime: boolean;
};

/** What came of an attempt to have a release run. */
export type Outcome =
  /** It runs already. */
  | { readonly kind: "current"; readonly version: string }
  /** It is installed; the gateway must not be restarted for it now. */
  | { readonly kind: "waiting"; readonly version: string; readonly why: WhyWaiting }
  /** The gateway restarts with it, on trial. */
  | { readonly kind: "on-trial"; readonly version: string }
  /** No gateway runs: the next start is the first with it, on trial. */
  | { readonly kind: "next-start"; readonly version: string };

type WhyWaiting = { readonly code: string | null; readonly reason: string | null };

/** Fetches and installs releases, and has the gateway restarted with them. */
export class Updater {
  readonly #parts: UpdaterParts;

  constructor(parts: UpdaterParts) {
    this.#parts = parts;
  }

  /** What is installed now. */
  installed(): Installed {
    return installedIn(this.#parts.folders);
  }

  /** What was signed of the release that `release` names. Rejects as `findRelease`. */
  async find(release: string | null, signal: AbortSignal) {
    const { trust, folders, own, progress } = this.#parts;
    progress.tell({ step: "looking", release });
    const whole = { ...own, releaseFloor: trust.releaseFloor };
    const manifest = await findRelease(trust, whole, release, folders, signal);
    const { slots, current } = this.installed();
    const runs = slots.find(({ name }) => name === current)?.contents;
    return {
      manifest,
      isCurrent: runs?.version === manifest.version,
      /** Whether it is newer than what runs, by its counter. */
      isNewer: runs === undefined || manifest.counter > runs.counter,
      isInstalled: hasRelease(folders, manifest),
      /** The most that there is to fetch, in bytes. */
      bytesMax: bytesOf(folders, manifest),
    };
  }

  /**
   * Fetches and installs the release that `release` names; what is started stays as it is. Rejects
   * with codes of the area `ota`.
   */
  async prepare(release: string | null, signal: AbortSignal): Promise<string> {
    try {
      return await this.#prepare(release, signal);
    } catch (error) {
      if (error instanceof GatewayError) {
        const { code, message: reason } = error;
        this.#parts.progress.tell({ step: "failed", release, code, reason });
      }
      throw error;
    }
  }

  async #prepare(release: string | null, signal: AbortSignal): Promise<string> {
    const { folders, config, progress } = this.#parts;
    const { manifest, isInstalled } = await this.find(release, signal);
    const { version } = manifest;
    if (isInstalled) {
      // The image brings releases without what was signed of them.
      if (manifestOf(folders, version) === null) keepManifest(folders, manifest);
      return version;
    }
    prune(folders, version);
    await checkRoom(folders, manifest);
    progress.tell({ step: "fetching", release: version });
    const fetched = await this.#fetch(manifest, signal);
    progress.tell({ step: "installing", release: version });
    await install(folders, fetched, config);
    const activation = this.#activation(null);
    tell(activation, "installed", version, this.installed().current, null);
    return version;
  }

  /** Has the release that is wanted run, as far as that may be now. Rejects as `prepare` does. */
  async bring({ release, command, anyTime }: Wanted, signal: AbortSignal): Promise<Outcome> {
    const { trial } = this.installed();
    if (trial !== null) throw new GatewayError("ota.trial", `${trial.candidate} is on trial`);
    const version = await this.prepare(release, signal);
    if (this.installed().current === version) return { kind: "current", version };
    return await this.putInPlace(version, { command, anyTime }, () => true);
  }

  /**
   * Puts an installed release in place and has the gateway restarted, where that may be now; not
   * where `isStillWanted` says otherwise at the last moment.
   */
  async putInPlace(
    version: string,
    { command, anyTime }: Omit<Wanted, "release">,
    isStillWanted: () => boolean,
  ): Promise<Outcome> {
    const { folders, gateway, progress } = this.#parts;
    const installed = this.installed();
    const slot = installed.slots.find(({ name }) => name === version);
    const manifest = manifestOf(folders, version);
    if (slot === undefined || manifest === null) {
      throw new GatewayError("ota.changed", `${version} is not whole in ${folders.releases}`);
    }
    const runs = installed.slots.find(({ name }) => name === installed.current);
    if (runs !== undefined) checkWayBack(runs.contents, slot.contents);
    const waiting = (why: WhyWaiting): Outcome => {
      progress.tell({ step: "waiting", release: version, code: why.code, reason: why.reason });
      return { kind: "waiting", version, why };
    };
    const permission = await gateway.permit(version, anyTime);
    if (permission !== null && !permission.permitted) return waiting(permission);
    if (!isStillWanted()) {
      return waiting({ code: "update.taken-back", reason: "the order was taken back" });
    }
    const activation = this.#activation(command);
    activate(activation, installed, manifest);
    const restarted = permission === null ? null : await gateway.restart(version, anyTime);
    if (restarted !== null && !restarted.permitted) {
      // An alarm came between the two: what runs stays, whatever restarts it.
      withdraw(activation, this.installed());
      return waiting(restarted);
    }
    tell(activation, "activated", version, installed.current, null);
    progress.tell({ step: "trial", release: version });
    return { kind: restarted === null ? "next-start" : "on-trial", version };
  }

  async #fetch(manifest: ReleaseManifest, signal: AbortSignal): Promise<FetchedRelease> {
    const { folders, trust, tell: onStep } = this.#parts;
    const { releases, runtimes, downloads: stage } = folders;
    const installed = this.installed().slots.flatMap(({ name, contents }): InstalledLayer[] => [
      { layer: "application", folder: join(releases, name) },
      { layer: "runtime", folder: join(runtimes, contents.runtime) },
    ]);
    const order = { trust, manifest, installed, stage, tell: onStep };
    const { application, runtime } = await obtainRelease(order, signal);
    const tarOf = (layer: ObtainedLayer) => (layer.kind === "staged" ? layer.tar : null);
    return { manifest, application: tarOf(application), runtime: tarOf(runtime) };
  }

  #activation(command: string | null): Activation {
    const { folders, clock } = this.#parts;
    return { folders, clock, command };
  }

  /**
   * What the boot guard keeps without Node is confirmed, so that nothing older is ever taken again,
   * and its own guard comes into use; nothing while a release is on trial. Throws `ota.disk`.
   */
  confirmKept(): void {
    const { current, slots, trial } = this.installed();
    const runs = slots.find(({ name }) => name === current);
    if (trial !== null || runs === undefined) return;
    const { trust, folders } = this.#parts;
    if (runs.contents.counter > trust.releaseFloor) trust.confirm(runs.contents.counter);
    try {
      renewGuard(folders, runs.name);
    } catch (error) {
      throw diskFault(error, `cannot renew ${folders.guard}`);
    }
  }
}

function bytesOf(folders: InstallFolders, manifest: ReleaseManifest): number {
  if (hasRelease(folders, manifest)) return 0;
  const { application, runtime } = manifest;
  return application.length + (hasRuntime(folders, manifest) ? 0 : runtime.length);
}
