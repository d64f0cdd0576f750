import { generateKeyPairSync } from "node:crypto";
import test from "ava";
import type { VersionClaims } from "../../../edge/core/version-proof.ts";
import { credentialOf, signProof } from "../simulated/sign-proof.ts";
import { judgeProof, type ProofMemory } from "./proof.ts";

const identity = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credential = credentialOf(publicKey);
  return {
    credential,
    prove: (claims: VersionClaims) => signProof(claims, credential, privateKey),
  };
};
const OWN = identity();

function claims(over: Partial<VersionClaims> = {}): VersionClaims {
  const release = { release: "0.2.0", counter: 2, slot: "0.2.0", trial: false, command: "n" };
  const when = { boot: "b1", uptimeMs: 1_000, at: 0 as VersionClaims["at"] };
  return { gateway: "gw-1", ...release, ...when, ...over };
}

function judge(token: unknown, memory: ProofMemory | null = null) {
  const verdict = judgeProof(token, "gw-1", [OWN.credential], memory);
  return verdict.kind === "refused" ? verdict.why : verdict.kind;
}

/** What is remembered after proofs in this order. */
function after(...all: readonly VersionClaims[]): ProofMemory | null {
  return all.reduce<ProofMemory | null>((memory, each) => {
    const verdict = judgeProof(OWN.prove(each), "gw-1", [OWN.credential], memory);
    if (verdict.kind !== "new") throw new Error(verdict.kind);
    return verdict.memory;
  }, null);
}

test("what the gateway's own certificate signed is news once", (t) => {
  const token = OWN.prove(claims());
  t.is(judge(token), "new");
  const verdict = judgeProof(token, "gw-1", [OWN.credential], null);
  t.is(judge(token, verdict.kind === "new" ? verdict.memory : null), "same");
});

test("another's key, another's name and no certificate that is good prove nothing", (t) => {
  t.is(judge(identity().prove(claims())), "not-its-own");
  t.is(judge(OWN.prove(claims({ gateway: "gw-2" }))), "not-its-own");
  t.deepEqual(judgeProof(OWN.prove(claims()), "gw-1", [], null), {
    kind: "refused",
    why: "not-its-own",
  });
});

test("what is no proof is refused, whatever it is", (t) => {
  for (const each of [undefined, null, 7, {}, "", "a.b", "a.b.c", "x".repeat(100_000)]) {
    t.is(judge(each), "malformed");
  }
});

test("a proof that is older than the last is a replay, whatever its gateway's clock said", (t) => {
  const later = claims({ uptimeMs: 2_000, trial: true, at: -5 as VersionClaims["at"] });
  t.is(judge(OWN.prove(claims()), after(later)), "replayed");
  t.is(judge(OWN.prove(claims({ at: 9e12 as VersionClaims["at"] })), after(later)), "replayed");
  const rebooted = claims({ boot: "b2", uptimeMs: 5 });
  t.is(judge(OWN.prove(rebooted), after(later)), "new");
  t.is(judge(OWN.prove(claims({ uptimeMs: 9e9 })), after(later, rebooted)), "replayed");
});
