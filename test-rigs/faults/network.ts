import { execFileSync } from "node:child_process";
import process from "node:process";
import type { Bench } from "./fault.ts";

/** A network of a gateway's own, which only root may make. */
export type OwnNetwork = {
  /** What stands before a command that is to be in it. */
  readonly wrap: readonly string[];
  /** Pulls its cable out. */
  unplug(): void;
};

let made = 0;

/**
 * A network in which the gateway has one cable, `address` on it, and `router` for everything that is
 * not near. At its other end is nobody: whoever is asked for does not answer.
 */
export function openNetwork(
  bench: Bench,
  { address, router }: { readonly address: string; readonly router: string },
): OwnNetwork {
  const name = `lifeline-${process.pid}-${made++}`;
  const ip = (...args: readonly string[]) => execFileSync("ip", args, { stdio: "pipe" });
  for (const each of [name, `${name}-far`]) {
    ip("netns", "add", each);
    bench.defer(() => void ip("netns", "del", each));
  }
  const far = (...args: readonly string[]) => ip("-n", `${name}-far`, ...args);
  const inside = (...args: readonly string[]) => ip("-n", name, ...args);
  const ends = ["eth0", "netns", name, "type", "veth", "peer", "far0", "netns", `${name}-far`];
  ip("link", "add", ...ends);
  far("link", "set", "far0", "up");
  for (const link of ["lo", "eth0"]) inside("link", "set", link, "up");
  inside("address", "add", address, "dev", "eth0");
  inside("route", "add", "default", "via", router);
  return {
    wrap: ["ip", "netns", "exec", name],
    unplug: () => void far("link", "set", "far0", "down"),
  };
}
