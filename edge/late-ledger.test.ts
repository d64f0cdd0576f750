import { writeFileSync } from "node:fs";
import test from "ava";
import { openLocalLedger } from "../buffer/local.ts";
import { batch, event, fileIn, optionsFor, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { GatewayError } from "./core/errors.ts";
import type { Clock } from "./core/time.ts";
import { LateLedger } from "./late-ledger.ts";

const READ_ONLY = new GatewayError("buffer.read-only", "the card");

/** A clock on which every wait is over at once, and that tells when none may be any more. */
function hasty(signal: AbortSignal): Pick<Clock, "sleep"> {
  return { sleep: () => (signal.aborted ? Promise.reject(signal.reason) : Promise.resolve()) };
}

const tried = (ledger: LateLedger, signal = new AbortController().signal) =>
  ledger.tryToOpen(hasty(signal) as Clock, signal);

test("until it is open it knows nothing and refuses commits with the reason, then it stores", async (t) => {
  const dir = tempDir(t);
  let tries = 0;
  const late = new LateLedger(() => {
    return ++tries < 3 ? Promise.reject(READ_ONLY) : openLocalLedger(optionsFor(dir));
  }, READ_ONLY);
  t.is((await late.state()).heads.readings, 0);
  t.is(await t.throwsAsync(late.commit({ batches: [batch(1)] })), READ_ONLY);
  t.is(await t.throwsAsync(late.readBatches(1, 1)), READ_ONLY);
  t.true(await tried(late));
  t.is(tries, 3);
  t.deepEqual((await late.commit({ batches: [batch(1)] })).batches, [1]);
  t.is((await late.state()).streams.readings, "R1");
  await late.close();
});

test("what was set aside at the opening is still told when events have been stored since", async (t) => {
  const dir = tempDir(t);
  writeFileSync(fileIn(dir), "this is no database any more");
  const late = new LateLedger(() => openLocalLedger(optionsFor(dir)), READ_ONLY);
  t.true(await tried(late));
  await late.commit({ events: [event("stop")] });
  t.is((await late.state()).setAside?.why, "damaged");
  await late.close();
});

test("a ledger that will never open has died of it", async (t) => {
  const busy = new GatewayError("buffer.busy", "another process has it");
  const late = new LateLedger(() => Promise.reject(busy), READ_ONLY);
  t.false(await tried(late));
  t.is(await t.throwsAsync(late.died), busy);
  t.false(late.isOpen);
});

test("it is not tried any more once nobody waits for it", async (t) => {
  const late = new LateLedger(() => Promise.reject(READ_ONLY), READ_ONLY);
  t.false(await tried(late, AbortSignal.abort()));
});
