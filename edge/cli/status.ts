import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
import { faultsOf } from "./faults.ts";
import { type Invocation, print } from "./invocation.ts";
import { statusView } from "./status-view.ts";
import { usableConfig } from "./usable-config.ts";

/** `lifeline status`: what the running gateway says of itself; 1 when something is broken. */
export async function status(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const state = (await callControl(config.control.socket, "status")) as Status;
  print(json ? toJson(state) : statusView(state, lang));
  return faultsOf(state).length === 0 ? 0 : 1;
}
