import test from "ava";
import { Tally, together } from "./tally.ts";

function got(...seqs: readonly number[]): string {
  const tally = new Tally();
  for (const seq of seqs) {
    tally.take(
      Buffer.from(JSON.stringify({ gateway: "gw-1", stream: "gw-1-R", seq, series: [{}] })),
    );
  }
  return tally.text();
}

test("receivers that share messages have them all between them, or the gap is counted", (t) => {
  const sent = { "gw-1": 5 };
  t.like(together([got(1, 3, 5), got(2, 4)], sent), { distinct: 5, gaps: 0, repeated: 0 });
  t.like(together([got(1, 3, 3), got(2)], sent), { distinct: 3, gaps: 2, repeated: 1 });
  t.like(together([], sent), { distinct: 0, gaps: 5, messages: 0 });
});

test("what is no message ends no receiver, and stands for none that is missing", (t) => {
  const tally = new Tally();
  const empty = { gateway: "gw-1", stream: "gw-1-R", seq: 1, series: [] };
  for (const text of ["no JSON", "null", "{}", JSON.stringify(empty)])
    tally.take(Buffer.from(text));
  t.like(together([tally.text()], { "gw-1": 1 }), {
    gaps: 1,
    messages: 0,
    strange: 4,
    repeated: 0,
  });
});
