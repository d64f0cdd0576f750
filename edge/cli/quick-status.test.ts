import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { serveControl } from "../world/control-socket.ts";
import { quickPlace, quickStatus } from "./quick-status.ts";

function fileOf(yaml: string): string {
  const file = join(tempDir("quick"), "gateway.yaml");
  writeFileSync(file, yaml);
  return file;
}

test("the socket and the database are found where the configuration puts them", async (t) => {
  const place = (yaml: string) => quickPlace(fileOf(yaml));
  t.deepEqual(await place("gateway: { id: gw }"), {
    gateway: "gw",
    socket: "/var/lib/lifeline/control.sock",
    database: "/var/lib/lifeline/lifeline.db",
  });
  t.like(await place("gateway: { id: gw }\nbuffer: { dir: /a }\ncontrol: { socket: /b.sock }"), {
    socket: "/b.sock",
    database: "/a/lifeline.db",
  });
  const file = fileOf("gateway: { id: gw }\nbuffer: { dir: data }");
  t.is((await quickPlace(file))?.socket, join(file, "..", "data", "control.sock"));
});

test("what is odd about a configuration is left to who reads it whole", async (t) => {
  for (const yaml of ["", "[", "gateway: {}", "gateway: { id: 7 }", "buffer: { dir: /a }"]) {
    t.is(await quickPlace(fileOf(yaml)), null, yaml);
  }
  t.is(await quickPlace(fileOf("gateway: { id: gw }\nbuffer: { dir: '${" + "env:DIR}' }")), null);
  t.is(await quickPlace("/no/such.yaml"), null);
});

test("only the gateway that the configuration is for is believed", async (t) => {
  const file = fileOf("gateway: { id: gw-0001 }\nbuffer: { dir: . }");
  t.is(await quickStatus(file), null, "none runs");
  const server = await serveControl(
    join(file, "..", "control.sock"),
    () => aStatus(),
    () => {},
  );
  t.teardown(() => server.close());
  t.like(await quickStatus(file), { gateway: "gw-0001" });
  writeFileSync(file, "gateway: { id: gw-2 }\nbuffer: { dir: . }");
  t.is(await quickStatus(file), null);
});
