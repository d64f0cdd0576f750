import test from "ava";
import type { Cuts } from "../core/ledger.ts";
import { CutMemory } from "./cut-memory.ts";

const gap = { area: "holding", address: 10, count: 2 } as const;

test("what a device refused is told once, all of it together, and known after a restart", (t) => {
  const told: Cuts[] = [];
  const memory = new CutMemory(null, "A", (cuts) => told.push(cuts));
  memory.add("gas-1", gap);
  memory.add("gas-1", gap);
  memory.add("gas-2", { ...gap, count: 0 });
  t.is(told.length, 2);
  const cuts = [
    { device: "gas-1", ...gap },
    { device: "gas-2", ...gap, count: 0 },
  ];
  t.deepEqual(told.at(-1), { configuration: "A", cuts });
  const after = new CutMemory(told.at(-1) ?? null, "A", () => t.fail());
  t.deepEqual(after.byDevice().get("gas-1"), [{ device: "gas-1", ...gap }]);
});

test("under another configuration nothing is taken for known", (t) => {
  const memory = new CutMemory(
    { configuration: "A", cuts: [{ device: "gas-1", ...gap }] },
    "B",
    () => {},
  );
  t.is(memory.byDevice().size, 0);
});
