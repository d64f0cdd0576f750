import test, { type ExecutionContext } from "ava";
import type { Batch } from "../../edge/core/batch.ts";
import type { SeqSet } from "../../edge/core/seq-set.ts";
import { missingCount } from "../../edge/core/seq-set.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { Forwarder } from "../../edge/forward/forwarder.ts";
import { realWorld } from "../../edge/world/real.ts";
import { type Habits, type OddSession, openOddBroker, type Publish } from "../plant/odd-broker.ts";
import { FakeLedger } from "../sim/fake-ledger.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";
import { until } from "./rig.ts";

const COUNT = 120;
const WINDOW = 16;
const NO_SUBSCRIBER = 0x10;
const QUOTA_EXCEEDED = 0x97;

const batch: Batch = {
  at: 0 as WallMs,
  clock: "synced",
  series: [{ point: "d.x", unit: null, t: [0], v: [1], q: null }],
};

const seqOf = ({ payload }: Publish) => (JSON.parse(payload) as { seq: number }).seq;

/**
 * A real forwarder with a backlog of `COUNT` messages over TCP to a broker with these habits, until
 * all is delivered. The status is always acknowledged. Returns what the broker got, in order, and
 * whether what counts as delivered was at every moment acknowledged in its own session.
 */
async function deliver(t: ExecutionContext, habits: Habits) {
  const got: number[] = [];
  /** What was truly acknowledged, by the session and packet identifier it came with. */
  const acknowledged = new Set<number>();
  const broker = await openOddBroker({
    ...habits,
    onPublish: (publish, session) => {
      if (publish.retain) return session.acknowledge(publish.id);
      got.push(seqOf(publish));
      const noting: OddSession = {
        ...session,
        acknowledge: (id, reason = 0) => {
          if (id === publish.id && reason === 0) acknowledged.add(seqOf(publish));
          session.acknowledge(id, reason);
        },
      };
      habits.onPublish(publish, noting);
    },
  });
  t.teardown(() => broker.close());
  const world = realWorld(
    () => true,
    ({ text }) => text,
  );
  const ledger = new FakeLedger(world.clock, 1);
  for (let seq = 1; seq <= COUNT; seq++) ledger.batches.push({ seq, batch });
  let delivered: SeqSet = [];
  const tooEarly: number[] = [];
  const stop = new AbortController();
  const forwarder = new Forwarder(
    {
      world,
      ledger,
      destination: { ...DESTINATION, urls: [broker.url], window: WINDOW },
      gateway: "gw",
      release: "0",
      fingerprint: "sha256:0",
      ledgerState: await ledger.state(),
      upTo: () => Infinity,
      onDelivered: ({ ranges }) => {
        delivered = ranges;
        for (const { from, to } of ranges) {
          for (let seq = from; seq <= to; seq++) if (!acknowledged.has(seq)) tooEarly.push(seq);
        }
      },
      onCertificate: () => {},
      tell: () => {},
      onLost: () => t.fail("nothing is lost"),
      onTurn: () => {},
      onHold: () => {},
      onDrain: () => {},
    },
    stop.signal,
  );
  const running = forwarder.run().catch((error) => {
    if (error !== stop.signal.reason) throw error;
  });
  t.teardown(async () => {
    stop.abort();
    await running;
  });
  await until("the drain", 40_000, () => missingCount(delivered, COUNT) === 0);
  t.deepEqual(tooEarly, []);
  t.is(new Set(got).size, COUNT);
  t.is(forwarder.status().inFlight, 0);
  t.true(broker.most() <= WINDOW + 1, `${broker.most()} were unanswered`);
  return { got, most: broker.most() };
}

test("a broker that takes messages and then loses the session gets them again, all of them", async (t) => {
  t.timeout(60_000);
  let taken = 0;
  const { got } = await deliver(t, {
    onPublish: ({ id }, session) => {
      // Of every 25 messages the last two are taken and not answered.
      if (++taken % 25 === 0) setTimeout(() => session.cut(), 10);
      else if (taken % 25 !== 24 || session.number === 1) session.acknowledge(id);
    },
  });
  t.true(got.length > COUNT);
});

test("a broker that acknowledges everything twice gets everything once", async (t) => {
  const { got } = await deliver(t, {
    onPublish: ({ id }, session) => {
      session.acknowledge(id);
      session.acknowledge(id);
    },
  });
  t.is(got.length, COUNT);
});

test("an acknowledgement that comes in a later session counts for nothing there", async (t) => {
  t.timeout(60_000);
  const late: number[] = [];
  const { got } = await deliver(t, {
    onSession: (session) => {
      for (const id of late.splice(0)) session.acknowledge(id);
    },
    onPublish: ({ id }, session) => {
      if (session.number > 3) return session.acknowledge(id);
      late.push(id);
      setTimeout(() => session.cut(), 10);
    },
  });
  t.true(got.length > COUNT);
});

test("a broker that acknowledges in the opposite order gets everything once", async (t) => {
  let waiting: (() => void)[] = [];
  const answer = () => {
    for (const acknowledge of waiting.reverse()) acknowledge();
    waiting = [];
  };
  const { got, most } = await deliver(t, {
    onPublish: ({ id }, session) => {
      if (waiting.length === 0) setTimeout(answer, 5);
      waiting.push(() => session.acknowledge(id));
    },
  });
  t.is(got.length, COUNT);
  t.true(most > 1);
});

for (const receiveMaximum of [1, 2]) {
  test(`a broker that takes ${receiveMaximum} unanswered is sent no more, its status included`, async (t) => {
    const { got, most } = await deliver(t, {
      receiveMaximum,
      onPublish: ({ id }, session) => setTimeout(() => session.acknowledge(id), 2),
    });
    t.is(got.length, COUNT);
    t.true(most <= receiveMaximum, `${most} were unanswered`);
  });
}

test("a broker that refuses above its quota is asked for less until it takes all", async (t) => {
  t.timeout(60_000);
  let open = 0;
  let refused = 0;
  await deliver(t, {
    onPublish: ({ id }, session) => {
      const isOver = ++open > 3;
      if (isOver) refused++;
      setTimeout(() => {
        open--;
        session.acknowledge(id, isOver ? QUOTA_EXCEEDED : 0);
      }, 5);
    },
  });
  t.true(refused < COUNT / 4, `${refused} were refused`);
});

test("a broker that stalls amid a drain goes on where it was, with what waited in the window", async (t) => {
  let stalled: (() => void)[] | null = null;
  let taken = 0;
  const { got, most } = await deliver(t, {
    onPublish: ({ id }, session) => {
      if (++taken === 40) {
        stalled = [];
        setTimeout(() => {
          for (const acknowledge of stalled ?? []) acknowledge();
          stalled = null;
        }, 3000);
      }
      if (stalled === null) session.acknowledge(id);
      else stalled.push(() => session.acknowledge(id));
    },
  });
  t.is(got.length, COUNT);
  t.true(most <= WINDOW);
});

test("a stray word that nobody was there for a message, before it was sent, means nothing", async (t) => {
  const { got } = await deliver(t, {
    receiveMaximum: 1,
    onPublish: ({ id }, session) => {
      for (let ahead = 1; ahead <= 3; ahead++) session.acknowledge(id + ahead, NO_SUBSCRIBER);
      setTimeout(() => session.acknowledge(id), 2);
    },
  });
  t.is(got.length, COUNT);
});
