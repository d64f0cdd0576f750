import type { Cases } from "../titles/cases.ts";

/** What is promised to who relies on a gateway, and what shows that it is kept. */
export type Promised = {
  /** Its name in `results.json` and behind `--only`. */
  readonly name: string;
  /** A sentence that somebody who relies on it cares about. */
  readonly promise: string;
  /**
   * Proves it, typed in a checkout: exit code 0 where the promise is kept; the last line that it
   * prints is the verdict. As root where the command's own page says so.
   */
  readonly command: string;
  /** The command is ended, and nothing proved, after so long. */
  readonly minutes: number;
  /** Tests of each commit that fail where the promise is broken. */
  readonly tests: readonly Cases[];
};

/** What the gateway promises, the gravest first. */
export const PROMISES: readonly Promised[] = [
  {
    name: "killed",
    promise: "What a gateway announced as stored is there, whenever its process is killed.",
    command: "npm run kills -- --times 500",
    minutes: 30,
    tests: [
      { file: "test-rigs/kill/kills.test.ts", matching: /kills all that was announced/, least: 1 },
      { file: "test-rigs/field/gateway-killed.test.ts", matching: /killed at up to/, least: 1 },
    ],
  },
  {
    name: "power-cut",
    promise: "A power cut costs no acknowledged reading, and the buffer always opens again.",
    command: "npm run power-cuts -- --cuts 200",
    minutes: 60,
    tests: [
      { file: "test-rigs/power-cut/power-cut.test.ts", matching: /power cut/, least: 4 },
      { file: "test-rigs/power-cut/judge.test.ts", matching: /./, least: 9 },
    ],
  },
  {
    name: "chaos",
    promise:
      "Each reading arrives once, and true, through cut, lossy and one-way networks, frozen and killed processes, full disks and wrong clocks.",
    command: "npm run chaos",
    minutes: 60,
    tests: [
      { file: "test-rigs/chaos/chaos.test.ts", matching: /delivers all of it once/, least: 1 },
    ],
  },
  {
    name: "disasters",
    promise:
      "Alarms, interlocks, readings and commands stay right through drawn disasters of lines, clocks, power and networks.",
    command: "npm run swarm -- --seeds 200 --seed 1001",
    minutes: 60,
    tests: [
      { file: "test-rigs/swarm/seeds-1.test.ts", matching: /./, least: 1 },
      { file: "test-rigs/swarm/seeds-51.test.ts", matching: /./, least: 1 },
      { file: "test-rigs/mutants/mutants.test.ts", matching: /./, least: 2 },
    ],
  },
  {
    name: "judges",
    promise: "The judges of that are not blind: faults planted in the program are found.",
    command: "npm run swarm:mutants",
    minutes: 120,
    tests: [{ file: "test-rigs/mutants/mutants.test.ts", matching: /./, least: 2 }],
  },
  {
    name: "damage",
    promise:
      "A damaged, foreign or late frame is never taken for a measurement or a command, but by the chance that its check sum leaves.",
    command: "npm run fuzz -- --frames 100000",
    minutes: 30,
    tests: [{ file: "test-rigs/fuzz/fuzz.test.ts", matching: /of \d+ (answers|frames)/, least: 6 }],
  },
  {
    name: "doctor",
    promise:
      "The doctor names the cause of a fault, without a network, and is silent where none is.",
    command: "npm run faults",
    minutes: 30,
    tests: [
      { file: "test-rigs/faults/faults.test.ts", matching: /doctor names the cause/, least: 30 },
      { file: "test-rigs/faults/healthy.test.ts", matching: /nothing is found/, least: 1 },
    ],
  },
  {
    name: "update",
    promise:
      "The gateway rolls back by itself from a release that crashes, hangs, leaks or spoils the buffer.",
    command: "npm run stories",
    minutes: 30,
    tests: [
      {
        file: "test-rigs/nspawn/unit.test.ts",
        matching: /^a release that comes .* (kept|gone back from)/,
        least: 2,
      },
    ],
  },
  {
    name: "update-cut",
    promise: "A power cut at any step of an update leaves a box that starts and goes on.",
    command: "npm run power-cuts -- --updates",
    minutes: 120,
    tests: [{ file: "test-rigs/power-cut/each-step.test.ts", matching: /cut off/, least: 1 }],
  },
  {
    name: "bad-line",
    promise:
      "A release arrives over 20 kbit/s with cuts and outages, and what has come is not paid for again.",
    command: "npm run bad-line",
    minutes: 30,
    tests: [{ file: "test-rigs/bad-line/bad-line.test.ts", matching: /./, least: 1 }],
  },
  {
    name: "attacks",
    promise: "Thirty attacks on updates and identities are refused, and change nothing.",
    command: "npx ava test-rigs/attacks/*.test.ts ota/trust/*.test.ts ota/install/*.test.ts",
    minutes: 30,
    tests: [{ file: "test-rigs/attacks/rows.test.ts", matching: /./, least: 2 }],
  },
  {
    name: "sealed",
    promise:
      "A gateway's key and passwords are sealed to its machine, and a sealed key opens nowhere else.",
    command: "npm run seal-by-tpm",
    minutes: 10,
    tests: [{ file: "test-rigs/nspawn/seal.test.ts", matching: /./, least: 1 }],
  },
  {
    name: "cost",
    promise:
      "No cost grows faster than what causes it, from 100 to 10,000 points a second, to 250 devices, five destinations and a backlog of 30 days.",
    command: "npm run bench -- --quick --only growth",
    minutes: 40,
    tests: [{ file: "test-rigs/bench/report/report.test.ts", matching: /./, least: 5 }],
  },
  {
    name: "boots",
    promise:
      "A hundred bare cards are a hundred known gateways within a minute, one identity each.",
    command: "npm run boots",
    minutes: 20,
    tests: [
      {
        file: "test-rigs/field/enrolment-killed.test.ts",
        matching: /exactly one identity/,
        least: 1,
      },
    ],
  },
  {
    name: "growth",
    promise: "A gateway that runs for long takes no more memory, files or disk than at first.",
    command: "npm run soak -- real",
    minutes: 90,
    tests: [{ file: "test-rigs/soak/soak.test.ts", matching: /./, least: 4 }],
  },
  {
    name: "fleet",
    promise: "A thousand gateways deliver all they have, though one of three brokers is killed.",
    command: "npm run fleet-load -- --broker nats",
    minutes: 20,
    tests: [{ file: "test-rigs/fleet-load/tally.test.ts", matching: /./, least: 1 }],
  },
];
