import { spawnSync } from "node:child_process";
import process from "node:process";
import test from "ava";
import { MAIN } from "../processes/program.ts";

/** Runs `lifeline decode` where there is neither a configuration nor a gateway. */
function decode(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "decode", ...args], {
    cwd: "/",
    encoding: "utf8",
    env: { ...process.env, LANG: "C", LC_ALL: "C" },
    input,
    timeout: 60_000,
  });
  return { code: status, out: stdout, error: stderr };
}

test("a frame typed without quotes is explained, and a sound one exits 0", (t) => {
  const { code, out } = decode(["modbus-rtu", "01", "03", "00", "64", "00", "02", "85", "D4"]);
  t.is(code, 0);
  t.is(
    out,
    `01 03 00 64 00 02 85 D4
  request to unit 1: read holding registers (function 3)
    address    00 64  100    number 40101
    count      00 02  2
    check sum  85 D4  right
  ✓ nothing is wrong with this frame

`,
  );
});

test("a faulty frame exits 1 and is told what is wrong and how it could be right", (t) => {
  const { code, out } = decode(["modbus-rtu", "0x01,0x03,0x00,0x64,0x00,0x02,0xD4,0x85"]);
  t.is(code, 1);
  t.regex(out, /check sum {2}D4 85 {2}wrong, 85 D4 would be right/);
  t.regex(out, /✗ the check sum is wrong\n {2}→ right with its two bytes exchanged/);
});

test("frames come from standard input too, and an answer has its request's addresses", (t) => {
  const { code, out } = decode(
    ["modbus-rtu"],
    "01 03 00 64 00 02 85 D4\n\n# note\n010304000700098BF4\n",
  );
  t.is(code, 0);
  t.regex(out, /register 101 {2}00 09 {2}9/);
});

test("a saved capture is read as it is", (t) => {
  const capture = "# lifeline wire 1 modbus-rtu\n0 > 010300640002 85D4 # asked\n900 ! timeout\n";
  const { code, out } = decode(["modbus-rtu"], capture);
  t.is(code, 0);
  t.regex(out, /request to unit 1/);
});

test("the characters of Modbus ASCII are read as they are typed, and as their codes", (t) => {
  for (const text of [":010300000002FA", "3A 30 31 30 33 30 30 30 30 30 30 30 32 46 41 0D 0A"]) {
    const { code, out } = decode(["modbus-ascii", text]);
    t.is(code, 0, text);
    t.regex(out, /check sum +FA +right/);
  }
});

test("--json prints one object a frame, in a stable form", (t) => {
  const lines = decode(["modbus-tcp", "--json"], "000100000006010300000002\n000200000003018302\n")
    .out.trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(lines.length, 2);
  t.like(lines[0], { framing: "modbus-tcp", role: "request", sound: true, transaction: 1 });
  t.like(lines[1], { unit: 1, function: 3, exception: true });
});

test("the explanation is in the language asked for", (t) => {
  const { out } = decode(["modbus-rtu", "--lang", "zh-CN", "018302C0F1"]);
  t.regex(out, /单元 1 拒绝：读保持寄存器（功能码 3）/);
  const { out: help } = decode(["--help", "--lang", "zh-CN"]);
  t.notRegex(help, /usage|option[^s]|display|default|example|show|print/i);
});

const REQUEST =
  "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80";

test("a packet of HJ 212 is read as text, with its line end or without, and as hex", (t) => {
  const hex = Buffer.from(`${REQUEST}\r\n`).toString("hex");
  for (const text of [REQUEST, `${REQUEST}\r\n`, `${REQUEST}\\r\\n`, hex]) {
    const { code, out } = decode(["hj212", text]);
    t.is(code, 0, text);
    t.regex(out, /set the interval of real-time data \(CN 1062\)/);
    t.regex(out, /RtdInterval +30 +interval of real-time data, s/);
    t.notRegex(out, /·/);
  }
  const { code, out } = decode(["hj212", "--json"], `${REQUEST.replace("1C80", "1C81")}\n`);
  t.is(code, 1);
  t.like(JSON.parse(out), { framing: "hj212", crcValid: false, sound: false });
});

test("a frame of SL 651 is read as hex, from a capture, and with its marks by name", (t) => {
  const timed = "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100";
  const hex = `${timed}201900004026190000403923000104903812109903A421`;
  const text =
    "<SOH>0100123456781234320047<STX>0001240724172349ST 0012345678 H TT 2407241723 PJ 13.0 Z 0.550 VT 12.68 <ETX>6FE0";
  const { code, out } = decode(["sl651"], `${hex}\n0 < ${hex} # timed\n900 ! timeout\n${text}\n`);
  t.is(code, 0);
  t.is(out.match(/timed report \(function 32\)/g)?.length, 3);
  t.is(decode(["sl651", hex.slice(0, -2)]).code, 1);
});

test("a payload of Sparkplug is read as hex, behind its topic, and a STATE as its text", (t) => {
  const payload = "08d00f120f0a0161100718e807200965cdcccc3d1803";
  const topic = "spBv1.0/city/DDATA/gw-0001/gas-1";
  const state = 'spBv1.0/STATE/scada {"online":true,"timestamp":5}';
  const { code, out } = decode(["sparkplug"], `${topic} ${payload}\n${state}\n`);
  t.is(code, 0);
  t.regex(out, /DDATA of city\/gw-0001\/gas-1: data of a device/);
  t.regex(out, /a +0\.1 +Float, alias 7, 1970-01-01T00:00:01\.000Z/);
  t.regex(out, /state of host scada/);
  const cut = decode(["sparkplug", "--json", payload.slice(0, -2)]);
  t.is(cut.code, 1);
  t.like(JSON.parse(cut.out), { framing: "sparkplug", sound: false });
});

test("a frame cannot make a terminal do anything", (t) => {
  const { out } = decode(["hj212"], "##0009CP=&&\u001b[31m\u009b&&0000\n");
  t.false(/\p{Cc}/u.test(out.replaceAll("\n", "")));
});

test("what is no frame at all exits 2 and says why", (t) => {
  for (const [args, why] of [
    [["modbus-rtu", "01", "0G"], /'G' is no hex digit/],
    [["modbus-rtu", "01030"], /odd number of hex digits/],
    [
      ["modbus"],
      /no kind of frame; known are modbus-rtu, modbus-tcp, modbus-ascii, hj212, sl651, sparkplug/,
    ],
    [["hj212", "01", "0G"], /'G' is no hex digit/],
    [["sl651", "01030"], /odd number of hex digits/],
    [[], /needs the kind of frame/],
  ] as const) {
    const { code, error } = decode(args);
    t.is(code, 2);
    t.regex(error, why);
    t.notRegex(error, /\n\s+at .+:\d+:\d+/);
  }
});
