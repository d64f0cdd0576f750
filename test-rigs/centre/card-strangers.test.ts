import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WallMs } from "../../edge/core/time.ts";
import { printed } from "../../edge/papers/paper.ts";
import { claimLine, markOf, newClaim } from "../../edge/provision/claim.ts";
import { labelSheet } from "../../edge/provision/labels.ts";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";
import { strangersOn } from "./card-strangers.ts";
import { labelFaults } from "./label-codes.ts";

const IDS = ["gw-1", "gw-2", "gw-10"];
const test = testWith("poppler-utils");

/** A batch of three, and what the card of one would hold. */
function madeBatch() {
  const dir = tempDir("batch");
  const gateways = IDS.map((id) => {
    const [folder, claim] = [join(dir, id), newClaim()];
    mkdirSync(folder);
    const files = {
      claim,
      "gateway.yaml": `gateway: { id: ${id} }\n`,
      "personal.json": `{"${id}":1}`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return { id, name: "", claim, ...markOf(claim), text: Object.values(files).join("\0") };
  });
  const lines = gateways.map((each) => claimLine(each.id, each, 0));
  writeFileSync(join(dir, "claims.jsonl"), lines.join(""));
  const on = (id: string, text: string) => {
    const card = join(dir, "card.img");
    writeFileSync(card, `${"\0".repeat(9_000)}${text}`);
    return strangersOn(card, join(dir, id));
  };
  return { dir, gateways, on };
}

test("a card holds its own gateway's files, and a claim or an id of another is found anywhere on it", (t) => {
  const { gateways, on } = madeBatch();
  const [one, two] = gateways;
  if (one === undefined || two === undefined) return t.fail();
  t.deepEqual(on("gw-1", one.text), []);
  t.deepEqual(on("gw-1", `${one.text}${two.claim}`), [`the claim ${two.claim}`]);
  t.deepEqual(on("gw-1", `${one.text} gw-10 `), ["the id gw-10"]);
  t.deepEqual(on("gw-1", `${one.text.replace(one.claim, "")}`), ["no claim of gw-1"]);
});

test("the codes of printed labels are read from their pictures, and one that is another's is found", async (t) => {
  const { dir, gateways } = madeBatch();
  const print = async (labelled: typeof gateways) => {
    writeFileSync(join(dir, "labels.pdf"), await printed(labelSheet(labelled, "en", 0 as WallMs)));
    return labelFaults(dir);
  };
  t.deepEqual(await print(gateways), []);
  const [one, two, three] = gateways;
  if (one === undefined || two === undefined || three === undefined) return t.fail();
  const swapped = await print([{ ...one, ...markOf(two.claim) }, two, three]);
  t.regex(swapped.join("\n"), /the label of gw-1 says lifeline:gw-1;/);
  t.is((await print([one, two])).length, 2);
});
