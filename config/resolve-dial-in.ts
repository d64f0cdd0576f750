import type { ListenSettings } from "../edge/core/link.ts";
import type { Findings } from "./findings.ts";
import type { CallerIdentity } from "./gateway-config.ts";
import { listenAt } from "./listen-at.ts";
import type { Draft } from "./salvage.ts";
import type { BusInput } from "./schema.ts";

/** A bus whose peer dials in. */
export type DialInInput = Extract<BusInput, { readonly kind: "modbus-dial-in" }>;

/** What all of a machine's addresses are written as. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** The keys that say who dials in. */
const IDENTITY = ["registration", "registrationHex", "peer"] as const;

/** Who dials in, as `input` says it first; an empty registration where it says nothing. */
export function callerOf(input: DialInInput): CallerIdentity {
  const { registration, registrationHex, peer } = input;
  const hex = hexOf(registration, registrationHex);
  if (hex === null && peer !== undefined) return { kind: "peer", address: peer.toLowerCase() };
  return { kind: "registration", hex: hex ?? "" };
}

/** The packet that is written as `text` or in hexadecimal; null where it is not written. */
export function hexOf(text: string | undefined, hex: string | undefined): string | null {
  if (text !== undefined) return Buffer.from(text, "utf8").toString("hex");
  return hex?.replaceAll(" ", "").toLowerCase() ?? null;
}

/** Where `input` listens. */
export function listenOf({ listen }: DialInInput): ListenSettings {
  return listenAt(listen);
}

/** Checks that every bus says who dials in, and that those of one port can be told apart. */
export function checkDialIn(draft: Draft, findings: Findings): void {
  const sure: (readonly [string, DialInInput])[] = [];
  for (const [name, input] of Object.entries(draft.config.buses ?? {})) {
    if (input.kind !== "modbus-dial-in") continue;
    const path = ["buses", name];
    if (input.heartbeat !== undefined && input.heartbeatHex !== undefined) {
      findings.add("heartbeat-twice", null, [...path, "heartbeatHex"], "key");
    }
    if (IDENTITY.some((key) => draft.mayHave(path, key))) continue;
    const said = IDENTITY.filter((key) => input[key] !== undefined);
    if (said.length === 1) {
      const isApart = sure.every(([other, known]) => {
        const clash = clashOf(input, known);
        if (clash !== null) findings.add(clash.code, { bus: other }, [...path, clash.key]);
        return clash === null;
      });
      if (isApart) sure.push([name, input]);
    } else if (said.length === 0) {
      findings.add("dial-in-identity", { count: 0 }, path, "key");
    } else {
      const last = said.at(-1) as string;
      findings.add("dial-in-identity", { count: said.length }, [...path, last], "key");
    }
  }
}

type Clash = {
  readonly code: "listen-clash" | "same-registration" | "same-peer" | "dial-in-mixed";
  /** The key that is at odds. */
  readonly key: string;
};

/** Why the callers of `input` could be taken for those of `known`; null where they cannot. */
function clashOf(input: DialInInput, known: DialInInput): Clash | null {
  const here = listenOf(input);
  const there = listenOf(known);
  if (here.port !== there.port) return null;
  if (here.host !== there.host) {
    const takesAll = EVERY_ADDRESS.has(here.host) || EVERY_ADDRESS.has(there.host);
    return takesAll ? { code: "listen-clash", key: "listen" } : null;
  }
  const caller = callerOf(input);
  const owner = callerOf(known);
  const key = IDENTITY.find((key) => input[key] !== undefined) as string;
  if (caller.kind === "registration" && owner.kind === "registration") {
    const isAlike = caller.hex.startsWith(owner.hex) || owner.hex.startsWith(caller.hex);
    return isAlike ? { code: "same-registration", key } : null;
  }
  if (caller.kind === "peer" && owner.kind === "peer") {
    return caller.address === owner.address ? { code: "same-peer", key } : null;
  }
  return { code: "dial-in-mixed", key };
}
