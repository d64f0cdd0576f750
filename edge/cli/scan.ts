import { dirname, resolve } from "node:path";
import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { identityOf } from "../../config/identity.ts";
import { profilesBeside } from "../../config/read.ts";
import { transmitMs } from "../../drivers/modbus/timing.ts";
import { isRead, type ReadBus } from "../acquire/open-session.ts";
import { toJson } from "../core/json.ts";
import { PROBES } from "../scan/examine.ts";
import { faultsIn, isRemark, type ScanFault } from "../scan/faults.ts";
import type { Model } from "../scan/models.ts";
import { scanPass } from "../scan/pass.ts";
import { isThere, type UnitReport } from "../scan/unit-report.ts";
import { textLine } from "../world/log-line.ts";
import { lineWriter } from "../world/output.ts";
import { realWorld } from "../world/real.ts";
import type { World } from "../world.ts";
import { endSignal } from "./end-signal.ts";
import { complain, fail, type Invocation, misuse, print } from "./invocation.ts";
import { DirectLines, isGatewayRunning, isLineRead, wayThroughGateway } from "./reach-line.ts";
import { refuse } from "./refuse.ts";
import { planTyped, restTyped, type ScanPlan, unitsText } from "./scan-options.ts";
import { ScanProgress } from "./scan-progress.ts";
import { sayScan } from "./scan-text.ts";
import { type ScanResult, scanJson, scanView, type Tried } from "./scan-view.ts";
import { usableConfig } from "./usable-config.ts";

/**
 * `lifeline scan [BUS]`: which units of a bus answer, and what they are; only reads are sent. 1
 * where nothing answers, something is wrong with the line, or it was ended before.
 */
export async function scan(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const bus = busOf(config, operands[0]);
  if (bus === null) {
    const buses = config.buses
      .filter(isRead)
      .map(({ name }) => name)
      .join(", ");
    const [name] = operands;
    return misuse(
      name === undefined
        ? sayScan(lang, "busMissing", { buses })
        : sayScan(lang, "busUnknown", { name, buses }),
      invocation,
    );
  }
  const typed = planTyped(bus, invocation, lang);
  if ("mistake" in typed) return misuse(typed.mistake, invocation);
  const { plan } = typed;
  const isShared = await isGatewayRunning(config);
  if (isShared && plan.isTuning) return refuse(sayScan(lang, "gatewayRuns"), invocation);
  const world = realWorld(lineWriter("stderr"), textLine);
  const result = await search({ plan, config, isShared, world, invocation });
  if (invocation.json) print(toJson(scanJson(result, config, lang)));
  else for (const line of scanView(result, config, lang)) print(line);
  const isGood = result.next.length === 0 && result.faults.every(isRemark);
  return isGood && result.tried.some(({ pass }) => pass.reports.some(isThere)) ? 0 : 1;
}

/** The bus named `name`; the only one that can be asked where that is left out. */
function busOf({ buses }: GatewayConfig, name: string | undefined): ReadBus | null {
  const read = buses.filter(isRead);
  if (name === undefined) return read.length === 1 ? (read[0] as ReadBus) : null;
  return read.find((bus) => bus.name === name) ?? null;
}

type Search = {
  readonly plan: ScanPlan;
  readonly config: GatewayConfig;
  readonly isShared: boolean;
  readonly world: World;
  readonly invocation: Invocation;
};

/** Tries one setting after the other, until all are done or it is ended. */
async function search(search: Search): Promise<ScanResult> {
  const { plan, config, isShared, world, invocation } = search;
  const { bus, units, settings, timeoutMs, probe } = plan;
  const models = modelsFor(invocation);
  const isHeard = isShared && (await isLineRead(config, bus.name));
  const lines = new DirectLines(world, config);
  const ended = endSignal();
  const progress = begin(search);
  const tried: Tried[] = [];
  const named = (report: UnitReport) => withDevice(report, config, bus);
  try {
    for (const setting of settings) {
      const open = async () =>
        isShared ? wayThroughGateway(config, bus.name, world.clock) : await lines.way(bus, setting);
      const onUnit = (report: UnitReport) => progress?.add(named(report));
      const pass = await scanPass(
        { open, units, models, probe, timeoutMs, patientMs: bus.timeoutMs, onUnit },
        ended,
      );
      // Nothing was asked yet: there is no more to tell than why.
      if (pass.trouble !== null && tried.length + pass.reports.length === 0) throw pass.trouble;
      tried.push({ setting, pass: { ...pass, reports: pass.reports.map(named) } });
      if (pass.trouble !== null || ended.aborted) break;
    }
  } finally {
    progress?.end();
    lines.close();
  }
  const trouble = tried.at(-1)?.pass.trouble ?? null;
  // A line on which the gateway hears its devices, or that was lost amid the search, is not dead.
  const isSound = trouble !== null || isHeard;
  return resultOf(plan, tried, isSound, invocation);
}

function begin({ plan, isShared, world, invocation }: Search): ScanProgress | null {
  const { lang, json } = invocation;
  if (json) return null;
  const { bus, units, settings, timeoutMs, probe } = plan;
  const begun = { bus: bus.name, units: unitsText(units) };
  complain(sayScan(lang, isShared ? "beginShared" : "beginDirect", begun));
  const requestMs = "serial" in bus ? transmitMs(REQUEST_BYTES, bus.serial.baud) : 0;
  return new ScanProgress({
    clock: world.clock,
    lang,
    total: units.length * settings.length,
    unitMs: PROBES[probe].length * (timeoutMs + requestMs),
    isLive: process.stderr.isTTY === true,
    write: (text) => process.stderr.write(text),
  });
}

/** A read request on a serial line. */
const REQUEST_BYTES = 8;

/** The device models that profiles know how to tell. */
export function modelsFor({ config, lang }: Invocation): readonly Model[] {
  const profiles = profilesBeside(dirname(resolve(config)), lang);
  return [...profiles.keys()].flatMap((name) => {
    const profile = profiles.get(name) ?? null;
    const identity = profile === null ? null : identityOf(profile);
    return identity === null ? [] : { name, identity };
  });
}

/** `report` with the device that is configured at its unit. */
function withDevice(report: UnitReport, { devices }: GatewayConfig, { name }: ReadBus): UnitReport {
  if (report.device !== null) return report;
  const device = devices.find(({ bus, unit }) => bus === name && unit === report.unit);
  return device === undefined ? report : { ...report, device: device.name };
}

/** What came of it; where it broke off, or was ended, that is told, and how to go on. */
function resultOf(
  plan: ScanPlan,
  tried: readonly Tried[],
  isSound: boolean,
  invocation: Invocation,
): ScanResult {
  const { lang, config } = invocation;
  const last = tried.at(-1);
  const trouble = last?.pass.trouble ?? null;
  if (trouble !== null) fail(trouble, { lang });
  const rest = restTyped(plan, tried.length - 1, last?.pass.left ?? []);
  const where = config === DEFAULT_CONFIG ? "" : ` --config ${config}`;
  const next = rest.map((options) => `lifeline scan ${plan.bus.name} ${options}${where}`);
  if (next.length > 0) {
    complain(sayScan(lang, "interrupted"));
    for (const command of next) complain(`  ${command}`);
  }
  const faults = faultsOf(tried).filter(({ kind }) => !isSound || kind !== "nothing");
  return { plan, tried, faults, next };
}

/** Where something is found at one setting, what others bring is no fault. */
function faultsOf(tried: readonly Tried[]): readonly ScanFault[] {
  const right = tried.filter(({ pass }) => pass.reports.some(isThere));
  const judged = right.length > 0 ? right : tried;
  const faults = judged.flatMap(({ pass }) => faultsIn(pass.reports, pass.foreign));
  const byKind = Map.groupBy(faults, ({ kind }) => kind);
  return [...byKind].map(([kind, alike]) => ({
    kind,
    units: [...new Set(alike.flatMap(({ units }) => units))],
  }));
}

/** Where the configuration is looked for when nothing is said. */
const DEFAULT_CONFIG = "gateway.yaml";
