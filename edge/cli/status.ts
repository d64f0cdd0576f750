import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
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

/** Something that is broken, and the bus, device or destination that it is broken at. */
export type Fault =
  | { readonly kind: "bus-closed" | "device-silent" | "destination-troubled"; readonly at: string }
  | { readonly kind: "buffer-failing" };

/** What is broken in the gateway and around it. An active alarm is its work and no fault. */
export function faultsOf({ buses, destinations, buffer }: Status): readonly Fault[] {
  const isTroubled = ({ state, trouble }: Status["destinations"][number]) =>
    state === "disconnected" || trouble !== null;
  return [
    ...buses
      .filter(({ state }) => state === "closed")
      .map(({ bus }) => ({ kind: "bus-closed", at: bus }) as const),
    ...buses
      .flatMap(({ silent }) => silent)
      .map((device) => ({ kind: "device-silent", at: device }) as const),
    ...destinations
      .filter(isTroubled)
      .map(({ destination }) => ({ kind: "destination-troubled", at: destination }) as const),
    ...(buffer.failing === null ? [] : [{ kind: "buffer-failing" } as const]),
  ];
}
