import test from "ava";
import type { Reading } from "./reading.ts";
import { PointLists, roundOf, withoutFirst } from "./round.ts";
import type { UptimeMs, WallMs } from "./time.ts";

const moment = { at: 5000 as WallMs, uptime: 5 as UptimeMs };
const good: Reading = { point: "a.x", value: 1, quality: "good", ...moment };
const bad: Reading = { point: "a.y", value: null, quality: "bad:crc", ...moment };

test("a round has the moment of its readings, and their qualities only where one is not good", (t) => {
  const round = { ...moment, points: ["a.x", "a.y"] };
  t.deepEqual(roundOf([good, bad], ["a.x", "a.y"]), {
    ...round,
    values: [1, null],
    qualities: ["good", "bad:crc"],
  });
  t.is(roundOf([good], ["a.x"]).qualities, null);
});

test("the oldest of a round can be given up", (t) => {
  const round = roundOf([good, bad], ["a.x", "a.y"]);
  t.deepEqual(withoutFirst(round, 1), roundOf([bad], ["a.y"]));
});

test("points that are read together again are the same list, and others are not", (t) => {
  const lists = new PointLists();
  const both = lists.of([good, bad]);
  t.is(lists.of([{ ...good, value: 2 }, bad]), both);
  t.deepEqual(lists.of([good]), ["a.x"]);
  t.deepEqual(lists.of([bad]), ["a.y"]);
});
