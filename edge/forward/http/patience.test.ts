import test from "ava";
import { forwarderRig as rig } from "../../../test-rigs/sim/forwarder-rig.ts";
import { GatewayError } from "../../core/errors.ts";
import type { HttpClient, HttpRequest } from "../../core/http.ts";

test("a request may take as long as it is given, though later ones are answered meanwhile", async (t) => {
  const answer = { status: 200, retryAfterMs: null, said: "" };
  const times = new Map<string, number>();
  const server: HttpClient = {
    send: async ({ headers }: HttpRequest) => {
      const key = headers["Idempotency-Key"] ?? "";
      times.set(key, (times.get(key) ?? 0) + 1);
      if (key.endsWith('/2"')) await clock.sleep(90_000);
      return answer;
    },
    renew: () => Promise.resolve(),
    close: () => {},
  };
  const { clock, turns, delivered, start, commit, stop } = rig({}, undefined, server);
  const { forwarder } = await start();
  await clock.advance(100);
  for (let n = 1; n <= 4; n++) await commit(forwarder, "reading");
  await clock.advance(60_000);
  for (let n = 5; n <= 6; n++) await commit(forwarder, "reading");
  await clock.advance(60_000);
  t.deepEqual(turns, ["connected"]);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 6 }]);
  t.true([...times].every(([key, count]) => key === "" || count === 1));
  stop.abort();
});

test("a server that answers HEAD and takes no POST is not told to be reached until it takes one", async (t) => {
  let mood = 200;
  const posts: number[] = [];
  const server: HttpClient = {
    send: async ({ method }: HttpRequest) => {
      if (method === "POST") posts.push(clock.uptime());
      await clock.sleep(5);
      return { status: method === "POST" ? mood : 200, retryAfterMs: null, said: "" };
    },
    renew: () => Promise.resolve(),
    close: () => {},
  };
  const { clock, turns, delivered, start, commit, stop } = rig({}, undefined, server);
  const { forwarder } = await start();
  await clock.advance(100);
  t.deepEqual(turns, ["connected"]);
  mood = 503;
  for (let n = 1; n <= 8; n++) await commit(forwarder, "reading");
  posts.length = 0;
  await clock.advance(600_000);
  t.deepEqual(turns, ["connected", "disconnected"], "it does not go to and fro");
  t.regex(forwarder.status().trouble ?? "", /answers 503/);
  t.true(posts.length > 20 && posts.length < 90, `one at a time, ever less often: ${posts.length}`);
  const gaps = posts.slice(-5).map((at, i, all) => at - (all[i - 1] ?? at - 9_000));
  t.true(
    gaps.every((gap) => gap > 5_000),
    `${gaps}`,
  );
  mood = 200;
  await clock.advance(60_000);
  t.deepEqual(turns, ["connected", "disconnected", "connected"]);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 8 }]);
  t.is(forwarder.status().trouble, null);
  stop.abort();
});

test("a server that answers HEAD and no POST at all is told to be lost once, and asked ever less often", async (t) => {
  let isDeaf = false;
  let posts = 0;
  const server: HttpClient = {
    send: async ({ method }: HttpRequest) => {
      if (method === "POST" && isDeaf) {
        posts++;
        await clock.sleep(10_000);
        throw new GatewayError("uplink.refused", "the server does not answer");
      }
      await clock.sleep(5);
      return { status: 200, retryAfterMs: null, said: "" };
    },
    renew: () => Promise.resolve(),
    close: () => {},
  };
  const { clock, turns, delivered, start, commit, stop } = rig({}, undefined, server);
  const { forwarder } = await start();
  await clock.advance(100);
  isDeaf = true;
  await commit(forwarder, "reading");
  await clock.advance(600_000);
  t.deepEqual(turns, ["connected", "disconnected"], "it does not go to and fro");
  t.true(posts < 80, `${posts}`);
  isDeaf = false;
  await clock.advance(60_000);
  t.deepEqual(turns, ["connected", "disconnected", "connected"]);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 1 }]);
  stop.abort();
});
