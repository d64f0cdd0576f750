import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openAuthority } from "../processes/certificates.ts";
import { fakeClock } from "../processes/faketime.ts";
import type { Fault } from "./fault.ts";
import { isAway, openSite } from "./site.ts";
import { startBroker, to } from "./uplink-faults.ts";

const DAY_S = 86_400;

/** What can be wrong with the time of a machine. */
export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: "the broker's certificate seems early because the clock is a month behind",
    expected: "clock.behind",
    subject: "clock",
    isQuick: true,
    examine: async (bench) => {
      const authority = openAuthority();
      const broker = await startBroker(bench, { tls: authority.issue({ name: "localhost" }) });
      const centre = to(broker.url, `, tls: { ca: ${authority.cert} }`);
      const env = fakeClock({ offS: -30 * DAY_S });
      const site = await openSite(bench, { ...centre, env, isSynced: false });
      await site.start();
      await site.until("no session", isAway);
      return site.examine();
    },
  },
  {
    name: "nobody sets the clock",
    expected: "clock.unsynced",
    subject: "clock",
    isQuick: false,
    examine: async (bench) => {
      const site = await openSite(bench, { isSynced: false });
      const said = "printf 'NTP=yes\\nNTPSynchronized=no\\n'";
      const script = `#!/bin/sh\ncase "$*" in *--value*) echo no ;; show) ${said} ;; *) exit 1 ;; esac\n`;
      writeFileSync(join(bench.dir, "timedatectl"), script, { mode: 0o755 });
      await site.start();
      await site.until("its state known", ({ time }) => time.state === "unsynced");
      return site.examine({ env: { PATH: `${bench.dir}:/usr/sbin:/usr/bin:/sbin:/bin` } });
    },
  },
  {
    name: "the clock runs away and is set again and again",
    expected: "clock.drifting",
    subject: "clock",
    isQuick: false,
    examine: async (bench) => {
      const file = join(bench.dir, "offset");
      writeFileSync(file, "+0\n");
      const site = await openSite(bench, { env: fakeClock({ file }) });
      await site.start();
      for (const offset of [2, 4, 6, 8]) {
        await sleep(1_500);
        writeFileSync(file, `+${offset}\n`);
        await site.until(
          "it noticed",
          ({ time: { lastStep } }) => (lastStep?.agoMs ?? 1e9) < 1_400,
        );
      }
      await sleep(1_500);
      return site.examine();
    },
  },
];
