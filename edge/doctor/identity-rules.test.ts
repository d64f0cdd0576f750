import test from "ava";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { aMachine, someFacts } from "../../test-rigs/sim/some-facts.ts";
import { sayEvidence } from "../cli/doctor-text.ts";
import type { ErrorCode } from "../core/errors.ts";
import { type EnrolmentStatus, type FirstBoot, firstBootIn } from "../core/first-boot.ts";
import { identityRules } from "./identity-rules.ts";

const NOTED: FirstBoot = {
  ...{ v: 1, outcome: "refused", gateway: "gw-1", taken: [] },
  refused: [
    { code: "other-box", file: "gateway.yaml" },
    { code: "unknown-file", file: "wifi.txt" },
  ],
  noted: [],
};

function found(firstBoot: FirstBoot | null) {
  return identityRules(someFacts({ machine: aMachine({ firstBoot }) }));
}

test("what was refused of a card is a fault, each file with what to do, in both languages", (t) => {
  const [finding, ...others] = found(NOTED);
  t.deepEqual(others, []);
  t.like(finding, { code: "card.refused", subject: "gw-1", severity: "fault" });
  const told = (lang: "en" | "zh-CN") =>
    finding?.evidence.map((each) =>
      "key" in each ? sayEvidence(lang, each.key, each.values) : "",
    );
  t.regex(told("en")?.join("\n") ?? "", /gateway\.yaml is for another gateway than this box/);
  t.regex(told("en")?.join("\n") ?? "", /wifi\.txt is no file that a card can hold/);
  t.regex(told("zh-CN")?.join("\n") ?? "", /gateway\.yaml 所属网关与本机不符/);
});

test("a card that is empty is a fault, and one that was taken none", (t) => {
  t.is(found({ ...NOTED, outcome: "empty", gateway: null, refused: [] })[0]?.code, "card.empty");
  t.deepEqual(found({ ...NOTED, outcome: "taken", refused: [] }), []);
  t.deepEqual(found(null), []);
});

test("what was noted of a card that was taken is a warning, with what to do, in both languages", (t) => {
  const noted = [{ code: "network-key", about: "line 4: DHPC" }] as const;
  const [finding, ...others] = found({ ...NOTED, outcome: "taken", refused: [], noted });
  t.deepEqual(others, []);
  t.like(finding, { code: "card.noted", severity: "warning" });
  const [evidence] = finding?.evidence ?? [];
  const told = (lang: "en" | "zh-CN") =>
    evidence !== undefined && "key" in evidence
      ? sayEvidence(lang, evidence.key, evidence.values)
      : "";
  t.regex(told("en"), /wired\.network .* \(line 4: DHPC\)/);
  t.regex(told("zh-CN"), /wired\.network .*忽略.*line 4: DHPC/);
});

test("a report that is damaged, or of another release, is none", (t) => {
  t.deepEqual(firstBootIn(JSON.stringify(NOTED)), NOTED);
  for (const text of [
    "",
    "null",
    '{"v":2}',
    '{"v":1,"outcome":"taken"}',
    '{"v":1,"outcome":"x"}',
  ]) {
    t.is(firstBootIn(text), null, text);
  }
  const unknown = JSON.stringify({ ...NOTED, refused: [null, { code: "toString", file: "x" }] });
  t.deepEqual(firstBootIn(unknown)?.refused, []);
  const { noted: _, ...older } = NOTED;
  t.deepEqual(firstBootIn(JSON.stringify(older))?.noted, [], "of the image before");
  const odd = [{ code: "later" }, null, { code: "no-room", about: 7 }];
  const mixed = firstBootIn(JSON.stringify({ ...NOTED, noted: odd }));
  t.deepEqual(mixed?.noted, [{ code: "no-room", about: "" }]);
});

test("what is wrong with the identity is told by its cause, and a renewal that only waits is not", (t) => {
  const codeOf = (state: EnrolmentStatus["state"], cause: ErrorCode | null) => {
    const status = aStatus({ enrolment: { state, cause, why: "why", secrets: null } });
    return identityRules(someFacts({ status }))[0]?.code ?? null;
  };
  t.is(codeOf("foreign", "enrol.foreign"), "identity.foreign");
  t.is(codeOf("enrolled", "enrol.hardware"), "identity.foreign", "as the centre sees it");
  t.is(codeOf("enrolled", "enrol.revoked"), "identity.revoked");
  t.is(codeOf("none", "enrol.clock"), "identity.clock");
  t.is(codeOf("sealed", "enrol.sealed"), "identity.sealed");
  t.is(codeOf("requested", "enrol.used"), "identity.none");
  t.is(codeOf("enrolled", "enrol.unreachable"), null);
  t.is(codeOf("none", null), null);
});
