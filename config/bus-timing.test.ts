import test from "ava";
import type { SerialSettings } from "../edge/core/link.ts";
import { graceMs, serialTimeoutMs, wireTimeMs } from "./bus-timing.ts";

function line(baud: number, format: SerialSettings["format"] = "8N1"): SerialSettings {
  return { path: "line", baud, format };
}

test("a character takes its start, data, parity and stop bits", (t) => {
  t.is(wireTimeMs(line(1000), 1), 10);
  t.is(wireTimeMs(line(1000, "8E1"), 1), 11);
  t.is(wireTimeMs(line(1000, "8N2"), 1), 11);
  t.is(wireTimeMs(line(1000, "7E1"), 1), 10);
});

test("a line of 9600 baud or more waits 300 ms for an answer of usual length", (t) => {
  t.is(serialTimeoutMs(line(9600), 1, "rtu"), 300);
  t.is(serialTimeoutMs(line(9600), 45, "rtu"), 300);
  t.is(serialTimeoutMs(line(115_200), 125, "rtu"), 300);
});

test("a long answer on a slow line gets the time it needs", (t) => {
  t.is(serialTimeoutMs(line(9600), 125, "rtu"), 500);
  t.is(serialTimeoutMs(line(1200), 10, "rtu"), 450);
  t.is(serialTimeoutMs(line(1200), 125, "rtu"), 2350);
  t.true(serialTimeoutMs(line(300), 125, "rtu") > wireTimeMs(line(300), 255));
});

test("an answer in ASCII is more than twice as long", (t) => {
  t.is(serialTimeoutMs(line(9600, "7E1"), 125, "ascii"), 750);
  t.is(serialTimeoutMs(line(9600, "7E1"), 20, "ascii"), 300);
});

test("a unit is left alone for twice the time-out, at least a second", (t) => {
  t.is(graceMs(300), 1000);
  t.is(graceMs(500), 1000);
  t.is(graceMs(2000), 4000);
});
