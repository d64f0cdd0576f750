import { X509Certificate } from "node:crypto";
import test from "ava";
import { startEnrolment } from "../../../test-rigs/centre/enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "../../../test-rigs/centre/gateway-claim.ts";
import { tempDir } from "../../../test-rigs/processes/child.ts";
import type { WallMs } from "../../core/time.ts";
import { claimsIn, type VersionClaims } from "../../core/version-proof.ts";
import { readOf } from "./files.ts";
import { isSignedBy, proofOf } from "./prove.ts";

const CLAIMS: VersionClaims = {
  ...{ gateway: "gw-1", release: "0.2.0", counter: 17, slot: "0.2.0", boot: "7a1c" },
  ...{ uptimeMs: 93_500, at: 1_795_000_000_000 as WallMs, trial: false, command: null },
};

test("an enrolled gateway proves its version by its certificate, another board with a copy does not", async (t) => {
  const at = tempDir("centre");
  const server = await startEnrolment(at, { terms: { lifeMs: 86_400_000, graceMs: 0 } });
  t.teardown(() => server.close());
  const claim = [newClaim(at, "gw-1")];
  const { dir, identity } = newGateway({ server: wayTo(server), claim, board: "board-1" });
  t.is(proofOf(CLAIMS, dir, "board-1"), null, "nobody knows its key yet");
  await identity.enrol(new AbortController().signal);
  const certificate = new X509Certificate(readOf(dir, "credential") ?? "");
  const proof = proofOf(CLAIMS, dir, "board-1") ?? "";
  const read = claimsIn(proof, "gw-1", (text, signature, fingerprint) => {
    const isIts = fingerprint === certificate.fingerprint256.replaceAll(":", "").toLowerCase();
    return isIts && isSignedBy(certificate, text, signature);
  });
  t.deepEqual(read, CLAIMS);
  const changed = proof.replace(/^([^.]+\.)./, (head) => `${head.slice(0, -1)}A`);
  t.is(
    claimsIn(changed, "gw-1", (text, signature) => isSignedBy(certificate, text, signature)),
    null,
  );
  t.is(proofOf(CLAIMS, dir, "board-2"), null);
});
