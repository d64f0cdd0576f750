import { readFileSync } from "node:fs";
import test from "ava";
import { gatewayHome } from "./gateway.ts";
import { NODE_FLAGS, nodeFlagsOf } from "./node-flags.ts";
test("npm start and npm run lifeline start Node with the same flags", (t) => {
    t.true(NODE_FLAGS.length > 0);
    t.deepEqual(nodeFlagsOf("start"), nodeFlagsOf("lifeline"));
});
test("the gateway that the tests and the bench start has the flags of the package", async (t) => {
    const home = gatewayHome("buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }");
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    const words = readFileSync(`/proc/${gateway.pid}/cmdline`, "utf8").split("\0");
    t.deepEqual(words.slice(1, 1 + NODE_FLAGS.length), [...NODE_FLAGS]);
});
