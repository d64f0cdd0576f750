import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { besideOf, keptSecret, readablePath, tracesOf } from "./sealed-file.ts";
import { readSecret } from "./secret-text.ts";

function folder() {
  const dir = tempDir("sealed");
  mkdirSync(join(dir, "opened"));
  const put = (name: string, text: string) => writeFileSync(join(dir, name), text);
  return { dir, put, path: join(dir, "password") };
}

test("a secret is read where it was put, and where it was opened to once it is sealed", async (t) => {
  const { put, path } = folder();
  const read = () => readSecret([{ kind: "file", path }]);
  await t.throwsAsync(read(), { message: /password cannot be read/ });
  put("password.sealed", "Whxqht+d");
  put("opened/password", "of yesterday\n");
  t.is(await read(), "of yesterday");
  put("password", "of today\n");
  t.is(await read(), "of today", "what was put down last");
});

test("how a secret is kept is told of every copy, one that is being removed among them", (t) => {
  const { dir, put, path } = folder();
  t.is(keptSecret(path), null);
  put("password.sealing", "secret");
  t.deepEqual(keptSecret(path), { isPlain: true, sealedBy: null });
  put("password.sealed", "k6iUCUh0RJCQ");
  t.deepEqual(keptSecret(path), { isPlain: true, sealedBy: "tpm" });
  rmSync(join(dir, "password.sealing"));
  put("password.sealed", "of a later release");
  t.deepEqual(keptSecret(path), { isPlain: false, sealedBy: "host" });
  t.is(besideOf(path, "refused"), null);
});

test("a secret leaves no trace once all of its files are removed", (t) => {
  const { put, path } = folder();
  const names = ["", ".sealing", ".sealed", ".refused", ".public"].map((end) => `password${end}`);
  for (const name of [...names, "opened/password"]) put(name, "secret");
  t.is(tracesOf(path).length, 6);
  for (const each of tracesOf(path)) rmSync(each);
  t.is(readablePath(path), path);
  t.is(keptSecret(path), null);
});
