import test from "ava";
import { messagesOf, topicOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

test("what was committed and not yet published when the process died comes as backlog", async (t) => {
  const site = await Site.open(t);
  await site.pass(MINUTE);
  const before = site.broker.deliveries.length;
  site.gateway.crashAtNextCommit("after");
  await site.pass(2 * SECOND);
  t.is(site.gateway.running, null, "the process is dead");
  const { seq } = site.gateway.stored.at(-1)!;
  const came = () => messagesOf(site.broker.deliveries.slice(before), "readings");
  t.false(came().some(({ message }) => message.seq === seq));

  await site.gateway.start();
  await site.pass(MINUTE);
  const [missed, ...more] = came().filter(({ message }) => message.seq === seq);
  t.is(missed && topicOf(missed.delivery), "backlog");
  t.is(more.length, 0);
  t.like(site.audit(), { readings: [{ gaps: 0, duplicates: 0, conflicts: 0 }] });
  t.is(await site.brokenPromise(), null);
});

test("nothing of a commit that the process died before is seen, and no seq is given twice", async (t) => {
  const site = await Site.open(t);
  await site.pass(MINUTE);
  for (let n = 0; n < 20; n++) {
    site.gateway.crashAtNextCommit(n % 2 === 0 ? "before" : "after");
    await site.pass(3 * SECOND);
    t.is(site.gateway.running, null, "the process is dead");
    await site.gateway.start();
    await site.pass(2 * SECOND + n * 50);
  }
  await site.pass(MINUTE);
  t.like(site.audit(), {
    readings: [{ gaps: 0, conflicts: 0 }],
    events: [{ gaps: 0, conflicts: 0 }],
  });
  t.is(await site.brokenPromise(), null);
});

test("a message that comes again because the process died before its cursor was stored has the same bytes", async (t) => {
  const site = await Site.open(t, { buffer: { commitMs: 10 * SECOND } });
  for (let n = 0; n < 20; n++) {
    await site.pass(30 * SECOND + n * 137);
    await site.killAndRestart();
  }
  await site.pass(MINUTE);
  const { readings } = site.audit();
  t.like(readings, [{ gaps: 0, conflicts: 0 }]);
  t.true((readings[0]?.duplicates ?? 0) > 10, "messages do come again");
  t.is(await site.brokenPromise(), null);
});
