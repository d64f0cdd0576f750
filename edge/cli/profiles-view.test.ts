import test from "ava";
import { loadProfile, type Profile } from "../../config/profile.ts";
import { profilePage, profileTable } from "./profiles-view.ts";

function profile(text: string): Profile {
  const { profile, problems } = loadProfile(text);
  if (profile === null) throw new Error(JSON.stringify(problems));
  return profile;
}

const METER = profile(`name: { en: Acme L1, zh-CN: 阿克米 L1 }
measures: { en: level, zh-CN: 液位 }
source: Acme L1 manual, page 3
caution: { en: Check the range., zh-CN: 请核对量程。 }
serial: { baud: 9600, format: 8N1 }
unit: 7
points:
  level:
    title: { en: level, zh-CN: 液位 }
    number: 30001
    type: float32
    unit: m
    sentinels: [-999]
    range: [0, 5]
    warmUp: 30s
    status: { point: state, values: { 2: failure } }
  state:
    title: { en: state, zh-CN: 状态 }
    area: holding
    address: 9
    type: uint16
    write: true
    values: { 1: { en: normal, zh-CN: 正常 } }
  rain: { title: { en: rain, zh-CN: 雨量 }, number: 30005, type: uint16, readClears: true }
`);

test("a list has each model by the name that the configuration takes", (t) => {
  const shown = profileTable(
    [
      { name: "acme-l1", profile: METER },
      { name: "broken", profile: null },
    ],
    "en",
  );
  t.deepEqual(
    shown.map((line) => line.split(/ {2,}/)),
    [
      ["PROFILE", "MODEL: WHAT IT MEASURES"],
      ["acme-l1", "Acme L1: level"],
      ["broken", "has faults: lifeline profiles broken"],
    ],
  );
});

test("a page tells where each value is, as the manual and as the frame has it", (t) => {
  t.deepEqual(profilePage("acme-l1", METER, "en"), [
    "Acme L1",
    "",
    "Measures   level",
    "Source     Acme L1 manual, page 3",
    "Delivered  9600 8N1, unit 7",
    "CAUTION    Check the range.",
    "",
    "POINT  PLACE              TYPE     UNIT  IS",
    "level  30001 (input 0)    float32  m     level; -999: no value; measures 0 to 5;",
    "                                         counts only as state says; warms up for",
    "                                         30s",
    "state  40010 (holding 9)  uint16         state; can be written; 1 normal",
    "rain   30005 (input 4)    uint16         rain; reading clears it",
    "",
    "Read a known value on the device before relying on it: the map is from the",
    "source above.",
    "",
    "In gateway.yaml:",
    "",
    "  devices:",
    "    sensor-1: { bus: line-a, unit: 7, profile: acme-l1 }",
  ]);
});

test("a page is in the language of the reader", (t) => {
  const page = profilePage("acme-l1", METER, "zh-CN").join("\n");
  for (const text of ["阿克米 L1", "液位", "请核对量程。", "正常", "单元号 7"]) {
    t.true(page.includes(text), text);
  }
});
