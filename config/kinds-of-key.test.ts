import test from "ava";
import { z } from "zod";
import { byKind, choice, entries, section, whole } from "./fields.ts";
import { kindsOfKey } from "./kinds-of-key.ts";

const sun = section({ kind: choice(["sun"]), size: whole(0, 9), heat: whole(0, 9) });
const moon = section({ kind: choice(["moon"]), size: whole(0, 9), phase: whole(0, 9) });
const schema = section({
  bodies: entries("bus", byKind(["sun", "moon"], [sun, moon])).default({}),
  sky: section({ size: whole(0, 9) }).optional(),
});

test("the kinds that know a key are found below the name of an entry", (t) => {
  t.deepEqual(kindsOfKey(schema, ["bodies", "b"], "heat"), ["sun"]);
  t.deepEqual(kindsOfKey(schema, ["bodies", "b"], "size"), ["sun", "moon"]);
});

test("no kind knows a key that is misspelt", (t) => {
  t.deepEqual(kindsOfKey(schema, ["bodies", "b"], "heet"), []);
});

test("where there are no kinds none is named", (t) => {
  t.deepEqual(kindsOfKey(schema, ["sky"], "size"), []);
  t.deepEqual(kindsOfKey(schema, ["sky", "size", "more"], "size"), []);
  t.deepEqual(kindsOfKey(z.string(), [], "size"), []);
});
