import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testWith } from "../debian/test-with.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { until } from "./rig.ts";

/** Listens where a supervisor does, and prints each message as it comes. */
const SUPERVISOR = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("listening", flush=True)
while True: print(s.recv(4096).decode().replace("\\n", " "), flush=True)
`;

const NOWHERE = "buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";

testWith("python3", "systemd")(
  "a supervisor hears that the gateway runs, that it goes on, and that it ends",
  async (t) => {
    const home = gatewayHome(NOWHERE);
    const socket = join(home.dir, "notify");
    const supervisor = startChild("python3", ["-c", SUPERVISOR, socket]);
    await supervisor.waitFor(/listening/, 20_000);
    const gateway = await home.start({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: "1500000" });
    await supervisor.waitFor(/READY=1.*STATUS=gateway gw-test runs/, 20_000);
    const beats = () => supervisor.lines.filter((line) => line.includes("WATCHDOG=1")).length;
    await until("it tells again and again that it goes on", 20_000, async () => beats() >= 4);
    await gateway.end("SIGTERM");
    await supervisor.waitFor(/STOPPING=1/, 20_000);
    t.is(await gateway.exited, 0);
    await supervisor.end("SIGTERM");
  },
);

testWith("systemd")("a gateway that was killed says so at its next start", async (t) => {
  const home = gatewayHome(NOWHERE);
  const first = await home.start();
  t.is((await home.status()).start?.found, "first");
  await first.end("SIGKILL");
  const second = await home.start();
  t.like((await home.status()).start, { found: "killed", inLastHour: 2 });
  await second.end("SIGTERM");
  const third = await home.start();
  t.is((await home.status()).start?.found, "stopped");
  await third.end("SIGTERM");
});

const UNITS = fileURLToPath(new URL("../../ota/systemd", import.meta.url));

testWith("systemd")("the services are exposed to less than 2.0 of 10", async (t) => {
  for (const unit of ["lifeline.service", "lifeline-update.service", "lifeline-seal.service"]) {
    const asked = ["security", "--offline=true", join(UNITS, unit)];
    const { stdout } = await promisify(execFile)("systemd-analyze", asked);
    const exposure = /exposure level for lifeline[^:]*: ([\d.]+)/.exec(stdout)?.[1];
    t.true(Number(exposure) < 2, `${unit}: ${exposure}`);
  }
});
