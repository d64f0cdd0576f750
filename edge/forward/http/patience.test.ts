import test from "ava";
import { forwarderRig as rig } from "../../../test-rigs/sim/forwarder-rig.ts";
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
