import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { standIns, workerArguments } from "./worker.ts";

test("a worker is started with what makes ava one piece", async (t) => {
  const wanted = await workerArguments();
  t.deepEqual(process.execArgv.slice(0, wanted.length), wanted);
});

test("a test runs in that piece", (t) => {
  const [base = ""] = standIns().values();
  t.true(new Error("here").stack?.includes(fileURLToPath(base)));
});
