import { readFileSync } from "node:fs";
import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { reportProblems } from "../../config/report.ts";
import type { Done } from "../command/result.ts";
import type { EventPage } from "../control/feed.ts";
import { ERRORS, GatewayError } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { SystemClock } from "../world/clock.ts";
import { ConfigStore } from "../world/config-store.ts";
import { callControl } from "../world/control-socket.ts";
import { fileTrouble } from "./file-trouble.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { sayUpdateConfig, type UpdateConfigTextKey } from "./update-config-text.ts";
import { linkTo } from "./update-parts.ts";
import { whyText } from "./update-view.ts";
import { checkJson } from "./usable-config.ts";

/** It must do well within so long, in milliseconds: a start, and some reads of slow devices. */
const TRIAL_MS = 5 * 60_000;
/** Checking and reading dry take their time, in milliseconds. */
const ANSWER_MS = 120_000;
/** So long is waited for an event at once, in milliseconds. */
const EVENT_MS = 10_000;
/** The gateway begins anew twice at the most, to which this is added, in milliseconds. */
const SPARE_MS = 60_000;
const PAUSE_MS = 500;

type Job = {
  readonly invocation: Invocation;
  /** The configuration that is in use. */
  readonly config: GatewayConfig;
  readonly signal: AbortSignal;
};

type Page = Pick<EventPage, "next" | "since"> & {
  readonly events: readonly Readonly<Record<string, unknown>>[];
};

/** How a trial ended. */
type Verdict = { readonly outcome: "kept" | "reverted" | "trial"; readonly cause: string | null };

/**
 * `lifeline update config FILE`: has the running gateway try another configuration, and tells what
 * came of it: kept once it does as well as the one before, else put back. 1 where it was not kept.
 */
export async function updateConfig(file: string, job: Job): Promise<number> {
  const { invocation, config } = job;
  const { lang } = invocation;
  const store = new ConfigStore(invocation.config);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const why = fileTrouble(error, lang);
    return refuse(sayUpdateConfig(lang, "unreadable", { file, why }), invocation);
  }
  if (store.isOnTrial()) return refuse(sayUpdateConfig(lang, "isOnTrial"), invocation);
  if (text === store.text()) return tell({ outcome: "same", cause: null }, file, invocation);
  // Checked where it is going to stand: its paths begin there.
  store.leave(text);
  try {
    if (!(await isSound(store.proposed, file, invocation))) return 1;
    const permission = await linkTo(config.control.socket).permit("configuration", true);
    if (permission === null) return refuse(sayUpdateConfig(lang, "nobody"), invocation);
    if (!permission.permitted) {
      const why = whyText(permission, lang);
      return refuse(sayUpdateConfig(lang, "waits", { why }), invocation);
    }
    if (invocation.dryRun) return tell({ outcome: "dry-run", cause: null }, file, invocation);
    return await tried(file, job);
  } finally {
    store.withdraw();
  }
}

/** As `lifeline check` says, in the name of `file`. */
async function isSound(at: string, file: string, { lang, json }: Invocation): Promise<boolean> {
  const { readConfig } = await import("../../config/read.ts");
  const { planBuses } = await import("../acquire/poll-plan.ts");
  const result = readConfig(at, (name) => process.env[name], lang);
  const plans = result.config === null ? [] : planBuses(result.config);
  const overloaded = plans.filter(({ verdict }) => verdict === "overloaded");
  const isGood = result.config !== null && overloaded.length === 0;
  if (json) {
    if (!isGood) print(checkJson(file, result, plans));
    return isGood;
  }
  if (result.problems.length > 0) complain(reportProblems(file, result.problems, lang).trimEnd());
  if (overloaded.length > 0) {
    const buses = overloaded.map(({ bus }) => bus).join(", ");
    complain(sayUpdateConfig(lang, "overloaded", { buses }));
  }
  return isGood;
}

async function tried(file: string, { invocation, config, signal }: Job): Promise<number> {
  const { lang, json } = invocation;
  const { socket } = config.control;
  const told = (await callControl(socket, "events", {})) as Page;
  const order = { action: "try", withinMs: TRIAL_MS };
  const done = (await callControl(socket, "configuration", order, ANSWER_MS)) as Done | null;
  if (done === null) return refuse(sayUpdateConfig(lang, "unsupported"), invocation);
  if (done.outcome !== "done") {
    const { code, detail = "" } = done;
    const why = code === null ? detail : `${ERRORS[code].meaning[lang]}: ${detail}`;
    return refuse(sayUpdateConfig(lang, "refused", { why }), invocation);
  }
  if (!json) print(sayUpdateConfig(lang, "begun", { minutes: TRIAL_MS / 60_000 }));
  const { configuration } = done.result as { readonly configuration: string };
  const verdict = await verdictOn(configuration, { config, invocation, signal }, told);
  return tell(verdict, file, invocation);
}

/** What came of the trial of `configuration`, by the events behind those that were `told`. */
async function verdictOn(
  configuration: string,
  { config, invocation, signal }: Job,
  told: Page,
): Promise<Verdict> {
  const { socket } = config.control;
  const clock = new SystemClock();
  const store = new ConfigStore(invocation.config);
  const until = after(clock.uptime(), TRIAL_MS + SPARE_MS);
  let overAt: UptimeMs | null = null;
  for (let { next, since } = told; !signal.aborted && clock.uptime() < until; ) {
    const page = await pageFrom(socket, next);
    if (page !== null && page.since !== since) {
      // With another configuration it counts anew.
      since = page.since;
      next = 0;
      continue;
    }
    const end = page?.events.find(({ kind, to, detail }) => {
      const isEnd = kind === "gateway" && (to === "kept" || to === "reverted");
      return isEnd && (detail as Record<string, unknown>)?.configuration === configuration;
    });
    if (end !== undefined) {
      return { outcome: end.to === "kept" ? "kept" : "reverted", cause: String(end.cause) };
    }
    next = page?.next ?? next;
    if (page === null) await clock.sleep(PAUSE_MS);
    overAt = store.isOnTrial() ? null : (overAt ?? clock.uptime());
    // Over, and nobody tells how: the process that tried it is another one now.
    if (overAt !== null && clock.uptime() > after(overAt, SPARE_MS)) {
      return { outcome: "reverted", cause: "restart" };
    }
  }
  return { outcome: "trial", cause: null };
}

/** Null where nobody answers now: the gateway begins anew with the other configuration. */
async function pageFrom(socket: string, from: number): Promise<Page | null> {
  try {
    const order = { from, waitMs: EVENT_MS };
    return (await callControl(socket, "events", order, 2 * EVENT_MS)) as Page;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return null;
  }
}

type Told = {
  readonly outcome: Verdict["outcome"] | "same" | "dry-run";
  readonly cause: string | null;
};

function tell({ outcome, cause }: Told, file: string, { lang, json }: Invocation): number {
  const isWell = outcome === "kept" || outcome === "same" || outcome === "dry-run";
  if (json) {
    print(toJson({ file, outcome, cause }));
    return isWell ? 0 : 1;
  }
  const key = `cause-${cause}`;
  const why = isKnown(key) ? sayUpdateConfig(lang, key) : (cause ?? "");
  (isWell ? print : complain)(sayUpdateConfig(lang, outcome, { file, why }));
  return isWell ? 0 : 1;
}

function isKnown(key: string): key is UpdateConfigTextKey {
  return CAUSES.some((cause) => key === `cause-${cause}`);
}

const CAUSES = ["unhealthy", "rolled-back", "restart", "config.unwritten"] as const;
