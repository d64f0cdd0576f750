import type { WallMs } from "../../edge/core/time.ts";
import { encodeFrame as encodePacket } from "../../edge/forward/hj212/encode.ts";
import { factorGroup } from "../../edge/forward/hj212/factors.ts";
import { flagOf, type Group } from "../../edge/forward/hj212/packet.ts";
import { qnOf, timeOf } from "../../edge/forward/hj212/times.ts";
import type { Part } from "../../edge/forward/sl651/body.ts";
import { ELEMENTS } from "../../edge/forward/sl651/elements.ts";
import { encodeFrame } from "../../edge/forward/sl651/encode.ts";
import type { Encoding } from "../../edge/forward/sl651/header.ts";
import { stampOf } from "../../edge/forward/sl651/times.ts";
import { datumOf } from "../../edge/forward/sl651/values.ts";
import { writeBody } from "../../edge/forward/sl651/write-body.ts";
import type { Random } from "../sim/random.ts";

const FACTORS = ["w01018", "w21003", "a21026", "x1"];
const FIELDS = ["Rtd", "Min", "Avg", "Max", "Cou"];
const NUMBERS = ELEMENTS.filter(({ kind }) => kind === "number");
const FROM = Date.UTC(2020, 0, 1);
const TO = Date.UTC(2039, 0, 1);

/** A packet of HJ 212 as a device may send it. */
export function drawHj212(random: Random): Uint8Array {
  const at = random.integer(FROM, TO) as WallMs;
  const isNumbered = random.chance(0.2);
  const groups = Array.from({ length: random.integer(0, 5) }, () => drawGroup(random));
  return encodePacket({
    qn: qnOf(at),
    st: random.pick(["21", "22", "32", "91"]),
    cn: random.pick(["2011", "2051", "2061", "9014", "1011"]),
    pw: "123456",
    mn: "010000A8900016F000169DC0",
    flag: flagOf({ version: 1, isNumbered, wantsAnswer: random.chance(0.5) }),
    pnum: isNumbered ? random.integer(2, 20) : null,
    pno: isNumbered ? random.integer(1, 2) : null,
    isResent: random.chance(0.1),
    cp: [[{ name: "DataTime", value: timeOf(at) }], ...groups],
  });
}

function drawGroup(random: Random): Group {
  const value = (random.integer(-9999, 99_999) / 100).toFixed(random.integer(0, 3));
  return factorGroup(random.pick(FACTORS), { [random.pick(FIELDS)]: value, Flag: "N" });
}

/** A frame of SL 651 as a station may send it, of either form. */
export function drawSl651(random: Random): Uint8Array {
  const encoding: Encoding = random.chance(0.7) ? "hex" : "ascii";
  const at = random.integer(FROM, TO) as WallMs;
  const functionCode = random.pick([0x2f, 0x30, 0x32, 0x33, 0x34]);
  const station = String(random.integer(0, 99_999_999)).padStart(10, "0");
  const head: readonly Part[] = [
    { kind: "station", address: station },
    { kind: "class", letter: random.pick(["P", "H", "K"]) },
    { kind: "time", at: stampOf(at, "minute") },
  ];
  const data = Array.from({ length: random.integer(0, 6) }, (): Part => {
    const element = random.pick(NUMBERS);
    const value = random.integer(-999, 9999) / 10 ** element.decimals;
    const datum = datumOf(encoding, element, random.chance(0.1) ? null : value);
    return { kind: "element", ...datum };
  });
  const parts = functionCode === 0x2f ? [] : [...head, ...data];
  const body = { serial: random.integer(1, 65_535), sentAt: stampOf(at), parts };
  return encodeFrame({
    encoding,
    direction: "up",
    centre: random.integer(1, 255),
    station,
    password: "1234",
    functionCode,
    packet: null,
    body: writeBody({ encoding, functionCode }, body),
    end: random.chance(0.9) ? "ETX" : "ETB",
  });
}
