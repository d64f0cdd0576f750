import test from "ava";
import stringWidth from "string-width";
import type { WallMs } from "../core/time.ts";
import { FINDINGS, type FindingCode } from "../doctor/catalogue.ts";
import type { Facts } from "../doctor/facts.ts";
import type { Told } from "../doctor/finding.ts";
import { doctorJson, doctorView } from "./doctor-view.ts";

const FACTS = {
  at: 7_200_000 as WallMs,
  config: { gateway: { id: "gw-1" } },
  unasked: null,
  machine: null,
} as unknown as Facts;

const dead: Told = {
  code: "device.dead",
  subject: "gas-1",
  since: 3_600_000 as WallMs,
  sure: "likely",
  severity: "fault",
  evidence: [
    { key: "unitSilent", values: { device: "gas-1", unit: 1, requests: 40 } },
    { raw: "> 01 03 00 00 00 02 C4 0B ! timeout" },
  ],
  folded: [
    {
      code: "point.stuck",
      subject: "gas-1.gas",
      since: null,
      sure: "likely",
      severity: "warning",
      evidence: [],
    },
  ],
};

test("a finding is told with its time, what was seen, its cause, what to do and what it explains", (t) => {
  const text = doctorView(FACTS, [dead], "en").join("\n");
  t.regex(text, /^gw-1: 1 faults?, 0 warnings/);
  for (const part of [
    /gas-1: the device does not answer \(FAULT, likely, device\.dead\)/,
    /since .*1 h ago/,
    /seen +gas-1, unit 1: no answer, 40 requests on record/,
    /> 01 03 00 00 00 02 C4 0B ! timeout/,
    /cause +it has no supply/,
    /do +check the supply/,
    /hence +gas-1\.gas: the value does not move any more/,
  ]) {
    t.regex(text, part);
  }
});

test("nothing found is told in one line", (t) => {
  t.is(doctorView(FACTS, [], "en").length, 1);
  t.regex(doctorView(FACTS, [], "zh-CN").join(), /\p{Script=Han}/u);
});

test("every finding fits into 80 columns in both languages", (t) => {
  for (const code of Object.keys(FINDINGS) as FindingCode[]) {
    for (const lang of ["en", "zh-CN"] as const) {
      for (const line of doctorView(FACTS, [{ ...dead, code }], lang)) {
        t.true(stringWidth(line) <= 80, `${stringWidth(line)} ${line}`);
      }
    }
  }
});

test("programs get the same, with codes", (t) => {
  t.like(doctorJson(FACTS, [dead], "en"), {
    v: 1,
    gateway: "gw-1",
    running: true,
    findings: [
      {
        code: "device.dead",
        subject: "gas-1",
        severity: "fault",
        sure: "likely",
        since: 3_600_000,
        explains: [{ code: "point.stuck", subject: "gas-1.gas" }],
      },
    ],
  });
});
