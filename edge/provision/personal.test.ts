import test from "ava";
import { personalHash, personalList, personalListIn } from "./personal.ts";

const FILES = { "gateway.yaml": "gateway: { id: gw-1 }\n", claim: "ABCDE\n" };

test("the list of a card says whose it is and what each file must be", (t) => {
  t.deepEqual(personalListIn(personalList("gw-1", FILES)), {
    v: 1,
    gateway: "gw-1",
    files: {
      "gateway.yaml": personalHash(FILES["gateway.yaml"]),
      claim: personalHash(FILES.claim),
    },
  });
});

test("a list that is damaged, of later, or with something unknown is refused with the reason", (t) => {
  const good = JSON.parse(personalList("gw-1", FILES));
  const because = (change: object) => personalListIn(JSON.stringify({ ...good, ...change }));
  t.regex(`${personalListIn("{")}`, /JSON/);
  t.is(personalListIn("null"), "it holds no object");
  t.is(because({ v: 2 }), "its v is not 1");
  t.is(because({ gateway: "../etc" }), "its gateway is no gateway id");
  t.is(because({ hardware: "../x" }), "its hardware is no class of boards");
  t.like(personalListIn(personalList("gw-1", FILES, "rpi-arm64")), { hardware: "rpi-arm64" });
  t.is(because({ wifi: "secret" }), "'wifi' is no key of it");
  t.is(because({ files: { "../passwd": "00" } }), "'../passwd' is no file that a card can hold");
  t.is(because({ files: { claim: "short" } }), "the hash of claim is none");
});
