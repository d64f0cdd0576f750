import test from "ava";
import type { WallMs } from "../../core/time.ts";
import { FrameSearch } from "../frame-search.ts";
import { RemarkList } from "../remark-list.ts";
import { confirmation, isAnswerTo, repeatRequest } from "./answers.ts";
import type { Body, Part } from "./body.ts";
import { elementByTag } from "./elements.ts";
import { encodeFrame } from "./encode.ts";
import { decodeFrame, STREAM_RULES } from "./frame.ts";
import type { Encoding, Frame } from "./header.ts";
import { FrameJoiner, splitFrame } from "./packets.ts";
import { readBody } from "./read-body.ts";
import type { Remarks } from "./remarks.ts";
import { stampOf, wallOfStamp } from "./times.ts";
import { datumOf, elementValue } from "./values.ts";
import { writeBody } from "./write-body.ts";

const NOW = Date.UTC(2026, 10, 27, 4) as WallMs;
const STATION = "0012345678";

function frameOf(encoding: Encoding, functionCode: number, parts: readonly Part[]): Frame {
  const body: Body = { serial: 7, sentAt: stampOf(NOW), parts };
  return {
    encoding,
    direction: "up",
    centre: 1,
    station: STATION,
    password: "1234",
    functionCode,
    packet: null,
    body: writeBody({ encoding, functionCode }, body),
    end: "ETX",
  };
}

/** What comes of frames on a link that cuts them into pieces of five bytes. */
function hear(search: FrameSearch, ...sent: readonly Frame[]) {
  const bytes = Buffer.concat(sent.map(encodeFrame));
  const heard: { readonly frame: Frame; readonly body: Body }[] = [];
  for (let at = 0; at < bytes.length; at += 5) {
    for (const found of search.take(bytes.subarray(at, at + 5))) {
      const { frame, body, faults } = decodeFrame(found.bytes);
      if (frame !== null && body !== null && faults.length === 0) heard.push({ frame, body });
    }
  }
  return heard;
}

const HEAD: readonly Part[] = [
  { kind: "station", address: STATION },
  { kind: "class", letter: "H" },
  { kind: "time", at: stampOf(NOW, "minute") },
];

for (const encoding of ["hex", "ascii"] as const) {
  test(`${encoding}: of a long message a lost packet is asked for again, and all is confirmed once`, (t) => {
    const [centre, station] = [new FrameSearch(STREAM_RULES), new FrameSearch(STREAM_RULES)];
    const raws = Array.from({ length: 60 }, (_, i) => {
      return datumOf(encoding, elementByTag("Z")!, i / 1000).raw;
    });
    const { head } = datumOf(encoding, elementByTag("Z")!, 0);
    const step = encoding === "hex" ? "000005" : "DRN05";
    const series: readonly Part[] = [
      ...HEAD,
      { kind: "step", raw: step },
      { kind: "uniform", heads: [head], raws },
    ];
    const packets = splitFrame(frameOf(encoding, 0x31, series), 80);
    const joiner = new FrameJoiner();
    const lossy = packets.filter((_, index) => index !== 2);
    for (const { frame } of hear(centre, ...lossy)) t.is(joiner.add(frame), null);
    t.deepEqual(joiner.missing(packets[0]!), [3]);

    const [nak] = hear(station, repeatRequest(packets[0]!, 7, stampOf(NOW), 3));
    t.like(nak?.frame, { end: "NAK", direction: "down", packet: { index: 3 } });
    const again = { ...packets[(nak?.frame.packet?.index ?? 0) - 1]!, end: "ETX" } as const;
    const [last] = hear(centre, again);
    const message = joiner.add(last!.frame);
    const remarks: Remarks = new RemarkList();
    const body = readBody(message!, 0, remarks);
    t.deepEqual(remarks.faults, []);
    const told = body.parts.at(-1);
    t.is(told?.kind, "uniform");
    const values = told?.kind === "uniform" ? told.raws : [];
    t.deepEqual(elementValue(encoding, head, values[59]!), { kind: "number", value: 0.059 });

    const [end] = hear(station, confirmation(last!.frame, 7, stampOf(NOW), "EOT"));
    t.like(end?.frame, { end: "EOT", packet: { total: packets.length, index: packets.length } });
    t.true(isAnswerTo(end!.frame, packets[0]!));
  });

  test(`${encoding}: a query is understood, and answered with what it names`, (t) => {
    const search = new FrameSearch(STREAM_RULES);
    const { head } = datumOf(encoding, elementByTag("Z")!, 0);
    const query: Frame = {
      ...frameOf(encoding, 0x3a, [{ kind: "identifier", head }]),
      direction: "down",
      end: "ENQ",
    };
    const [asked] = hear(search, query);
    const named = asked!.body.parts.flatMap((part) => {
      return part.kind === "identifier" ? [part.head.lead] : [];
    });
    t.deepEqual(named, [0x39]);
    const answer = frameOf(encoding, 0x3a, [
      ...HEAD,
      { kind: "element", ...datumOf(encoding, elementByTag("Z")!, -1.5) },
    ]);
    const [told] = hear(search, answer);
    const [datum] = told!.body.parts.flatMap((part) => (part.kind === "element" ? [part] : []));
    const value = elementValue(encoding, datum!.head, datum!.raw);
    t.deepEqual(value, { kind: "number", value: -1.5 });
  });

  test(`${encoding}: a centre sets the clock by the time of sending`, (t) => {
    const set: Frame = { ...frameOf(encoding, 0x4a, []), direction: "down", end: "ENQ" };
    const [heard] = hear(new FrameSearch(STREAM_RULES), set);
    t.is(wallOfStamp(heard!.body.sentAt!), NOW);
  });
}
