import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { whyNoCard } from "./card-folder.ts";

function folder(...files: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-card-folder-"));
  for (const file of files) {
    mkdirSync(join(dir, file, ".."), { recursive: true });
    writeFileSync(join(dir, file), "gateway: { id: gw-1 }\n");
  }
  return dir;
}

const why = (dir: string) => whyNoCard(dir, "en") ?? "";

test("a folder with a configuration may be a card's", (t) => {
  t.is(whyNoCard(folder("gateway.yaml"), "en"), null);
});

test("a card or a batch in place of a gateway's folder is told with the folder that is meant", (t) => {
  const card = folder("gateway/gateway.yaml", "autoboot.txt");
  t.true(why(card).endsWith(`meant is ${join(card, "gateway")}`));
  const batch = folder("gw-1/gateway.yaml", "gw-2/gateway.yaml", "labels.pdf");
  t.regex(why(batch), /a batch of 2 gateways: .*--card .*gw-1$/);
});

test("a configuration that is absent, or goes by another name, is told with what to do, in both languages", (t) => {
  t.regex(why(folder("gateway.yml")), /gateway\.yml has to be called that/);
  t.regex(why(folder("gateway.yaml.txt")), /gateway\.yaml\.txt has to be called that/);
  t.regex(why(folder("claim")), /lifeline provision batch/);
  t.regex(why("/nowhere/card"), /no folder \/nowhere\/card/);
  t.regex(whyNoCard("/nowhere/card", "zh-CN") ?? "", /没有文件夹 \/nowhere\/card/);
});
