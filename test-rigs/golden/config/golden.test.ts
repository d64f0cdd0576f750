import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import stringWidth from "string-width";
import { loadConfig } from "../../../config/load.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "../../../config/read.ts";
import { reportProblems } from "../../../config/report.ts";
import { planBuses } from "../../../edge/acquire/poll-plan.ts";
import { planView } from "../../../edge/cli/plan-view.ts";

/** The files and variables that the golden configurations refer to. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["/run/secrets/centre", "correct horse\n"],
  ["/run/secrets/empty", "\n"],
  ["/run/secrets/hj212", "123456\n"],
  ["/run/secrets/pin-short", "1234\n"],
  ["/run/secrets/sl651", "03E8\n"],
  ["/etc/lifeline/ca.pem", "-----BEGIN CERTIFICATE-----\n"],
]);

const VARIABLES: ReadonlyMap<string, string> = new Map([
  ["SECOND_HOST", "127.0.0.1"],
  ["SECOND_PASSWORD", "battery staple"],
]);

const EXPECTED = { en: "expected.txt", "zh-CN": "expected.zh-CN.txt" } as const;
const PLAN = { en: "plan.txt", "zh-CN": "plan.zh-CN.txt" } as const;

const profiles = new ProfileFolders([SHIPPED_PROFILES]);
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

function readFile(path: string): string {
  const content = FILES.get(path);
  if (content === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
  return content;
}

for (const name of names) {
  const folder = join(import.meta.dirname, name);
  const text = readFileSync(join(folder, "gateway.yaml"), "utf8");
  const env = (variable: string) => VARIABLES.get(variable);
  const { config, problems } = loadConfig(text, { profiles, readFile, env, folder: "/gateway" });

  test(`${name}: is ${name.startsWith("good-") ? "accepted" : "refused"}`, (t) => {
    t.is(config !== null, name.startsWith("good-"));
    t.is(
      problems.some(({ severity }) => severity === "error"),
      config === null,
    );
  });

  for (const lang of ["en", "zh-CN"] as const) {
    const planFile = join(folder, PLAN[lang]);
    if (config !== null && existsSync(planFile)) {
      test(`${name}: the plan of its buses is told in ${lang}`, (t) => {
        const view = `${planView(planBuses(config), lang)}\n`;
        if (process.env.UPDATE_GOLDEN === "1") writeFileSync(planFile, view);
        t.is(view, readFileSync(planFile, "utf8"));
        for (const line of view.split("\n")) t.true(stringWidth(line) <= 80, line);
      });
    }
    const file = join(folder, EXPECTED[lang]);
    if (lang === "zh-CN" && !existsSync(file)) continue;
    test(`${name}: says what is expected in ${lang}`, (t) => {
      const report = reportProblems("gateway.yaml", problems, lang);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, report);
      t.is(report, readFileSync(file, "utf8"));
    });
  }
}

test("there are at least 36 bad and 3 good configurations", (t) => {
  const good = names.filter((name) => name.startsWith("good-"));
  t.true(good.length >= 3);
  t.true(names.length - good.length >= 36);
});
