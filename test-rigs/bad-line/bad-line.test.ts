import test from "ava";
import { Random } from "../sim/random.ts";
import { tryBadLine } from "./trial.ts";

test("over 20 kbit/s with cuts and outages a file arrives, paid for once, though its process is killed", async (t) => {
  t.timeout(300_000);
  const result = await tryBadLine({
    payloadBytes: 150_000,
    outages: 2,
    speed: 80,
    patienceMs: 240_000,
    random: new Random(7),
  });
  t.true(result.isWhole);
  t.is(result.outages, 2);
  t.true(result.wireBytes <= result.wireBytesMax, JSON.stringify(result));
  t.true(result.reused >= 0.99 && result.reused <= 1, JSON.stringify(result));
});
