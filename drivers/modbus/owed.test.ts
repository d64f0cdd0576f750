import test from "ava";
import { Owed } from "./owed.ts";

const READ = { unit: 1, functionCode: 3, third: 4 };

test("as many answers are owed as requests of their shape were given up", (t) => {
  const owed = new Owed();
  t.false(owed.take(READ));
  owed.givenUp(READ);
  owed.givenUp({ ...READ });
  t.true(owed.take(READ));
  t.true(owed.take(READ));
  t.false(owed.take(READ));
});

test("an answer of another unit, function or length is not owed, an exception is to any length", (t) => {
  const owed = new Owed();
  owed.givenUp(READ);
  for (const other of [{ unit: 2 }, { functionCode: 4 }, { third: 6 }]) {
    t.false(owed.take({ ...READ, ...other }));
  }
  t.true(owed.take({ ...READ, third: null }));
});

test("nothing is owed once a later request was answered", (t) => {
  const owed = new Owed();
  owed.givenUp(READ);
  owed.givenUp({ ...READ, unit: 2 });
  owed.clear();
  t.false(owed.take(READ));
  t.false(owed.take({ ...READ, unit: 2 }));
});

test("a unit whose last late answer came owes nothing, and the others still do", (t) => {
  const owed = new Owed();
  owed.givenUp(READ);
  owed.givenUp({ ...READ, unit: 2 });
  owed.settled(1);
  t.false(owed.take(READ));
  t.true(owed.take({ ...READ, unit: 2 }));
});
