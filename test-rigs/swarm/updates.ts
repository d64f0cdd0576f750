import type { UpdateConfig } from "../../config/update-config.ts";
import { verdictIn } from "../../edge/core/update-notes.ts";
import type { Permission } from "../../edge/update/permission.ts";
import { permit } from "../../edge/update/restarting.ts";
import type { SimClock } from "../sim/clock.ts";
import type { SimGateway } from "../sim/gateway.ts";
import type { Random } from "../sim/random.ts";
import { SLOT, UpdateFolder } from "../sim/update-folder.ts";

/** An installer comes with another release, or the boot guard looks what became of it. */
export type UpdateIncident = { readonly atMs: number; readonly kind: "install" | "guard" };

/** What an installer was told, and in which moment. */
export type PermissionTruth = Permission & { readonly at: number };

/** A trial that the guard ended, and what the release had said of itself by then. */
export type TrialTruth = {
  readonly release: string;
  /** When the life began that was on trial, and when the guard looked. */
  readonly from: number;
  readonly to: number;
  readonly verdict: "healthy" | "unhealthy" | null;
};

/** All that others did about the releases of a run. */
export type UpdateTruth = {
  /** The steps of the journal, in order, each as it is told. */
  readonly steps: readonly { readonly text: string; readonly at: number }[];
  readonly permissions: readonly PermissionTruth[];
  readonly trials: readonly TrialTruth[];
};

/** How long a candidate must do well, in milliseconds. */
export const HEALTH_MS = 10_000;

/** So long it takes to put a release in place, in milliseconds. */
const INSTALL_MS = 5_000;

/** What a gateway that is updated is told of it. */
export const UPDATE: UpdateConfig = {
  ...{ urls: [], ca: null, hardware: null, channel: "stable", auto: "off", windows: [] },
  ...{ healthWindowMs: HEALTH_MS, bytesPerS: null, monthlyBytes: null, jitterMs: 0 },
};

/** Draws when who comes; in most seeds nobody replaces anything. */
export function drawUpdates(random: Random, safetyMs: number): readonly UpdateIncident[] {
  if (random.chance(0.7)) return [];
  return Array.from({ length: random.integer(2, 6) }).flatMap(() => {
    const atMs = random.between(0, safetyMs * 1.2);
    const guarded = atMs + random.pick([2_000, 15_000, 30_000]);
    return [{ atMs, kind: "install" } as const, { atMs: guarded, kind: "guard" } as const];
  });
}

/** The installer and the boot guard of a simulated gateway. */
export class Updates {
  readonly folder = new UpdateFolder({ ...SLOT, name: "0.1.0" });
  readonly #clock: SimClock;
  readonly #gateway: SimGateway;
  readonly #restart: () => Promise<void>;
  readonly #steps: UpdateTruth["steps"][number][] = [];
  readonly #permissions: PermissionTruth[] = [];
  readonly #trials: TrialTruth[] = [];
  #releases = 1;
  #ended = 0;

  /** `restart` kills the gateway and starts what the folder says. */
  constructor(clock: SimClock, gateway: SimGateway, restart: () => Promise<void>) {
    this.#clock = clock;
    this.#gateway = gateway;
    this.#restart = restart;
  }

  get truth(): UpdateTruth {
    return { steps: this.#steps, permissions: this.#permissions, trials: this.#trials };
  }

  /** Puts another release on trial, where the gateway permits that it is restarted for it. */
  async install(): Promise<void> {
    const { running } = this.#gateway;
    if (running === null || this.folder.trialText !== null) return;
    const release = `0.${this.#releases + 1}.0`;
    const at = this.#clock.uptime();
    // What does well now cannot be left behind: the disk refuses.
    const permission = await permit(running, { release }).catch(() => null);
    if (permission === null) return;
    this.#permissions.push({ ...permission, at });
    if (!permission.permitted) return;
    this.#releases++;
    const previous = this.folder.slot?.name ?? "";
    this.#note("installed", release, previous);
    this.#note("activated", release, previous);
    await this.#clock.advance(INSTALL_MS);
    this.folder.slot = { ...SLOT, name: release };
    this.folder.try(release, previous);
    await this.#restart();
  }

  /** Keeps the release that is on trial where it says that it does well, and else goes back. */
  async guard(): Promise<void> {
    const [release, previous] = [this.folder.slot?.name ?? "", `0.${this.#releases - 1}.0`];
    const from = this.#gateway.lives.at(-1)?.from;
    if (this.folder.trialText === null || from === undefined) return;
    const found = verdictIn(this.folder.text("verdict"));
    const verdict = found?.release === release ? found.verdict : null;
    this.#trials.push({ release, from, to: this.#clock.uptime(), verdict });
    this.folder.endTrial();
    const isKept = verdict === "healthy";
    this.#note(isKept ? "committed" : "rolled-back", release, previous);
    if (isKept) return;
    // The number of a release that failed never comes again.
    this.folder.slot = { ...SLOT, name: previous };
    await this.#restart();
  }

  /** A release that had itself ended is looked at at once. */
  async look(): Promise<void> {
    if (this.#gateway.restarts === this.#ended) return;
    this.#ended = this.#gateway.restarts;
    await this.guard();
  }

  #note(
    step: "installed" | "activated" | "committed" | "rolled-back",
    release: string,
    from: string,
  ) {
    this.folder.note(step, { release, from });
    this.#steps.push({ text: `update.${step} ${release}`, at: this.#clock.uptime() });
  }
}
