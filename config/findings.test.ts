import test from "ava";
import { Findings } from "./findings.ts";
import { readSource } from "./source.ts";

test("problems are listed in the order of the file, those of the YAML among them", (t) => {
  const findings = new Findings(readSource("a: 1\nb: 2\nb: 3\nc: 4\n"));
  findings.add("no-devices", null, ["c"]);
  findings.add("no-devices", null, ["a"], "key");
  t.deepEqual(
    findings.list().map(({ code, line, column }) => [code, line, column]),
    [
      ["no-devices", 1, 1],
      ["duplicate-key", 3, 1],
      ["no-devices", 4, 4],
    ],
  );
});

test("only errors make a file unusable", (t) => {
  const findings = new Findings(readSource("a: 1\n"));
  findings.add("no-devices", null, ["a"]);
  t.false(findings.hasErrors());
  findings.add("scale-zero", null, ["a"]);
  t.true(findings.hasErrors());
});
