import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";

const MAIN = fileURLToPath(new URL("../../edge/main.ts", import.meta.url));

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

test("what is no frame at all exits 2 and says why", (t) => {
  for (const [args, why] of [
    [["modbus-rtu", "01", "0G"], /'G' is no hex digit/],
    [["modbus-rtu", "01030"], /odd number of hex digits/],
    [["modbus"], /no kind of frame; known are modbus-rtu, modbus-tcp/],
    [[], /needs the kind of frame/],
  ] as const) {
    const { code, error } = decode(args);
    t.is(code, 2);
    t.regex(error, why);
    t.notRegex(error, /\n\s+at .+:\d+:\d+/);
  }
});
