import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { Rivals } from "./rivals.ts";

/** Which of the displacements at `seconds` begin a rivalry. */
function begun(rivals: Rivals, seconds: readonly number[]): readonly number[] {
  return seconds.filter((second) => rivals.displaced((1000 * second) as UptimeMs));
}

test("peers that displace each other again and again are rivals, told once", (t) => {
  t.deepEqual(begun(new Rivals(), [0, 5, 10, 15, 20, 25, 600]), [15]);
});

test("a peer that loses its connection now and then is no rival of its own", (t) => {
  t.deepEqual(begun(new Rivals(), [0, 100, 200, 300, 400, 500]), []);
});

test("rivals are over when nobody was displaced for five minutes, and may begin anew", (t) => {
  const rivals = new Rivals();
  begun(rivals, [0, 5, 10, 15, 20]);
  t.is(rivals.overAt, 320_000 as UptimeMs);
  rivals.end();
  t.deepEqual(begun(rivals, [330, 335, 340, 345]), [345]);
});
