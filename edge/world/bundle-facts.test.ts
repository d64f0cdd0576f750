import process from "node:process";
import test from "ava";
import { bundleFacts } from "./bundle-facts.ts";

test("the machine is told of without its environment, and what is not there is null", (t) => {
  process.env.LIFELINE_TEST_SECRET = "planted-in-the-environment";
  const text = JSON.stringify(bundleFacts("/no/such/directory"));
  delete process.env.LIFELINE_TEST_SECRET;
  t.notRegex(text, /planted/);
  t.like(JSON.parse(text), { disk: null, node: process.versions.node });
});
