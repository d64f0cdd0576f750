import { execFileSync } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { startChild, tempDir } from "../processes/child.ts";
import { compiled } from "../processes/compiled.ts";

/** What a cable does to the packets that go one way. */
export type Way = {
  /** Nothing comes through, and nobody is told. */
  readonly isDead: boolean;
  /** The share of packets that is lost, overtakes the others, or comes twice, 0 to 1. */
  readonly loss: number;
  readonly reorder: number;
  readonly twice: number;
  readonly delayMs: number;
  /** At the most so much more, drawn for each packet: they overtake each other. */
  readonly jitterMs: number;
  /** 0 for no limit. */
  readonly bytesPerS: number;
};

/** What is wrong with a cable: on the way up, from the gateway, and down. */
export type Trouble = { readonly up?: Partial<Way>; readonly down?: Partial<Way> };

/** Whom the gateway has a cable to. */
export const PEERS = ["broker", "centre"] as const;

/** One of them. */
export type Peer = (typeof PEERS)[number];

/** What every cable of this rig is like: a good mobile network. */
const SOUND: Way = {
  isDead: false,
  loss: 0,
  reorder: 0,
  twice: 0,
  delayMs: 10,
  jitterMs: 2,
  bytesPerS: 1_000_000,
};

/** On which addresses they hear the gateway; and the broker, behind the cables, its centre. */
export const ADDRESSES: Readonly<Record<Peer, string>> = {
  broker: "10.77.1.2",
  centre: "10.77.2.2",
};
const OWN_ADDRESSES: Readonly<Record<Peer, string>> = { broker: "10.77.1.1", centre: "10.77.2.1" };
/** The broker's address towards the centre, over a cable that nothing befalls. */
export const BROKER_INSIDE = "10.77.3.1";
const CENTRE_INSIDE = "10.77.3.2";

/** A machine that does much else starts a process slowly. */
const START_MS = 30_000;

/** The cables between this process's network, which is the gateway's, and those of its peers. */
export type Cables = {
  /** What stands before a command that is to run in the network of `peer`. */
  in(peer: Peer): readonly string[];
  /** Does `trouble` to the cable to `peer`; null mends it. */
  set(peer: Peer, trouble: Trouble | null): void;
};

/**
 * Lays them. This process must be in network and mount namespaces of its own (`unshare --net
 * --mount`), with which all of it goes away.
 */
export async function layCables(seed: number): Promise<Cables> {
  const ip = (...args: readonly string[]) => execFileSync("ip", args, { stdio: "pipe" });
  execFileSync("mkdir", ["-p", "/run/netns"]);
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);
  // What it says of networks is of that in which it is mounted.
  execFileSync("mount", ["-t", "sysfs", "sysfs", "/sys"]);
  for (const peer of PEERS) {
    ip("netns", "add", peer);
    ip("-n", peer, "link", "set", "lo", "up");
  }
  ip("link", "set", "lo", "up");
  const file = join(tempDir("cables"), "settings");
  const troubles = new Map<Peer, Trouble>();
  const write = () => {
    const lines = PEERS.flatMap((peer) => {
      const { up, down } = troubles.get(peer) ?? {};
      return [lineOf({ ...SOUND, ...up }), lineOf({ ...SOUND, ...down })];
    });
    writeFileSync(`${file}.new`, `${lines.join("\n")}\n`);
    renameSync(`${file}.new`, file);
  };
  write();
  const ends = PEERS.flatMap((peer) => [
    `/proc/${process.pid}/ns/net`,
    peer,
    `/run/netns/${peer}`,
    "uplink",
  ]);
  const program = compiled(new URL("cable.c", import.meta.url));
  const cable = startChild(program, [file, String(seed), ...ends]);
  await cable.waitFor(/^read$/, START_MS);
  for (const peer of PEERS) {
    const [own, far] = [OWN_ADDRESSES[peer], ADDRESSES[peer]];
    ip("address", "add", own, "peer", far, "dev", peer);
    ip("link", "set", peer, "up");
    ip("-n", peer, "address", "add", far, "peer", own, "dev", "uplink");
    ip("-n", peer, "link", "set", "uplink", "up");
  }
  ip("route", "add", "default", "dev", "centre");
  const inside = ["link", "add", "inside", "netns", "broker", "type", "veth"];
  ip(...inside, "peer", "inside", "netns", "centre");
  for (const [peer, address] of [
    ["broker", BROKER_INSIDE],
    ["centre", CENTRE_INSIDE],
  ] as const) {
    ip("-n", peer, "address", "add", `${address}/24`, "dev", "inside");
    ip("-n", peer, "link", "set", "inside", "up");
  }
  return {
    in: (peer) => ["nsenter", `--net=/run/netns/${peer}`],
    set(peer, trouble) {
      if (trouble === null) troubles.delete(peer);
      else troubles.set(peer, trouble);
      write();
      cable.signal("SIGHUP");
    },
  };
}

function lineOf({ isDead, loss, reorder, twice, delayMs, jitterMs, bytesPerS }: Way): string {
  const chances = [loss, reorder, twice].map((share) => Math.round(share * 10_000));
  const times = [delayMs, jitterMs].map((ms) => Math.round(ms * 1_000));
  return [isDead ? 1 : 0, ...chances, ...times, Math.round(bytesPerS)].join(" ");
}
