import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { ExportFile, FileExists } from "./export-file.ts";

function place(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-export-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  return join(dir, "out.csv");
}

test("the file is there only once it is whole", (t) => {
  const path = place(t);
  using file = new ExportFile(path, false);
  file.write("a");
  file.write("x".repeat(500_000));
  t.false(existsSync(path));
  file.finish();
  t.is(readFileSync(path, "utf8"), `a${"x".repeat(500_000)}`);
  t.is(file.bytes, 500_001);
});

test("what was not finished leaves nothing behind", (t) => {
  const path = place(t);
  {
    using file = new ExportFile(path, false);
    file.write("a");
  }
  t.deepEqual(readdirSync(join(path, "..")), []);
});

test("a file that is there is not replaced, not even one that came meanwhile", (t) => {
  const path = place(t);
  using file = new ExportFile(path, false);
  writeFileSync(path, "mine");
  t.throws(() => file.finish(), { instanceOf: FileExists });
  t.throws(() => new ExportFile(path, false), { instanceOf: FileExists });
  t.is(readFileSync(path, "utf8"), "mine");
});

test("it is replaced where that is asked for", (t) => {
  const path = place(t);
  writeFileSync(path, "old");
  using file = new ExportFile(path, true);
  file.write("new");
  file.finish();
  t.is(readFileSync(path, "utf8"), "new");
});
