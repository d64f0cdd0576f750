import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { type JournalLine, orderText, type UpdateOrder } from "../../edge/core/update-notes.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { dueOf, failedIn, orderIn, removeOrder } from "./orders.ts";

const NOW = 1_000_000 as WallMs;
const COMMAND = { key: "centre", nonce: "c-1" };

function order(more: Partial<UpdateOrder> = {}): UpdateOrder {
  const times = { notBefore: null, until: null };
  return { v: 1, release: "pi4/stable/0.2.0", by: "centre", ...times, command: null, ...more };
}

function line(step: JournalLine["step"], release = "0.2.0", command: string | null = null) {
  const head = { at: NOW, boot: "b", step, release } as const;
  return { ...head, from: null, reason: null, command };
}

const at = (ms: number) => (NOW + ms) as WallMs;

test("an order is due within its times, and at once where it names none", (t) => {
  const kind = (more: Partial<UpdateOrder>) => dueOf(order(more), [], NOW, "synced").kind;
  t.is(kind({}), "due");
  t.is(kind({ notBefore: at(-1), until: at(1) }), "due");
  t.is(kind({ notBefore: NOW }), "due");
  t.is(kind({ notBefore: at(1) }), "early");
  t.is(kind({ until: NOW }), "early");
  t.is(dueOf(null, [], NOW, "synced").kind, "none");
});

test("an order with times waits until the time is known", (t) => {
  t.is(dueOf(order({ until: at(1) }), [], NOW, "unsynced").kind, "early");
  t.is(dueOf(order(), [], NOW, "unsynced").kind, "due");
  t.is(dueOf(order({ until: at(1) }), [], NOW, "corrected").kind, "due");
});

test("a command that was brought to its end is not begun again, however that end was", (t) => {
  const own = order({ command: COMMAND });
  for (const step of ["committed", "rolled-back", "refused"] as const) {
    t.is(dueOf(own, [line(step, "0.2.0", "c-1")], NOW, "synced").kind, "over");
    t.is(dueOf(own, [line(step, "0.2.0", "c-0")], NOW, "synced").kind, "due");
  }
  t.is(dueOf(own, [line("activated", "0.2.0", "c-1")], NOW, "synced").kind, "due");
});

test("an order is read from its file and removed; what is damaged is none", (t) => {
  const file = join(tempDir("order"), "order");
  t.is(orderIn(file), null);
  writeFileSync(file, orderText(order({ command: COMMAND })));
  t.deepEqual(orderIn(file), order({ command: COMMAND }));
  removeOrder(file);
  t.false(existsSync(file));
  t.notThrows(() => removeOrder(file));
  writeFileSync(file, '{"v":1,"rel');
  t.is(orderIn(file), null);
});

test("what was given up is left alone until somebody keeps it after all", (t) => {
  const lines = [line("rolled-back"), line("refused", "0.3.0"), line("installed", "0.4.0")];
  t.deepEqual([...failedIn(lines)], ["0.2.0", "0.3.0"]);
  t.deepEqual([...failedIn([...lines, line("committed")])], ["0.3.0"]);
});
