import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { CalibrationBook } from "../core/calibration.ts";
import { GatewayError } from "../core/errors.ts";
import { CalibrationFiles } from "./calibration-store.ts";

const BOOK: CalibrationBook = { v: 1, point: "gas-1.gas", records: [], work: null };

async function aStore(t: ExecutionContext) {
  const dir = await mkdtemp(join(tmpdir(), "lifeline-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const config = join(dir, "gateway.yaml");
  writeFileSync(config, "x: 1\n", { mode: 0o640 });
  return { dir, config, store: new CalibrationFiles(config) };
}

test("what was saved is there for whoever opens the folder beside the configuration", async (t) => {
  const { config, store } = await aStore(t);
  t.deepEqual(store.load(), { books: [], unreadable: [] });
  store.save(BOOK);
  t.deepEqual(new CalibrationFiles(config).load(), { books: [BOOK], unreadable: [] });
  t.is(statSync(join(store.folder, "gas-1.gas.json")).mode & 0o777, 0o640);
});

test("a save that was cut off leaves what was there", async (t) => {
  const { store } = await aStore(t);
  store.save(BOOK);
  writeFileSync(join(store.folder, "gas-1.gas.json.new"), "{ half");
  t.deepEqual(store.load(), { books: [BOOK], unreadable: [] });
});

test("a file that is no book is named, and the others are read", async (t) => {
  const { store } = await aStore(t);
  store.save(BOOK);
  const broken = join(store.folder, "gas-2.gas.json");
  writeFileSync(broken, readFileSync(join(store.folder, "gas-1.gas.json"), "utf8").slice(0, 20));
  t.deepEqual(store.load(), { books: [BOOK], unreadable: [broken] });
});

test("a disk that takes nothing is told as such", async (t) => {
  const { store } = await aStore(t);
  mkdirSync(join(store.folder, "gas-1.gas.json.new"), { recursive: true });
  const error = t.throws(() => store.save(BOOK), { instanceOf: GatewayError });
  t.is(error?.code, "calibration.unwritten");
});
