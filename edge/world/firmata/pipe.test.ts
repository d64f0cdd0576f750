import test from "ava";
import { childLine } from "./pipe.ts";

test("what the process tells is understood", (t) => {
  for (const line of [
    { kind: "ready", firmware: "StandardFirmata 2.5" },
    { kind: "alive" },
    { kind: "value", source: "A0", value: 0.25, at: 12.5 },
    { kind: "fault", source: "A0", fault: "no-answer", at: 12.5 },
    { kind: "answer", id: 3, answer: { kind: "level", level: 1 } },
    { kind: "answer", id: 3, answer: { kind: "none", fault: "no-answer" } },
    { kind: "lost", why: "the port is gone" },
  ]) {
    t.deepEqual(childLine(JSON.stringify(line)) as unknown, line);
  }
});

test("anything else is nothing", (t) => {
  for (const text of [
    "",
    "Available",
    "null",
    "[]",
    '{"kind":"value","source":"A0","value":null,"at":1}',
    '{"kind":"value","source":"A0","value":"1","at":1}',
    '{"kind":"value","value":1,"at":1}',
    '{"kind":"value","source":"A0","value":1}',
    '{"kind":"ready"}',
    '{"kind":"answer","answer":{"kind":"level","level":1}}',
    '{"kind":"answer","id":3}',
    '{"kind":"answer","id":3,"answer":{"kind":"level"}}',
    '{"kind":"else"}',
  ]) {
    t.is(childLine(text), null, text);
  }
});
