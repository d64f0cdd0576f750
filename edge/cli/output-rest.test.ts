import test from "ava";
import { INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import { outputRest } from "./output-rest.ts";

test("what a board's pin does without a gateway is told, and of a device nothing", (t) => {
  const boards = [{ name: "box", bus: "node", points: [{ id: "box.siren" }] }] as never;
  const siren = { ...INTERLOCK, name: "siren", write: "box.siren" };
  t.deepEqual(outputRest({ interlocks: [INTERLOCK], boards }, "en"), []);
  const [note] = outputRest({ interlocks: [INTERLOCK, siren], boards }, "en");
  t.regex(note ?? "", /^Note: siren writes to a board, .*falls to low when the board is reset/);
  t.regex(outputRest({ interlocks: [siren], boards }, "zh-CN")[0] ?? "", /siren/);
});
