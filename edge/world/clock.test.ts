import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import test, { type ExecutionContext } from "ava";
import { SystemClock } from "./clock.ts";

const clock = new SystemClock();

test("a sleep never ends early, whatever its fraction of a millisecond", async (t) => {
  const sleeps = Array.from({ length: 200 }, async (_, i) => {
    const ms = i / 10;
    const start = clock.uptime();
    await clock.sleep(ms);
    return clock.uptime() - start - ms;
  });
  const early = (await Promise.all(sleeps)).filter((over) => over < 0);
  t.deepEqual(early, []);
});

test("a short sleep ends on time and not at the next whole millisecond", async (t) => {
  const overs: number[] = [];
  for (let n = 0; n < 80; n++) {
    const start = clock.uptime();
    await clock.sleep(1.25);
    overs.push(clock.uptime() - start - 1.25);
  }
  // A busy machine makes some of them long, not three in four.
  const quarter = overs.toSorted((a, b) => a - b)[overs.length / 4] as number;
  t.true(quarter < 0.4, `${quarter} ms late`);
});

/** A TCP connection to this process: the end that sends, and what the other has heard so far. */
async function connection(t: ExecutionContext) {
  const server = createServer().listen(0, "127.0.0.1");
  t.teardown(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const client = connect(port, "127.0.0.1");
  const [served] = (await once(server, "connection")) as [Socket];
  t.teardown(() => client.destroy());
  let heard = "";
  client.on("data", (bytes) => {
    heard += bytes;
  });
  return { served, heard: () => heard };
}

test("what comes in while a short sleep ends is heard before it has ended", async (t) => {
  const { served, heard } = await connection(t);
  for (const letter of "abc") {
    served.write(letter);
    await clock.sleep(0.9);
    t.is(heard().at(-1), letter);
  }
});

test("what came in while the program was busy is heard before a sleep that is late for it ends", async (t) => {
  const { served, heard } = await connection(t);
  for (const letter of "abc") {
    served.write(letter);
    const sleep = clock.sleep(10);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
    await sleep;
    t.is(heard().at(-1), letter);
  }
});

test("a late sleep still ends with the reason of its signal", async (t) => {
  const stop = new AbortController();
  const sleep = clock.sleep(1, stop.signal);
  setTimeout(() => stop.abort(new Error("enough")), 1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
  await t.throwsAsync(sleep, { message: "enough" });
});

test("a sleep ends with the reason of its signal and leaves no listener", async (t) => {
  const stop = new AbortController();
  const sleep = clock.sleep(60_000, stop.signal);
  stop.abort(new Error("enough"));
  await t.throwsAsync(sleep, { message: "enough" });
  await t.throwsAsync(clock.sleep(1, stop.signal), { message: "enough" });
});

test("wall time is Unix time and uptime only rises", (t) => {
  t.true(Math.abs(clock.now() - Date.now()) < 1000);
  const before = clock.uptime();
  t.true(clock.uptime() >= before);
});

test("a sleep that is longer than any timer does not end at once", async (t) => {
  const over = new AbortController();
  for (const ms of [2 ** 31, Number.POSITIVE_INFINITY]) {
    const sleep = clock.sleep(ms, over.signal);
    t.is(await Promise.race([sleep, clock.sleep(20).then(() => "sleeps")]), "sleeps");
  }
  over.abort();
});
