import test from "ava";
import { INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import { outputRest } from "./output-rest.ts";

test("what a board's pin and a GPIO line do without a gateway is told, and of a device nothing", (t) => {
  const points = [
    { id: "box.siren", input: { kind: "output", pin: 4 } },
    { id: "box.lamp", input: { kind: "line-output", line: 17, activeLow: false } },
  ];
  const boards = [{ name: "box", bus: "node", points }] as never;
  const lamp = { ...INTERLOCK, name: "lamp", write: "box.lamp" };
  const siren = { ...INTERLOCK, name: "siren", write: "box.siren" };
  t.deepEqual(outputRest({ interlocks: [INTERLOCK], boards }, "en"), []);
  const [note] = outputRest({ interlocks: [INTERLOCK, siren], boards }, "en");
  t.regex(note ?? "", /^Note: siren writes to a board, .*falls to low when the board is reset/);
  const notes = outputRest({ interlocks: [siren, lamp], boards }, "en");
  t.regex(notes[1] ?? "", /^Note: lamp writes to a GPIO line, .*nobody holds the line/);
  t.regex(outputRest({ interlocks: [siren], boards }, "zh-CN")[0] ?? "", /siren/);
});
