import test from "ava";
import { clockSourceIn } from "./clock-source.ts";

const NOTHING = { shown: null, status: null, chrony: null };

test("where nobody answers nothing is known of who sets the clock", (t) => {
  t.deepEqual(clockSourceIn(NOTHING), {
    isSynced: null,
    isEnabled: null,
    daemon: null,
    server: null,
    offMs: null,
    driftPpm: null,
  });
});

test("timesyncd tells its server, how far off the clock is and how fast it goes wrong", (t) => {
  const status = `       Server: 203.107.6.88 (ntp.aliyun.com)
Poll interval: 34min 8s (min: 32s; max 34min 8s)
         Leap: normal
       Offset: -1.264ms
        Delay: 30.1ms
    Frequency: -213.530ppm`;
  const shown = "Timezone=Asia/Shanghai\nNTP=yes\nNTPSynchronized=yes";
  t.deepEqual(clockSourceIn({ ...NOTHING, shown, status }), {
    isSynced: true,
    isEnabled: true,
    daemon: "timesyncd",
    server: "203.107.6.88",
    offMs: 1.264,
    driftPpm: 213.53,
  });
  const far = status.replace("-1.264ms", "+1min 2.5s");
  t.is(clockSourceIn({ ...NOTHING, status: far }).offMs, 62_500);
});

test("chrony is believed before timesyncd, and follows nobody by its own clock", (t) => {
  const chrony =
    "CB006BD8,203.0.107.216,3,1764000000.1,0.001500000,-0.0001,0.0002,-18.532,0.01,0.2,0.02,0.001,64.2,Normal";
  t.like(clockSourceIn({ ...NOTHING, chrony }), {
    daemon: "chrony",
    server: "203.0.107.216",
    offMs: 1.5,
    driftPpm: 18.532,
  });
  const alone = chrony.replace("CB006BD8,203.0.107.216,3", "7F7F0101,,10");
  t.like(clockSourceIn({ ...NOTHING, chrony: alone }), { daemon: "chrony", server: null });
});
