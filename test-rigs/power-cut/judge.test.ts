import { cpSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { openLocalLedger } from "../../buffer/local.ts";
import { tempDir as childDir } from "../processes/child.ts";
import { tamper, tempDir } from "../sim/buffer-rig.ts";
import { judge } from "./judge.ts";
import { commitOf, optionsOf } from "./writings.ts";

const COMMITS = 120;
const PROMISED = {
  acknowledged: COMMITS,
  stream: "R2",
  lives: [
    { from: 1, life: 1 },
    { from: 51, life: 2 },
  ],
};

/** A buffer that two processes wrote one after the other. */
const written = childDir("judge");

test.before(async () => {
  const ledger = await openLocalLedger(optionsOf(written, 2));
  for (let seq = 1; seq <= COMMITS; seq++) await ledger.commit(commitOf(seq, seq < 51 ? 1 : 2));
  await ledger.close();
});

/** A copy of it. */
function copied(t: ExecutionContext): string {
  const dir = tempDir(t);
  cpSync(written, dir, { recursive: true });
  return dir;
}

test("a buffer that holds what was promised is found right", async (t) => {
  t.deepEqual(await judge(copied(t), PROMISED), { lost: 0, corrupt: [] });
});

test("commits that were acknowledged and are not there count as lost", async (t) => {
  const promised = { ...PROMISED, acknowledged: COMMITS + 3 };
  t.deepEqual(await judge(copied(t), promised), { lost: 3, corrupt: [] });
});

test("a buffer that was begun anew has lost everything", async (t) => {
  const { lost, corrupt } = await judge(tempDir(t), PROMISED);
  t.is(lost, COMMITS);
  t.deepEqual(corrupt, ["stream R0, not R2"]);
});

for (const [what, sql, said] of [
  ["a damaged batch", "UPDATE batch SET body = x'00' WHERE seq = 60", "readings 60 is damaged"],
  ["a damaged event", "UPDATE event SET crc = 1 WHERE seq = 60", "events 60 is damaged"],
  ["a missing batch", "DELETE FROM batch WHERE seq = 60", "readings 60 is wrong"],
  [
    "another batch under the same seq",
    "UPDATE batch SET body = (SELECT body FROM batch WHERE seq = 61) WHERE seq = 60",
    "readings 60 is wrong",
  ],
  ["half of a commit", `DELETE FROM event WHERE seq = ${COMMITS}`, "were one commit each"],
  ["owed batches that are gone", "DELETE FROM batch WHERE seq < 40", "owed and gone"],
] as const) {
  test(`${what} is found`, async (t) => {
    const dir = copied(t);
    tamper(dir, (db) => db.exec(sql));
    const { corrupt } = await judge(dir, PROMISED);
    t.true(
      corrupt.some((each) => each.includes(said)),
      corrupt.join("\n"),
    );
  });
}
