import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { firstBootNotes, firstBootOf } from "./first-boot-notes.ts";

test("a report is told of until that is noted, and again when it is another", async (t) => {
  const dir = tempDir("notes");
  t.is(firstBootNotes(dir), null, "no card brings anything here");
  const report = join(dir, "first-boot.json");
  const text = (outcome: string) =>
    JSON.stringify({ v: 1, outcome, gateway: "gw-1", taken: [], refused: [] });
  writeFileSync(report, text("taken"));
  const notes = firstBootNotes(dir);
  t.is(notes?.untold()?.outcome, "taken");
  await notes?.told();
  t.is(notes?.untold(), null);
  writeFileSync(report, text("refused"));
  t.is(firstBootNotes(dir)?.untold()?.outcome, "refused");
  await notes?.show("waiting");
  t.is(readFileSync(join(dir, "stage"), "utf8"), "waiting\n");
  writeFileSync(report, "{");
  t.is(firstBootOf(dir), null);
});
