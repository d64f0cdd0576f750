import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import type { Status } from "../../edge/control/status.ts";
import { type JournalLine, verdictIn } from "../../edge/core/update-notes.ts";
import type { Permission } from "../../edge/update/permission.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { readJournal } from "../../ota/install/journal.ts";
import type { PackedFile } from "../../ota/release/archive.ts";
import { RUNTIME_NAME } from "../../ota/release/runtime.ts";
import { collect, until } from "../field/rig.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { unpackTo } from "../release/installed-release.ts";
import { type bootInstalled, CONFIG, installIn, LIFELINE, STICK } from "./installed-gateway.ts";
import { openRelay } from "./relay.ts";
import { serveFolder } from "./serve-folder.ts";
import { FAULT_FILE } from "./variants.ts";

/**
 * How a release gets to a gateway: put in place by the rig; by a person with a stick; or ordered, as a
 * signed command leaves it, fetched over HTTP by what lifeline-update.path starts.
 */
export type Way = "by hand" | "by lifeline update install" | "by an order";

/** How a trial ended. */
export type Ending = Pick<JournalLine, "step" | "reason"> & {
  /** Since it was put in place, in milliseconds. */
  readonly afterMs: number;
  /** Since what is wrong with it showed first; null where it never did. */
  readonly afterFaultMs: number | null;
  /** How often it was started. */
  readonly tries: number;
};

/** What the centre has, once all was delivered. */
export type Account = {
  readonly streams: number;
  readonly gaps: number;
  readonly conflicts: number;
  /** Readings that a gateway took, and that no message brought. */
  readonly missing: number;
  readonly readings: number;
};

/** What an installed gateway measures, and the centre that it sends to. */
export type Site = {
  /** Puts a release on trial; resolves when that is over and the gateway runs again. */
  tryRelease(version: string, files: readonly PackedFile[], way: Way): Promise<Ending>;
  /** Takes the centre away from the gateway, or gives it back. */
  setAway(isAway: boolean): void;
  /** Waits until an event has told the centre of all these `words`. */
  told(...words: readonly string[]): Promise<void>;
  /** Waits until all was delivered. */
  settled(): Promise<Account>;
  status(): Promise<Status>;
  /** How long a release must do well, in milliseconds. */
  readonly windowMs: number;
  close(): Promise<void>;
};

/** No trial takes longer, on a machine that does much else. */
const TRIAL_MAX_MS = 180_000;

/** A gateway that was begun anew has sent what it has to tell by then, on such a machine. */
const TELL_MAX_MS = 60_000;

type Begin = (version: string, files: readonly PackedFile[], previous: string) => Promise<number>;

/** Opens a plant and a centre for the gateway on `machine`, and starts it between them. */
export async function openSite(
  { machine, updates }: Awaited<ReturnType<typeof bootInstalled>>,
  windowMs: number,
): Promise<Site> {
  const stack = new AsyncDisposableStack();
  let asked = 0;
  const signal = { area: "holding", address: 0, type: "uint16", valueAt: () => asked++ } as const;
  const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal])] });
  stack.defer(() => plant.close());
  const broker = await startMosquitto();
  stack.defer(() => broker.close());
  const relay = await openRelay(broker.port);
  stack.defer(() => relay.close());
  const receiver = await openReceiver(broker.url);
  stack.defer(() => receiver.close());
  const got = collect(receiver);
  const told: string[] = [];
  const ear = await connectAsync(broker.url, { clientId: "ear" });
  stack.defer(() => ear.endAsync());
  ear.on("message", (_, payload) => void told.push(payload.toString()));
  await ear.subscribeAsync("lifeline/v1/+/events", { qos: 1 });
  const repository = await serveFolder(updates.stick);
  stack.defer(() => repository.close());
  writeFileSync(
    join(machine.root, CONFIG),
    configOf([plant.port, relay.port, repository.port], windowMs),
  );

  const install = installIn(machine);
  const state = join(machine.root, "var/lib/lifeline");
  const call = (method: string, params?: unknown) =>
    callControl(join(state, "control.sock"), method, params);
  const status = async () => (await call("status")) as Status;
  const runs = async (version: string) => {
    await until(`${version} to run`, TRIAL_MAX_MS, async () => {
      const found = await status().catch(() => null);
      return found?.release === version;
    });
  };
  const journal = () => readJournal(join(install, "journal.jsonl"));

  const trial = join(install, "trial");
  const putInPlace: Begin = async (version, files, previous) => {
    const slot = join(install, "releases", version);
    unpackTo(slot, files);
    symlinkSync(join("..", "..", "runtimes", RUNTIME_NAME), join(slot, "runtime"));
    const permission = (await call("update.permit", { release: version })) as Permission;
    if (!permission.permitted) throw new Error(`not now: ${permission.reason}`);
    writeFileSync(trial, `candidate=${version}\nprevious=${previous}\ncounter=1\ntries=0\n`);
    symlinkSync(join("releases", version), join(install, "current.new"));
    renameSync(join(install, "current.new"), join(install, "current"));
    const begun = Date.now();
    await machine.run("systemctl restart --no-block lifeline");
    return begun;
  };
  /** What the updater is asked by `script`; resolves with when it put the release in place. */
  const ask = async (script: string, version: string) => {
    // As it is where it was enabled: it keeps, too, what says of itself that it does well.
    const { code, text } = await machine.run(`systemctl start lifeline-update.path && ${script}`);
    if (code !== 0) throw new Error(`${script}: ${text}`);
    const activated = () =>
      journal().find(({ step, release }) => step !== "installed" && release === version);
    await until(`${version} to be put in place`, TRIAL_MAX_MS, () => activated() !== undefined);
    return activated()?.at ?? 0;
  };
  const begins: Readonly<Record<Way, Begin>> = {
    "by hand": putInPlace,
    "by lifeline update install": (version, files) => {
      updates.publish({ files });
      const words = `update install ${version} --from ${STICK} --config ${CONFIG}`;
      // Apart, as a person's shell is: it may take longer than a command of this rig.
      return ask(`systemd-run --quiet --no-block ${LIFELINE} ${words}`, version);
    },
    "by an order": (version, files) => {
      const { hardware, channel } = updates.publish({ files });
      const release = `${hardware[0]}/${channel}/${version}`;
      const order = { v: 1, release, by: "rig", notBefore: null, until: null, command: null };
      const file = "/var/lib/lifeline/update/order";
      const write = `echo '${JSON.stringify(order)}' > ${file}.new && mv ${file}.new ${file}`;
      return ask(write, version);
    },
  };

  return {
    windowMs,
    status,
    setAway: (isAway) => (isAway ? relay.cut() : relay.mend()),
    told: (...words) =>
      until(`the centre to hear of ${words.join(", ")}`, TELL_MAX_MS, () =>
        told.some((text) => words.every((word) => text.includes(word))),
      ),
    tryRelease: async (version, files, way) => {
      const { release: previous } = await status();
      rmSync(join(state, "update/verdict"), { force: true });
      rmSync(join(machine.root, FAULT_FILE), { force: true });
      const begun = await begins[way](version, files, previous);
      let isCommitting = way !== "by hand";
      await until("the trial to end", TRIAL_MAX_MS, async () => {
        if (!existsSync(trial)) return true;
        const said = join(state, "update/verdict");
        const verdict = existsSync(said) ? verdictIn(readFileSync(said, "utf8")) : null;
        if (verdict?.verdict === "healthy" && !isCommitting) {
          isCommitting = true;
          await machine.run("systemctl restart --no-block lifeline");
        }
        return false;
      });
      const ended = Date.now();
      const lines = journal().filter(({ release }) => release === version);
      const { step = "tried", reason = null } = lines.at(-1) ?? {};
      await runs(step === "committed" ? version : previous);
      const fault = join(machine.root, FAULT_FILE);
      const faultAt = existsSync(fault) ? Number.parseInt(readFileSync(fault, "utf8"), 10) : null;
      return {
        ...{ step, reason },
        afterMs: ended - begun,
        afterFaultMs: faultAt === null ? null : ended - faultAt,
        tries: lines.filter((line) => line.step === "tried").length,
      };
    },
    settled: async () => {
      const { heads } = (await status()).buffer;
      const report = () => receiver.audit.report("gw-rig");
      await until("all to be delivered", TELL_MAX_MS, () => {
        const stream = report()?.readings.at(-1);
        return stream !== undefined && stream.gaps === 0 && stream.highest >= heads.readings;
      });
      const all = [...(report()?.readings ?? []), ...(report()?.events ?? [])];
      const values = got.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return {
        streams: report()?.readings.length ?? 0,
        gaps: all.reduce((sum, { gaps }) => sum + gaps, 0),
        conflicts: all.reduce((sum, { conflicts }) => sum + conflicts, 0),
        missing: most - least + 1 - new Set(values).size,
        readings: values.length,
      };
    },
    close: () => stack.disposeAsync(),
  };
}

function configOf(ports: readonly [number, number, number], windowMs: number): string {
  const [plant, centre, repository] = ports;
  return `gateway: { id: gw-rig }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant} } }
devices:
  count:
    bus: line
    unit: 1
    points: { requests: { area: holding, address: 0, type: uint16, every: 200ms } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:${centre}" } }
buffer: { dir: /var/lib/lifeline, max: 64MB, commit: 200ms, holdUnsynced: 0ms }
update: { healthWindow: ${windowMs}ms, urls: ["http://127.0.0.1:${repository}"] }
`;
}
