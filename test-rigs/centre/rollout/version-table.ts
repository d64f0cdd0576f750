import type { VersionClaims } from "../../../edge/core/version-proof.ts";
import { type Credential, judgeProof, type ProofFault, type ProofMemory } from "./proof.ts";
import type { WatchedMs } from "./rollout.ts";

/** What is known of one gateway's release: what it proved apart from what it merely said. */
export type Version = {
  readonly gateway: string;
  /** Null where it never proved any. */
  readonly proved: (VersionClaims & { readonly heard: number }) | null;
  /** Null where it never said any. */
  readonly said: { readonly release: string; readonly heard: number } | null;
  readonly isOnline: boolean;
  /** Since when it has been that, or has not. */
  readonly since: WatchedMs;
  readonly memory: ProofMemory | null;
  /** The last proof that proved nothing, and how many there were. */
  readonly refused: {
    readonly why: ProofFault;
    readonly heard: number;
    readonly times: number;
  } | null;
};

/** What a message on `status` says; `proof` is looked at apart. */
export type Said = {
  readonly release: string | null;
  readonly isOnline: boolean;
  readonly proof: unknown;
};

/** Nothing is known of `gateway` yet. */
export function unheard(gateway: string): Version {
  const nothing = { proved: null, said: null, memory: null, refused: null };
  return { gateway, ...nothing, isOnline: false, since: 0 as WatchedMs };
}

/** What the payload of `status` says; null where it is none of contract v1. */
export function saidIn(payload: Uint8Array): Said | null {
  try {
    const { v, state, release, proof } = JSON.parse(Buffer.from(payload).toString());
    if (v !== 1 || (state !== "online" && state !== "offline")) return null;
    const isText = typeof release === "string" && release.length <= 200;
    return { release: isText ? release : null, isOnline: state === "online", proof };
  } catch {
    return null;
  }
}

/** What came of a message on `status`. */
export type Heard = {
  readonly version: Version;
  /** A proof that is new, or null. */
  readonly proof: VersionClaims | null;
  /** Why its proof proves nothing, or null. */
  readonly fault: ProofFault | null;
};

/** `version` after `said`, which was heard at wall time `heard` of the centre. */
export function heardOf(
  version: Version,
  said: Said,
  credentials: readonly Credential[],
  { heard, watched }: { readonly heard: number; readonly watched: WatchedMs },
): Heard {
  const isTurn = said.isOnline !== version.isOnline;
  const release = said.release === null ? version.said : { release: said.release, heard };
  const isNews = release?.release !== version.said?.release;
  const next: Version = {
    ...version,
    said: isNews ? release : version.said,
    isOnline: said.isOnline,
    since: isTurn ? watched : version.since,
  };
  // A will is written when the session opens, and by then may prove what is no more.
  if (said.proof === undefined || !said.isOnline)
    return { version: next, proof: null, fault: null };
  const verdict = judgeProof(said.proof, version.gateway, credentials, version.memory);
  switch (verdict.kind) {
    case "same":
      return { version: next, proof: null, fault: null };
    case "refused": {
      const { why } = verdict;
      const times = (version.refused?.times ?? 0) + 1;
      return { version: { ...next, refused: { why, heard, times } }, proof: null, fault: why };
    }
    case "new": {
      const { proof, memory } = verdict;
      return { version: { ...next, proved: { ...proof, heard }, memory }, proof, fault: null };
    }
  }
}
