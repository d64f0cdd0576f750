import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { kernelNumber, kernelText, namesIn, type Roots } from "./kernel-file.ts";

/** A network interface that is not the machine's own loop. */
export type NetworkLink = {
  readonly name: string;
  readonly kind: "cable" | "radio" | "other";
  /** What the kernel calls its state, such as `up` (RFC 2863). */
  readonly state: string;
  /** Whether there is a signal on it; null where it is switched off. */
  readonly hasCarrier: boolean | null;
  /** Its addresses but for those that reach only the next machine. */
  readonly addresses: readonly string[];
};

/** How the machine is connected. */
export type Network = {
  readonly links: readonly NetworkLink[];
  /** Whoever everything is sent to that is not near, with the link: `192.168.8.1 eth0`. */
  readonly defaultRoutes: readonly { readonly via: string; readonly link: string }[];
  /** Near machines that were asked for by address, and whether they answered (arp(7)). */
  readonly neighbours: readonly { readonly address: string; readonly answers: boolean }[];
  /** Who is asked for names (resolv.conf(5)). */
  readonly nameServers: readonly string[];
};

/** How this machine is connected. */
export function networkOf(roots: Roots, interfaces = networkInterfaces()): Network {
  const folder = join(roots.sys, "class", "net");
  const links = namesIn(folder)
    .filter((name) => existsSync(join(folder, name, "operstate")) && name !== "lo")
    .map((name) => linkOf(folder, name, interfaces));
  return {
    links,
    defaultRoutes: [
      ...routesIn(kernelText(join(roots.proc, "net", "route")) ?? ""),
      ...routes6In(kernelText(join(roots.proc, "net", "ipv6_route")) ?? ""),
    ],
    neighbours: neighboursIn(kernelText(join(roots.proc, "net", "arp")) ?? ""),
    nameServers: serversIn(kernelText(join(roots.etc, "resolv.conf")) ?? ""),
  };
}

type Interfaces = ReturnType<typeof networkInterfaces>;

function linkOf(folder: string, name: string, interfaces: Interfaces): NetworkLink {
  const carrier = kernelNumber(join(folder, name, "carrier"));
  // ARPHRD_ETHER; a radio is one as well, with a folder of its own.
  const isEthernet = kernelNumber(join(folder, name, "type")) === 1;
  const isRadio = ["wireless", "phy80211"].some((each) => existsSync(join(folder, name, each)));
  const addresses = (interfaces[name] ?? [])
    .map(({ address }) => address)
    .filter((address) => !/^(fe80:|169\.254\.)/i.test(address));
  return {
    name,
    kind: isRadio ? "radio" : isEthernet ? "cable" : "other",
    state: kernelText(join(folder, name, "operstate")) ?? "unknown",
    hasCarrier: carrier === null ? null : carrier === 1,
    addresses,
  };
}

/** The default routes that are up in `/proc/net/route`: bytes in reverse, in hexadecimal. */
export function routesIn(text: string): Network["defaultRoutes"] {
  return text.split("\n").flatMap((line) => {
    const [link = "", target, via = "", flags = "0"] = line.trim().split(/\s+/);
    const isUp = (Number.parseInt(flags, 16) & 1) === 1;
    if (target !== "00000000" || !isUp) return [];
    const bytes = via.match(/../g)?.toReversed() ?? [];
    return [{ via: bytes.map((byte) => Number.parseInt(byte, 16)).join("."), link }];
  });
}

const NOWHERE = "0".repeat(32);

/** Likewise in `/proc/net/ipv6_route`, where the kernel refuses everything by a route of `lo`. */
export function routes6In(text: string): Network["defaultRoutes"] {
  return text.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [target, length, , , via = ""] = fields;
    const link = fields[9] ?? "";
    if (target !== NOWHERE || length !== "00" || link === "lo") return [];
    return [{ via: via.match(/.{4}/g)?.join(":") ?? "", link }];
  });
}

/** The neighbours in `/proc/net/arp`; the flag 0x2 says that one has answered (ATF_COM). */
export function neighboursIn(text: string): Network["neighbours"] {
  return text.split("\n").flatMap((line) => {
    const [address = "", , flags = ""] = line.trim().split(/\s+/);
    if (!/^\d+\./.test(address)) return [];
    return [{ address, answers: (Number.parseInt(flags, 16) & 0x2) !== 0 }];
  });
}

function serversIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/^\s*nameserver\s+(\S+)/gm), ([, server = ""]) => server);
}
