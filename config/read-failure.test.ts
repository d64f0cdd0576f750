import { readFileSync } from "node:fs";
import test from "ava";
import { readFailure, systemCode } from "./read-failure.ts";

function failureOf(path: string): unknown {
  try {
    readFileSync(path);
  } catch (error) {
    return error;
  }
  return null;
}

test("a failed read is told in words", (t) => {
  t.is(readFailure(failureOf("/no/such/file")).en, "there is no such file");
  t.is(readFailure(failureOf(import.meta.dirname)).en, "it is a folder, not a file");
  t.is(
    readFailure(failureOf(import.meta.filename.concat("/x"))).en,
    "a part of the path is not a folder",
  );
});

test("what has no words of its own keeps its message", (t) => {
  t.is(readFailure(new Error("odd")).en, "odd");
  t.is(systemCode(new Error("odd")), null);
});
