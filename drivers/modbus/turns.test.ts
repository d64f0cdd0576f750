import test from "ava";
import { SESSION_QUEUE_MAX } from "../driver.ts";
import { Turns } from "./turns.ts";

test("one comes after the other, in order, though one before fails", async (t) => {
  const turns = new Turns();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const a = turns.take("d", async () => {
    await first.promise;
    seen.push("a");
    throw new Error("a fails");
  });
  const b = turns.take("d", () => Promise.resolve(seen.push("b")));
  first.resolve();
  await t.throwsAsync(a, { message: "a fails" });
  await b;
  t.deepEqual(seen, ["a", "b"]);
});

test("one more than can wait is refused, and none once they are over", async (t) => {
  const turns = new Turns();
  const held = Promise.withResolvers<void>();
  const all = Array.from({ length: SESSION_QUEUE_MAX + 1 }, () =>
    turns.take("d", () => held.promise),
  );
  await t.throwsAsync(
    turns.take("d", () => held.promise),
    { message: /more than 16 requests wait for the bus of d/ },
  );
  held.resolve();
  await Promise.all(all);
  await t.notThrowsAsync(turns.take("d", () => Promise.resolve()));
});
