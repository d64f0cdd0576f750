import test from "ava";
import { exceptionLines, outcomeKey, reasonText } from "./reason-text.ts";

test("a refusal is told with what its exception code means", (t) => {
  t.regex(reasonText("exception:2", "en"), /^exception 2: illegal data address/);
  t.regex(reasonText("exception:2", "zh-CN"), /^异常 2：.*[\u4e00-\u9fff]/);
});

test("other reasons are told in words", (t) => {
  t.is(reasonText("timeout", "en"), "timeout");
  t.is(reasonText("timeout", "zh-CN"), "超时无应答");
  t.is(reasonText("exception:200", "en"), "exception:200");
});

test("each exception among many qualities is explained once", (t) => {
  const lines = exceptionLines(["good", "bad:exception:2", "bad:exception:2", "bad:crc"], "en");
  t.is(lines.length, 1);
  t.regex(lines[0] ?? "", /illegal data address/);
});

test("a write that only came back is not told as one that the device confirmed", (t) => {
  t.is(outcomeKey({ outcome: "done", cause: "confirmed" }), "done");
  t.is(outcomeKey({ outcome: "done", cause: "repeated" }), "repeated");
  t.is(outcomeKey({ outcome: "unknown", cause: "timeout" }), "unknown");
});
