import test from "ava";
import { newClaim } from "../provision/claim.ts";
import { meantClaim } from "./claim-letters.ts";

test("a claim is what somebody meant who typed it otherwise", (t) => {
  const claim = "01ABC-DEFGH-JKMNP-QRSTV-WXYZ0";
  for (const typed of [
    claim,
    "01abc-defgh-jkmnp-qrstv-wxyz0",
    "oiabcdefghjkmnpqrstvwxyzO",
    " OLABC DEFGH JKMNP QRSTV WXYZ0 ",
  ]) {
    t.is(meantClaim(typed), claim, typed);
  }
  const made = newClaim();
  t.is(meantClaim(made), made);
  t.is(meantClaim(made.toLowerCase()), made);
});

test("what another centre hands out as a claim stays as it is", (t) => {
  for (const text of ["s3cret", "01abc-defgh-jkmnp-qrstv-wxyz", "01abc-defgh-jkmnp-qrstv-wxyzu"]) {
    t.is(meantClaim(text), text);
  }
});
