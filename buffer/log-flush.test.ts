import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import test, { type ExecutionContext } from "ava";
import Database from "better-sqlite3";
import { event, fileIn, fill, optionsFor, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";

type Refusable = "fdatasyncSync" | "writeSync" | "statSync";

/** Has the disk answer `name` with `code`; what is returned has it work again. */
function refuse(t: ExecutionContext, name: Refusable, code: string): () => void {
  const real = fs[name];
  const put = (call: unknown) => {
    Object.assign(fs, { [name]: call });
    syncBuiltinESMExports();
  };
  put(() => {
    throw Object.assign(new Error(code), { code });
  });
  const allow = () => put(real);
  t.teardown(allow);
  return allow;
}

/** A look that keeps what was stored up to now in the log. */
function lookInto(dir: string): Database.Database {
  const reader = new Database(fileIn(dir), { readonly: true });
  reader.exec("BEGIN; SELECT count(*) FROM batch");
  return reader;
}

/** What a process that were killed now would leave, in a directory of its own. */
function leftBehind(t: ExecutionContext, dir: string): string {
  const copy = tempDir(t);
  for (const side of ["", "-wal"]) fs.copyFileSync(fileIn(dir) + side, fileIn(copy) + side);
  return copy;
}

const messages = async (dir: string) => {
  const ledger = await openLocalLedger(optionsFor(dir));
  const events = await ledger.readEvents(1, 100);
  await ledger.close();
  return events.map(({ event: each }) => each?.kind === "bus" && each.cause);
};

test.serial(
  "what a killed process left in the log is in the database before it is used",
  async (t) => {
    const dir = tempDir(t);
    const ledger = await openLocalLedger(optionsFor(dir));
    t.teardown(() => ledger.close());
    await fill(ledger, 5);
    const copy = leftBehind(t, dir);
    t.true(fs.statSync(`${fileIn(copy)}-wal`).size > 0);
    const next = await openLocalLedger(optionsFor(copy));
    t.teardown(() => next.close());
    t.is(fs.statSync(`${fileIn(copy)}-wal`).size, 0);
    t.is((await next.state()).heads.readings, 5);
  },
);

test.serial(
  "a log in doubt is written anew with the next commit, although its flush succeeds",
  async (t) => {
    const dir = tempDir(t);
    const ledger = await openLocalLedger(optionsFor(dir));
    t.teardown(() => ledger.close());
    await ledger.commit({ events: [event("1")] });
    const reader = lookInto(dir);
    t.teardown(() => reader.close());
    const allow = refuse(t, "fdatasyncSync", "EIO");
    t.is((await ledger.commit({ events: [event("2")] })).unflushed?.code, "buffer.io");
    allow();
    const refused = refuse(t, "writeSync", "ENOSPC");
    t.is((await ledger.commit({ events: [event("3")] })).unflushed?.code, "buffer.full");
    refused();
    t.is((await ledger.commit({ events: [event("4")] })).unflushed, null);
    t.deepEqual(await messages(leftBehind(t, dir)), ["1", "2", "3", "4"]);
  },
);

test.serial("what is in doubt can be flushed later, while somebody reads", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  t.teardown(() => ledger.close());
  const reader = lookInto(dir);
  t.teardown(() => reader.close());
  const allow = refuse(t, "fdatasyncSync", "EIO");
  t.not((await ledger.commit({ events: [event("1")] })).unflushed, null);
  await t.throwsAsync(ledger.flush(), { code: "buffer.io" });
  allow();
  await t.notThrowsAsync(ledger.flush());
  t.is((await ledger.commit({ events: [event("2")] })).unflushed, null);
  t.deepEqual(await messages(leftBehind(t, dir)), ["1", "2"]);
});

test.serial("a commit that is stored does not fail for the size of the files", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t)));
  t.teardown(() => ledger.close());
  const { bytes } = await ledger.commit({ events: [event("1")] });
  const allow = refuse(t, "statSync", "EIO");
  const second = await ledger.commit({ events: [event("2")] });
  allow();
  t.deepEqual([second.events, second.bytes], [[2], bytes]);
});
