import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { writeTree } from "../../test-rigs/sim/file-tree.ts";
import { metadataAt, updateFiles } from "./update-files.ts";

const RELEASE = '{"version":"0.2.0","counter":17,"hardware":["amd64"],"channel":"stable"}';

/** A slot, and the directory of a buffer. */
function installed(release = RELEASE) {
  const root = tempDir("install");
  writeTree(root, { "releases/0.2.0/app/main.js": "", "releases/0.2.0/release.json": release });
  const dir = tempDir("buffer");
  const files = updateFiles(dir, join(root, "releases", "0.2.0", "app"));
  return { root, dir, files };
}

test("a slot says of itself what its release does, and as much as can be read", (t) => {
  const release = { counter: 17, hardware: ["amd64"], channel: "stable" };
  t.deepEqual(installed().files.slot, { name: "0.2.0", release });
  t.deepEqual(installed("{").files.slot, { name: "0.2.0", release: null });
  t.deepEqual(installed('{"counter":"x"}').files.slot, { name: "0.2.0", release: null });
});

test("where the program is in no slot there is no trial and no journal, but orders can be written", async (t) => {
  const dir = tempDir("buffer");
  const files = updateFiles(dir, import.meta.dirname);
  t.deepEqual([files.slot, await files.trial()], [null, null]);
  t.deepEqual(await files.journal(7), { text: "", end: 7 });
  await files.write("order", "{}\n");
  t.is(await files.order(), "{}");
});

test("the slot that is started next is what the link names", async (t) => {
  const { root, files } = installed();
  t.is(await files.current(), null);
  symlinkSync("releases/0.3.0", join(root, "current"));
  t.is(await files.current(), "0.3.0");
});

test("of the journal only whole lines behind those that were told are read", async (t) => {
  const { root, files } = installed();
  const journal = join(root, "journal.jsonl");
  t.deepEqual(await files.journal(0), { text: "", end: 0 });
  writeFileSync(journal, "one\ntwo\nthr");
  t.deepEqual(await files.journal(0), { text: "one\ntwo\n", end: 8 });
  t.deepEqual(await files.journal(4), { text: "two\n", end: 8 });
  t.deepEqual(await files.journal(8), { text: "", end: 8 });
  appendFileSync(journal, "ee\n");
  t.deepEqual(await files.journal(8), { text: "three\n", end: 14 });
  writeFileSync(journal, "anew\n");
  t.deepEqual(await files.journal(14), { text: "anew\n", end: 5 }, "another is in its place");
});

test("of a journal without end only the last 64 kB are read", async (t) => {
  const { root, files } = installed();
  writeFileSync(join(root, "journal.jsonl"), "0123456789\n".repeat(20_000));
  const { text, end } = await files.journal(0);
  t.true(text.length <= 65_536 && text.length > 60_000);
  t.is(end, 220_000);
});

test("what is written is there whole, in a folder of its own, and an order can be removed", async (t) => {
  const { dir, files } = installed();
  await files.write("verdict", "one\n");
  await files.write("verdict", "two\n");
  await files.write("before", "{}\n");
  t.deepEqual(
    [await files.verdict(), await files.before(), await files.order()],
    ["two", "{}", null],
  );
  t.deepEqual(readdirSync(join(dir, "update")).sort(), ["before.json", "verdict"]);
  await files.write("order", "{}\n");
  await files.removeOrder();
  await files.removeOrder();
  t.false(existsSync(join(dir, "update", "order")));
});

test("a disk that takes nothing is told with a code", async (t) => {
  const { dir, files } = installed();
  writeFileSync(join(dir, "update"), "a file where the folder should be");
  await t.throwsAsync(files.write("verdict", "one\n"), { code: "update.unwritten" });
  rmSync(dir, { recursive: true });
  await t.throwsAsync(files.removeOrder(), { code: "update.unwritten" });
});

test("the metadata of releases is as fresh as the newest of its copies", (t) => {
  const { root } = installed();
  t.is(metadataAt(root), null);
  for (const [copy, at] of [
    ["a", 1_000],
    ["b", 2_000],
  ] as const) {
    mkdirSync(join(root, "trust", copy), { recursive: true });
    const file = join(root, "trust", copy, "timestamp.json");
    writeFileSync(file, "{}");
    utimesSync(file, at, at);
  }
  t.is(metadataAt(root), 2_000_000 as never);
});
