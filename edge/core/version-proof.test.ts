import test from "ava";
import type { WallMs } from "./time.ts";
import { claimsIn, signedPart, type VersionClaims, versionProof } from "./version-proof.ts";

const CLAIMS: VersionClaims = {
  gateway: "gw-1",
  release: "0.2.0",
  counter: 17,
  slot: "0.2.0",
  boot: "7a1c",
  uptimeMs: 93_500,
  at: 1_795_000_000_000 as WallMs,
  trial: true,
  command: "a-7",
};
const CERTIFICATE = "ab".repeat(32);
const SIGNATURE = new Uint8Array(64).fill(7);
const PROOF = versionProof(signedPart(CLAIMS, CERTIFICATE), SIGNATURE);

/** Whoever takes what was signed for `PROOF`, and nothing else. */
function isSigned(signed: string, signature: Uint8Array, certificate: string): boolean {
  const isSame = signature.every((byte) => byte === 7);
  return isSame && signed === signedPart(CLAIMS, CERTIFICATE) && certificate === CERTIFICATE;
}

const withPart = (index: number, part: string) => PROOF.split(".").with(index, part).join(".");
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("what a gateway signed of its version is read back as it said it", (t) => {
  t.deepEqual(claimsIn(PROOF, "gw-1", isSigned), CLAIMS);
  const bare = { ...CLAIMS, counter: null, slot: null, command: null, trial: false };
  const proof = versionProof(signedPart(bare, CERTIFICATE), SIGNATURE);
  t.deepEqual(
    claimsIn(proof, "gw-1", () => true),
    bare,
  );
});

test("a proof of another gateway proves nothing of this one", (t) => {
  t.is(claimsIn(PROOF, "gw-2", isSigned), null);
});

test("whatever was changed in it, it proves nothing any more", (t) => {
  const newer = encoded({ v: 1, ...CLAIMS, release: "0.3.0" });
  t.is(claimsIn(withPart(1, newer), "gw-1", isSigned), null);
  t.is(claimsIn(withPart(2, Buffer.alloc(64, 8).toString("base64url")), "gw-1", isSigned), null);
  t.is(claimsIn(withPart(2, Buffer.alloc(63, 7).toString("base64url")), "gw-1", isSigned), null);
});

test("no other algorithm and nothing that was signed for another purpose is taken", (t) => {
  const x5t = Buffer.from(CERTIFICATE, "hex").toString("base64url");
  const good = { alg: "ES256", typ: "lifeline-version+jwt", "x5t#S256": x5t };
  const asked: string[] = [];
  const believing = (signed: string) => asked.push(signed) > 0;
  for (const header of [
    { ...good, alg: "none" },
    { ...good, alg: "HS256" },
    { ...good, typ: "JWT" },
    { ...good, crit: ["exp"] },
    { alg: good.alg, typ: good.typ },
    [],
  ]) {
    t.is(claimsIn(withPart(0, encoded(header)), "gw-1", believing), null, JSON.stringify(header));
  }
  t.deepEqual(asked, [], "the key is not even asked");
});

test("what is no proof at all is taken for none, however it looks", (t) => {
  const anything = () => true;
  const wrong = { ...CLAIMS, v: 1, trial: "yes" };
  for (const text of [
    ...["", "a.b", "a.b.c.d", `${PROOF}.`, ` ${PROOF}`, `${PROOF}=`, "x".repeat(5_000)],
    withPart(1, encoded(wrong)),
    withPart(1, encoded({ ...CLAIMS, v: 2 })),
    withPart(1, encoded(null)),
    withPart(1, "AAAA"),
  ]) {
    t.is(claimsIn(text, "gw-1", anything), null, text.slice(0, 40));
  }
});
