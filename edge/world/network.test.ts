import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { machineIn } from "../../test-rigs/sim/file-tree.ts";
import { neighboursIn, networkOf, routes6In, routesIn } from "./network.ts";

test("links are told with signal and addresses, cable and radio apart", (t) => {
  const roots = machineIn(tempDir("network"), {
    "sys/class/net/lo/operstate": "unknown",
    "sys/class/net/eth0/operstate": "down",
    "sys/class/net/eth0/carrier": "0",
    "sys/class/net/eth0/type": "1",
    "sys/class/net/wlan0/operstate": "up",
    "sys/class/net/wlan0/carrier": "1",
    "sys/class/net/wlan0/type": "1",
    "sys/class/net/wlan0/phy80211/name": "phy0",
    "sys/class/net/wwan0/operstate": "down",
    "sys/class/net/wwan0/type": "65534",
    "etc/resolv.conf": "# made by hand\nnameserver 192.168.8.1\nnameserver fe80::1",
  });
  const address = (text: string) => ({ address: text }) as never;
  const interfaces = {
    wlan0: [address("192.168.8.20"), address("fe80::5"), address("169.254.3.4")],
  };
  const { links, nameServers, defaultRoutes } = networkOf(roots, interfaces);
  t.deepEqual(links, [
    { name: "eth0", kind: "cable", state: "down", hasCarrier: false, addresses: [] },
    { name: "wlan0", kind: "radio", state: "up", hasCarrier: true, addresses: ["192.168.8.20"] },
    { name: "wwan0", kind: "other", state: "down", hasCarrier: null, addresses: [] },
  ]);
  t.deepEqual(nameServers, ["192.168.8.1", "fe80::1"]);
  t.deepEqual(defaultRoutes, []);
});

test("the default route is the one that is up and leads everywhere, its bytes turned round", (t) => {
  const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask";
  const rows = [
    "eth0\t00000000\t0108A8C0\t0003\t0\t0\t0\t00000000",
    "eth0\t0008A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF",
    "ppp0\t00000000\t0101000A\t0002\t0\t0\t0\t00000000",
  ];
  t.deepEqual(routesIn([head, ...rows].join("\n")), [{ via: "192.168.8.1", link: "eth0" }]);
});

test("where IPv6 leads nowhere the kernel's own refusal is no route", (t) => {
  const any = "0".repeat(32);
  const row = (via: string, link: string) =>
    `${any} 00 ${any} 00 ${via} 00000400 00000001 00000000 00000003     ${link}`;
  t.deepEqual(routes6In(row(any, "lo")), []);
  const via = "fe80000000000000000000000000000a";
  t.deepEqual(routes6In(row(via, "eth0")), [
    { via: "fe80:0000:0000:0000:0000:0000:0000:000a", link: "eth0" },
  ]);
});

test("a neighbour that was asked for and is silent is told apart from one that answers", (t) => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
192.168.8.1      0x1         0x2         00:11:22:33:44:55     *        eth0
192.168.8.9      0x1         0x0         00:00:00:00:00:00     *        eth0`;
  t.deepEqual(neighboursIn(text), [
    { address: "192.168.8.1", answers: true },
    { address: "192.168.8.9", answers: false },
  ]);
});
