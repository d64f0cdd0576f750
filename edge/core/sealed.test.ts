import test from "ava";
import { openedPath, sealedBy, secretStanding } from "./sealed.ts";

const BARE = { canSeal: false, hasTpm: false };
const SEALING = { canSeal: true, hasTpm: false };
const WITH_TPM = { canSeal: true, hasTpm: true };
const PLAIN = { isPlain: true, sealedBy: null } as const;
const BOTH = { isPlain: true, sealedBy: "tpm" } as const;
const BY_HOST = { isPlain: false, sealedBy: "host" } as const;
const BY_TPM = { isPlain: false, sealedBy: "tpm" } as const;

test("a key is told to be as safe as the least safe of its copies, and what would better that", (t) => {
  t.is(secretStanding([], WITH_TPM), null);
  t.deepEqual(secretStanding([BY_TPM], WITH_TPM), { protection: "tpm", lift: null });
  t.deepEqual(secretStanding([BY_HOST, BY_TPM], SEALING), { protection: "host", lift: "tpm" });
  t.deepEqual(secretStanding([BY_HOST], WITH_TPM), { protection: "host", lift: "renewal" });
  t.deepEqual(secretStanding([BY_TPM, BOTH], WITH_TPM), { protection: "file", lift: "restart" });
  t.deepEqual(secretStanding([BOTH, PLAIN], WITH_TPM), { protection: "file", lift: "start" });
  t.deepEqual(secretStanding([PLAIN], BARE), { protection: "file", lift: "system" });
});

test("how something is sealed is read from itself, and what is not known is no promise", (t) => {
  t.is(sealedBy("Whxqht+dQJax1aZeCGLxmiAAAAABAAAA"), "host");
  t.is(sealedBy("k6iUCUh0RJCQyvL8k8q1UyAAAAABAAAA"), "tpm");
  t.is(sealedBy("-----BEGIN PRIVATE KEY-----"), null);
});

test("what is sealed is opened to a folder beside it", (t) => {
  t.is(openedPath("/a/b/key.pem"), "/a/b/opened/key.pem");
  t.is(openedPath("key.pem"), "opened/key.pem");
});
