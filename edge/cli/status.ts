import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import { faultsOf } from "./faults.ts";
import { type Invocation, print } from "./invocation.ts";
import { quickStatus } from "./quick-status.ts";
import { runningStatus } from "./running-status.ts";
import { statusView } from "./status-view.ts";

/**
 * `lifeline status`: what the running gateway says of itself, or what one that does not run has
 * stored; 1 when something is broken.
 */
export async function status(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const state = (await quickStatus(invocation.config)) ?? (await statusByConfig(invocation));
  if (typeof state === "number") return state;
  print(json ? toJson(state) : statusView(state, lang));
  return faultsOf(state).length === 0 ? 0 : 1;
}

/** The status as the whole configuration leads to it, or the exit code where none is to be had. */
async function statusByConfig(invocation: Invocation): Promise<Status | number> {
  const { usableConfig } = await import("./usable-config.ts");
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const state = await runningStatus(config.control.socket);
  if (state !== null) return state;
  const { offlineStatus } = await import("./offline.ts");
  return offlineStatus(config, invocation);
}
