import test from "ava";
import { HJ212 } from "../../../test-rigs/vectors/vectors.ts";
import { COMMANDS, commandOf } from "./commands.ts";
import { factorGroup, factorsOf, parametersOf } from "./factors.ts";
import { decodeFrame } from "./frame.ts";
import { EDITIONS, parameterOf } from "./packet.ts";
import { pollutantOf } from "./pollutants.ts";
import { SYSTEMS } from "./systems.ts";

const packetOf = (id: string) => {
  const vector = HJ212.frames.find((each) => each.id === id);
  return decodeFrame(Buffer.from(vector?.message ?? "")).packet!;
};

test("real-time data is told by factor, with numbers, units and marks", (t) => {
  const packet = packetOf("built-c14-2011");
  const [ph, cod] = factorsOf(packet);
  t.like(ph, { code: "w01001", mark: "N", name: { en: "pH" } });
  t.like(cod?.fields[1], { field: "Rtd", value: "2.2", number: 2.2, unit: "mg/L" });
  t.is(cod?.fields[0]?.number, null);
  t.is(cod?.fields[2]?.meaning?.["zh-CN"], "正常");
  t.deepEqual(parametersOf(packet), [{ name: "DataTime", value: "20160801085857" }]);
  t.is(parameterOf(packet.cp, "DataTime"), "20160801085857");
  t.is(parameterOf(packet.cp, "EndTime"), null);
});

test("a total has the unit of totals", (t) => {
  const [sewage] = factorsOf(packetOf("built-c16-2051"));
  t.like(sewage?.fields[0], { field: "Cou", number: 10.5, unit: "m3" });
  t.like(sewage?.fields[1], { field: "Min", number: 16.4, unit: "L/s" });
});

test("a factor that the table does not have is told by its code", (t) => {
  const [own] = factorsOf({ cp: [factorGroup("x1-2", { Rtd: "1", Flag: "N" })] });
  t.like(own, { code: "x1-2", name: null, mark: "N" });
  t.is(pollutantOf("toString"), null);
  t.is(commandOf("constructor"), null);
});

test("the state of equipment has its meaning", (t) => {
  const [pump] = factorsOf({ cp: [factorGroup("SB1", { RS: "4" })] });
  t.is(pump?.fields[0]?.meaning?.en, "alarm");
});

test("every command and system has a name in both languages", (t) => {
  for (const cn of COMMANDS) {
    const command = commandOf(cn);
    t.regex(command?.name["zh-CN"] ?? "", /\p{Script=Han}/u, cn);
    t.true(Object.values(EDITIONS).includes(command?.edition ?? 0));
  }
  for (const name of Object.values(SYSTEMS)) t.regex(name["zh-CN"], /\p{Script=Han}/u);
});
