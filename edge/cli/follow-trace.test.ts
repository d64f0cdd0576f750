import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { TRACE_MAX, type Trace } from "../control/trace.ts";
import { GatewayError } from "../core/errors.ts";
import { follow, type Span } from "./follow-trace.ts";

const NEVER = new AbortController().signal;

/** What a gateway that began at `since` answers. */
function trace(since: number, next: number, count = 0): Trace {
  const record = { kind: "sent", fromUs: 0, untilUs: 0, hex: "01", reason: null } as const;
  const records = Array.from({ length: count }, () => record);
  return { v: 1, since, next, missed: 0, at: 0, uptime: 0, records } as unknown as Trace;
}

/** Follows a gateway that answers with each of `answers` in turn, errors thrown; tells all. */
async function followed(answers: readonly unknown[], span: Span, end = NEVER) {
  const clock = new SimClock();
  const asked: [ms: number, from: number | null][] = [];
  const parts: (number | "gone")[] = [];
  const ask = (from: number | null) => {
    asked.push([clock.uptime(), from]);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  let isDone = false;
  const all = (async () => {
    for await (const part of follow(ask, clock, span, end)) {
      parts.push(part.kind === "gone" ? "gone" : part.trace.next);
    }
  })().finally(() => {
    isDone = true;
  });
  all.catch(() => {});
  for (let ms = 0; !isDone && ms < 20_000; ms += 100) await clock.advance(100);
  await all;
  return { asked, parts };
}

const GONE = new GatewayError("control.unreachable", "gone");

test("it asks for what is new, until the time is over, and then once more", async (t) => {
  const answers = [trace(1, 3), trace(1, 5, 2)];
  const { asked, parts } = await followed(answers, { from: null, lastsMs: 500 });
  t.deepEqual(asked, [
    [0, null],
    [200, 3],
    [400, 5],
    [600, 5],
  ]);
  t.deepEqual(parts, [3, 5, 5, 5]);
});

test("a full part is followed by the next at once, also when the time is over", async (t) => {
  const answers = [trace(1, 250, TRACE_MAX), trace(1, 260, 10)];
  const { asked } = await followed(answers, { from: 0, lastsMs: 0 });
  t.deepEqual(asked, [
    [0, 0],
    [0, 250],
  ]);
});

test("a gateway that goes away is told once and waited for; the new one's records are all told", async (t) => {
  const answers = [trace(1, 7), GONE, GONE, trace(2, 9), trace(2, 12)];
  const { asked, parts } = await followed(answers, { from: null, lastsMs: 2300 });
  t.deepEqual(
    asked.map(([, from]) => from),
    [null, 7, 7, 7, 0, 12],
  );
  t.deepEqual(parts, [7, "gone", 12, 12]);
});

test("where no gateway answers at first, or it has no such bus, it says so at once", async (t) => {
  await t.throwsAsync(followed([GONE], { from: null, lastsMs: 1000 }), { message: "gone" });
  await t.throwsAsync(followed([null], { from: null, lastsMs: 1000 }), { code: "trace.bus" });
});

test("a signal ends it, with what had come till then", async (t) => {
  const { parts } = await followed(
    [trace(1, 3)],
    { from: null, lastsMs: Number.POSITIVE_INFINITY },
    AbortSignal.abort(),
  );
  t.deepEqual(parts, [3]);
});
