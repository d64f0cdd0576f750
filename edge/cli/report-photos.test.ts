import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { photosOf } from "./report-photos.ts";

test("a folder stands for its photos, each is named once, and one that is not there is refused", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-photos-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "more"));
  for (const name of ["b.jpg", "a.jpg"]) writeFileSync(join(dir, name), name);
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  t.deepEqual(photosOf([dir, join(dir, "b.jpg")], "en"), [
    { file: "a.jpg", bytes: 5, sha256: sha256("a.jpg") },
    { file: "b.jpg", bytes: 5, sha256: sha256("b.jpg") },
  ]);
  t.deepEqual(photosOf([], "en"), []);
  const none = photosOf([join(dir, "c.jpg")], "zh-CN");
  t.regex("mistake" in none ? none.mistake : "", /无法读取照片 .*c\.jpg/);
});
