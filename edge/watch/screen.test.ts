import test from "ava";
import fc from "fast-check";
import stringWidth from "string-width";
import { type Line, span } from "./line.ts";
import { changes, type Row, rowOf } from "./screen.ts";
import { inColour, plain, type Style } from "./style.ts";

const ESC = "\x1b";

const rows = (...lines: readonly (string | Line)[]): readonly Row[] =>
  lines.map((line) => rowOf(typeof line === "string" ? [span(line)] : line, 80));

test("only the cells that differ are sent, behind their place", (t) => {
  const before = rows("level 1.204 m   good", "temp 14.2 Cel");
  t.is(changes(before, before, plain), "");
  const after = rows("level 1.205 m   good", "temp 14.2 Cel");
  t.is(changes(before, after, plain), "\x1b[1;11H5");
});

test("what is near each other is one run, what is far apart is two", (t) => {
  t.is(
    changes(rows("abcdefghijklmnop"), rows("aXcdXfghijklmnoX"), plain),
    "\x1b[1;2HXcdX\x1b[1;16HX",
  );
});

test("what was longer is erased to the end of its line, and lines that are gone wholly", (t) => {
  t.is(changes(rows("abc", "def"), rows("ab"), plain), "\x1b[1;3H\x1b[K\x1b[2;1H\x1b[K");
});

test("a wide character is sent whole, and a mark with the character under it", (t) => {
  t.is(changes(rows("总线"), rows("总缓"), plain), "\x1b[1;3H缓");
  t.is(changes(rows("ab"), rows("总"), plain), "\x1b[1;1H总");
  t.is(changes(rows("e"), rows("e\u0301"), plain), "\x1b[1;1He\u0301");
});

test("a style that changes is sent though the text stays, and ends behind it", (t) => {
  const before = rows([span("a"), span("b")]);
  t.is(
    changes(before, rows([span("a"), span("b", "red")]), inColour),
    "\x1b[1;2H\x1b[1;91mb\x1b[0m",
  );
});

test("a line is cut at the edge, with no half of a wide character", (t) => {
  t.is(rowOf([span("abc总")], 4).length, 3);
  t.is(rowOf([span("abc总")], 5).length, 5);
});

/** A place, and what is written from there on. */
const PLACED = new RegExp(`${ESC}\\[(\\d+);(\\d+)H((?:(?!${ESC}\\[\\d+;\\d+H).)*)`, "g");

/** A terminal as simple as can be, which has all that `changes` uses. */
function shown(before: readonly string[], text: string): readonly string[] {
  const screen = before.map((line) =>
    [...line].flatMap((c) => (stringWidth(c) === 2 ? [c, ""] : [c])),
  );
  for (const [, row, column, run = ""] of text.matchAll(PLACED)) {
    const line = screen[Number(row) - 1] ?? [];
    screen[Number(row) - 1] = line;
    let at = Number(column) - 1;
    while (line.length < at) line.push(" ");
    if (run.startsWith("\x1b[K")) line.length = at;
    else {
      for (const c of run) {
        const wide = stringWidth(c) === 2;
        // Half of a wide character that is written over is blank.
        if (line[at] === "" && at > 0) line[at - 1] = " ";
        const end = at + (wide ? 2 : 1);
        if (line[end] === "") line[end] = " ";
        line.splice(at, wide ? 2 : 1, ...(wide ? [c, ""] : [c]));
        at = end;
      }
    }
  }
  return screen.map((line) => line.join("").trimEnd());
}

test("whatever was shown, what is sent makes it what it is to be", (t) => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "总", "线"), maxLength: 30 });
  const picture = fc.array(line, { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(picture, picture, (a, b) => {
      const [before, after] = [a, b].map((lines) => lines.map((each) => each.trimEnd()));
      const sent = changes(rows(...(before ?? [])), rows(...(after ?? [])), plain);
      t.deepEqual(shown(before ?? [], sent), after);
    }),
  );
});

test("styles make no difference to where things stand", (t) => {
  const style = fc.constantFrom<Style | null>(null, "red", "dim");
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("ab", "总", "c d"), style)), (parts) => {
      const line = parts.map(([text, how]) => span(text, how));
      t.is(
        rowOf(line, 20)
          .map(({ text }) => text)
          .join(""),
        rowOf([span(parts.map(([x]) => x).join(""))], 20)
          .map(({ text }) => text)
          .join(""),
      );
    }),
  );
});
