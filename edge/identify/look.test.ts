import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { type Block, type BlockRead, look } from "./look.ts";

/** Looks for ten seconds at addresses 0 to 40 of a device that answers as `read` says. */
async function lookAt(read: (block: Block) => BlockRead) {
  const clock = new SimClock();
  const asked: Block[] = [];
  const looking = look(
    {
      clock,
      read: async (block) => {
        asked.push(block);
        await clock.sleep(20);
        return read(block);
      },
      ...{ areas: ["holding", "input"], from: 0, to: 40, forMs: 10_000 },
      onProgress: () => {},
    },
    new AbortController().signal,
  );
  await clock.advance(60_000);
  return { ...(await looking), asked };
}

const words = ({ address, count }: Block) => Array.from({ length: count }, (_, i) => address + i);

test("what a device refuses is halved until the registers that it has are found", async (t) => {
  const { blocks, samples, rounds } = await lookAt((block) => {
    const { area, address, count } = block;
    return area === "holding" && address + count <= 21 ? words(block) : "refused";
  });
  t.is(
    blocks.reduce((sum, { count }) => sum + count, 0),
    21,
  );
  t.true(rounds >= 4 && rounds <= 6, `${rounds}`);
  const [round] = samples.find(({ area }) => area === "holding")?.rounds ?? [];
  t.deepEqual([...(round ?? [])].slice(0, 3), [
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
});

test("where nobody answers it is soon given up", async (t) => {
  const { asked, blocks, lost } = await lookAt(() => "lost");
  t.is(asked.length, 3);
  t.is(lost, 3);
  t.deepEqual(blocks, []);
});

test("a round of which a block is lost is left out", async (t) => {
  let n = 0;
  const { samples, lost } = await lookAt((block) => {
    n++;
    return n === 8 ? "lost" : words(block);
  });
  t.is(lost, 1);
  for (const { rounds } of samples) t.true(rounds.every(({ size }) => size === 41));
});
