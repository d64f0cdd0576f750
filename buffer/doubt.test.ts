import { writeFileSync } from "node:fs";
import test from "ava";
import { GatewayError } from "../edge/core/errors.ts";
import {
  event,
  fileIn,
  fill,
  harmPageWith,
  harmTable,
  optionsFor,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { Engine } from "./engine.ts";
import { openLocalLedger } from "./local.ts";
import type { EngineOptions } from "./requests.ts";

const atOnce = () => Promise.resolve();

test("a database that a disk could not read for a moment is opened again, not set aside", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  await first.close();
  const heal = harmTable(dir, "series");
  let waits = 0;
  const second = await openLocalLedger(optionsFor(dir), atOnce, () => {
    waits++;
    if (waits === 2) heal();
  });
  const { heads, setAside } = await second.state();
  t.is(waits, 2);
  t.is(heads.readings, 3);
  t.is(setAside, null);
  await second.close();
});

test("a database that stays damaged is set aside after three tries", async (t) => {
  const dir = tempDir(t);
  writeFileSync(fileIn(dir), "no database ".repeat(100));
  let waits = 0;
  const ledger = await openLocalLedger(optionsFor(dir), atOnce, () => {
    waits++;
  });
  t.is(waits, 2);
  t.is((await ledger.state()).setAside?.why, "damaged");
  await ledger.close();
});

test("a second start is refused while the first one doubts a damaged database", async (t) => {
  const dir = tempDir(t);
  writeFileSync(fileIn(dir), "no database ".repeat(100));
  const refusals: unknown[] = [];
  const ledger = await openLocalLedger(optionsFor(dir), atOnce, () => {
    const error = t.throws(() => new Engine(optionsFor(dir)), { instanceOf: GatewayError });
    refusals.push(error?.code);
  });
  t.deepEqual(refusals, ["buffer.busy", "buffer.busy"]);
  await ledger.close();
});

/** Room for 256 events, and that many in it: what comes pushes out what is on pages not yet read. */
async function crowded(dir: string): Promise<EngineOptions> {
  const options = optionsFor(dir, { maxBytes: 450_000 });
  const ledger = await openLocalLedger(options);
  await ledger.commit({ events: longEvents(256) });
  await ledger.close();
  return options;
}

const longEvents = (count: number) =>
  Array.from({ length: count }, (_, n) => event(`${n} ${"x".repeat(1000)}`));

test("damage that a commit meets and that is gone on another look costs nothing", async (t) => {
  const dir = tempDir(t);
  const options = await crowded(dir);
  let waits = 0;
  let heal = () => {};
  const ledger = await openLocalLedger(options, atOnce, () => {
    waits++;
    heal();
  });
  heal = harmPageWith(dir, `"cause":"20 `);
  const { events } = await ledger.commit({ events: longEvents(50) });
  t.is(waits, 1);
  t.is(events[0], 257);
  const { heads, tails, setAside } = await ledger.state();
  t.deepEqual([heads.events, setAside], [306, null]);
  t.true(tails.events > 20);
  await ledger.close();
});

test("damage that is in the way of room ends this engine once it is too full, and the next start begins a new buffer", async (t) => {
  const dir = tempDir(t);
  const options = await crowded(dir);
  const first = await openLocalLedger(options);
  harmPageWith(dir, `"cause":"20 `);
  t.is((await first.commit({ events: longEvents(50) })).events.length, 50, "it is no hurry");
  const goOn = async () => {
    for (let n = 0; n < 100; n++) await first.commit({ events: longEvents(10) });
  };
  t.is((await t.throwsAsync(goOn(), { instanceOf: GatewayError }))?.code, "buffer.damaged");
  t.is((await t.throwsAsync(first.state(), { instanceOf: GatewayError }))?.code, "buffer.damaged");
  await first.close();
  const second = await openLocalLedger(options);
  t.is((await second.state()).setAside?.file, `${fileIn(dir)}.damaged-1`);
  await second.close();
});

test("rows that cannot be read are asked for again twice before they count as lost", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ events: longEvents(90) });
  await first.close();
  harmPageWith(dir, `"cause":"40 `);
  const second = await openLocalLedger(optionsFor(dir));
  const refused = { instanceOf: GatewayError, code: "buffer.io" } as const;
  await t.throwsAsync(second.readEvents(33, 16), refused);
  await t.throwsAsync(second.readEvents(33, 16), refused);
  const rows = await second.readEvents(33, 16);
  t.is(rows.length, 16);
  t.true(rows.some(({ event }) => event === null));
  t.deepEqual(await second.readEvents(33, 16), rows, "what is lost is known from then on");
  t.is((await second.readEvents(60, 16)).filter(({ event }) => event === null).length, 0);
  await second.close();
});
