import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openAuthority, type Request } from "../processes/certificates.ts";
import { startChild } from "../processes/child.ts";
import { freePort, type MosquittoSettings, startMosquitto } from "../processes/mosquitto.ts";
import type { Bench, Fault } from "./fault.ts";
import { openNetwork } from "./network.ts";
import { isAway, isConnected, openSite, type SiteSettings } from "./site.ts";

const DAY_MS = 86_400_000;

/** What can be wrong on the way to a platform. */
export const UPLINK_FAULTS: readonly Fault[] = [
  {
    name: "the broker does not run",
    expected: "uplink.refused",
    subject: "centre",
    isQuick: true,
    examine: async (bench) => {
      const broker = await startBroker(bench);
      const site = await openSite(bench, to(broker.url));
      await site.start();
      await site.until("a session", isConnected);
      await broker.kill();
      await site.until("the broker gone", isAway);
      return site.examine();
    },
  },
  {
    name: "the host of the broker is switched off",
    expected: "uplink.host-down",
    subject: "centre",
    isQuick: false,
    needsRoot: true,
    examine: async (bench) => {
      const network = openNetwork(bench, { address: "10.9.7.1/24", router: "10.9.7.254" });
      const site = await openSite(bench, { ...to("mqtt://10.9.7.2:1883"), wrap: network.wrap });
      await site.start();
      await site.until("nobody reached", isAway);
      return site.examine();
    },
  },
  {
    name: "a firewall drops what goes to the broker's port",
    expected: "uplink.filtered",
    subject: "centre",
    isQuick: false,
    examine: async (bench) => {
      const port = await openDropping(bench);
      const site = await openSite(bench, to(`mqtt://127.0.0.1:${port}`));
      await site.start();
      await site.until("nobody reached", isAway);
      return site.examine();
    },
  },
  {
    name: "the cable of the network is out",
    expected: "network.no-link",
    subject: "network",
    isQuick: true,
    needsRoot: true,
    examine: async (bench) => {
      const network = openNetwork(bench, { address: "10.9.8.1/24", router: "10.9.8.2" });
      network.unplug();
      const site = await openSite(bench, { ...to("mqtt://10.9.9.9:1883"), wrap: network.wrap });
      await site.start();
      await site.until("nobody reached", isAway);
      return site.examine();
    },
  },
  {
    name: "no name server answers",
    expected: "network.dns-down",
    subject: "DNS",
    isQuick: false,
    needsRoot: true,
    examine: async (bench) => {
      const network = openNetwork(bench, { address: "10.9.6.1/24", router: "10.9.6.254" });
      const url = "mqtt://broker.centre.example:1883";
      const site = await openSite(bench, { ...to(url), wrap: network.wrap });
      await site.start();
      await site.until("nobody reached", isAway);
      return site.examine();
    },
  },
  {
    name: "the name of the broker is misspelt",
    expected: "uplink.name-unknown",
    subject: "centre",
    isQuick: false,
    examine: async (bench) => {
      // No server knows a name of this domain, and none is asked for it (RFC 6761, 6.3 and 6.4).
      const site = await openSite(bench, to("mqtt://centre.invalid:1883"));
      await site.start();
      await site.until("nobody reached", isAway);
      return site.examine();
    },
  },
  {
    name: "the password is wrong",
    expected: "uplink.login",
    subject: "centre",
    isQuick: true,
    examine: async (bench) => {
      const passwords = join(bench.dir, "passwords");
      execFileSync("mosquitto_passwd", ["-b", "-c", passwords, "gw", "right"]);
      const broker = await startBroker(bench, { passwords });
      const file = join(bench.dir, "password");
      writeFileSync(file, "wrong\n", { mode: 0o600 });
      const login = `, username: gw, password: "\${file:${file}}"`;
      const site = await openSite(bench, to(broker.url, login));
      await site.start();
      await site.until("no session", isAway);
      return site.examine();
    },
  },
  {
    name: "the user may not publish",
    expected: "uplink.not-authorised",
    subject: "centre",
    isQuick: true,
    examine: async (bench) => {
      const acl = join(bench.dir, "acl");
      writeFileSync(acl, "topic read lifeline/#\n");
      const broker = await startBroker(bench, { lines: [`acl_file ${acl}`] });
      const site = await openSite(bench, to(broker.url));
      await site.start();
      // Of what is refused the first tells: that it is online, or readings.
      await site.until("a refusal", ({ destinations: [centre] }) => {
        return /refused$/.test(centre?.trouble ?? "");
      });
      return site.examine();
    },
  },
  {
    name: "nobody at the broker subscribes",
    expected: "uplink.no-subscriber",
    subject: "centre",
    isQuick: false,
    examine: async (bench) => {
      const broker = await startBroker(bench);
      const site = await openSite(bench, to(broker.url));
      await site.start();
      const isHeld = "no-subscriber";
      await site.until("a hold", ({ destinations: [centre] }) => centre?.trouble === isHeld);
      return site.examine();
    },
  },
  certificateFault("the broker's certificate has expired", "uplink.certificate-expired", {
    fromMs: -100 * DAY_MS,
    toMs: -2 * DAY_MS,
  }),
  certificateFault(
    "the broker's certificate is made out for later, and the clock is right",
    "uplink.certificate-early",
    { fromMs: 3 * DAY_MS, toMs: 100 * DAY_MS },
  ),
  certificateFault("the broker's certificate is for another name", "uplink.certificate-name", {
    name: "other.example",
  }),
  {
    name: "the broker's certificate is of an unknown authority",
    expected: "uplink.certificate-issuer",
    subject: "centre",
    isQuick: false,
    examine: async (bench) => {
      const [trusted, other] = [openAuthority(), openAuthority("Another Root")];
      const broker = await startBroker(bench, { tls: other.issue({ name: "localhost" }) });
      const site = await openSite(bench, to(broker.url, `, tls: { ca: ${trusted.cert} }`));
      await site.start();
      await site.until("no session", isAway);
      return site.examine();
    },
  },
];

/** A certificate of the trusted authority that is not as it should be. */
function certificateFault(
  name: string,
  expected: Fault["expected"],
  request: Partial<Request>,
): Fault {
  return {
    name,
    expected,
    subject: "centre",
    isQuick: expected !== "uplink.certificate-name",
    examine: async (bench) => {
      const authority = openAuthority();
      const tls = authority.issue({ name: "localhost", ...request });
      const broker = await startBroker(bench, { tls });
      const site = await openSite(bench, to(broker.url, `, tls: { ca: ${authority.cert} }`));
      await site.start();
      await site.until("no session", isAway);
      return site.examine();
    },
  };
}

/** One destination at `url`; `more` are more of its keys. */
export function to(url: string, more = ""): Pick<SiteSettings, "destinations"> {
  return { destinations: `{ centre: { kind: mqtt, url: "${url}"${more} } }` };
}

/** A broker that ends with `bench`. */
export async function startBroker(bench: Bench, settings: MosquittoSettings = {}) {
  const broker = await startMosquitto(settings);
  bench.defer(() => broker.close());
  return broker;
}

/** A listener whose queue is full: the kernel drops what more is sent there, as a firewall does. */
async function openDropping(bench: Bench): Promise<number> {
  const port = await freePort();
  const child = startChild("python3", ["-u", "-c", DROPPING, String(port)]);
  bench.defer(() => child.end("SIGKILL"));
  await child.waitFor(/full/, 10_000);
  return port;
}

const DROPPING = `
import socket, sys, time
place = ("127.0.0.1", int(sys.argv[1]))
door = socket.socket()
door.bind(place)
door.listen(0)
kept = []
for _ in range(4):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(place)
    kept.append(one)
time.sleep(0.2)
print("full")
time.sleep(300)
`;
