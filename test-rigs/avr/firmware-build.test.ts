import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildFirmware, SOURCE, withCompiler, withThatCompiler } from "./toolchain.ts";

withThatCompiler("the firmware that is shipped is what its source makes, byte by byte", (t) => {
  const built = readFileSync(join(buildFirmware(), "lifeline-node.hex"), "utf8");
  const shipped = readFileSync(join(SOURCE, "..", "lifeline-node.hex"), "utf8");
  t.true(built === shipped, "run: npm run node-firmware");
});

withThatCompiler(
  "flash and memory used are what the README says, and leave the stack room",
  (t) => {
    const elf = join(buildFirmware(), "lifeline-node.elf");
    const [, line = ""] = execFileSync("avr-size", [elf], { encoding: "utf8" }).split("\n");
    const [text = 0, data = 0, bss = 0] = line.trim().split(/\s+/).map(Number);
    const readme = readFileSync(join(SOURCE, "..", "README.md"), "utf8");
    t.true(readme.includes(`${text + data} bytes of flash`), `flash: ${text + data}`);
    t.true(readme.includes(`${data + bss} bytes of memory`), `memory: ${data + bss}`);
    t.true(data + bss < 1024);
  },
);

withCompiler("the firmware compiles without a warning", (t) => {
  t.notThrows(() => buildFirmware());
});
