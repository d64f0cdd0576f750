import test from "ava";
import { Echo } from "./echo.ts";

const ORDER = 6;
const LOOPBACK = 8;
const LENGTH = 8;

test("what is said holds, whatever requests show", (t) => {
  const there = new Echo(true);
  there.missed(LENGTH, 0);
  t.true(there.isAwaited(ORDER));
  const none = new Echo(false);
  none.heard();
  t.false(none.isAwaited(ORDER));
});

test("while nothing is known an order's first copy is its echo, a diagnostic's is not", (t) => {
  t.true(new Echo().isAwaited(ORDER));
  t.false(new Echo().isAwaited(LOOPBACK));
});

test("an answer shows that there is none where less than half an echo came before it", (t) => {
  const echo = new Echo();
  echo.missed(LENGTH, LENGTH / 2);
  t.true(echo.isAwaited(ORDER));
  echo.missed(LENGTH, LENGTH / 2 - 1);
  t.false(echo.isAwaited(ORDER));
});

test("one echo is believed at once, and its end only after 16 answers in a row without", (t) => {
  const echo = new Echo();
  echo.heard();
  for (let n = 0; n < 15; n++) echo.missed(LENGTH, 0);
  t.true(echo.isAwaited(LOOPBACK));
  echo.heard();
  for (let n = 0; n < 15; n++) echo.missed(LENGTH, 0);
  t.true(echo.isAwaited(LOOPBACK));
  echo.missed(LENGTH, 0);
  t.false(echo.isAwaited(ORDER));
});

test("a line that is opened anew may have an adapter that gives requests back", (t) => {
  const echo = new Echo();
  echo.missed(LENGTH, 0);
  echo.reopened();
  t.true(echo.isAwaited(ORDER));
  echo.heard();
  echo.reopened();
  t.true(echo.isAwaited(LOOPBACK));
});
