import type { RunningGateway } from "../running-gateway.ts";
import { type Permission, permissionOf } from "./permission.ts";

/** What a gateway is to be restarted for. */
export type RestartOrder = {
  /** The release that is to be started then, in at most 200 characters. */
  readonly release: string;
  /** Also outside the maintenance windows: somebody is there who wants it now. */
  readonly anyTime?: boolean;
};

/** The order in the parameters of a call; throws an `Error` that says what is wrong with them. */
export function restartOrderOf(params: unknown): RestartOrder {
  const { release, anyTime = false } = (params ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof release !== "string" || release === "" || release.length > 200) {
    throw new Error("release must name what is to be started, in at most 200 characters");
  }
  if (typeof anyTime !== "boolean") throw new Error("anyTime must be true or false");
  return { release, anyTime };
}

/** Whether `gateway` may be restarted now. */
export function permit(
  gateway: Pick<RunningGateway, "restartFacts">,
  { anyTime = false }: RestartOrder,
): Permission {
  return permissionOf(gateway.restartFacts(), anyTime);
}

/**
 * Ends `gateway` in good order where that is permitted, in the name of `who`: what was read is
 * stored, outputs are left as a stop leaves them, and whoever supervises it starts it anew.
 */
export function restart(
  gateway: Pick<RunningGateway, "restartFacts" | "restart" | "tell" | "status">,
  order: RestartOrder,
  who: string,
): Permission {
  if (gateway.restart === null) {
    return { permitted: false, code: "update.busy", reason: "nothing would start it anew" };
  }
  const permission = permit(gateway, order);
  if (!permission.permitted) return permission;
  const { gateway: subject } = gateway.status();
  const turn = { kind: "gateway", subject, from: "running", to: "running" } as const;
  gateway.tell({ ...turn, cause: "update.restart", detail: { who, release: order.release } });
  gateway.restart();
  return permission;
}
