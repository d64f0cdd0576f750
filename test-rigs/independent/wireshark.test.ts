import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { ExecutionContext } from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import type { Framing } from "../../drivers/modbus/decode.ts";
import { damaged, hex, rtuAnswer, tcpFrame } from "../../drivers/modbus/fake-link.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import { CaptureFile } from "../../edge/cli/capture-file.ts";
import { listener } from "../../edge/cli/record-view.ts";
import { testWith } from "../debian/test-with.ts";

const TSHARK = "tshark";

/** 2025-11-24T06:00:00Z. */
const START_US = 1_763_964_000_000_000;

/** Saves `chunks`, sent and received in turn 10 ms apart, and lets tshark tell `fields` of each. */
function tshark(
  t: ExecutionContext,
  framing: Framing,
  chunks: readonly Uint8Array[],
  fields: readonly string[],
  options: readonly string[] = [],
): readonly (readonly string[])[] {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-wireshark-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const file = new CaptureFile(join(dir, "bus.pcapng"), {
    bus: "line-a",
    kind: framing,
    framing,
    lang: "en",
  });
  const listen = listener(framing);
  for (const [index, bytes] of chunks.entries()) {
    const fromUs = index * 10_000;
    const kind = index % 2 === 0 ? "sent" : "received";
    const record: WireRecord = { kind, fromUs, untilUs: fromUs, bytes };
    const frames = listen(record).map((heard) => ({ ...heard, points: [] }));
    file.add({ record, atUs: START_US + fromUs, sinceUs: 10_000, frames });
  }
  file.close();
  const wanted = fields.flatMap((field) => ["-e", field]);
  const args = ["-n", "-r", file.path, "-T", "fields", ...wanted, ...options];
  // The configuration of whoever runs this must not matter.
  const env = { PATH: process.env.PATH, HOME: dir, LC_ALL: "C.UTF-8" };
  const text = execFileSync(TSHARK, args, {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}

const READ = withCrc(hex("0103 0064 0002"));

testWith("tshark")("Wireshark opens a serial line as Modbus RTU without being told to", (t) => {
  const fields = [
    "modbus.func_code",
    "modbus.reference_num",
    "modbus.regval_uint16",
    "frame.comment",
  ];
  t.deepEqual(tshark(t, "modbus-rtu", [READ, rtuAnswer(1, [100, 7])], fields), [
    ["3", "100", "", "request to unit 1: read holding registers 100-101"],
    ["3", "", "100,7", "answer of unit 1: read holding registers 100-101 = 100 7"],
  ]);
});

testWith("tshark")(
  "Wireshark shows the time, the bus, the direction and whose answer it is",
  (t) => {
    const fields = [
      "frame.time_epoch",
      "frame.interface_name",
      "frame.packet_flags_direction",
      "modbus.request_frame",
    ];
    t.deepEqual(tshark(t, "modbus-rtu", [READ, rtuAnswer(1, [100, 7])], fields), [
      ["1763964000.000000000", "line-a", "0x00000002", ""],
      ["1763964000.010000000", "line-a", "0x00000001", "1"],
    ]);
  },
);

testWith("tshark")("Wireshark finds the check sum wrong that we find wrong", (t) => {
  const chunks = [READ, damaged(rtuAnswer(1, [100, 7]), 4), READ, rtuAnswer(1, [100, 7])];
  const verify = ["-o", "mbrtu.crc_verification:TRUE"];
  t.deepEqual(
    tshark(t, "modbus-rtu", chunks, ["mbrtu.crc16.status"], verify).map(([status]) => status),
    ["1", "0", "1", "1"],
  );
});

testWith("tshark")("Wireshark opens a connection as Modbus TCP without being told to", (t) => {
  const chunks = [tcpFrame(7, [1, 3, 0, 0, 0, 2]), tcpFrame(7, [1, 0x83, 2])];
  const fields = ["mbtcp.trans_id", "modbus.func_code", "modbus.exception_code"];
  t.deepEqual(tshark(t, "modbus-tcp", chunks, fields), [
    ["7", "3", ""],
    ["7", "3", "2"],
  ]);
});

testWith("tshark")("an echo and the answer behind it are two packets", (t) => {
  const chunks = [READ, Uint8Array.of(...READ, ...rtuAnswer(1, [100, 7]))];
  const packets = tshark(t, "modbus-rtu", chunks, ["modbus.func_code", "modbus.regval_uint16"]);
  t.deepEqual(packets, [
    ["3", ""],
    ["3", ""],
    ["3", "100,7"],
  ]);
});
