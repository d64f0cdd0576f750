import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { referencePage } from "./reference.ts";

test("the reference page is fresh", (t) => {
  const page = readFileSync(join(import.meta.dirname, "REFERENCE.md"), "utf8");
  t.is(
    page,
    referencePage(),
    "config/REFERENCE.md is stale. To write it anew: npx -c 'node test-rigs/reference/main.ts'",
  );
});

test("the page has a table for each section, with defaults and bounds", (t) => {
  const page = referencePage();
  for (const heading of [
    "`gateway`",
    "`buses.NAME, kind modbus-rtu`",
    "`devices.NAME.points.NAME`",
  ]) {
    t.true(page.includes(`\n## ${heading}\n`), heading);
  }
  t.true(page.includes("| `commit` | 50ms to 60s | `1s` |"));
  t.true(page.includes("| `port` | whole number, 1 to 65535 | `502` |"));
  t.true(page.includes("| `severity` | `blue`, `yellow`, `orange`, `red` | needed |"));
});
