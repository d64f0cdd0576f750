import { renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { JournalLine, UpdateStep } from "../../edge/core/update-notes.ts";
import { RELEASE_FILE, type ReleaseManifest, RUNTIME_FILE } from "../release/manifest.ts";
import { flushFolder, writeDurably } from "../trust/durable.ts";
import { diskFault } from "../trust/verdict.ts";
import type { InstallFolders } from "./folders.ts";
import type { Installed } from "./installed.ts";
import { appendJournal } from "./journal.ts";
import { verifyRuntimeLink, verifySlot } from "./slot.ts";
import { canUse } from "./way-back.ts";

/** A release that is put in place, and who ordered it: the id of a command, or null. */
export type Activation = {
  readonly folders: InstallFolders;
  readonly clock: Pick<Clock, "now" | "boot">;
  readonly command: string | null;
  /** What somebody at the box says of it, in at most 200 characters; left out where nobody does. */
  readonly note?: string;
};

/**
 * Has the release of `manifest` be started next, on trial: the boot guard counts its starts and goes
 * back from it. What is run is checked once more, as what lies in a folder may have been changed
 * since it was unpacked. The note of the trial comes before the link: the guard closes a trial of
 * what was never put in place, but a link without a note would be a release that nobody judges. It
 * is told once the gateway is sure to start it: see `withdraw`. Throws `ota.changed`, `ota.trial`, `ota.disk`.
 */
export function activate(
  { folders, command }: Activation,
  installed: Installed,
  manifest: ReleaseManifest,
): void {
  const { version, counter, runtime, application } = manifest;
  const { current, trial, slots } = installed;
  if (trial !== null) throw new GatewayError("ota.trial", `${trial.candidate} is on trial`);
  if (current === null || !slots.some(({ name }) => name === current)) {
    throw new GatewayError("ota.not-installed", "there is no release to go back to");
  }
  const slot = join(folders.releases, version);
  verifySlot(slot, RELEASE_FILE, application.tar);
  verifyRuntimeLink(slot, runtime.name);
  verifySlot(join(folders.runtimes, runtime.name), RUNTIME_FILE, runtime.tar);
  const before = slots.find(({ name }) => name === current)?.runtime;
  const layer = before === runtime.name ? "application" : "runtime";
  const note = [
    `candidate=${version}`,
    `previous=${current}`,
    `counter=${counter}`,
    "tries=0",
    `layer=${layer}`,
    ...(command === null ? [] : [`command=${command}`]),
    "",
  ].join("\n");
  try {
    // What an earlier candidate said of itself is no word on this one.
    remove(folders.verdict);
    writeDurably(folders.trial, Buffer.from(note));
    turnLink(folders, version);
  } catch (error) {
    throw diskFault(error, `cannot put ${version} in place`);
  }
}

/**
 * Goes back from the release on trial, or from the one that runs, because of `reason`. What it goes
 * back to is started next, and is no candidate. Throws `ota.no-way-back`, `ota.disk`.
 */
export function goBack(
  activation: Activation,
  { current, previous, slots, trial }: Installed,
  reason: string,
): string {
  const { folders } = activation;
  const to = slots.find(({ name }) => name === previous);
  const from = slots.find(({ name }) => name === current);
  if (to === undefined || current === null) {
    throw new GatewayError("ota.no-way-back", "no other release is installed");
  }
  // Of what is on trial that was looked at before it was put in place.
  if (trial === null && from !== undefined && !canUse(to.contents, from.contents)) {
    throw new GatewayError("ota.one-way", `${to.name} cannot use the buffer that ${current} has`);
  }
  try {
    const told = () => tell(ofTrial(activation, trial), "rolled-back", current, to.name, reason);
    // Without a trial nobody else tells it after a cut: done again, it would lead forth once more.
    if (trial === null) told();
    turnLink(folders, to.name);
    if (trial !== null) told();
    remove(folders.trial);
  } catch (error) {
    throw diskFault(error, `cannot go back to ${to.name}`);
  }
  return to.name;
}

/**
 * Takes back a release that was put in place and never started: what ran before is started next.
 * Throws `ota.disk`.
 */
export function withdraw({ folders }: Activation, { trial }: Installed): void {
  if (trial === null) return;
  try {
    turnLink(folders, trial.previous);
    remove(folders.trial);
  } catch (error) {
    throw diskFault(error, `cannot take ${trial.candidate} back`);
  }
}

/**
 * Keeps the release on trial: it does well, or somebody says so. One that was never started is not
 * kept, for nothing would go back from it any more. Throws `ota.untried`, `ota.disk`.
 */
export function keep(activation: Activation, { trial }: Installed, reason: string | null): void {
  if (trial === null) return;
  const { folders } = activation;
  if (trial.tries === 0) {
    throw new GatewayError("ota.untried", `${trial.candidate} was not started yet`);
  }
  try {
    tell(ofTrial(activation, trial), "committed", trial.candidate, trial.previous, reason);
    remove(folders.trial);
  } catch (error) {
    throw diskFault(error, `cannot keep ${trial.candidate}`);
  }
}

/** Whoever ends a trial does so for the command that ordered it: its outcome is found by that. */
function ofTrial(activation: Activation, trial: Installed["trial"]): Activation {
  return { ...activation, command: activation.command ?? trial?.command ?? null };
}

/** Writes a line of the journal. */
export function tell(
  { folders, clock, command, note }: Activation,
  step: UpdateStep,
  release: string,
  from: string | null,
  reason: string | null,
): void {
  const head: Pick<JournalLine, "at" | "boot"> = { at: clock.now(), boot: clock.boot };
  const line = { ...head, step, release, from, reason, command };
  appendJournal(folders.journal, note === undefined ? line : { ...line, note });
}

/** `current` names `release` when this returns, and at no moment nothing. */
function turnLink({ current, root }: InstallFolders, release: string): void {
  const beside = `${current}.new`;
  rmSync(beside, { recursive: true, force: true });
  symlinkSync(join("releases", release), beside);
  renameSync(beside, current);
  flushFolder(root);
}

function remove(file: string): void {
  rmSync(file, { force: true });
  try {
    flushFolder(dirname(file));
  } catch (error) {
    // Where there is no folder, there was no file.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
