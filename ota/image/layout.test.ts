import test from "ava";
import { FIELD_SIZES, layoutOf, MIB, partitionOf, tableScript, uuidOf } from "./layout.ts";

const FIELD = layoutOf(FIELD_SIZES);

test("partitions begin at whole mebibytes and do not overlap", (t) => {
  let end = MIB;
  for (const { start, bytes } of FIELD.partitions) {
    t.is(start % MIB, 0);
    t.is(start, end);
    end += bytes;
  }
  t.is(FIELD.bytes, end + MIB);
});

test("a card of 4 GB is large enough", (t) => {
  t.true(FIELD.bytes < 3.9e9);
});

test("the set that is booted first lies before the other, so that an image can end behind it", (t) => {
  const endOfFirst = partitionOf(FIELD, "root-a");
  t.true(endOfFirst.start + endOfFirst.bytes <= partitionOf(FIELD, "boot-b").start);
});

test("the partitions that the firmware switches between are numbers 2 and 3", (t) => {
  t.is(partitionOf(FIELD, "boot-a").number, 2);
  t.is(partitionOf(FIELD, "boot-b").number, 3);
});

test("the table names every partition, with identifiers that are the same each time", (t) => {
  const script = tableScript(FIELD, "lifeline");
  t.is(script, tableScript(FIELD, "lifeline"));
  t.not(script, tableScript(FIELD, "another"));
  t.is(new Set(script.match(/uuid=\S+/g)).size, 6);
  t.regex(
    uuidOf("lifeline"),
    /^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/,
  );
});
