import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { NO_ANSWERS } from "./report-answers.ts";
import { withOptions } from "./report-options.ts";

const points = [{ id: "gas-1.gas" }, { id: "level-1.level" }];
const config = { points, talkers: [], boards: [], derived: [] } as unknown as GatewayConfig;

const mistake = (options: Omit<Parameters<typeof withOptions>[2], "lang">) => {
  const read = withOptions(NO_ANSWERS, config, { lang: "en", ...options });
  return "mistake" in read ? read.mistake : null;
};

test("what is typed with the command goes before what was answered earlier", (t) => {
  const live = { value: 1, quality: "good", at: 1 };
  const known = { typed: { value: 1, tolerance: null }, live };
  const references = new Map([["gas-1.gas", known]]);
  const answers = { ...NO_ANSWERS, references, photos: ["a.jpg"], tolerance: "1" };
  const options = { lang: "en", reference: ["gas-1.gas=25±2"], photo: ["b.jpg"] } as const;
  const read = withOptions(answers, config, options);
  if ("mistake" in read) return t.fail(read.mistake);
  const typed = { value: 25, tolerance: "2" };
  t.deepEqual(read.references.get("gas-1.gas"), { typed, live: null });
  t.deepEqual(read.photos, ["b.jpg"]);
  t.is(read.tolerance, "1");
  t.deepEqual(withOptions(answers, config, { lang: "en" }), answers);
});

test("a point that is none, a value that is none, and a share of 0 are refused with what to do", (t) => {
  t.regex(mistake({ reference: ["gas-1.gaz=1"] }) ?? "", /no point gas-1\.gaz; did you mean gas-1/);
  t.regex(mistake({ reference: ["gas-1.gas"] }) ?? "", /it takes point=value; a reference is/);
  t.regex(mistake({ reference: ["gas-1.gas=x"] }) ?? "", /a reference is a value as in 25/);
  t.regex(mistake({ reference: ["gas-1.gas=0"] }) ?? "", /as in 0±0\.5/);
  t.is(mistake({ reference: ["gas-1.gas=0"], tolerance: "1" }), null);
  t.regex(mistake({ tolerance: "much" }) ?? "", /a number above 0/);
});
