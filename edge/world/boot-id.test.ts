import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { tempDir } from "../../test-rigs/sim/buffer-rig.ts";
import { bootId } from "./boot-id.ts";

test("a boot goes by the kernel's name for it, the same in every process", (t) => {
  const file = join(tempDir(t), "boot_id");
  writeFileSync(file, "6f0c-11\n");
  t.is(bootId(file), "6f0c-11");
  t.is(bootId(), bootId());
});

test("where nobody can tell, the name is of this process alone", (t) => {
  const id = bootId(join(tempDir(t), "none"));
  t.true(id.includes(String(process.pid)));
  t.not(id, bootId());
});
