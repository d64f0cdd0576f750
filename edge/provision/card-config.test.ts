import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { faultsOfCard, placeOnCard } from "./card-config.ts";

const codes = (yaml: string, files = {}) => faultsOfCard(yaml, files).map(({ code }) => code);
const ENROLLED = `gateway: { id: gw-1 }
enrolment: { url: "https://centre:8443", ca: /etc/lifeline/ca.pem, claim: /etc/lifeline/claim }
`;

test("a configuration is judged with what its card brings", (t) => {
  t.deepEqual(codes(ENROLLED, { "ca.pem": "PEM" }), []);
  t.deepEqual(codes(ENROLLED), ["ca-file"], "nobody else brings it");
  t.deepEqual(codes("gateway: { id: gw-1 }\nbuses: 7\n").length, 1);
  t.deepEqual(codes("gateway: { id: gw-1\n").length, 1);
});

test("what may be put on the gateway another way is no fault of its card", (t) => {
  const elsewhere = ENROLLED.replace("/etc/lifeline/ca.pem", "/data/site/ca.pem");
  t.deepEqual(codes(elsewhere), []);
  t.deepEqual(
    codes(`gateway: { id: gw-1 }
destinations:
  centre: { kind: mqtt, url: "mqtt://h", username: u, password: "\${env:NOWHERE_SET}" }
`),
    [],
  );
});

test("what a card brings is looked for on the card, and all else where it is said to be", (t) => {
  const card = mkdtempSync(join(tmpdir(), "lifeline-card-config-"));
  writeFileSync(join(card, "ca.pem"), "PEM");
  t.is(placeOnCard(card)("/etc/lifeline/ca.pem"), join(card, "ca.pem"));
  t.is(placeOnCard(card)("/etc/lifeline/password"), "/etc/lifeline/password");
  t.is(placeOnCard(card)("/srv/ca.pem"), "/srv/ca.pem");
  t.is(placeOnCard(undefined)("/etc/lifeline/ca.pem"), "/etc/lifeline/ca.pem");
});
