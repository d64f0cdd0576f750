import { rmSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { scratchDirectory } from "../test-rigs/sim/scratch.ts";
import { SmallMachine } from "../test-rigs/sim/small-machine.ts";

const DAY_S = 86_400;
/** Full within ten minutes. */
const SMALL_BYTES = 80_000;

async function start(t: ExecutionContext): Promise<SmallMachine> {
  const dir = scratchDirectory();
  const machine = new SmallMachine(dir, SMALL_BYTES);
  t.teardown(async () => {
    await machine.close();
    rmSync(dir, { recursive: true, force: true });
  });
  await machine.reboot();
  return machine;
}

test("what was corrected is thinned by its corrected times", async (t) => {
  const machine = await start(t);
  await machine.pass(100);
  await machine.sync();
  await machine.pass(1500);
  t.is(await machine.fault(), null);
  const [first] = machine.thinnings;
  t.is(first?.seqs[0]?.from, 1);
  const thinned = machine.told.get(first?.into[0]?.from ?? 0);
  t.is(thinned?.clock, "corrected");
});

test("what waits for its time is not thinned however full it is, and is once it is known", async (t) => {
  const machine = await start(t);
  await machine.pass(1200);
  t.deepEqual(machine.thinnings, []);
  await machine.sync();
  await machine.pass(600);
  t.is(await machine.fault(), null);
  t.not(machine.thinnings.length, 0);
});

test("what waits behind what is young keeps nothing else from going where there is no room", async (t) => {
  const machine = await start(t);
  await machine.pass(10);
  machine.set(-3_000_000);
  await machine.pass(540);
  machine.set(2_460_000);
  await machine.pass(45);
  t.deepEqual(machine.thinnings, []);
  const { from = 0 } = (await machine.ledger.state()).gone.readings[0] ?? {};
  t.is(from, 11);
});

test("a boot that never knew the time keeps its detail, or goes whole", async (t) => {
  const machine = await start(t);
  await machine.pass(300);
  await machine.reboot();
  await machine.pass(10);
  await machine.sync();
  t.deepEqual(machine.told.get(1)?.clock, "unsynced");
  t.truthy(machine.told.get(1)?.between);
  await machine.pass(1500);
  t.is(await machine.fault(), null);
  t.true(machine.thinnings.every(({ seqs }) => (seqs[0]?.from ?? 0) > 300));
});

test("a boot is given its bounds also where the last of it were thinned messages", async (t) => {
  const machine = await start(t);
  await machine.sync();
  await machine.pass(600);
  machine.set(-DAY_S * 1000);
  for (let n = 0; n < 30; n++) {
    await machine.pass(10);
    await machine.restart();
  }
  t.not(machine.thinnings.length, 0);
  await machine.reboot();
  await machine.pass(5);
  await machine.sync();
  t.is(await machine.fault(), null);
});

test("minutes of two boots that never knew the time are not taken for the same", async (t) => {
  const machine = await start(t);
  for (let boot = 0; boot < 4; boot++) {
    await machine.pass(80);
    await machine.letGo();
    await machine.reboot();
  }
  await machine.sync();
  await machine.pass(1000);
  t.is(await machine.fault(), null);
  const clocks = machine.thinnings.map(({ into }) => machine.told.get(into[0]?.from ?? 0)?.clock);
  t.true(clocks.includes("unsynced"));
});

test("what was read before an alarm stays whole also where the clock was set meanwhile", async (t) => {
  const machine = await start(t);
  await machine.pass(50);
  await machine.sync();
  await machine.pass(5);
  await machine.alarm();
  await machine.pass(1500);
  t.is(await machine.fault(), null);
  t.not(machine.thinnings.length, 0);
  t.deepEqual(
    (await machine.ledger.readBatches(1, 1)).map(({ seq }) => seq),
    [1],
  );
});

test("a commit that was rolled back has thinned and corrected nothing", async (t) => {
  const machine = await start(t);
  await machine.pass(540);
  await machine.fail();
  t.deepEqual(machine.thinnings, []);
  t.is((await machine.ledger.state()).held.readings?.from, 1);
  await machine.sync();
  await machine.pass(300);
  await machine.fail();
  await machine.pass(300);
  t.is(await machine.fault(), null);
  t.not(machine.thinnings.length, 0);
});

/** What happens to the machine, and for how many seconds it measures behind that. */
const step = fc.tuple(
  fc.constantFrom(
    ...([
      "sync",
      "sync",
      "sync",
      "let",
      "set",
      "little",
      "alarm",
      "restart",
      "reboot",
      "fail",
    ] as const),
  ),
  fc.integer({ min: 1, max: 250 }),
);

test("whatever befalls clock and machine, what is thinned is what was, under its true time", async (t) => {
  t.timeout(120_000);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      const dir = scratchDirectory();
      const machine = new SmallMachine(dir, SMALL_BYTES);
      try {
        await machine.reboot();
        for (const [kind, seconds] of steps) {
          if (kind === "sync") await machine.sync();
          if (kind === "let") await machine.letGo();
          if (kind === "set") machine.set(seconds % 2 === 0 ? DAY_S * 1000 : -DAY_S * 1000);
          if (kind === "little") machine.set(seconds * 7);
          if (kind === "alarm") await machine.alarm();
          if (kind === "restart") await machine.restart();
          if (kind === "reboot") await machine.reboot();
          if (kind === "fail") await machine.fail();
          await machine.pass(seconds);
        }
        const fault = await machine.fault();
        if (fault !== null) throw new Error(fault.slice(0, 1000));
      } finally {
        await machine.close();
        rmSync(dir, { recursive: true, force: true });
      }
    }),
    { numRuns: 7 },
  );
  t.pass();
});
