import test from "ava";
import { isLoopback, listenAt } from "./listen-at.ts";

test("an address is told from its port, IPv6 in brackets too", (t) => {
  t.deepEqual(listenAt("127.0.0.1:9464"), { host: "127.0.0.1", port: 9464 });
  t.deepEqual(listenAt("[::1]:80"), { host: "::1", port: 80 });
});

test("only what no other machine reaches is this machine's own", (t) => {
  for (const own of ["127.0.0.1:1", "127.8.0.1:1", "localhost:1", "[::1]:1"]) {
    t.true(isLoopback(listenAt(own)), own);
  }
  for (const open of ["0.0.0.0:1", "[::]:1", "192.168.1.2:1", "127.example.org:1"]) {
    t.false(isLoopback(listenAt(open)), open);
  }
});
