import { busPrograms } from "../bus.ts";
import { DEAD, healthyPeriods, LINE } from "../bus-dead.ts";
import { CLIENTS, oneRound, type Round, ratesOf } from "../bus-rate.ts";
import { tooEarly } from "../paced-line.ts";
import { quantile } from "../usage.ts";
import type { Effort, Section } from "./section.ts";

/** How much of what Modbus allows on a serial line each client makes of it, at real pace on a pty. */
export async function busSection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const programs = busPrograms();
  const speeds = isQuick ? [9600, 115_200] : [1200, 9600, 19_200, 115_200];
  const rounds = isQuick ? 1 : runs;
  const all = new Map<number, readonly Round[][]>();
  for (const baud of speeds) {
    const made = CLIENTS.map((): Round[] => []);
    for (let round = 1; round <= rounds; round++) {
      tell(`a line at ${baud} baud, round ${round} of ${rounds}`);
      for (const [at, who] of CLIENTS.entries()) {
        made[at]?.push(await oneRound(programs, who, baud, baud < 9600 ? 20 : isQuick ? 3 : 6));
      }
    }
    all.set(baud, made);
  }
  const each = (figure: (baud: number, round: Round) => number, name: string, isDrawn = false) =>
    [...all].map(([baud, made]) => ({
      ...{ name: `${baud} baud: ${name}`, digits: 1, isDrawn },
      cells: made.map((own) => own.map((round) => figure(baud, round))),
    }));
  return {
    title: "Bus utilisation",
    text: "Reads of 60 registers one after the other on a pty at the pace of the line: the median rate in % of what Modbus allows, both silences of 3.5 characters counted. Who is above 100 % sends before the silence is over, which half-duplex adapters and strict devices do not take.",
    columns: CLIENTS,
    rows: [
      ...each((baud, round) => ratesOf(baud, [round]).median, "rate, % of the legal", true),
      ...each(
        (baud, { heard }) => (100 * tooEarly(heard, baud)) / heard.length,
        "% of requests sent too early",
      ),
      ...each((_, { cpuUs }) => cpuUs, "CPU, µs a read"),
    ],
  };
}

/** What dead devices cost the others on a line, at real pace. */
export async function deadSection({ isQuick, tell }: Effort): Promise<Section> {
  const { line } = busPrograms();
  const seconds = isQuick ? 16 : 60;
  tell("dead devices");
  const all = await Promise.all(DEAD.map((dead) => healthyPeriods(line, dead, seconds)));
  const percent = (periods: readonly number[] = [], part: number) => [
    100 * quantile(periods, part),
  ];
  return {
    title: "Dead devices",
    text: `${LINE.devices} devices of ${LINE.registers} registers at ${LINE.baud} baud, to be read every ${LINE.everyMs / 1000} s with a time-out of ${LINE.timeoutMs} ms: the time from one read of a healthy device to the next, in % of the configured, ${seconds} s on lines of their own at the same time.`,
    columns: ["this gateway", "modbus-serial in a loop"].flatMap((who) => [
      `${who}: 50 %`,
      `${who}: 99 %`,
    ]),
    rows: DEAD.map((dead, at) => ({
      ...{ name: `${dead} of ${LINE.devices} dead`, digits: 1 },
      cells: (all[at] ?? []).flatMap((own) => [percent(own, 0.5), percent(own, 0.99)]),
      isDrawn: dead === DEAD.at(-1),
    })),
  };
}
