import test from "ava";
import { Haste } from "./haste.ts";

/** An answer that comes in time, or before the line can have carried it. */
const inTime = (haste: Haste) => haste.isTooSoon(20, 20);
const hasty = (haste: Haste) => haste.isTooSoon(19, 20);

test("where the first answer came in time, no hasty one is believed", (t) => {
  const haste = new Haste();
  inTime(haste);
  t.true(hasty(haste));
  t.true(hasty(haste));
});

test("where the first answer was hasty, there is no line behind the port, and it is believed", (t) => {
  const haste = new Haste();
  t.false(hasty(haste));
  inTime(haste);
  t.false(hasty(haste));
});

test("three requests in a row that only hasty answers came to show that there is no line", (t) => {
  const haste = new Haste();
  inTime(haste);
  haste.inVain();
  haste.inVain();
  t.true(hasty(haste));
  haste.inVain();
  t.false(hasty(haste));
});

test("an answer in time in between shows that there is one", (t) => {
  const haste = new Haste();
  inTime(haste);
  for (let n = 0; n < 5; n++) {
    haste.inVain();
    haste.inVain();
    inTime(haste);
  }
  t.true(hasty(haste));
});

test("an answer in time that is shorter than the hasty ones shows nothing of them", (t) => {
  const haste = new Haste();
  inTime(haste);
  for (let n = 0; n < 3; n++) {
    t.true(haste.isTooSoon(25, 130));
    haste.inVain();
    inTime(haste);
  }
  t.false(haste.isTooSoon(25, 130));
});

test("a port that is opened anew shows anew that there is no line, and not that there is one", (t) => {
  const without = new Haste();
  t.false(hasty(without));
  without.reopened();
  inTime(without);
  t.true(hasty(without));
  without.reopened();
  t.true(hasty(without));
});
