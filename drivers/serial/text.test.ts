import test from "ava";
import fc from "fast-check";
import type { TalkPoint, TextProtocol } from "../../edge/core/talker.ts";
import { anySplit, bytesIn } from "../../test-rigs/sim/any-split.ts";
import type { Spoken } from "../heard.ts";
import { TextParser } from "./text.ts";

const NUMBER = { kind: "number", suffix: null } as const;

function grouped(...groups: readonly string[]): readonly TalkPoint[] {
  return groups.map((group) => ({
    id: group,
    place: { kind: "group", group, text: NUMBER },
    scale: 1,
    offset: 0,
  }));
}

function column(id: string, at: number, some: Partial<TalkPoint> = {}): TalkPoint {
  return { id, place: { kind: "column", column: at, text: NUMBER }, scale: 1, offset: 0, ...some };
}

function matching(expression: string, decimal: TextProtocol["decimal"] = "point"): TextProtocol {
  return { kind: "text", ending: null, decimal, layout: { kind: "match", expression } };
}

function inColumns(separator: string, columns: number | null = null): TextProtocol {
  const layout = { kind: "columns", separator, columns } as const;
  return { kind: "text", ending: null, decimal: "point", layout };
}

/** What a parser that hears from a beginning on makes of `chunks`. */
function hear(
  protocol: TextProtocol,
  points: readonly TalkPoint[],
  ...chunks: readonly Uint8Array[]
): readonly Spoken[] {
  const parser = new TextParser(protocol, points, null);
  parser.take(bytesIn("\n"));
  return chunks.flatMap((chunk) => parser.take(chunk));
}

function message(values: Readonly<Record<string, number>>): Spoken {
  const readings = Object.entries(values).map(([point, value]) => {
    return { point, value, quality: "good" as const };
  });
  return { kind: "message", readings };
}

const RAIN = matching(
  "Acc +(?<acc>[0-9.]+) mm, EventAcc +(?<event>[0-9.]+) mm, TotalAcc +(?<total>[0-9.]+) mm, RInt +(?<rate>[0-9.]+) mmph",
);
const RAIN_POINTS = grouped("acc", "event", "total", "rate");
const RAIN_LINE = "Acc  0.01 mm, EventAcc  2.07 mm, TotalAcc  54.85 mm, RInt  0.89 mmph\r\n";

test("the named groups of an expression give the points", (t) => {
  t.deepEqual(hear(RAIN, RAIN_POINTS, bytesIn(RAIN_LINE)), [
    message({ acc: 0.01, event: 2.07, total: 54.85, rate: 0.89 }),
  ]);
});

test("lines are read the same however their bytes are split", (t) => {
  const whole = hear(RAIN, RAIN_POINTS, bytesIn(RAIN_LINE));
  fc.assert(
    fc.property(anySplit(bytesIn(RAIN_LINE)), (chunks) => {
      t.deepEqual(hear(RAIN, RAIN_POINTS, ...chunks), whole);
    }),
  );
});

test("the whole line must match: what only contains the pattern says nothing", (t) => {
  const level = matching("L=(?<level>[0-9.]+)");
  const heard = hear(level, grouped("level"), bytesIn("L=1.5\nxL=1.5\nL=1.5x\nL=\n"));
  t.deepEqual(heard, [
    message({ level: 1.5 }),
    { kind: "misfit" },
    { kind: "misfit" },
    { kind: "misfit" },
  ]);
});

test("a group that a line does not have says nothing about its point", (t) => {
  const either = matching("T(?<temp>[0-9.]+)|H(?<hum>[0-9.]+)");
  t.deepEqual(hear(either, grouped("temp", "hum"), bytesIn("T21.5\nH40\n")), [
    message({ temp: 21.5 }),
    message({ hum: 40 }),
  ]);
});

test("a group that holds no number is a bad reading of its point alone", (t) => {
  const both = matching("(?<a>\\S+) (?<b>\\S+)");
  t.deepEqual(hear(both, grouped("a", "b"), bytesIn("ERR 2\n")), [
    {
      kind: "message",
      readings: [
        { point: "a", value: null, quality: "bad:not-a-number" },
        { point: "b", value: 2, quality: "good" },
      ],
    },
  ]);
});

test("columns are told by their separator and counted from 1", (t) => {
  const points = [column("a", 1), column("c", 3, { scale: 0.1 })];
  t.deepEqual(hear(inColumns(";"), points, bytesIn("1; x ;33;4\n")), [message({ a: 1, c: 3.3 })]);
  t.deepEqual(hear(inColumns(" "), points, bytesIn("  1   2\t30 \n")), [message({ a: 1, c: 3 })]);
});

test("a line with too few columns, or with another number than it should have, says nothing", (t) => {
  const points = [column("a", 1), column("c", 3)];
  t.deepEqual(hear(inColumns(","), points, bytesIn("1,2\n")), [{ kind: "misfit" }]);
  t.deepEqual(hear(inColumns(",", 3), points, bytesIn("1,2,3,4\n1,2,3\n")), [
    { kind: "misfit" },
    message({ a: 1, c: 3 }),
  ]);
});

test("numbers may be written with a comma", (t) => {
  const level = matching("(?<level>[0-9,]+) m", "comma");
  t.deepEqual(hear(level, grouped("level"), bytesIn("1,25 m\n")), [message({ level: 1.25 })]);
});

test("the echo of a request is not taken for an answer", (t) => {
  const parser = new TextParser(inColumns(" "), [column("a", 1)], bytesIn("7\r\n"));
  parser.breakOff();
  t.deepEqual(parser.take(bytesIn("7\r\n8\r\n")), [message({ a: 8 })]);
});

test("noise is never a value, and the line behind it is read", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 5 }), (noise) => {
      const heard = hear(RAIN, RAIN_POINTS, ...noise, bytesIn(`\n${RAIN_LINE}`));
      t.deepEqual(
        heard.filter(({ kind }) => kind === "message"),
        hear(RAIN, RAIN_POINTS, bytesIn(RAIN_LINE)),
      );
    }),
  );
});

test("an expression that would keep JavaScript's own engine busy for ever takes milliseconds", (t) => {
  const line = bytesIn(`${"a".repeat(500)}\n`);
  for (const expression of ["(?<x>(a+)+b)", "(?<x>(a|aa)+b)", "(?:a*)*(?:a*)*(?<x>a*)*c"]) {
    const start = performance.now();
    t.deepEqual(hear(matching(expression), grouped("x"), line), [{ kind: "misfit" }]);
    t.true(performance.now() - start < 1000, expression);
  }
});
