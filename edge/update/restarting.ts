import type { RunningGateway } from "../running-gateway.ts";
import { type Permission, permissionOf, type RestartFacts } from "./permission.ts";

/** What a gateway is restarted by. */
export type Restarting = {
  /** What speaks for or against it now. */
  readonly facts: RestartFacts;
  /** Ends it as a stop does, to be started anew; null where nobody would start it. */
  readonly restart: (() => void) | null;
  /** Leaves what does well for the release that is started next. Rejects with `update.unwritten`. */
  leave(): Promise<void>;
};

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

/**
 * Whether `gateway` may be restarted now. Where it may, what does well is left for the release that
 * comes, to be judged by. Rejects with `update.unwritten`.
 */
export async function permit(
  { restarting }: Pick<RunningGateway, "restarting">,
  { anyTime = false }: RestartOrder,
): Promise<Permission> {
  const permission = permissionOf(restarting.facts, anyTime);
  // Written now, as power may fail between this and the restart.
  if (permission.permitted) await restarting.leave();
  return permission;
}

/**
 * Ends `gateway` in good order where that is permitted, in the name of `who`: what was read is
 * stored, outputs are left as a stop leaves them, and whoever supervises it starts it anew.
 */
export async function restart(
  gateway: Pick<RunningGateway, "restarting" | "tell" | "status">,
  order: RestartOrder,
  who: string,
): Promise<Permission> {
  const { restart: end } = gateway.restarting;
  if (end === null) {
    return { permitted: false, code: "update.busy", reason: "nothing would start it anew" };
  }
  const permission = await permit(gateway, order);
  if (!permission.permitted) return permission;
  const { gateway: subject } = gateway.status();
  const turn = { kind: "gateway", subject, from: "running", to: "running" } as const;
  gateway.tell({ ...turn, cause: "update.restart", detail: { who, release: order.release } });
  end();
  return permission;
}
