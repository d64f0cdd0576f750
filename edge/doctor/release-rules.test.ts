import test from "ava";
import type { WallMs } from "../core/time.ts";
import type { JournalLine } from "../core/update-notes.ts";
import type { UpdateFacts } from "./machine-facts.ts";
import { releaseRules } from "./release-rules.ts";

const NOW = 1_795_000_000_000;
const DAY = 86_400_000;

function step(
  name: JournalLine["step"],
  ago: number,
  more: Partial<JournalLine> = {},
): JournalLine {
  const at = (NOW - ago) as WallMs;
  return { at, boot: "b", step: name, release: "0.2.0", from: "0.1.0", reason: null, ...more };
}

function found(updates: Partial<UpdateFacts>, update: object | null = null) {
  const facts = { at: NOW, config: { update } } as never;
  return releaseRules({ trial: null, steps: [], metadataAt: null, ...updates }, facts);
}

test("a release that is on trial is told of, with since when", (t) => {
  const trial = { candidate: "0.2.0", previous: "0.1.0", counter: 17, tries: 2, command: null };
  const [finding] = found({ trial, steps: [step("activated", 5_000)] });
  t.like(finding, { code: "update.on-trial", subject: "0.2.0", since: NOW - 5_000 });
  t.deepEqual(finding?.evidence, [
    { key: "releaseTried", values: { previous: "0.1.0", tries: 2 } },
  ]);
});

test("a release that was given up lately is told of, until another is kept", (t) => {
  const back = step("rolled-back", DAY, { reason: "update.memory" });
  const [finding] = found({ steps: [step("activated", 2 * DAY), back] });
  t.like(finding, { code: "update.rolled-back", subject: "0.2.0", since: NOW - DAY });
  t.regex(JSON.stringify(finding?.evidence), /0\.1\.0.*update\.memory: the new release takes/);
  t.deepEqual(found({ steps: [back, step("committed", 5_000, { release: "0.3.0" })] }), []);
  t.deepEqual(found({ steps: [step("rolled-back", 40 * DAY)] }), []);
});

test("not to know for a month which releases there are is told where they are looked for", (t) => {
  const looks = { urls: ["https://releases.example"], auto: "install" };
  const old = { metadataAt: (NOW - 31 * DAY) as WallMs };
  t.like(found(old, looks), [{ code: "update.stale", since: NOW - 31 * DAY }]);
  t.like(found({}, looks), [{ code: "update.stale", since: null }]);
  t.deepEqual(found({ metadataAt: (NOW - DAY) as WallMs }, looks), []);
  t.deepEqual(found(old, { ...looks, auto: "off" }), []);
  t.deepEqual(found(old, { ...looks, urls: [] }), []);
  t.deepEqual(found(old), []);
});
