import test from "ava";
import { loadConfig } from "../config/load.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import { FakeLedger } from "../test-rigs/sim/fake-ledger.ts";
import { GatewayError } from "./core/errors.ts";
import type { Event } from "./core/event.ts";
import type { Link } from "./core/link.ts";
import { hasSeq } from "./core/seq-set.ts";
import type { WallMs } from "./core/time.ts";
import type { Outgoing, PublishOutcome } from "./core/uplink.ts";
import { startGateway } from "./gateway.ts";
import type { World } from "./world.ts";

/** What a broker makes of a message. */
type Publish = (message: Outgoing, clock: SimClock) => Promise<PublishOutcome>;

/**
 * A gateway that reads two points over `link`, every second, and sends it where `publish` takes it,
 * otherwise nowhere.
 */
async function started(
  link: Link,
  publish?: Publish,
  prepare?: (ledger: FakeLedger) => void,
  destinations: readonly string[] = publish ? ["centre"] : [],
  x = "area: coil, address: 0",
) {
  const clock = new SimClock();
  const text = `gateway: { id: gw }
buses: { line: { kind: modbus-tcp, host: 10.0.0.1 } }
devices:
  d: { bus: line, unit: 1, maxGap: 1, points: { x: { ${x} }, y: { area: coil, address: 8 } } }
buffer: { dir: /buffer }
destinations: { ${destinations.map((name) => `${name}: { kind: mqtt, url: mqtt://127.0.0.1 }`)} }`;
  const refuse = () => {
    throw new GatewayError("config.unreadable", "there is no such file");
  };
  const { config, problems } = loadConfig(text, {
    profiles: new Map(),
    readFile: refuse,
    env: () => undefined,
  });
  if (config === null) throw new Error(JSON.stringify(problems));
  const openTcp = () => Promise.resolve(link);
  const connectMqtt = async () => ({
    receiveMaximum: 65_535,
    closed: new Promise(() => {}),
    publish: (message: Outgoing) => publish?.(message, clock),
    abandon: () => {},
    close: async () => {},
  });
  const tools = {
    clock,
    random: () => 0.5,
    log: () => {},
    residentBytes: () => 0,
    openTcp,
    connectMqtt,
  };
  const world = tools as unknown as World;
  const ledger = new FakeLedger(clock);
  prepare?.(ledger);
  const told: string[] = [];
  const news = {
    onEvent: (event: Event) => {
      if ("to" in event) told.push(`${event.kind} ${event.to}`);
    },
    onReadings: () => {},
    onHold: () => {},
    onDrain: () => {},
  };
  const starting = startGateway(
    { world, config, ledger, news, release: "0" },
    new AbortController().signal,
  );
  await clock.advance(1);
  return { clock, ledger, told, gateway: await starting };
}

/** A device on Modbus TCP that has coils 0 and 8 and none between; notes how many it is asked for. */
function gappedDevice(asked: number[]): Link {
  const link: Link = {
    onData: null,
    closed: new Promise(() => {}),
    close: () => {},
    write: (bytes) => {
      const [transactionHigh = 0, transactionLow = 0] = bytes;
      const count = bytes[11] ?? 0;
      asked.push(count);
      const pdu = count === 1 ? [1, 1, 1] : [0x81, 2];
      const header = [transactionHigh, transactionLow, 0, 0, 0, pdu.length + 1, 1];
      queueMicrotask(() => link.onData?.(Uint8Array.from([...header, ...pdu])));
    },
  };
  return link;
}

test("what a device refuses to be read across is remembered over a restart", async (t) => {
  const first: number[] = [];
  const { clock, ledger } = await started(gappedDevice(first));
  // It is asked whole again now and then: what it refuses for more than a minute it does not have.
  await clock.advance(120_000);
  t.deepEqual(first.slice(0, 3), [9, 1, 1], "refused whole, then asked in parts");
  const { cuts } = await settled(clock, ledger.state());
  const second: number[] = [];
  const again = await started(gappedDevice(second), undefined, (ledger) => {
    ledger.remember(cuts);
  });
  await again.clock.advance(5000);
  t.true(second.length > 5 && second.every((count) => count === 1), `${second}`);
});

test("whoever starts a gateway sees its first reading stored long before the commit interval is over", async (t) => {
  const { clock, ledger } = await started(gappedDevice([]));
  await clock.advance(500);
  t.is(ledger.batches.length, 1, "the interval is a second");
});

test("a card that is worn out too fast is told of, shown, and remembered", async (t) => {
  const { clock, ledger, told, gateway } = await started(gappedDevice([]));
  for (let tenth = 1; tenth <= 8; tenth++) {
    ledger.written = tenth * 1e9;
    await clock.advance(600_000);
  }
  t.is(told.filter((what) => what === "buffer wearing").length, 1);
  t.like(gateway.status().buffer.wear, { isShort: true, enduranceBytes: 30e12 });
  t.true((await settled(clock, ledger.state())).wear?.isShort);
});

/** A link on which nobody ever says anything. */
function silentLink(onClose: () => void): Link {
  return { write: () => {}, onData: null, closed: new Promise(() => {}), close: onClose };
}

test("a gateway that is asked to stop ends in order, its last event stored", async (t) => {
  const { clock, ledger, gateway } = await started(silentLink(() => {}));
  await clock.advance(2500);
  gateway.stop(1000);
  await clock.advance(2000);
  await t.notThrowsAsync(gateway.done);
  t.like(ledger.events.at(-1)?.event, { kind: "gateway", to: "stopped" });
});

test("what goes wrong in a bus once the stop was asked for still ends the gateway as an error", async (t) => {
  const broken = new TypeError("the link is broken");
  const { clock, gateway } = await started(
    silentLink(() => {
      throw broken;
    }),
  );
  await clock.advance(2500);
  gateway.stop(1000);
  const ended = t.throwsAsync(gateway.done, { is: broken });
  await clock.advance(2000);
  await ended;
});

test("what reading clears is stored also where somebody asks for it once", async (t) => {
  const x = "area: coil, address: 0, every: 1h, readClears: true";
  const { clock, ledger, gateway } = await started(gappedDevice([]), undefined, undefined, [], x);
  await clock.advance(2500);
  const stored = () =>
    ledger.batches.flatMap(({ batch }) => batch.series).filter(({ point }) => point === "d.x")
      .length;
  const before = stored();
  const reading = gateway.field.read({ points: ["d.x"] });
  await clock.advance(2000);
  t.like((await reading)[0], { point: "d.x", quality: "good" });
  t.is(stored(), before + 1);
});

test("a buffer that dies while nothing is to be stored ends the gateway at once", async (t) => {
  const { clock, ledger, gateway } = await started(silentLink(() => {}));
  await clock.advance(2500);
  const commits = ledger.commits.length;
  const why = new Error("the thread died");
  const ended = t.throwsAsync(gateway.done, { is: why });
  ledger.die(why);
  await clock.advance(0);
  await ended;
  t.is(ledger.commits.length, commits);
});

/** Fills `ledger` with readings of which one is damaged. */
function damaged(ledger: FakeLedger): void {
  const batch = { at: 0 as WallMs, clock: "synced", series: [] } as const;
  for (let seq = 1; seq <= 400; seq++) ledger.batches.push({ seq, batch });
  ledger.damaged.add(300);
}

test("what the farewell finds damaged is told at the next start, and not given up untold", async (t) => {
  let ackMs = 2000;
  const { clock, ledger, gateway } = await started(
    silentLink(() => {}),
    async (_, clock) => {
      await clock.sleep(ackMs);
      return "accepted";
    },
    damaged,
  );
  await clock.advance(1500);
  ackMs = 1;
  gateway.stop(3000);
  await clock.advance(10_000);
  await gateway.done;
  const { delivered } = await settled(clock, ledger.state());
  const cursor = delivered.find(({ kind }) => kind === "readings")?.ranges ?? [];
  t.true(hasSeq(cursor, 300), "it is given up");
  const lost = ledger.events.filter(({ event }) => event.kind === "buffer" && event.to === "lost");
  t.is(lost.length, 1, "and told");
});

test("while the disk is full a stop is no error", async (t) => {
  const { clock, ledger, gateway } = await started(
    silentLink(() => {}),
    () => Promise.resolve("accepted"),
  );
  await clock.advance(5000);
  ledger.refuseWith = "buffer.full";
  await clock.advance(5000);
  gateway.stop(3000);
  await clock.advance(10_000);
  await t.notThrowsAsync(gateway.done);
  t.true(gateway.status().buffer.waiting > 0);
});

test("while the disk hangs a stop still says goodbye and ends", async (t) => {
  const said: string[] = [];
  const { clock, ledger, gateway } = await started(
    silentLink(() => {}),
    ({ payload, retain }) => {
      if (retain) said.push(JSON.parse(String(payload)).state);
      return Promise.resolve("accepted");
    },
  );
  await clock.advance(5000);
  ledger.commit = () => new Promise(() => {});
  await clock.advance(5000);
  gateway.stop(3000);
  await clock.advance(10_000);
  await gateway.done;
  t.deepEqual(said, ["online", "offline"]);
});

test("the farewell of a destination is no event that waits for the next start", async (t) => {
  const { clock, ledger, told, gateway } = await started(
    silentLink(() => {}),
    () => Promise.resolve("accepted"),
  );
  await clock.advance(2500);
  gateway.stop(1000);
  await clock.advance(2000);
  await gateway.done;
  t.like(ledger.events.at(-1)?.event, { kind: "gateway", to: "stopped" });
  t.is(told.at(-1), "destination disconnected");
});

/** What `promise` comes to within a second. */
async function settled<Result>(clock: SimClock, promise: Promise<Result>): Promise<Result> {
  await clock.advance(1000);
  return promise;
}

test("damage that two destinations meet is told once, whichever part each of them meets", async (t) => {
  const { clock, ledger, gateway } = await started(
    silentLink(() => {}),
    () => Promise.resolve("accepted"),
    (ledger) => {
      damaged(ledger);
      for (let seq = 290; seq <= 310; seq++) ledger.damaged.add(seq);
    },
    ["centre", "city"],
  );
  await clock.advance(5000);
  const lost = ledger.events.flatMap(({ event }) =>
    event.kind === "buffer" && event.to === "lost" ? [event.detail] : [],
  );
  const seqs = lost.flatMap((detail) => {
    const [from, to] = [Number(detail?.fromSeq), Number(detail?.toSeq)];
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  t.deepEqual(
    seqs.toSorted((a, b) => a - b),
    Array.from({ length: 21 }, (_, i) => 290 + i),
  );
  gateway.stop(1000);
  await clock.advance(5000);
  await gateway.done;
});
