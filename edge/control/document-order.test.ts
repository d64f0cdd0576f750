import test from "ava";
import { documentOf } from "./document-order.ts";

const DIGEST = "0123456789abcdef".repeat(4);
const GIVEN = {
  document: "commissioning",
  number: "gw-0001-C20261128",
  who: "li",
  sha256: { json: DIGEST, pdf: DIGEST },
} as const;

test("a document is taken with its kind, its number, who made it and both digests", (t) => {
  t.deepEqual(documentOf({ ...GIVEN, more: 1 }), GIVEN);
  t.is(documentOf({ ...GIVEN, document: "calibration" }).document, "calibration");
});

test("one that lacks any of them, or has what is none, is refused saying what is missing", (t) => {
  const bad: readonly (readonly [object, RegExp])[] = [
    [{ document: "poem" }, /commissioning or calibration/],
    [{ number: " " }, /a number and who made it/],
    [{ number: "x".repeat(101) }, /100 characters at most/],
    [{ who: 7 }, /a number and who made it/],
    [{ sha256: null }, /sha256 of its json and its pdf/],
    [{ sha256: { json: DIGEST, pdf: DIGEST.toUpperCase() } }, /64 digits each/],
  ];
  for (const [wrong, message] of bad)
    t.throws(() => documentOf({ ...GIVEN, ...wrong }), { message });
  t.throws(() => documentOf(undefined));
});
