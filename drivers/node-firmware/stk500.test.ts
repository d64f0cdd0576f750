import test from "ava";
import { answerTo, encodeCommand, type Stk500Command } from "./stk500.ts";

const hex = (command: Stk500Command) => Buffer.from(encodeCommand(command)).toString("hex");
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

test("commands are those of the protocol, addresses in words, lengths high byte first", (t) => {
  t.is(hex({ kind: "sync" }), "3020");
  t.is(hex({ kind: "signature" }), "7520");
  t.is(hex({ kind: "enter" }), "5020");
  t.is(hex({ kind: "leave" }), "5120");
  t.is(hex({ kind: "address", address: 0x7080 }), "55403820");
  t.is(hex({ kind: "write", page: bytes("0c94") }), "640002460c9420");
  t.is(hex({ kind: "write", page: new Uint8Array(256) }).slice(0, 8), "64010046");
  t.is(hex({ kind: "read", length: 128 }), "7400804620");
});

test("an answer is whole with its last byte, in whatever parts it comes", (t) => {
  const signature = { kind: "signature" } as const;
  for (const part of ["", "14", "141e", "141e950f"]) {
    t.deepEqual(answerTo(signature, bytes(part)), { kind: "incomplete" });
  }
  t.deepEqual(answerTo(signature, bytes("141e950f10")), { kind: "answer", data: bytes("1e950f") });
  t.deepEqual(answerTo({ kind: "sync" }, bytes("1410")), { kind: "answer", data: bytes("") });
});

test("what is no answer, or more than one, is told from one that is not whole", (t) => {
  for (const other of ["15", "1411", "141014", "001410"]) {
    t.deepEqual(answerTo({ kind: "sync" }, bytes(other)), { kind: "foreign" }, other);
  }
});
