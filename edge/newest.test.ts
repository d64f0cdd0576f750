import test from "ava";
import type { Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { Newest } from "./newest.ts";

function reading(point: string, value: number, at = value): Reading {
  return { point, value, quality: "good", at: at as WallMs, uptime: at as UptimeMs };
}

test("of each point the newest reading is known, with whatever others it was read", (t) => {
  const newest = new Newest();
  newest.note([reading("a.x", 1), reading("a.y", 1), reading("a.z", 1)]);
  newest.note([reading("a.x", 2), reading("a.y", 2)]);
  const bad: Reading = { ...reading("a.y", 3), value: null, quality: "bad:timeout" };
  newest.note([bad]);
  t.deepEqual([...newest.byPoint().values()], [reading("a.x", 2), bad, reading("a.z", 1)]);
});

test("a point that was read by itself in between is as new as the round that reads it again", (t) => {
  const newest = new Newest();
  newest.note([reading("a.x", 1), reading("a.y", 1)]);
  newest.note([reading("a.y", 2)]);
  newest.note([reading("a.x", 3), reading("a.y", 3)]);
  t.deepEqual(newest.byPoint().get("a.y"), reading("a.y", 3));
});

test("readings of several moments that come together are told with their own", (t) => {
  const newest = new Newest();
  newest.note([reading("a.x", 1), reading("a.y", 1), reading("a.x", 2), reading("b.x", 3, 2)]);
  const known = newest.byPoint();
  t.deepEqual(known.get("a.x"), reading("a.x", 2));
  t.deepEqual(known.get("a.y"), reading("a.y", 1));
  t.deepEqual(known.get("b.x"), reading("b.x", 3, 2));
});

test("however points are read together in turn, nothing is lost, and the newest counts", (t) => {
  const newest = new Newest();
  for (let n = 0; n < 2000; n++) {
    const points = Array.from({ length: 1 + (n % 7) }, (_, i) => `a.p${(n * 3 + i * i) % 40}`);
    newest.note([...new Set(points)].map((point) => reading(point, n)));
  }
  const expected = new Map<string, number>();
  for (let n = 0; n < 2000; n++) {
    for (let i = 0; i < 1 + (n % 7); i++) expected.set(`a.p${(n * 3 + i * i) % 40}`, n);
  }
  const known = [...newest.byPoint().values()].map(({ point, value }) => [point, value] as const);
  t.deepEqual(Object.fromEntries(known), Object.fromEntries(expected));
});
