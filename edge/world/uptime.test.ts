import { execFileSync } from "node:child_process";
import process from "node:process";
import test from "ava";
import { uptimeNow } from "./uptime.ts";

test("elapsed time goes on from process to process, since the machine was started", (t) => {
  const other = () => {
    const script = "process.stdout.write(String(Number(process.hrtime.bigint()) / 1e6))";
    return Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
  };
  const before = uptimeNow();
  const between = other();
  const after = uptimeNow();
  // The two readings of the clock at the start are a moment apart.
  t.true(before - 5 < between && between < after + 5, `${before} ${between} ${after}`);
});
