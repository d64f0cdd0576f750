import test from "ava";
import fc from "fast-check";
import { readSource } from "./source.ts";

const TEXT = `gateway:
  id: gw-1
buses: { a: { kind: modbus-rtu }, b: { kind: serial } }
list:
  - one
  - two
`;

test("the content is plain data", (t) => {
  const { root, problems } = readSource(TEXT);
  t.deepEqual(problems, []);
  t.deepEqual(root, {
    gateway: { id: "gw-1" },
    buses: { a: { kind: "modbus-rtu" }, b: { kind: "serial" } },
    list: ["one", "two"],
  });
});

test("keys and values have their places", (t) => {
  const { locate } = readSource(TEXT);
  t.deepEqual(locate(["gateway", "id"], "key"), { line: 2, column: 3 });
  t.deepEqual(locate(["gateway", "id"], "value"), { line: 2, column: 7 });
  t.deepEqual(locate(["buses", "b", "kind"], "value"), { line: 3, column: 46 });
  t.deepEqual(locate(["list", 1], "value"), { line: 6, column: 5 });
});

test("what is not there is shown at the nearest key around it", (t) => {
  const { locate } = readSource(TEXT);
  t.deepEqual(locate(["buses", "b", "port"], "key"), { line: 3, column: 35 });
  t.deepEqual(locate(["buses", "c", "port"], "value"), { line: 3, column: 1 });
  t.deepEqual(locate(["alarms"], "key"), { line: 1, column: 1 });
});

test("an alias leads to what stands at its anchor", (t) => {
  const { root, locate } = readSource("a: &x { k: 1 }\nb: *x\n");
  t.deepEqual(root, { a: { k: 1 }, b: { k: 1 } });
  t.deepEqual(locate(["b", "k"], "value"), { line: 1, column: 12 });
});

test("8E1 is a line format and digits with a leading zero are a code; other numbers are numbers", (t) => {
  const { root } = readSource("a: 8E1\nb: 0012\nc: 1e3\nd: 0x10\ne: -5\nf: 0\ng: 0.5\nh: 7E1\n");
  t.deepEqual(root, { a: "8E1", b: "0012", c: 1000, d: 16, e: -5, f: 0, g: 0.5, h: "7E1" });
});

test("columns count after a byte order mark, and lines after carriage returns", (t) => {
  const { root, locate } = readSource("\uFEFFa: 1\r\nb: 2\r\n");
  t.deepEqual(root, { a: 1, b: 2 });
  t.deepEqual(locate(["a"], "key"), { line: 1, column: 1 });
  t.deepEqual(locate(["b"], "value"), { line: 2, column: 4 });
});

test("a key that is there twice is shown with the line of the first", (t) => {
  const { problems } = readSource("a: 1\nb: { c: 1, c: 2 }\na: 3\n");
  t.deepEqual(
    problems.map(({ code, line, column, path }) => [code, line, column, path]).toSorted(),
    [
      ["duplicate-key", 2, 12, "b.c"],
      ["duplicate-key", 3, 1, "a"],
    ],
  );
});

test("the reserved name __proto__ is refused and harms nobody", (t) => {
  const { problems } = readSource("devices: { __proto__: { bus: x } }\n");
  t.deepEqual(
    problems.map(({ code, column }) => [code, column]),
    [["bad-name", 12]],
  );
  t.is(({} as { bus?: string }).bus, undefined);
});

test("text that is not well formed has no content", (t) => {
  for (const text of ["a: [1", "a: %x", "a: *x", "a: 1\n---\nb: 2\n", "? [a]\n: 1", "a: !x 1"]) {
    const { root, problems } = readSource(text);
    t.is(root, null, text);
    t.deepEqual([...new Set(problems.map(({ code }) => code))], ["yaml-syntax"], text);
  }
});

test("aliases that multiply without bound are refused", (t) => {
  const tenfold = (name: string, of: string) =>
    `${name}: &${name} [${Array(10).fill(`*${of}`).join(",")}]\n`;
  const text = `a: &a [x]\n${tenfold("b", "a")}${tenfold("c", "b")}${tenfold("d", "c")}`;
  const { root, problems } = readSource(text);
  t.is(root, null);
  t.is(problems[0]?.code, "yaml-syntax");
});

test("no text makes it throw", (t) => {
  const piece = fc.constantFrom(
    "a",
    ": ",
    "\n",
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "*",
    "&x ",
    "!",
    "'",
    '"',
    "#",
    "|",
    ">",
    "?",
    "%",
    "\t",
    "---\n",
    "<<",
    "\u0000",
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const { locate } = readSource(pieces.join(""));
        return locate(["a", "b"], "value").line >= 1;
      }),
      { numRuns: 500 },
    ),
  );
});
