import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { HoldOff } from "../../ota/fetch/hold-off.ts";
import { keep, tell } from "../../ota/install/activate.ts";
import type { InstallFolders } from "../../ota/install/folders.ts";
import { installedIn } from "../../ota/install/installed.ts";
import { readJournal } from "../../ota/install/journal.ts";
import { alone } from "../../ota/install/lock.ts";
import { dueOf, failedIn, orderIn, removeOrder } from "../../ota/install/orders.ts";
import { Progress } from "../../ota/install/progress.ts";
import { prune } from "../../ota/install/prune.ts";
import type { Outcome, Updater } from "../../ota/install/updater.ts";
import { readIfThere, writeDurably } from "../../ota/trust/durable.ts";
import { ERRORS, type ErrorCode, GatewayError } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { type ReleaseTrial, type UpdateOrder, verdictIn } from "../core/update-notes.ts";
import { SystemClock } from "../world/clock.ts";
import { type Invocation, print } from "./invocation.ts";
import { tellOutcome } from "./update-outcome.ts";
import { checkSource, updaterOf } from "./update-parts.ts";
import { sayUpdate } from "./update-text.ts";
import { whyText } from "./update-view.ts";

type Job = {
  readonly invocation: Invocation;
  readonly config: GatewayConfig;
  readonly folders: InstallFolders;
  readonly signal: AbortSignal;
};

/** Without an order it is looked for a new release so often, in milliseconds. */
const LOOK_EVERY_MS = 6 * 3_600_000;
/** Nothing failed, and nobody need do anything: it goes on by itself. */
const WAITS: ReadonlySet<ErrorCode> = new Set(["ota.held", "ota.budget"]);

/**
 * `lifeline update run`, as the system starts it: obeys an order, or does what `update.auto` says,
 * as far as that may be done now; the next run goes on. An order that can never be obeyed is
 * refused, in the journal; whatever only failed is tried again. 1 where something failed.
 */
export async function run(job: Job): Promise<number> {
  const { folders } = job;
  return await alone(folders.lock, () => runAlone(job));
}

async function runAlone({ invocation, config, folders, signal }: Job): Promise<number> {
  const clock = new SystemClock();
  const { trial } = installedIn(folders);
  if (trial !== null && !isHealthy(folders, trial)) return quiet(invocation);
  if (trial !== null) {
    // The boot guard would keep it too, but only with the next start.
    const activation = { folders, clock, command: trial.command };
    const { updater } = updaterOf(folders, config, invocation, () => {});
    keep(activation, installedIn(folders), null);
    updater.confirmKept();
    prune(folders, null);
    if (invocation.json) print(toJson({ version: trial.candidate, outcome: "committed" }));
    else print(sayUpdate(invocation.lang, "kept", { version: trial.candidate }));
    return 0;
  }
  const journal = readJournal(folders.journal);
  const due = dueOf(orderIn(folders.order), journal, clock.now(), clock.state());
  if (due.kind === "over") {
    removeOrder(folders.order);
    print(sayUpdate(invocation.lang, "taken"));
    return 0;
  }
  const order = due.kind === "due" ? due.order : null;
  const { updater } = updaterOf(folders, config, invocation, () => {}, order !== null);
  updater.confirmKept();
  if (order === null && !isToLook(config, folders, clock)) return quiet(invocation);
  try {
    checkSource(config, invocation);
    const hold = new HoldOff(join(folders.root, "held.json"), clock, Math.random);
    const outcome = await hold.around(order !== null, () => {
      return order === null
        ? byItself(updater, config, failedIn(journal), signal)
        : obeyed(updater, order, folders, signal);
    });
    if (order === null) noteLook(folders, config, clock);
    if (outcome === null) return quiet(invocation);
    if (outcome.kind === "current") prune(folders, null);
    // What waits is no failure of this run.
    tellOutcome(outcome, invocation);
    return 0;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (order === null && WAITS.has(error.code)) {
      if (invocation.json) return quiet(invocation);
      const why = whyText({ code: error.code, reason: error.message }, invocation.lang);
      print(sayUpdate(invocation.lang, "later", { why }));
      return 0;
    }
    failed(error, order, folders, clock);
    throw error;
  }
}

/** Whether the release on trial says of itself that it does well. */
function isHealthy({ verdict }: InstallFolders, { candidate, tries }: ReleaseTrial): boolean {
  const said = verdictIn(readIfThere(verdict)?.toString() ?? null);
  return tries > 0 && said?.release === candidate && said.verdict === "healthy";
}

function quiet({ lang, json }: Invocation): number {
  if (json) print(toJson({ version: null, outcome: "nothing", why: null }));
  else print(sayUpdate(lang, "nothingDue"));
  return 0;
}

/** Does what was ordered; the order goes once nothing is left to do about it. */
async function obeyed(
  updater: Updater,
  order: UpdateOrder,
  folders: InstallFolders,
  signal: AbortSignal,
): Promise<Outcome> {
  const version = await updater.prepare(order.release, signal);
  const command = order.command?.nonce ?? null;
  const isCurrent = updater.installed().current === version;
  const outcome: Outcome = isCurrent
    ? { kind: "current", version }
    : await updater.putInPlace(version, { command, anyTime: false }, () => {
        // It may have been taken back, or replaced, while it was fetched.
        return toJson(orderIn(folders.order)) === toJson(order);
      });
  if (outcome.kind !== "waiting") removeOrder(folders.order);
  return outcome;
}

/** Does what `update.auto` says about a release that is newer; null where there is nothing to do. */
async function byItself(
  updater: Updater,
  { update }: GatewayConfig,
  failed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const { manifest, isNewer } = await updater.find(null, signal);
  const { version } = manifest;
  if (!isNewer || failed.has(version)) return null;
  if (update?.auto === "install") {
    return await updater.bring({ release: version, command: null, anyTime: false }, signal);
  }
  await updater.prepare(version, signal);
  return null;
}

/** What can never be done is told to whoever ordered it, and not tried again. */
function failed(
  error: GatewayError,
  order: UpdateOrder | null,
  folders: InstallFolders,
  clock: SystemClock,
): void {
  const release = order?.release ?? null;
  const { code, message } = error;
  new Progress(folders.progress, clock).tell({ step: "failed", release, code, reason: message });
  if (order === null || ERRORS[code].remedy === "retry") return;
  const name =
    release
      ?.split("/")
      .at(-1)
      ?.replace(/\.release\.json$/, "") ?? "latest";
  const command = order.command?.nonce ?? null;
  const { current } = installedIn(folders);
  tell({ folders, clock, command }, "refused", name, current, code);
  removeOrder(folders.order);
}

/** When it is looked for a new release next, by the clock that wakes this program. */
function isToLook({ update }: GatewayConfig, folders: InstallFolders, clock: SystemClock): boolean {
  if (update === null || update.auto === "off" || update.urls.length === 0) return false;
  try {
    const { next } = JSON.parse(readFileSync(lookFile(folders), "utf8")) as { next: number };
    const now = clock.now();
    // A clock that was far ahead when that was written must not hold it up for years.
    return !(next > now && next - now <= LOOK_EVERY_MS + update.jitterMs);
  } catch {
    return true;
  }
}

/** Gateways that were switched on together do not ask together for ever. */
function noteLook(folders: InstallFolders, { update }: GatewayConfig, clock: SystemClock): void {
  const next = clock.now() + LOOK_EVERY_MS + Math.round(Math.random() * (update?.jitterMs ?? 0));
  writeDurably(lookFile(folders), Buffer.from(`${toJson({ next })}\n`));
}

function lookFile({ root }: InstallFolders): string {
  return join(root, "look.json");
}
