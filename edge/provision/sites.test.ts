import { createHash } from "node:crypto";
import test from "ava";
import type { WallMs } from "../core/time.ts";
import { claimLine, markOf, newClaim } from "./claim.ts";
import { labelSheet } from "./labels.ts";
import { sitesIn } from "./sites.ts";

test("a table is read with quotes, a byte order mark and further columns", (t) => {
  const { sites, faults } = sitesIn(
    '\uFEFFid,name,sim\r\ngw-1,"a ""b"", c",8986\r\n\r\ngw-2,,\r\n',
  );
  t.deepEqual(faults, []);
  t.deepEqual(
    sites.map(({ id, columns }) => [id, columns.name, columns.sim]),
    [
      ["gw-1", 'a "b", c', "8986"],
      ["gw-2", "", ""],
    ],
  );
});

test("a table in another encoding is refused by line: Excel saves Chinese names in GBK unless told", (t) => {
  const gbk = Buffer.from([0x67, 0x77, 0x2d, 0x32, 0x2c, 0xca, 0xc0, 0xbc, 0xcd, 0x0a]);
  const text = `id,name\ngw-1,ok\n${gbk.toString("utf8")}`;
  const { faults } = sitesIn(text);
  t.deepEqual(
    faults.map(({ line }) => line),
    [3],
  );
  t.regex(faults[0]?.text.en ?? "", /UTF-8/);
});

test("an id that would leave its folder is none", (t) => {
  for (const id of ["..", ".", "a/b", ""]) {
    t.is(sitesIn(`id,name\n${id},x\n`).sites.length, 0, id);
  }
});

test("a class of boards that is none is told with its line, and none at all is no mistake", (t) => {
  const { sites, faults } = sitesIn("id,hardware\ngw-1,rpi-arm64\ngw-2,\ngw-3,Raspberry Pi 4\n");
  t.is(sites.length, 2);
  t.deepEqual(
    faults.map(({ line }) => line),
    [4],
  );
});

test("claims differ, and what the centre keeps of one does not let it be used", (t) => {
  const claims = Array.from({ length: 1000 }, newClaim);
  t.is(new Set(claims).size, 1000);
  const [claim = ""] = claims;
  const line = claimLine("gw-1", markOf(claim), 5);
  const claimed = createHash("sha256").update(claim).digest("hex");
  t.deepEqual(JSON.parse(line), { gateway: "gw-1", claim: claimed, expires: 5 });
  t.false(line.includes(claim));
});

test("a label says which gateway and which claim, and nothing secret", (t) => {
  const claim = newClaim();
  const sheet = labelSheet([{ id: "gw-1", name: "", ...markOf(claim) }], "zh-CN", 0 as WallMs);
  const text = JSON.stringify(sheet);
  t.true(text.includes(`lifeline:gw-1;${markOf(claim).shortCode};`));
  t.false(text.includes(claim));
});
