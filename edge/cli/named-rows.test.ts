import test from "ava";
import { namedRows } from "./named-rows.ts";

test("each line of a table stands behind its name", (t) => {
  t.deepEqual(namedRows(["a", "水位"], ["one", "two"]), [["a     one"], ["水位  two"]]);
});

test("a name that leaves the table no room has a line of its own", (t) => {
  const long = "n".repeat(30);
  const wide = "w".repeat(60);
  t.deepEqual(namedRows(["a", long], ["one", wide]), [["a  one"], [long, `   ${wide}`]]);
});
