import test from "ava";
import { HJ212 } from "../../../test-rigs/vectors/vectors.ts";
import { dataAnswer, executionResult, isAnswerTo, noticeAnswer, requestAnswer } from "./answers.ts";
import { encodeFrame } from "./encode.ts";
import { decodeFrame } from "./frame.ts";
import { EXE_RTN, QN_RTN, qnRtnOf } from "./return-codes.ts";

const message = (id: string) => HJ212.frames.find((each) => each.id === id)?.message ?? "";
const packetOf = (id: string) => decodeFrame(Buffer.from(message(id))).packet!;
const sent = (packet: Parameters<typeof encodeFrame>[0]) =>
  Buffer.from(encodeFrame(packet)).toString();

test("a request is answered and its execution reported as in Annex C", (t) => {
  const request = packetOf("built-c1-1000");
  t.is(sent(requestAnswer(request, "1")), message("built-c1-9011"));
  t.is(sent(executionResult(request, "1")), message("built-c1-9012"));
  t.true(isAnswerTo(packetOf("built-c1-9011"), request));
  t.false(isAnswerTo(request, request));
});

test("an upload is answered in its edition, under its QN", (t) => {
  const upload = packetOf("built-c14-2011");
  const answer = dataAnswer(upload);
  t.like(answer, { cn: "9014", st: "91", flag: 4, qn: upload.qn, mn: upload.mn });
  t.is(dataAnswer({ ...upload, flag: 9 }).flag, 8);
  t.is(dataAnswer({ ...upload, flag: null }).flag, 4);
  t.true(isAnswerTo(answer, upload));
  t.false(isAnswerTo({ ...answer, qn: "20160801085857999" }, upload));
  t.is(noticeAnswer(upload).cn, "9013");
});

test("a faulty request is answered with what is wrong about it", (t) => {
  const rtnOf = (bytes: Uint8Array) => qnRtnOf(decodeFrame(bytes).faults[0]!);
  const frame = encodeFrame(packetOf("built-c1-1000"));
  t.is(rtnOf(frame.with(-3, 0x30)), "9");
  t.is(rtnOf(encodeFrame({ ...packetOf("built-c1-1000"), cn: null })), "8");
  t.is(rtnOf(encodeFrame({ ...packetOf("built-c1-1000"), qn: "1" })), "7");
  t.is(rtnOf(frame.subarray(0, 9)), "100");
  for (const table of [QN_RTN, EXE_RTN]) t.true("100" in table);
});
