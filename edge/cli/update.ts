import type { GatewayConfig } from "../../config/gateway-config.ts";
import { type Activation, goBack, keep } from "../../ota/install/activate.ts";
import type { InstallFolders } from "../../ota/install/folders.ts";
import { installedIn } from "../../ota/install/installed.ts";
import { alone } from "../../ota/install/lock.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { hasTerminal } from "../world/confirm.ts";
import { agreesTo } from "./consent.ts";
import { endSignal } from "./end-signal.ts";
import { formatBytes } from "./format.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { fetchTold } from "./update-fetch.ts";
import { tellDry, tellOutcome } from "./update-outcome.ts";
import { checkSource, linkTo, updateFolders, updaterOf } from "./update-parts.ts";
import { sayUpdate } from "./update-text.ts";
import { historyView, statusView, whyText } from "./update-view.ts";
import { usableConfig } from "./usable-config.ts";

type Job = {
  readonly invocation: Invocation;
  readonly config: GatewayConfig;
  readonly folders: InstallFolders;
  readonly release: string | null;
  readonly signal: AbortSignal;
};

/** The longest reason that a person may give, in characters. */
const NOTE_MAX = 200;

/** What each word after `lifeline update` does, and whether it takes the name of a release. */
const ACTIONS: Readonly<
  Record<string, { readonly act: (job: Job) => Promise<number>; readonly takesRelease?: true }>
> = {
  status: { act: ({ invocation, folders }) => Promise.resolve(statusView(folders, invocation)) },
  history: { act: ({ invocation, folders }) => Promise.resolve(historyView(folders, invocation)) },
  check: { act: check, takesRelease: true },
  download: { act: download, takesRelease: true },
  install: { act: install, takesRelease: true },
  commit: { act: commit },
  rollback: { act: rollback },
  run: { act: async (job) => await (await import("./update-run.ts")).run(job) },
};

/**
 * `lifeline update [ACTION] [RELEASE]`: see its help. 1 where a release is refused, waits or cannot
 * be had.
 */
export async function update(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [action = "status", release = null, ...more] = operands;
  if (action === "preflight") {
    return await (await import("./update-preflight.ts")).updatePreflight(invocation);
  }
  if (action === "config") return await changeConfig(release, more, invocation);
  const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  const isRight = known !== undefined && more.length === 0;
  if (!isRight || (release !== null && known.takesRelease !== true)) {
    return misuse(sayUpdate(lang, "usage"), invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const folders = updateFolders(invocation, config);
  return await known.act({ invocation, config, folders, release, signal: endSignal() });
}

/** The layer above the releases: it needs none that is installed, as on a checkout. */
async function changeConfig(
  file: string | null,
  more: readonly string[],
  invocation: Invocation,
): Promise<number> {
  if (file === null || more.length > 0) {
    return misuse(sayUpdate(invocation.lang, "usage"), invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const { updateConfig } = await import("./update-config.ts");
  return await updateConfig(file, { invocation, config, signal: endSignal() });
}

async function check({ invocation, config, folders, release, signal }: Job): Promise<number> {
  const { lang, json } = invocation;
  checkSource(config, invocation);
  const { updater, trust } = updaterOf(folders, config, invocation, () => {});
  return await alone(folders.lock, async () => {
    const { freshUntil } = await trust.refresh(signal);
    const found = await updater.find(release, signal);
    const { manifest, isCurrent, isNewer, isInstalled, bytesMax } = found;
    const { version, counter, changes } = manifest;
    if (json) {
      const facts = { version, counter, isCurrent, isNewer, isInstalled, bytesMax, freshUntil };
      print(toJson({ ...facts, changes: changes[lang] }));
      return 0;
    }
    const { hardware, channel } = manifest;
    const size = formatBytes(bytesMax);
    const params = { version, hardware: hardware.join(","), channel, size };
    if (isCurrent) print(sayUpdate(lang, "isNewest", params));
    else if (!isNewer) print(sayUpdate(lang, "isOlder", params));
    else print(sayUpdate(lang, isInstalled ? "isThere" : "isNew", params));
    const told = isCurrent ? "" : changes[lang].trim();
    for (const line of told === "" ? [] : told.split("\n")) print(`  ${line}`);
    print(sayUpdate(lang, "freshUntil", { time: freshUntil }));
    return 0;
  });
}

async function download({ invocation, config, folders, release, signal }: Job): Promise<number> {
  const { lang, json } = invocation;
  checkSource(config, invocation);
  const told = fetchTold(invocation);
  const { updater } = updaterOf(folders, config, invocation, told.tell);
  return await alone(folders.lock, async () => {
    const version = await updater.prepare(release, signal).finally(told.end);
    if (json) print(toJson({ version, outcome: "installed" }));
    else print(sayUpdate(lang, "downloaded", { version }));
    return 0;
  });
}

async function install(job: Job): Promise<number> {
  const { invocation, config, folders, release, signal } = job;
  checkSource(config, invocation);
  const told = fetchTold(invocation);
  const { updater } = updaterOf(folders, config, invocation, told.tell);
  return await alone(folders.lock, async () => {
    if (invocation.dryRun) {
      const { manifest, isCurrent } = await updater.find(release, signal);
      const { version } = manifest;
      if (isCurrent) return tellOutcome({ kind: "current", version }, invocation);
      const answer = await linkTo(config.control.socket).permit(version, true);
      return tellDry(version, answer, invocation);
    }
    // A person is there: the windows are for what happens by itself.
    const wanted = { release, command: null, anyTime: true };
    return tellOutcome(await updater.bring(wanted, signal).finally(told.end), invocation);
  });
}

async function commit({ invocation, config, folders }: Job): Promise<number> {
  const { lang, json } = invocation;
  return await alone(folders.lock, async () => {
    const installed = installedIn(folders);
    const version = installed.trial?.candidate;
    if (version === undefined) return refuse(sayUpdate(lang, "noTrial"), invocation);
    const answer = await isAgreed(sayUpdate(lang, "askKeep", { version }), invocation);
    if (answer !== null) return answer;
    const { updater } = updaterOf(folders, config, invocation, () => {});
    keep(activationIn(folders), installed, "update.by-hand");
    updater.confirmKept();
    if (json) print(toJson({ version, outcome: "committed" }));
    else print(sayUpdate(lang, "kept", { version }));
    return 0;
  });
}

async function rollback({ invocation, config, folders }: Job): Promise<number> {
  const { lang, json, reason = "" } = invocation;
  if (reason.length > NOTE_MAX) return misuse(sayUpdate(lang, "noteLong"), invocation);
  return await alone(folders.lock, async () => {
    const installed = installedIn(folders);
    const { current, previous } = installed;
    if (current !== null && previous !== null) {
      const question = sayUpdate(lang, "askBack", { version: current, previous });
      const answer = await isAgreed(question, invocation);
      if (answer !== null) return answer;
    }
    const gateway = linkTo(config.control.socket);
    const permission = await gateway.permit(previous ?? "?", true);
    if (permission !== null && !permission.permitted) {
      const why = whyText(permission, lang);
      return refuse(sayUpdate(lang, "backWaits", { why }), invocation);
    }
    const { reason: note } = invocation;
    const activation = { ...activationIn(folders), ...(note !== undefined && { note }) };
    const version = goBack(activation, installed, "update.by-hand");
    const isRestarted = permission !== null && (await gateway.restart(version, true))?.permitted;
    if (json) print(toJson({ version, outcome: isRestarted ? "rolled-back" : "next-start" }));
    else print(sayUpdate(lang, isRestarted ? "back" : "backNext", { version }));
    return 0;
  });
}

/** Null where it may be done; else the exit code. */
async function isAgreed(question: string, invocation: Invocation): Promise<number | null> {
  if (invocation.yes) return null;
  if (!hasTerminal()) return misuse(sayUpdate(invocation.lang, "needsYes"), invocation);
  if (await agreesTo(question)) return null;
  return refuse(sayUpdate(invocation.lang, "notDone"), invocation);
}

function activationIn(folders: InstallFolders): Activation {
  return { folders, clock: new SystemClock(), command: null };
}
