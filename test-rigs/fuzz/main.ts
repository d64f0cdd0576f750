import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { fuzzCommands } from "./fuzz-commands.ts";
import { fuzzLine, LINES } from "./fuzz-line.ts";
import { fuzzPackets, PACKETS } from "./fuzz-packets.ts";
import { fuzzSparkplug } from "./fuzz-sparkplug.ts";
import { fuzzTelemetry, TELEMETRY } from "./fuzz-telemetry.ts";
import type { Tally } from "./tally.ts";

const { values } = asked({
  name: "npm run fuzz",
  about: `Answers, frames of telemetry and signed commands through each framer and what takes
them apart, most of them damaged. A frame that was not sent and is accepted is
wrong, unless its check sum is right by chance: CRC-16 leaves one in 2^16 random
frames of fitting form, none that differs within 16 bits in a row. Exits 1 where
one is wrong.`,
  options: {
    frames: { kind: "whole", least: 1, usual: 1_000_000, says: "how many through each" },
    seed: { kind: "whole", least: 0, usual: 1, says: "by which they are drawn" },
    only: {
      kind: "choice",
      of: ["rtu", "ascii", "tcp", "udp", "hj212", "sl651", "sparkplug", "commands"],
      says: "one of them alone",
    },
  },
});
const { frames, seed } = values;
const whole = new Intl.NumberFormat("en");
const say = (line: string) => process.stdout.write(`${line}\n`);

const FUZZES: Readonly<Record<string, () => Tally>> = {
  rtu: () => fuzzLine(LINES.rtu, frames, seed),
  ascii: () => fuzzLine(LINES.ascii, frames, seed),
  tcp: () => fuzzPackets(PACKETS.tcp, frames, seed),
  udp: () => fuzzPackets(PACKETS.udp, frames, seed),
  hj212: () => fuzzTelemetry(TELEMETRY.hj212, frames, seed),
  sl651: () => fuzzTelemetry(TELEMETRY.sl651, frames, seed),
  sparkplug: () => fuzzSparkplug(frames, seed),
  commands: () => fuzzCommands(frames, seed),
};

let [all, wrong, byChance] = [0, 0, 0];
for (const [name, fuzz] of Object.entries(FUZZES)) {
  if (values.only !== undefined && values.only !== name) continue;
  const started = performance.now();
  const tally = fuzz();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${name}: ${whole.format(tally.frames)} frames in ${seconds} s, seed ${seed}`);
  say(`  ${whole.format(tally.right)} accepted as they were sent, ${tally.wrong.length} wrong`);
  if (tally.oneIn !== null) {
    const fitting = tally.refused + tally.byChance;
    const expected = (fitting / tally.oneIn).toFixed(1);
    say(
      `  ${whole.format(fitting)} damaged frames of fitting form; of such the check sum lets one in`,
    );
    say(
      `  ${whole.format(tally.oneIn)} pass: ${expected} expected, ${tally.byChance} accepted by chance`,
    );
  }
  for (const text of tally.wrong) say(`  WRONG ${text}`);
  all += tally.frames;
  wrong += tally.wrong.length;
  byChance += tally.byChance;
}
const chance = `${byChance} whose check sum was right by chance`;
say(`${whole.format(all)} frames, ${wrong} wrongly taken for right, and ${chance}`);
process.exitCode = wrong > 0 || all === 0 ? 1 : 0;
