import test from "ava";
import type { Problem } from "./problems.ts";
import { reportProblems } from "./report.ts";

function problem(change: Partial<Problem> = {}): Problem {
  return {
    severity: "error",
    code: "unknown-key",
    line: 12,
    column: 5,
    path: "devices.gas-1.evry",
    message: { en: "unknown key.", "zh-CN": "未知的键。" },
    ...change,
  };
}

test("a problem is one line that an editor can jump to, and the last line sums up", (t) => {
  t.is(
    reportProblems("gateway.yaml", [problem()], "en"),
    `gateway.yaml:12:5  error  devices.gas-1.evry: unknown key.

gateway.yaml: 1 error. The gateway does not start with this file.
`,
  );
});

test("errors come before warnings, and places are of one width", (t) => {
  const warning = problem({ severity: "warning", line: 1 });
  t.is(
    reportProblems("g.yaml", [warning, problem({ line: 100 }), problem({ line: 2 })], "en"),
    `g.yaml:100:5  error  devices.gas-1.evry: unknown key.
g.yaml:2:5    error  devices.gas-1.evry: unknown key.

g.yaml:1:5  warning  devices.gas-1.evry: unknown key.

g.yaml: 2 errors, 1 warning. The gateway does not start with this file.
`,
  );
});

test("with warnings only, the gateway starts", (t) => {
  const report = reportProblems("g.yaml", [problem({ severity: "warning" })], "en");
  t.true(report.endsWith("g.yaml: 1 warning. The gateway starts with this file.\n"));
});

test("without problems there is one line", (t) => {
  t.is(reportProblems("g.yaml", [], "en"), "g.yaml: no problems.\n");
  t.is(reportProblems("g.yaml", [], "zh-CN"), "g.yaml：没有问题。\n");
});

test("Chinese is Chinese throughout", (t) => {
  t.is(
    reportProblems("g.yaml", [problem()], "zh-CN"),
    `g.yaml:12:5  错误  devices.gas-1.evry: 未知的键。

g.yaml：1 个错误。网关不会使用此文件启动。
`,
  );
});

test("a problem of a profile names the profile's file", (t) => {
  const report = reportProblems("g.yaml", [problem({ file: "profiles/x.yaml", path: "" })], "en");
  t.true(report.startsWith("profiles/x.yaml:12:5  error  unknown key.\n"));
});
