import test from "ava";
import { droppedBy, inOrder } from "../sim/received.ts";
import { HOUR, MINUTE, Site } from "./site.ts";

test("a buffer that the outage outgrows gives up the oldest, and says which", async (t) => {
  const site = await Site.open(t, {
    alarms: { "gas-high": { setpoint: 50 } },
    buffer: { maxBytes: 150_000 },
  });
  await site.pass(MINUTE);
  site.broker.goAway();
  await site.pass(MINUTE);
  site.setLevel("gas", 60);
  await site.pass(HOUR);
  site.broker.comeBack();
  await site.pass(30 * MINUTE);

  const seqs = new Set(
    inOrder(site.broker.deliveries, "readings").map(({ message }) => message.seq),
  );
  const gone = site.gateway.stored
    .map(({ seq }) => seq)
    .filter((seq) => !seqs.has(seq) && seq < Math.max(...seqs));
  t.true(gone.length > 1000, "there was not room for all");
  const between = gone.at(-1)! - gone[0]! + 1 - gone.length;
  t.true(between <= 16, "what went is one piece, but for what was under way just then");
  t.true(Math.max(...seqs) - gone.at(-1)! > 1000, "what is newest was kept");

  const events = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
  const told = new Set(events.flatMap((message) => droppedBy("readings", message)));
  t.true(
    gone.every((seq) => told.has(seq)),
    "the centre is told of every gap",
  );
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"], "no event had to go");
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  t.is(await site.brokenPromise(), null);
});
