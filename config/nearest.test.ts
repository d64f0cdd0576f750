import test from "ava";
import { nearest } from "./nearest.ts";

const KEYS = ["bus", "unit", "profile", "every", "maxRegisters", "points"];

test("a slip of one letter is found", (t) => {
  t.is(nearest("evry", KEYS), "every");
  t.is(nearest("profle", KEYS), "profile");
});

test("capitals do not count", (t) => {
  t.is(nearest("maxregisters", KEYS), "maxRegisters");
  t.is(nearest("EVERY", KEYS), "every");
});

test("the beginning of a word is enough, from three letters on", (t) => {
  t.is(nearest("user", ["url", "username"]), "username");
  t.is(nearest("u", ["url", "username"]), null);
});

test("the nearer one wins, and the first of two that are equally near", (t) => {
  t.is(nearest("line-c", ["line-bb", "line-a", "line-b"]), "line-a");
});

test("nothing is proposed for a word that is like none", (t) => {
  t.is(nearest("telephone", KEYS), null);
  t.is(nearest("x", []), null);
});
