import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import test from "ava";
import Database from "better-sqlite3";
import { openLocalLedger } from "../../buffer/local.ts";
import { versionsOf } from "../../buffer/migrate.ts";
import { MIGRATIONS } from "../../buffer/schema.ts";
import { randomOf } from "../field/rig.ts";
import { startChild } from "../processes/child.ts";
import { fileIn, optionsFor, tempDir } from "../sim/buffer-rig.ts";

const KILLS = 12;
const MIGRATOR = fileURLToPath(new URL("migrator.ts", import.meta.url));
const ROWS = new URL("../golden/buffer/version-2.sql", import.meta.url);
/** A machine that does much else starts a process slowly. */
const START_MS = 30_000;

const startMigrator = (file: string) => startChild(process.execPath, [MIGRATOR, file]);

test(`a migration killed at ${KILLS} random moments leaves the old version or the new one, with every row`, async (t) => {
  const dir = tempDir(t);
  const old = join(dir, "old.db");
  const made = new Database(old);
  for (const sql of MIGRATIONS.slice(0, 2)) made.exec(sql);
  made.exec(readFileSync(ROWS, "utf8"));
  made.close();
  const file = fileIn(dir);
  const renew = () => {
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
    copyFileSync(old, file);
  };
  renew();
  const whole = startMigrator(file);
  const tookMs = Number((await whole.waitFor(/^done /, START_MS)).split(" ")[1]);
  await whole.exited;

  const random = randomOf(t);
  const found: Record<string, number> = { old: 0, new: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    renew();
    const migrator = startMigrator(file);
    await migrator.waitFor(/^begins/, START_MS);
    // The first kill comes in the middle of it.
    await sleep(kill === 0 ? tookMs / 2 : random.between(0, tookMs));
    await migrator.end("SIGKILL");
    const db = new Database(file);
    const { version } = versionsOf(db);
    const isNew = version === MIGRATIONS.length + 1;
    t.true(isNew || version === 2, `version ${version}`);
    const later = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%later%'";
    t.is(db.prepare(later).pluck().get(), isNew ? 3 : 0);
    t.is(db.pragma("integrity_check", { simple: true }), "ok");
    db.close();
    found[isNew ? "new" : "old"]!++;
    const ledger = await openLocalLedger(optionsFor(dir));
    t.like(await ledger.state(), { heads: { readings: 5, events: 4 }, setAside: null });
    t.is((await ledger.readBatches(1, 10)).length, 5);
    t.deepEqual((await ledger.commit({})).batches, []);
    await ledger.close();
  }
  t.log(
    `it takes ${tookMs.toFixed(0)} ms; ${found.old} times the old version, ${found.new} the new`,
  );
  t.true((found.old ?? 0) > 0);
});
