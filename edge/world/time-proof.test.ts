import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { latestProof } from "./time-proof.ts";

test("the file that was written last proves the time, and those that are not there prove none", (t) => {
  const dir = tempDir("proof");
  const [old, young, none] = ["old", "young", "none"].map((name) => join(dir, name));
  for (const [file, s] of [
    [old, 1_000],
    [young, 2_000],
  ] as const) {
    writeFileSync(file as string, "");
    utimesSync(file as string, s, s);
  }
  t.deepEqual(latestProof([old, none, young] as string[]), { at: 2_000_000, file: young } as never);
  t.is(latestProof([none as string]), null);
});
