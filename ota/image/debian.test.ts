import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { needEmulation } from "./debian.ts";

test("a machine that cannot run a board's programs is told of before anything is fetched, with what helps", (t) => {
  const formats = tempDir("formats");
  t.throws(() => needEmulation(formats, "x64"), { message: /mount .* update-binfmts --enable/ });
  writeFileSync(join(formats, "register"), "");
  const { message } = t.throws(() => needEmulation(formats, "x64"));
  t.notRegex(message, /mount/);
  t.notThrows(() => needEmulation(formats, "arm64"));
  writeFileSync(join(formats, "qemu-aarch64"), "enabled");
  t.notThrows(() => needEmulation(formats, "x64"));
});
