import test from "ava";
import { hideSecrets } from "./hide-secrets.ts";

test("what a server repeats of a secret is hidden, as it is and in base64", (t) => {
  const secret = "hunter/2 läuft";
  const coded = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  const said = `no ${secret}, nor ${coded}, nor ${secret}2`;
  t.is(hideSecrets(said, ["", secret, `${secret}2`]), "no [secret], nor [secret], nor [secret]");
  t.is(hideSecrets("nothing", [""]), "nothing");
});
