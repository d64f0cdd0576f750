import test from "ava";
import fc from "fast-check";
import { HJ212, SL651 } from "../../test-rigs/vectors/vectors.ts";
import { commandOf } from "../forward/hj212/commands.ts";
import { tellHj212 } from "./decode-hj212.ts";
import { tellSl651 } from "./decode-sl651.ts";
import type { Told } from "./decode-told.ts";

const hj212 = (id: string, lang: "en" | "zh-CN" = "en") =>
  tellHj212(Buffer.from(HJ212.frames.find((each) => each.id === id)?.message ?? ""), lang);
const sl651 = (id: string, lang: "en" | "zh-CN" = "en") => {
  const hex = [...SL651.published, ...SL651.built].find((each) => each.id === id)?.hex ?? "";
  return tellSl651(Buffer.from(hex, "hex"), lang);
};
const row = ({ rows }: Told, name: string) => rows.find(([each]) => each === name);

test("fields of HJ 212 stand under the standard's names, with what they mean", (t) => {
  const told = hj212("built-c14-2011");
  t.is(told.summary, "real-time data (CN 2011)");
  t.deepEqual(row(told, "QN"), ["QN", "20160801085857223", "2016-08-01 08:58:57.223"]);
  t.deepEqual(row(told, "ST"), ["ST", "32", "surface water pollution source"]);
  t.deepEqual(row(told, "Flag"), ["Flag", "5", "edition 2017, answer wanted"]);
  t.deepEqual(row(told, "w01018-Rtd"), [
    "w01018-Rtd",
    "2.2 mg/L",
    "chemical oxygen demand, real-time value",
  ]);
  t.deepEqual(row(hj212("built-c1-9011"), "QnRtn")?.[2], "answer: ready to carry it out");
  t.deepEqual(row(hj212("built-c4-1013"), "PolId")?.[2], "factor: chemical oxygen demand");
  t.deepEqual(
    row(hj212("built-c14-2011", "zh-CN"), "w01018-Flag")?.[2],
    "化学需氧量，数据标记：正常",
  );
});

test("of HJ 212 a program gets fields, factors and whether the check sum is right", (t) => {
  t.like(hj212("built-c14-2011").json, {
    framing: "hj212",
    crcValid: true,
    crc: { given: "6E80", computed: "6E80" },
    length: { declared: 218, found: 218 },
    fields: { CN: "2011", MN: "010000A8900016F000169DC0" },
    command: commandOf("2011")?.name.en,
    edition: 2017,
    flag: { wantsAnswer: true },
    parameters: [{ name: "DataTime", value: "20160801085857" }],
  });
  const { factors } = hj212("built-c14-2011").json as { factors: { code: string; mark: string }[] };
  t.deepEqual(
    factors.map(({ code, mark }) => [code, mark]),
    [
      ["w01001", "N"],
      ["w01018", "N"],
    ],
  );
});

test("what is wrong is said with the byte that it is about, in both languages", (t) => {
  t.like(hj212("bad-crc-O3").faults[0], {
    kind: "crc",
    at: 282,
    text: "the check sum is 1100, 2D00 would be right",
  });
  t.is(hj212("bad-crc-O3", "zh-CN").faults[0]?.text, "校验码为 1100，应为 2D00");
  t.like(sl651("sl651-up-35").faults[0], { kind: "crc", at: 33 });
});

test("elements of SL 651 have their values, units and names", (t) => {
  const told = sl651("sl651-up-34");
  t.is(told.summary, "hourly report (function 34), up, HEX/BCD form");
  t.deepEqual(row(told, "Z 39 23"), ["Z 39 23", "10.490 m", "water level"]);
  t.is(row(told, "DRP F4 60")?.[1], "0.5 0 0 0 2 - - - - - 0 0 mm");
  t.deepEqual(row(told, "station class"), ["station class", "H", "river"]);
  t.is(
    row(sl651("sl651-up-46"), "ZT 45 20")?.[1],
    "00000400 (box door: open; IC card: off; pump: stopped)",
  );
  t.is(row(sl651("built-negative"), "AI 02 19")?.[1], "-5.5 Cel");
  t.is(row(sl651("built-negative"), "Z 39 23")?.[1], "none");
  t.is(row(sl651("sl651-up-40"), "04 50")?.[1], "IPv4 218.94.153.172:9708");
  t.is(row(sl651("sl651-up-34", "zh-CN"), "Z 39 23")?.[2], "瞬时河道水位、潮位");
  t.is(row(told, "station address")?.[2], "hydrological station 11223344");
  t.is(row(sl651("sl651-up-50"), "station address")?.[2], "station 17413 of district 112233");
  t.is(row(told, "start mark")?.[2], "a single packet (modes M1, M2, M4)");
  t.is(row(sl651("built-m3-nak"), "packets, number")?.[2], "packet 7 of 13");
});

test("of SL 651 a program gets header, parts and whether the check sum is right", (t) => {
  t.like(sl651("built-ascii-32").json, {
    framing: "sl651",
    crcValid: true,
    encoding: "ascii",
    centreAddress: 1,
    stationAddress: "0012345678",
    functionCode: "32",
    direction: "up",
    serial: 1,
    sentAt: "2024-07-24 17:23:49",
    end: "ETX",
  });
  const { parts } = sl651("built-ascii-32").json as { parts: object[] };
  t.like(parts[4], { kind: "element", tag: "Z", id: "39", value: 0.55, unit: "m" });
  const state = (sl651("sl651-up-46").json as { parts: { bits: object[] }[] }).parts[1];
  t.deepEqual(state?.bits[10], {
    bit: 10,
    name: "pump",
    set: true,
    state: "stopped",
    wrong: false,
  });
});

test("every published frame can be told in both languages", (t) => {
  for (const lang of ["en", "zh-CN"] as const) {
    for (const { id, crcValid } of HJ212.frames) {
      const told = hj212(id, lang);
      t.is(told.faults.length === 0, crcValid, id);
      t.true(told.rows.length > 5, id);
    }
    for (const { id } of [...SL651.published, ...SL651.built]) {
      const told = sl651(id, lang);
      t.is(told.faults.length === 0, id !== "sl651-up-35", id);
      t.true(told.rows.length > 8, id);
      t.notThrows(() => JSON.stringify(told.json));
    }
  }
});

test("whatever is no frame is told so, and never throws", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      t.true(tellHj212(bytes, "en").faults.length > 0);
      t.true(tellSl651(bytes, "zh-CN").faults.length > 0);
    }),
  );
});
