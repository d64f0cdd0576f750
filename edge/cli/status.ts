import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
import { type Invocation, print } from "./invocation.ts";
import { statusView } from "./status-view.ts";
import { usableConfig } from "./usable-config.ts";

/** `lifeline status`: what the running gateway says of itself. */
export async function status({ config: file, lang, json }: Invocation): Promise<number> {
  const config = await usableConfig(file, lang);
  if (config === null) return 1;
  const state = (await callControl(config.control.socket, "status")) as Status;
  print(json ? toJson(state) : statusView(state, lang));
  return 0;
}
