import test from "ava";
import { withGlyphs } from "./glyphs.ts";

const isAscii = (codePoint: number) => codePoint < 0x80;

test("texts at any depth keep what has a glyph; the rest of the data stays as it is", (t) => {
  const paper = { at: 5, cells: [["a☐", null], { text: "b\nc", align: undefined }] };
  t.deepEqual(withGlyphs(paper, isAscii), {
    at: 5,
    cells: [["a〓", null], { text: "b\nc", align: undefined }],
  });
});

test("a character beyond the first plane is one that is missing, not two", (t) => {
  t.is(withGlyphs("🚰", isAscii), "〓");
});

test("an accent that was typed apart is joined with its letter", (t) => {
  t.is(
    withGlyphs("e\u0301", (codePoint) => codePoint === 0xe9),
    "é",
  );
});

test("what is not seen is left out: controls, joiners, marks of direction, selectors", (t) => {
  t.is(withGlyphs("a\u0000\u001b[1m\u200d\u202eb\ufe0f\r\nc\r", isAscii), "a[1mb\nc\n");
});
