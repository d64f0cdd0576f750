import test from "ava";
import type { Certificate } from "../calibrate/certificate.ts";
import type { WallMs } from "../core/time.ts";
import { printed } from "../papers/paper.ts";
import { certificatePaper } from "./certificate-paper.ts";

const CERTIFICATE: Certificate = {
  ...{ v: 1, kind: "calibration", number: "gw-1/gas-1.gas/2", gateway: "gw-1", release: "1.0.0" },
  site: { name: "世纪大道 7 号", asset: "RQ-310115-0007", cim: null, position: null },
  timeZone: "Asia/Shanghai",
  point: "gas-1.gas",
  validUntil: Date.UTC(2027, 4, 27, 18) as WallMs,
  record: {
    ...{ n: 2, kind: "adjustment", at: Date.UTC(2026, 10, 28, 2, 31) as WallMs, clock: "synced" },
    ...{
      who: "li",
      unit: "%[LEL]",
      pairs: [
        [2, 0],
        [42, 50],
      ],
      tolerance: 5,
      isWithin: false,
    },
    ...{ basis: "0", note: "bottle 1234" },
    steps: [
      {
        ...{ reference: 0, indicated: 2, found: 2, left: 0, isLeftMeasured: false },
        ...{ scatter: 0.1, samples: 30 },
      },
      {
        ...{ reference: 50, indicated: 42, found: 42, left: 50.1, isLeftMeasured: true },
        ...{ scatter: 0.2, samples: 30 },
      },
    ],
  },
};

test("a certificate says what was found and left, by whom and when, by the site's clock", (t) => {
  const paper = certificatePaper(CERTIFICATE, "en");
  t.is(paper.title, "Certificate of calibration");
  const head = new Map(paper.head.map(({ label, value }) => [label, value]));
  t.is(head.get("Carried out"), "2026-11-28 10:31 (Asia/Shanghai)");
  t.is(head.get("Due again"), "2027-05-28");
  t.is(head.get("References and notes"), "bottle 1234");
  const [results] = paper.sections;
  const [table, fields] = results?.blocks ?? [];
  t.deepEqual(table?.kind === "table" ? table.rows : null, [
    ["0", "2", "2", "2", "0 (computed)", "0", "0.1"],
    ["50", "42", "42", "-8", "50.1", "0.1", "0.2"],
  ]);
  t.deepEqual(fields?.kind === "fields" ? fields.fields[1]?.value : null, {
    text: "beyond the tolerance",
    tone: "bad",
  });
});

test("a check is called one, and a clock that was not set is told of", (t) => {
  const record = { ...CERTIFICATE.record, kind: "check", clock: "unsynced" } as const;
  const paper = certificatePaper({ ...CERTIFICATE, record }, "zh-CN");
  t.is(paper.title, "校准核查证书");
  t.regex(String(paper.head.find(({ label }) => label === "校准时间")?.value), /时钟未校准/);
});

for (const lang of ["en", "zh-CN"] as const) {
  test(`it is printed on one page, always the same bytes, in ${lang}`, async (t) => {
    const pdf = await printed(certificatePaper(CERTIFICATE, lang));
    t.is(Buffer.from(pdf.subarray(0, 5)).toString(), "%PDF-");
    t.deepEqual(await printed(certificatePaper(CERTIFICATE, lang)), pdf);
  });
}
