import test from "ava";
import { type HostState, hostStateIn, nextHostState } from "./host-state.ts";
import { nextNumber } from "./sequence.ts";

const said = (text: string) => hostStateIn(Buffer.from(text));

test("both counts begin at 0 and go from 255 to 0 again", (t) => {
  t.is(nextNumber(null), 0);
  t.is(nextNumber(0), 1);
  t.is(nextNumber(255), 0);
});

test("a host says whether it is there in JSON, with the time", (t) => {
  t.deepEqual(said('{"online":true,"timestamp":5}'), { isOnline: true, timestamp: 5 });
  t.deepEqual(said('{"online":false,"timestamp":5,"more":1}'), { isOnline: false, timestamp: 5 });
});

test("what is nothing that a host says is not taken for it", (t) => {
  for (const text of [
    "ONLINE",
    "",
    "null",
    "[]",
    '{"online":"true","timestamp":5}',
    '{"online":true}',
  ]) {
    t.is(said(text), null, text);
  }
  t.is(hostStateIn(Uint8Array.of(0xff)), null);
});

test("an older word than the last one is ignored, one of the same time is not", (t) => {
  const online: HostState = { isOnline: true, timestamp: 10 };
  const offline = (timestamp: number): HostState => ({ isOnline: false, timestamp });
  t.deepEqual(nextHostState(null, online), online);
  t.deepEqual(nextHostState(online, offline(9)), online);
  t.deepEqual(nextHostState(online, offline(10)), offline(10));
  t.deepEqual(nextHostState(online, offline(11)), offline(11));
});
