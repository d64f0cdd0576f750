import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { Status } from "../control/status.ts";
import { runningStatus } from "./running-status.ts";

/**
 * What the running gateway says of itself, asked without checking its configuration first, which
 * takes longer than all the rest of a command; null where that is not as simple, or none runs.
 * Rejects as `callControl` does.
 */
export async function quickStatus(file: string): Promise<Status | null> {
  const place = await quickPlace(file);
  if (place === null) return null;
  const status = await runningStatus(place.socket);
  return status?.gateway === place.gateway ? status : null;
}

/** Where a gateway is found. */
export type QuickPlace = {
  readonly gateway: string;
  readonly socket: string;
  /** Path of its database. */
  readonly database: string;
};

/**
 * The gateway that the configuration in `file` is for, its socket and its database, read without
 * checking the rest; null where that is not as simple.
 */
export async function quickPlace(file: string): Promise<QuickPlace | null> {
  try {
    const { parse } = await import("./yaml-parse.ts");
    const { gateway, buffer = {}, control = {} } = parse(readFileSync(file, "utf8"));
    const { dir = "/var/lib/lifeline" } = buffer;
    const { socket = join(dir, "control.sock") } = control;
    const texts: readonly unknown[] = [gateway?.id, dir, socket];
    if (!texts.every((text) => typeof text === "string" && !/\$\{/.test(text))) return null;
    const absolute = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
    const database = join(absolute(dir), "lifeline.db");
    return { gateway: gateway.id, socket: absolute(socket), database };
  } catch {
    // What is wrong with it is told by who reads it whole.
    return null;
  }
}
