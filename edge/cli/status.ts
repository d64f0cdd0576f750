import { toJson } from "../core/json.ts";
import { faultsOf } from "./faults.ts";
import { type Invocation, print } from "./invocation.ts";
import { runningStatus } from "./running-status.ts";
import { statusView } from "./status-view.ts";
import { usableConfig } from "./usable-config.ts";

/**
 * `lifeline status`: what the running gateway says of itself, or what one that does not run has
 * stored; 1 when something is broken.
 */
export async function status(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const state = await runningStatus(config.control.socket);
  if (state === null) {
    const { offlineStatus } = await import("./offline.ts");
    return offlineStatus(config, invocation);
  }
  print(json ? toJson(state) : statusView(state, lang));
  return faultsOf(state).length === 0 ? 0 : 1;
}
