import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../core/time.ts";
import { Timetable } from "./timetable.ts";

const at = (ms: number) => ms as UptimeMs;
const fast = { name: "fast", everyMs: 1000 };
const slow = { name: "slow", everyMs: 5000 };

function tableOf(
  tasks: readonly (typeof fast)[],
  patienceMs: (task: typeof fast) => number = () => 0,
) {
  return new Timetable(tasks, at(0), patienceMs);
}

test("every task is due at the start, then on its own grid", (t) => {
  const table = tableOf([fast, slow]);
  t.is(table.next(at(0))?.task, fast);
  table.done(fast, at(10));
  t.is(table.next(at(10))?.task, slow);
  table.done(slow, at(20));
  t.is(table.next(at(20)), null);
  t.is(table.nextAt(), at(1000));
  t.is(
    table.nextAt((task) => task === slow),
    at(5000),
  );
});

test("the task that has been due the longest comes first, so that none starves", (t) => {
  const table = tableOf([fast, slow]);
  table.done(fast, at(0));
  table.done(slow, at(0));
  t.is(table.next(at(5600))?.task, fast);
  table.done(fast, at(5600));
  t.is(table.next(at(6200))?.task, slow);
});

test("a task with patience lets the others go first, until it has lagged so long", (t) => {
  const table = tableOf([slow, fast], (task) => (task === slow ? 1500 : 0));
  const order = [0, 1000, 2000, 3000].map((ms) => {
    const task = table.next(at(ms))?.task ?? fast;
    table.done(task, at(ms));
    return task.name;
  });
  t.deepEqual(order, ["fast", "fast", "slow", "fast"]);
});

test("of tasks that are due alike, the one done the longest ago goes first", (t) => {
  const tasks = ["a", "b", "c"].map((name) => ({ name, everyMs: 1000 }));
  const table = tableOf(tasks);
  const counts = new Map<string, number>();
  for (let now = 0; now < 60_000; now += 450) {
    const task = table.next(at(now))?.task;
    if (task === undefined) continue;
    table.done(task, at(now + 450));
    counts.set(task.name, (counts.get(task.name) ?? 0) + 1);
  }
  const served = [...counts.values()];
  t.true(Math.max(...served) - Math.min(...served) <= 1, `${served}`);
});

test("due times missed are counted and skipped, and the grid is kept", (t) => {
  const table = tableOf([fast]);
  table.done(fast, at(0));
  table.done(fast, at(3500));
  t.is(table.missed, 2);
  t.is(table.nextAt(), at(4000));
});

test("a task can be put off within its period but not beyond it", (t) => {
  const table = tableOf([fast]);
  t.true(table.putOff(fast, at(400)));
  t.is(table.next(at(399)), null);
  t.is(table.nextAt(), at(400));
  t.is(table.next(at(400))?.task, fast);
  t.false(table.putOff(fast, at(1000)));
});

test("a task that may lag longer than its period can be put off beyond that, and misses it", (t) => {
  const table = tableOf([fast]);
  t.false(table.putOff(fast, at(1501), 1500));
  t.true(table.putOff(fast, at(1500), 1500));
  t.is(table.next(at(1499)), null);
  t.is(table.next(at(1500))?.task, fast);
  table.done(fast, at(1520));
  t.is(table.missed, 1);
  t.is(table.nextAt(), at(2000));
});

test("a task that is begun is not next again before it is done or put off", (t) => {
  const table = tableOf([fast, slow]);
  table.begin(fast);
  t.is(table.next(at(0))?.task, slow);
  table.begin(slow);
  t.is(table.next(at(9000)), null);
  t.is(table.nextAt(), null);
  table.done(fast, at(20));
  t.is(table.nextAt(), at(1000));
  table.putOff(slow, at(50));
  t.is(table.next(at(50))?.task, slow);
});

test("a table without tasks is never due", (t) => {
  t.is(tableOf([]).nextAt(), null);
});

type Load = { readonly everyMs: number; readonly costMs: number; readonly patienceMs: number };

const LOADS = fc.array(
  fc.record<Load>({
    everyMs: fc.integer({ min: 10, max: 20_000 }),
    costMs: fc.integer({ min: 1, max: 2000 }),
    patienceMs: fc.integer({ min: 0, max: 10_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);

test("under any load no task waits longer than its patience, one request, and one of each other", (t) => {
  fc.assert(
    fc.property(LOADS, (tasks) => {
      const table = new Timetable(tasks, at(0), ({ patienceMs }) => patienceMs);
      const longestMs = Math.max(...tasks.map(({ costMs }) => costMs));
      const roundMs = tasks.reduce((sum, { costMs }) => sum + costMs, 0);
      let now = 0;
      for (let served = 0; served < 300; served++) {
        now = Math.max(now, table.nextAt() ?? 0);
        const next = table.next(at(now));
        if (next === null) return false;
        const { task, due } = next;
        if (now - due > task.patienceMs + longestMs + roundMs) return false;
        now += task.costMs;
        table.done(task, at(now));
      }
      return true;
    }),
  );
  t.pass();
});

test("tasks that are due for the same time are even", (t) => {
  const other = { ...fast };
  const table = tableOf([fast, other]);
  t.true(table.isEven([fast, other]));
  table.done(fast, at(10));
  t.false(table.isEven([fast, other]));
  table.done(other, at(20));
  t.true(table.isEven([fast, other]));
});

test("all that could be done at a moment are found together, but for what is begun or put off", (t) => {
  const tasks = Array.from({ length: 4 }, () => ({ ...fast }));
  const [first, second, third, fourth] = tasks as [
    typeof fast,
    typeof fast,
    typeof fast,
    typeof fast,
  ];
  const table = tableOf(tasks);
  table.begin(first);
  table.putOff(second, at(500));
  t.deepEqual(table.due(at(0)), [third, fourth]);
  t.deepEqual(
    table.due(at(0), (task) => task === fourth),
    [fourth],
  );
  t.is(table.due(at(500)).length, 3);
});
