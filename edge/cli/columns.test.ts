import test from "ava";
import { clip, columns, wrapped } from "./columns.ts";

test("what fits is left as it is, what does not is cut by terminal cells", (t) => {
  t.is(clip("line-a", 6), "line-a");
  t.is(clip("line-abc", 6), "line-…");
  t.is(clip("甲烷监测", 8), "甲烷监测");
  t.is(clip("甲烷监测仪", 8), "甲烷监…");
});

test("columns are aligned by terminal cells", (t) => {
  t.deepEqual(
    columns(
      [
        ["设备", "1"],
        ["gas-1", "20"],
      ],
      [1],
    ),
    ["设备    1", "gas-1  20"],
  );
});

test("text is broken at spaces, and within what has none by terminal cells", (t) => {
  t.deepEqual(wrapped("one two three", 7), ["one two", "three"]);
  t.deepEqual(wrapped("one abcdefghij", 4), ["one", "abcd", "efgh", "ij"]);
  t.deepEqual(wrapped("洗涤塔检修", 4), ["洗涤", "塔检", "修"]);
  t.deepEqual(wrapped("", 4), []);
});
