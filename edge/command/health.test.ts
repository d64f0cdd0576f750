import test from "ava";
import { healthOf, isHealthy } from "./health.ts";

const named = (...names: readonly string[]) => names.map((name) => ({ name }) as never);
const config = (buses: readonly string[], destinations: readonly string[]) => ({
  buses: named(...buses),
  destinations: named(...destinations),
});
const health = (buses: readonly string[], destinations: readonly string[]) => ({
  buses,
  destinations,
});

test("a bus does well while it is open and a good value comes from it, a destination while connected", (t) => {
  const devices = ["a", "b", "c", "d"].map((name) => ({ name, bus: `bus-${name}` }) as never);
  const point = (id: string, quality: string, at: number | null = 1) =>
    ({ point: id, quality, at }) as never;
  const status = {
    buses: [
      { bus: "bus-a", state: "open" },
      { bus: "bus-b", state: "open" },
      { bus: "bus-c", state: "closed" },
      { bus: "bus-d", state: "open" },
    ] as never,
    points: [
      point("a.x", "bad:timeout"),
      point("a.y", "uncertain:range"),
      point("b.x", "bad:stale"),
      point("c.x", "good"),
      point("d.x", "bad:not-yet-read", null),
    ],
    destinations: [
      { destination: "centre", state: "connected" },
      { destination: "city", state: "disconnected" },
    ] as never,
  };
  t.deepEqual(healthOf(status, { devices, talkers: [], boards: [] }), {
    buses: ["bus-a"],
    destinations: ["centre"],
  });
});

test("a new configuration must do as well as the one before, with what is left of it", (t) => {
  const before = health(["a", "b"], ["centre"]);
  const whole = config(["a", "b"], ["centre"]);
  t.true(isHealthy(before, before, whole));
  t.false(isHealthy(before, health(["a"], ["centre"]), whole));
  t.false(isHealthy(before, health(["a", "b"], []), whole));
  t.true(isHealthy(before, health(["a"], ["centre"]), config(["a"], ["centre"])));
  t.true(
    isHealthy(before, health(["a", "b", "c"], ["centre"]), config(["a", "b", "c"], ["centre"])),
  );
});

test("what is renamed must do well under its new name, and what was broken before may stay so", (t) => {
  const renamed = config(["line"], ["city"]);
  t.false(isHealthy(health(["a"], ["centre"]), health([], ["city"]), renamed));
  t.false(isHealthy(health(["a"], ["centre"]), health(["line"], []), renamed));
  t.true(isHealthy(health(["a"], ["centre"]), health(["line"], ["city"]), renamed));
  t.true(isHealthy(health([], []), health([], []), renamed));
});
