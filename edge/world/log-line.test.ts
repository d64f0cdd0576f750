import test from "ava";
import { jsonLine, textLine } from "./log-line.ts";

const line = {
  at: 0,
  level: "warn",
  text: "bus line-a closed",
  fields: { cause: "no such port", tries: 2, at: "line-a", value: 2n ** 60n },
} as const;

test("a line for a person is time, level, text and evidence, in quotes where it has spaces", (t) => {
  t.is(
    textLine(line),
    '1970-01-01T00:00:00.000Z warn  bus line-a closed cause="no such port" tries=2 at=line-a value=1152921504606846976',
  );
});

test("a line for a program is one JSON object on one line, with every digit", (t) => {
  const text = jsonLine({ ...line, text: "two\nlines" });
  t.notRegex(text, /\n/);
  t.like(JSON.parse(text), { time: "1970-01-01T00:00:00.000Z", level: "warn", text: "two\nlines" });
  t.regex(
    text,
    /"fields":\{"cause":"no such port","tries":2,"at":"line-a","value":1152921504606846976\}/,
  );
});
