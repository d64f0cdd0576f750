import test from "ava";
import { Haste } from "./haste.ts";

test("where the first answer came in time, no hasty one is believed", (t) => {
  const haste = new Haste();
  haste.inTime();
  t.false(haste.isBelieved());
  t.false(haste.isBelieved());
});

test("where the first answer was hasty, there is no line behind the port, and it is believed", (t) => {
  const haste = new Haste();
  t.true(haste.isBelieved());
  haste.inTime();
  t.true(haste.isBelieved());
});

test("three requests in a row that only hasty answers came to show that there is no line", (t) => {
  const haste = new Haste();
  haste.inTime();
  haste.inVain();
  haste.inVain();
  t.false(haste.isBelieved());
  haste.inVain();
  t.true(haste.isBelieved());
});

test("an answer in time in between shows that there is one", (t) => {
  const haste = new Haste();
  haste.inTime();
  for (let n = 0; n < 5; n++) {
    haste.inVain();
    haste.inVain();
    haste.inTime();
  }
  t.false(haste.isBelieved());
});

test("a port that is opened anew shows anew that there is no line, and not that there is one", (t) => {
  const without = new Haste();
  t.true(without.isBelieved());
  without.reopened();
  without.inTime();
  t.false(without.isBelieved());
  without.reopened();
  t.false(without.isBelieved());
});
