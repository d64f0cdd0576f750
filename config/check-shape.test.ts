import test from "ava";
import { checkShape } from "./check-shape.ts";
import { Findings } from "./findings.ts";
import { configSchema } from "./schema.ts";
import { readSource } from "./source.ts";

function check(text: string) {
  const source = readSource(text);
  const findings = new Findings(source);
  const misfits = checkShape(configSchema, source.root, findings);
  return { misfits, problems: findings.list() };
}

test("a file of the right form has no misfits", (t) => {
  t.deepEqual(check("gateway: { id: gw-1 }"), { misfits: [], problems: [] });
});

test("every misfit is noted at its place, each unknown key by itself", (t) => {
  const { problems } = check("gateway: { id: gw-1, nme: x, colour: y }\nbuses: 5\n");
  t.deepEqual(
    problems.map(({ code, line, column, path }) => [code, line, column, path]),
    [
      ["unknown-key", 1, 22, "gateway.nme"],
      ["unknown-key", 1, 30, "gateway.colour"],
      ["wrong-type", 2, 8, "buses"],
    ],
  );
});

test("a key that only another kind has is told from one that nobody knows", (t) => {
  const { misfits, problems } = check(
    "gateway: { id: gw-1 }\nbuses: { a: { kind: firmata, port: x, framing: rtu, colour: y } }",
  );
  t.deepEqual(misfits, [
    { path: ["buses", "a", "framing"], unknownKey: true },
    { path: ["buses", "a", "colour"], unknownKey: true },
  ]);
  t.deepEqual(
    problems.map(({ code }) => code),
    ["key-of-other-kind", "unknown-key"],
  );
  t.regex(problems[0]?.message.en ?? "", /for kind modbus-tcp, modbus-dial-in only/);
});

test("a name that cannot be one is shown at the name", (t) => {
  const { misfits, problems } = check(
    "gateway: { id: gw-1 }\nbuses: { a b: { kind: firmata, port: x } }",
  );
  t.deepEqual(misfits, [{ path: ["buses", "a b"], unknownKey: false }]);
  t.deepEqual(
    problems.map(({ code, column }) => [code, column]),
    [["bad-name", 10]],
  );
});

test("one fault is noted once", (t) => {
  const { problems } = check("gateway: { id: gw-1, site: { name: [] } }");
  t.deepEqual(
    problems.map(({ code }) => code),
    ["wrong-type"],
  );
});
