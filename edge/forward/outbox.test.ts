import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { FakeLedger } from "../../test-rigs/sim/fake-ledger.ts";
import type { WallMs } from "../core/time.ts";
import { Outbox } from "./outbox.ts";

test("while a broker takes nothing the contents in memory stay bounded", async (t) => {
  const clock = new SimClock();
  const ledger = new FakeLedger(clock);
  const state = ledger.state();
  await clock.advance(1);
  const outbox = new Outbox(
    {
      world: { clock, log: () => {} },
      ledger,
      signal: new AbortController().signal,
      destination: { name: "centre" },
      gateway: "gw",
      ledgerState: await state,
      onDelivered: () => {},
    },
    () => {},
  );
  let most = 0;
  for (let n = 1; n <= 1000; n++) {
    const done = ledger.commit({ batches: [{ at: n as WallMs, clock: "synced", series: [] }] });
    await clock.advance(6);
    await done;
    outbox.grow({ batches: ledger.batches.slice(-1), events: [], dropped: null });
    const next = outbox.next(8);
    if (next !== null) outbox.sent(next)(false);
    await clock.advance(2);
    most = Math.max(most, outbox.held);
  }
  t.true(most > 0 && most <= 64, `${most} were held`);
  t.is(outbox.owed().readings, 1000);
});
