import test from "ava";
import { Conversation, type Heard } from "./conversation.ts";
import { withCrc } from "./crc16.ts";
import { damaged, hex, rtuAnswer, tcpFrame } from "./fake-link.ts";

const READ = withCrc(hex("0103 0064 0002"));
const WRITE = withCrc(hex("0106 0001 0003"));

const roles = (heard: readonly Heard[]) => heard.map(({ role }) => role);

function registersOf({ explanation }: Heard | Record<"explanation", Heard["explanation"]>) {
  return explanation.meanings[0]?.fields
    .filter(({ name }) => name === "register")
    .map(({ index, value }) => [index, value]);
}

test("an answer is understood by what was asked, once", (t) => {
  const talk = new Conversation("modbus-rtu");
  t.deepEqual(roles(talk.hear("request", READ)), ["request"]);
  const [answer] = talk.hear("answer", rtuAnswer(1, [7, 8])) as [Heard];
  t.is(answer.role, "answer");
  t.deepEqual(registersOf(answer), [
    [100, 7],
    [101, 8],
  ]);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["stray"]);
});

test("an answer of another unit, or to another function, is astray", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(2, [7, 8]))), ["stray"]);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8], 4))), ["stray"]);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["answer"]);
});

test("an answer with another count than was asked for is the answer, and faulty", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  const [answer] = talk.hear("answer", rtuAnswer(1, [7])) as [Heard];
  t.is(answer.role, "answer");
  t.like(answer.explanation.faults[0], { kind: "not-asked", data: { what: "count" } });
});

test("the answer to a request that was given up is late", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  talk.giveUp();
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["late"]);
});

test("a late answer is known also when another unit has been asked meanwhile", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  talk.hear("request", withCrc(hex("0203 0000 0001")));
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["late"]);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(2, [9]))), ["answer"]);
});

test("an adapter that hears itself is known, alone and with the answer behind", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  t.deepEqual(roles(talk.hear("answer", READ)), ["echo"]);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["answer"]);
  talk.hear("request", READ);
  const both = Uint8Array.of(...READ, ...rtuAnswer(1, [7, 8]));
  t.deepEqual(roles(talk.hear("answer", both)), ["echo", "answer"]);
});

test("the answer to a write repeats it and is no echo, unless it comes twice", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", WRITE);
  t.deepEqual(roles(talk.hear("answer", WRITE)), ["answer"]);
  talk.hear("request", WRITE);
  t.deepEqual(roles(talk.hear("answer", Uint8Array.of(...WRITE, ...WRITE))), ["echo", "answer"]);
});

test("damaged bytes do not take the answer's place", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  t.deepEqual(roles(talk.hear("answer", damaged(rtuAnswer(1, [7, 8]), 4))), ["damaged"]);
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["answer"]);
});

test("an answer in noise is the answer, behind the whole with its noise", (t) => {
  const talk = new Conversation("modbus-rtu");
  talk.hear("request", READ);
  const noisy = Uint8Array.of(0, ...rtuAnswer(1, [7, 8]), 0xff);
  const [whole, answer] = talk.hear("answer", noisy) as [Heard, Heard];
  t.like(whole, { role: "damaged", explanation: { hints: [{ kind: "frame-inside" }] } });
  t.like(answer, { role: "answer", asked: { address: 100 } });
});

test("a capture that begins with an answer has nothing astray", (t) => {
  const talk = new Conversation("modbus-rtu");
  t.deepEqual(roles(talk.hear("answer", rtuAnswer(1, [7, 8]))), ["answer"]);
});

test("frames whose direction nobody told are paired where they fit", (t) => {
  const talk = new Conversation("modbus-rtu");
  t.deepEqual(roles(talk.hear(null, READ)), ["request"]);
  const [answer] = talk.hear(null, rtuAnswer(1, [7, 8])) as [Heard];
  t.like(answer, { role: "answer", asked: { address: 100 } });
  talk.hear(null, READ);
  const [other] = talk.hear(null, rtuAnswer(1, [7, 8, 9])) as [Heard];
  t.like(other, { role: "answer", asked: null, explanation: { faults: [] } });
});

test("over TCP several requests are open at a time, and answers come in any order", (t) => {
  const talk = new Conversation("modbus-tcp");
  talk.hear("request", tcpFrame(1, [1, 3, 0, 0, 0, 1]));
  talk.hear("request", tcpFrame(2, [1, 3, 0, 9, 0, 1]));
  const bytes = Uint8Array.of(
    ...tcpFrame(2, [1, 3, 2, 0, 5]),
    ...tcpFrame(1, [1, 3, 2, 0, 6]),
    ...tcpFrame(3, [1, 3, 2, 0, 7]),
  );
  const heard = talk.hear("answer", bytes);
  t.deepEqual(roles(heard), ["answer", "answer", "stray"]);
  t.deepEqual(heard.slice(0, 2).map(registersOf), [[[9, 5]], [[0, 6]]]);
});
