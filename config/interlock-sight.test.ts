import test from "ava";
import type { AlarmRule } from "../edge/core/alarm.ts";
import { sightOf } from "./interlock-sight.ts";

const rule = (name: string, condition: object) =>
  ({ name, point: "d.own", ...condition }) as AlarmRule;
const high = { limit: "high", setpoint: 1 } as const;
const inputs = (of: Readonly<Record<string, object>>) => new Map(Object.entries(of));

test("an alarm is judged by its own point, a deviation by that which it is away from as well", (t) => {
  t.deepEqual(sightOf("a", [rule("a", high)]), { alarm: "a", points: ["d.own"] });
  const away = rule("a", { limit: "deviation", setpoint: 1, from: "d.other" });
  t.deepEqual(sightOf("a", [away]), { alarm: "a", points: ["d.own", "d.other"] });
  t.deepEqual(sightOf("none", [away]), { alarm: "none", points: [] });
});

test("an expression is judged by its points, and by those of the alarms that it looks at", (t) => {
  const of = { x: { kind: "point", point: "d.x" }, y: { kind: "alarm", alarm: "b" } };
  const rules = [rule("a", { limit: "expression", inputs: inputs(of) }), rule("b", high)];
  t.deepEqual(sightOf("a", rules), { alarm: "a", points: ["d.x", "d.own"] });
});

test("a vote can spare points while those that are left can still decide it", (t) => {
  const of = ["d.x", "d.y", "d.z"];
  const vote = (unknown: string) => rule("a", { limit: "vote", setpoint: 2, of, unknown });
  const sight = (spare: number) => ({ alarm: "a", points: [], votes: [{ points: of, spare }] });
  t.deepEqual(sightOf("a", [vote("as-tripped")]), sight(1));
  t.deepEqual(sightOf("a", [vote("as-not")]), sight(1));
  t.deepEqual(sightOf("a", [vote("left-out")]), sight(2));
});
