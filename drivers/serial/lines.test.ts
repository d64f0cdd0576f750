import test from "ava";
import fc from "fast-check";
import { anySplit, bytesIn } from "../../test-rigs/sim/any-split.ts";
import { LINE_MAX, Lines } from "./lines.ts";

const UTF8 = new TextDecoder();

/** The lines of `chunks`, heard from a beginning on. */
function linesOf(ending: string | null, ...chunks: readonly string[]): readonly string[] {
  const lines = new Lines(ending === null ? null : [...bytesIn(ending)]);
  lines.begin();
  return chunks.flatMap((chunk) => lines.take(bytesIn(chunk)).map((line) => UTF8.decode(line)));
}

test("a line ends with CR, LF or both, and empty lines are none", (t) => {
  t.deepEqual(linesOf(null, "a\rb\nc\r\n\r\n\nd\n"), ["a", "b", "c", "d"]);
});

test("a line may end with other characters", (t) => {
  t.deepEqual(linesOf("\x03", "a\r\x03b\x03"), ["a\r", "b"]);
  t.deepEqual(linesOf("*\r", "a*b*\rc**\r"), ["a*b", "c*"]);
});

test("lines are the same however their bytes are split", (t) => {
  const whole = bytesIn("12.5\r\n-3,7 mm\r\nok\n");
  fc.assert(
    fc.property(anySplit(whole), (chunks) => {
      const lines = new Lines(null);
      lines.begin();
      const texts = chunks.flatMap((chunk) => lines.take(chunk)).map((line) => UTF8.decode(line));
      t.deepEqual(texts, ["12.5", "-3,7 mm", "ok"]);
      t.is(lines.discarded, 0);
    }),
  );
});

test("a line whose beginning was not heard is thrown away, for half a number looks like one", (t) => {
  const lines = new Lines(null);
  t.deepEqual(lines.take(bytesIn("2.5\r\n12.5\r\n")), [bytesIn("12.5")]);
  t.is(lines.discarded, 3);
});

test("what is unfinished at a silence is never joined to what comes after it, nor that believed", (t) => {
  for (const silenceBegins of [true, false]) {
    const lines = new Lines(null, silenceBegins);
    lines.take(bytesIn("\n1"));
    lines.breakOff();
    t.deepEqual(lines.take(bytesIn("2.5\n")), []);
    t.deepEqual(lines.take(bytesIn("12.5\n")), [bytesIn("12.5")]);
    t.is(lines.discarded, 4);
  }
});

test("a silence before anything was heard begins a line only where it is said to", (t) => {
  const isBegun = [true, false].map((silenceBegins) => {
    const lines = new Lines(null, silenceBegins);
    lines.breakOff();
    return lines.take(bytesIn("2.5\n")).length === 1;
  });
  t.deepEqual(isBegun, [true, false]);
});

test("a line of the greatest length is taken, a longer one is thrown away up to its end", (t) => {
  const longest = "x".repeat(LINE_MAX - 1);
  t.deepEqual(linesOf(null, `${longest}\nok\n`), [longest, "ok"]);
  const lines = new Lines(null);
  lines.begin();
  t.deepEqual(lines.take(bytesIn(`${"x".repeat(3 * LINE_MAX)}\nok\n`)), [bytesIn("ok")]);
  t.is(lines.discarded, 3 * LINE_MAX);
});

test("an ending of several bytes is found behind a line that is too long", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: LINE_MAX - 4, max: 3 * LINE_MAX }), (length) => {
      t.is(linesOf("\r\n;", `${"x".repeat(length)}\r\n;ok\r\n;`).at(-1), "ok");
    }),
  );
});

test("any noise costs memory for one line and leaves the line behind it whole", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 }), (noise) => {
      const lines = new Lines(null);
      for (const chunk of noise) lines.take(chunk);
      lines.take(bytesIn("\n"));
      t.deepEqual(lines.take(bytesIn("12.5\n")), [bytesIn("12.5")]);
    }),
  );
});
