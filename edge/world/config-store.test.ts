import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { ConfigStore, HISTORY_MAX } from "./config-store.ts";

/** A store whose file says "old". */
function rig(t: ExecutionContext) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-config-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "gateway.yaml");
  writeFileSync(file, "old", { mode: 0o640 });
  return { dir, file, store: new ConfigStore(file) };
}

test("the file is what it was until the candidate is kept, and what it replaced is remembered", (t) => {
  const { file, store } = rig(t);
  store.propose("new");
  store.begin();
  t.true(store.isOnTrial());
  t.is(readFileSync(file, "utf8"), "old");
  store.keep();
  t.is(readFileSync(file, "utf8"), "new");
  t.is(statSync(file).mode & 0o777, 0o640);
  t.false(store.isOnTrial());
  t.like(store.history(), [{ n: 1 }]);
  t.is(store.replaced(1), "old");
  t.is(store.replaced(2), null);
});

test("what was left to be tried is the candidate once it is taken, with the rights of the file", (t) => {
  const { file, store } = rig(t);
  t.false(store.take());
  store.leave("new");
  t.false(existsSync(store.candidate));
  t.is(statSync(store.proposed).mode & 0o777, 0o640);
  t.true(store.take());
  t.is(readFileSync(store.candidate, "utf8"), "new");
  t.false(existsSync(store.proposed));
  store.leave("newer");
  store.withdraw();
  store.withdraw();
  t.false(store.take());
  t.is(readFileSync(file, "utf8"), "old");
});

test("a start finds that a trial was cut off, and goes on with the file as it was", (t) => {
  const { file, store } = rig(t);
  store.propose("new");
  t.false(new ConfigStore(file).isOnTrial(), "a candidate alone was never tried");
  store.begin();
  const next = new ConfigStore(file);
  t.true(next.isOnTrial());
  next.discard();
  t.false(next.isOnTrial());
  t.false(existsSync(next.candidate));
  t.is(next.text(), "old");
  t.deepEqual(next.history(), []);
});

test("one that was cut off amid being kept is kept: the candidate has the file's place", (t) => {
  const { file, store } = rig(t);
  store.propose("new");
  store.begin();
  store.keep();
  writeFileSync(`${file}.trial`, "on trial");
  t.false(new ConfigStore(file).isOnTrial());
  t.is(new ConfigStore(file).text(), "new");
});

test("the last ten that were replaced are kept", (t) => {
  const { store } = rig(t);
  for (let n = 1; n <= 13; n++) {
    store.propose(`text ${n}`);
    store.begin();
    store.keep();
  }
  t.is(store.history().length, HISTORY_MAX);
  t.is(store.history()[0]?.n, 13);
  t.is(store.replaced(13), "text 12");
  t.is(store.replaced(3), null);
});

test("where the name is a link, what it points to is replaced", (t) => {
  const { dir, file } = rig(t);
  const link = join(dir, "link.yaml");
  symlinkSync(file, link);
  const store = new ConfigStore(link);
  store.propose("new");
  store.begin();
  store.keep();
  t.is(readFileSync(file, "utf8"), "new");
});

test("a disk that takes nothing is said so", (t) => {
  const { dir } = rig(t);
  const store = new ConfigStore(join(dir, "none", "gateway.yaml"));
  t.throws(() => store.propose("new"), { code: "config.unwritten" });
});

test("once the candidate has the file's place it is kept, whatever comes then", (t) => {
  const { file, store } = rig(t);
  store.propose("new");
  // A mark that cannot be removed.
  mkdirSync(`${file}.trial`);
  t.notThrows(() => store.keep());
  t.is(store.text(), "new");
  t.false(store.isOnTrial());
});

test("what is gone back to is not what is in the file already", (t) => {
  const { dir, store } = rig(t);
  t.is(store.lastOther(), null);
  store.propose("new");
  store.keep();
  // As a keeping leaves it that was cut off before the candidate had the file's place.
  writeFileSync(join(dir, "gateway.yaml.history", "2.yaml"), "new");
  t.is(store.lastOther(), "old");
});
