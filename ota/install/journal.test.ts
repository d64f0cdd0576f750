import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import type { JournalLine } from "../../edge/core/update-notes.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { appendJournal, readJournal } from "./journal.ts";

function line(release: string, more: Partial<JournalLine> = {}): JournalLine {
  const head = { at: 5 as WallMs, boot: "b", step: "installed" } as const;
  return { ...head, release, from: null, reason: null, ...more };
}

test("lines come in the order in which they were added; without a journal there are none", (t) => {
  const file = join(tempDir("journal"), "journal.jsonl");
  t.deepEqual(readJournal(file), []);
  appendJournal(file, line("0.1.0"));
  appendJournal(file, line("0.2.0", { command: "c-1", from: "0.1.0", reason: "update.memory" }));
  t.deepEqual(readJournal(file), [
    line("0.1.0", { command: null }),
    line("0.2.0", { command: "c-1", from: "0.1.0", reason: "update.memory" }),
  ]);
});

test("a line has its keys in the order by which the boot guard reads it", (t) => {
  const file = join(tempDir("journal"), "journal.jsonl");
  appendJournal(file, { command: null, ...line("0.2.0") });
  const keys = Object.keys(JSON.parse(readFileSync(file, "utf8")));
  t.deepEqual(keys, ["at", "boot", "step", "release", "from", "reason", "command"]);
});

test("a line that a cut has torn spoils neither the one before it nor the one behind", (t) => {
  const file = join(tempDir("journal"), "journal.jsonl");
  appendJournal(file, line("0.1.0"));
  appendFileSync(file, '{"at":6,"boot":"b","step":"comm');
  appendJournal(file, line("0.2.0"));
  t.deepEqual(
    readJournal(file).map(({ release }) => release),
    ["0.1.0", "0.2.0"],
  );
});
