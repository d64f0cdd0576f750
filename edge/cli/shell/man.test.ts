import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import stringWidth from "string-width";
import { testWith } from "../../../test-rigs/debian/test-with.ts";

const MAIN = join(import.meta.dirname, "..", "..", "main.ts");

const PAGES = [
  ["en", join(import.meta.dirname, "..", "man", "lifeline.1")],
  ["zh-CN", join(import.meta.dirname, "..", "man", "zh_CN", "lifeline.1")],
] as const;

for (const [lang, file] of PAGES) {
  test(`the manual page is what the commands say of themselves now (${lang})`, (t) => {
    const options = { encoding: "utf8" } as const;
    const page = execFileSync(process.execPath, [MAIN, "man", "--lang", lang], options);
    const how = "write it anew: npx -c 'node test-rigs/reference/main.ts'";
    t.is(readFileSync(file, "utf8"), page, how);
  });

  testWith("mandoc")(`the manual page is shown without a warning, in 80 columns (${lang})`, (t) => {
    const lint = spawnSync("mandoc", ["-Tlint", "-Wwarning", file], { encoding: "utf8" });
    t.is(lint.stdout, "");
    t.is(lint.status, 0);
    const shown = execFileSync("mandoc", ["-Kutf-8", "-Tutf8", file], { encoding: "utf8" });
    // Bold is a letter, a backspace and the letter again.
    const text = shown.replaceAll(/.[\b]/gu, "");
    // An example is one line, to be copied as it stands.
    const prose = text.split("\n").filter((line) => !/^ +lifeline \S/.test(line));
    for (const line of prose) t.true(stringWidth(line) <= 80, line);
    t.true(text.includes("lifeline alarms ack gas-high"));
    t.true(text.includes("--lang <language>"));
  });
}
