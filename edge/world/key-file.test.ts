import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { openAuthority } from "../../test-rigs/processes/certificates.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { keyFile } from "./key-file.ts";

test("a file that is missing, empty or open to others is told so, and never what is in it", (t) => {
  const file = join(tempDir("key"), "password");
  t.like(keyFile(file, "password"), { state: "missing", mode: null, changedAt: null });
  writeFileSync(file, "\n");
  chmodSync(file, 0o644);
  t.like(keyFile(file, "password"), { state: "empty", mode: 0o644 });
  writeFileSync(file, "very-secret\n");
  const found = keyFile(file, "password");
  t.is(found.state, "good");
  t.false(JSON.stringify(found).includes("very-secret"));
});

testWith("openssl")(
  "a certificate is told with its name and term, and what is none as such",
  (t) => {
    const authority = openAuthority("Some Root");
    const { cert, key } = authority.issue({ name: "gw-1", toMs: 86_400_000 });
    const { certificate, state } = keyFile(cert, "certificate");
    t.is(state, "good");
    t.like(certificate, { subject: "gw-1", issuer: "Some Root" });
    t.true(Math.abs((certificate?.validTo ?? 0) - Date.now() - 86_400_000) < 60_000);
    t.like(keyFile(key, "certificate"), { state: "no-certificate", certificate: null });
  },
);
