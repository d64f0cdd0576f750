/** What stands exactly once in a file, and what takes its place. */
type Patch = { readonly find: string; readonly put: string };

/** A fault as a text patch: it is made in a copy of the sources, never in the sources themselves. */
export type Mutant = Patch & {
  /** What is wrong then. */
  readonly name: string;
  readonly file: string;
  /** What else has to be changed in that file. */
  readonly also?: Patch;
};

/** What the swarm has to find, each within two hundred seeds. */
export const MUTANTS: readonly Mutant[] = [
  {
    // modbus-serial looks at the check sum once more: here it is given a right one.
    name: "a missing CRC check: a frame is taken whatever its check sum",
    file: "drivers/modbus/rtu-framer.ts",
    find: 'if (!passesCrc(this.#bytes, at, end)) return { kind: "damaged", isException };\n',
    put: "this.#bytes.set(withCrc(this.#bytes.slice(at, end - 2)), at);\n",
    also: {
      find: 'import { passesCrc } from "./crc16.ts";',
      put: 'import { passesCrc, withCrc } from "./crc16.ts";',
    },
  },
  {
    name: "a missing fsync: a commit counts as durable while it is only written",
    file: "buffer/log-flush.ts",
    find: "    fdatasyncSync(this.#log);\n",
    put: "",
  },
  {
    name: "a late answer counts as the answer to the next request",
    file: "drivers/modbus/holds.ts",
    find: "until: after(now, this.#settings.graceMs), owed }",
    put: "until: after(now, this.#settings.graceMs / 20), owed }",
  },
  {
    name: "an ack before publish: a message counts as delivered before the broker has answered",
    file: "edge/forward/forwarder.ts",
    find: "settle(isTaken);",
    put: "settle(true || isTaken);",
  },
  {
    name: "the cursor goes one message too far",
    file: "edge/forward/outbox.ts",
    find: "        lane.acknowledged(seq);\n        this.#noteDelivered(kind);",
    put: "        lane.acknowledged(seq);\n        lane.acknowledged(seq + 1);\n        this.#noteDelivered(kind);",
  },
  {
    name: "what the disk refused is forgotten",
    file: "edge/recorder.ts",
    find: "    this.#unstored.putBack(load);\n",
    put: "",
  },
  {
    name: "an event is announced though its commit was not flushed or stored",
    file: "edge/recorder.ts",
    find: "      this.#putBack(load, error);\n      return false;",
    put: "      this.#putBack({ ...load, told: { ...load.told, events: [] } }, error);\n      return false;",
  },
  {
    name: "the seqs begin again where the messages ended that are still stored",
    file: "buffer/numbered.ts",
    find: "const first = this.head + 1;",
    put: "const first = this.head + (this.head % 40 === 39 ? 2 : 1);",
  },
  {
    name: "the state of an alarm is not stored with its event",
    file: "edge/event-queue.ts",
    find: "if (memory !== null) this.#alarms.set(memory.alarm, memory);",
    put: "",
  },
  {
    name: "an alarm is raised without its delay",
    file: "edge/core/alarm-life.ts",
    find: "if (uptime - since < delayMs) {",
    put: "if (uptime - since < 0) {",
  },
  {
    name: "a value that is not known ends an alarm",
    file: "edge/core/alarm-life.ts",
    find: 'if (verdict !== (isOn ? "back" : "tripped")) {',
    put: 'if (verdict !== (isOn ? "back" : "tripped") && !(isOn && verdict === "unknown")) {',
  },
  {
    name: "a wrong state transition: an acknowledged alarm that returns is to be acknowledged again",
    file: "edge/core/alarm-life.ts",
    find: 'return rule.latch ? "latched-acknowledged" : "normal";',
    put: 'return rule.latch ? "latched-acknowledged" : "returned-unacknowledged";',
  },
  {
    name: "an interlock is not released",
    file: "edge/interlock/machine.ts",
    find: `      if (demand !== null) return null;
      return isOver(state.onSince, rule.minOnMs, now)
        ? letGo(at, state, { cause: "returned" })
        : move(state, "holding", { cause: "returned" }, {});`,
    put: "      return null;",
  },
  {
    name: "a command is carried out twice",
    file: "edge/command/claims.ts",
    find: `  if (memory.ids.includes(id)) return refused("command.replay", \`the id \${id} was given before\`);
  const last = memory.counters[fingerprint] ?? 0;
  if (counter > last) return null;`,
    put: "  const last = memory.counters[fingerprint] ?? 0;\n  if (counter > 0 || id === '') return null;",
  },
  {
    name: "a command is carried out when its time is over",
    file: "edge/command/claims.ts",
    find: "if (at >= expires) return",
    put: "if (at >= expires * 2) return",
  },
  {
    name: "a restart is permitted while an alarm stands and an interlock acts",
    file: "edge/update/permission.ts",
    find: "if (acting !== undefined) {",
    put: "if (acting !== acting) {",
    also: { find: "if (standing !== undefined) {", put: "if (standing !== standing) {" },
  },
  {
    name: "which steps of an update were told is not remembered",
    file: "edge/update/updating.ts",
    find: "    if (end !== told) inside.noteTold(end);\n",
    put: "",
  },
  {
    name: "the quality of a value is not carried on",
    file: "edge/core/batch.ts",
    find: "const q = isGood ? null : qualitiesOf(group, i);",
    put: "const q: Quality[] | null = isGood || i >= 0 ? null : qualitiesOf(group, i);",
  },
  {
    name: "the grid is left after each reading",
    file: "edge/acquire/timetable.ts",
    find: "const next = nextDue(this.#start, task.everyMs, now);",
    put: "const next = nextDue(this.#start, 2 * task.everyMs, now);",
  },
  {
    name: "what a device says of itself is not heeded",
    file: "edge/measure/checks-device.ts",
    find: '  return state === "out-of-specification" ? state : null;\n',
    put: "  return null;\n",
  },
];

/** `text` of the file of `mutant` with its fault; throws where what it changes is not there, once. */
export function planted(text: string, { name, file, find, put, also }: Mutant): string {
  const patches = also === undefined ? [{ find, put }] : [{ find, put }, also];
  return patches.reduce((patched, patch) => {
    const parts = patched.split(patch.find);
    if (parts.length !== 2) {
      const why = `${file} has ${parts.length - 1} places for it: write it anew`;
      throw new Error(`the mutant "${name}" cannot be planted: ${why}`);
    }
    return parts.join(patch.put);
  }, text);
}
