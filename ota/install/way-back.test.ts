import test from "ava";
import { canUse, checkWayBack } from "./way-back.ts";

const release = (writes: number, opens: readonly number[] = [writes]) => {
  return { version: `0.${writes}.0`, buffer: { writes, opens } };
};

test("a release follows another where each can use the buffer as the other leaves it", (t) => {
  t.notThrows(() => checkWayBack(release(4), release(4)));
  t.notThrows(() => checkWayBack(release(4), release(5, [4, 5])));
  t.notThrows(() => checkWayBack(release(5, [4, 5]), release(4)));
});

test("a release that one could not come back from, or that cannot use the buffer, is refused", (t) => {
  t.throws(() => checkWayBack(release(4), release(5)), { code: "ota.one-way" });
  t.throws(() => checkWayBack(release(5), release(4)), { code: "ota.one-way" });
  t.throws(() => checkWayBack(release(3), release(5, [4, 5])), { code: "ota.one-way" });
});

test("a newer release brings the buffer on, an older one uses what it is told that it can", (t) => {
  t.true(canUse(release(5), release(4)));
  t.true(canUse(release(4), release(5, [4, 5])));
  t.false(canUse(release(4), release(5)));
});
