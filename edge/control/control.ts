import { readFile } from "node:fs/promises";
import process from "node:process";
import { calibrationLookOf, calibrationOrderOf } from "../calibrate/orders.ts";
import { TRIAL_MAX_MS, TRIAL_MIN_MS } from "../command/order.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import { interlockOrderOf } from "../interlock/orders.ts";
import type { RunningGateway } from "../running-gateway.ts";
import { CONTROL_VERSION, type ControlHandler } from "../world/control-rpc.ts";
import { alarmOrderOf } from "./alarm-orders.ts";
import { attuneOrderOf } from "./attune-order.ts";
import { type ControlVersion, changes } from "./calls.ts";
import { documentOf } from "./document-order.ts";
import type { Feed } from "./feed.ts";
import { readOrderOf, writeOrderOf } from "./field-orders.ts";
import { followOrderOf } from "./follow-order.ts";
import type { LogRing } from "./log-ring.ts";
import { pduOrderOf } from "./pdu-order.ts";
import { probeOrderOf } from "./probe-order.ts";
import type { Status } from "./status.ts";
import { tellOrderOf } from "./told-desk.ts";

/** What the process keeps for whoever asks. */
export type Kept = { readonly log: Pick<LogRing, "page">; readonly feed: Feed };

/** Where the calls are described. */
const SCHEMA = new URL("control-v1.schema.json", import.meta.url);

/**
 * Answers the calls of the local control socket, as `calls.ts` lists them, some with what
 * is `kept`. What is no such call is refused with `control.call`. Who acts is what the system knows of
 * the caller, whatever the parameters say.
 */
export function controlOf(gateway: RunningGateway, kept: Kept): ControlHandler {
  return async (method, params, who) => {
    if (!changes(method)) return await look(gateway, kept, method, params);
    const actor = await who();
    return await act(gateway, method, { ...(params ?? {}), who: actor }, actor);
  };
}

/** What changes nothing. */
function look(
  gateway: RunningGateway,
  { log, feed }: Kept,
  method: string,
  params: unknown,
): unknown {
  switch (method) {
    case "status":
      return { ...gateway.status(), pid: process.pid } satisfies Status;
    case "version":
      return versionOf(gateway);
    case "describe":
      return readFile(SCHEMA, "utf8").then(JSON.parse);
    case "trace": {
      const { bus } = (params ?? {}) as { bus?: unknown };
      if (typeof bus !== "string") throw notTaken("trace needs a bus");
      return gateway.trace(bus, fromIn(params));
    }
    case "log":
      return log.page(fromIn(params));
    case "readings":
      return feed.readings(orderIn(params, followOrderOf));
    case "events":
      return feed.events(orderIn(params, followOrderOf));
    case "read":
      return gateway.field.read(orderIn(params, readOrderOf));
    case "probe":
      return gateway.field.probe(orderIn(params, probeOrderOf));
    case "calibration":
      return gateway.calibrate(orderIn(params, calibrationLookOf));
    case "attune":
      return gateway.field.attune(orderIn(params, attuneOrderOf));
    case "update.permit":
      return updating().then(({ permit, restartOrderOf }) =>
        permit(gateway, orderIn(params, restartOrderOf)),
      );
    default:
      throw notTaken(`there is no method ${method}`);
  }
}

/** What `who` does; `params` say so too. */
async function act(
  gateway: RunningGateway,
  method: string,
  params: object,
  who: string,
): Promise<unknown> {
  switch (method) {
    case "acknowledge":
    case "reset":
    case "shelve":
    case "unshelve":
    case "remove":
    case "return": {
      const { alarm, order } = orderIn(params, (given) => alarmOrderOf(method, given));
      return await gateway.actOnAlarm(alarm, order);
    }
    case "interlock":
      return await gateway.actOnInterlock(orderIn(params, interlockOrderOf));
    case "calibrate":
      return await gateway.calibrate(orderIn(params, calibrationOrderOf));
    case "document":
      return { outcome: await gateway.record(orderIn(params, documentOf)) };
    case "write": {
      const order = orderIn(params, writeOrderOf);
      return "raw" in order ? gateway.field.writeRaw(order) : gateway.field.write(order);
    }
    case "tell":
      return gateway.told.tell(orderIn(params, tellOrderOf), who);
    case "exchange":
      return gateway.field.exchange(orderIn(params, pduOrderOf));
    case "update.restart": {
      const { restart, restartOrderOf } = await updating();
      return restart(gateway, orderIn(params, restartOrderOf), who);
    }
    case "command": {
      const answer = JSON.parse(await gateway.command(commandIn(params)));
      const { id = "", outcome = "" } = answer as Readonly<Record<string, string | undefined>>;
      record(gateway, method, { who, id, outcome });
      return answer;
    }
    case "configuration": {
      const { action, done } = await changeConfiguration(gateway, params, who);
      if (done !== undefined) record(gateway, method, { who, action, outcome: done.outcome });
      return done;
    }
    default:
      throw notTaken(`there is no method ${method}`);
  }
}

/** Loaded only where a release is to be installed. */
function updating() {
  return import("../update/restarting.ts");
}

/**
 * Tells an event of a call whose own events do not say who made it at the box. What comes of a
 * command is told in the name of its key, and of a configuration in that of who brought it.
 */
function record(
  gateway: RunningGateway,
  method: string,
  detail: Readonly<Record<string, string>>,
): void {
  const subject = gateway.status().gateway;
  const turn = { kind: "gateway", subject, from: "running", to: "running" } as const;
  gateway.tell({ ...turn, cause: `local-${method}`, detail });
}

function versionOf(gateway: RunningGateway): ControlVersion {
  const { gateway: id, release } = gateway.status();
  return { v: CONTROL_VERSION, gateway: id, release, pid: process.pid };
}

/** From which record or line on; null where that is left open. */
function fromIn(params: unknown): number | null {
  const { from = null } = (params ?? {}) as { from?: unknown };
  if (from === null || isNumber(from)) return from;
  throw notTaken("from must be a whole number from 0, or null");
}

/** Tries another configuration, goes back to the one before, or keeps what is on trial. */
async function changeConfiguration({ reconfigure }: RunningGateway, params: object, who: string) {
  const { action, configuration, withinMs } = params as Readonly<Record<string, unknown>>;
  if (action !== "rollback" && action !== "confirm" && action !== "try") {
    throw notTaken("configuration needs try, rollback or confirm");
  }
  if (action === "try") {
    if (typeof withinMs !== "number" || !(withinMs >= TRIAL_MIN_MS && withinMs <= TRIAL_MAX_MS)) {
      throw notTaken(`withinMs must be a number from ${TRIAL_MIN_MS} to ${TRIAL_MAX_MS}`);
    }
    return { action, done: await reconfigure?.tryLeft(withinMs, who) };
  }
  if (configuration !== undefined && typeof configuration !== "string") {
    throw notTaken("what is meant is told by its fingerprint");
  }
  if (action === "rollback") return { action, done: await reconfigure?.rollback(who) };
  return { action, done: await reconfigure?.confirm(who, configuration) };
}

/** The signed command in the parameters of a call. */
function commandIn(params: unknown): Uint8Array {
  const { envelope } = (params ?? {}) as { envelope?: unknown };
  if (typeof envelope !== "string") throw notTaken("command needs a signed command");
  return new TextEncoder().encode(envelope);
}

/** The order that `read` finds in the parameters of a call; throws `control.call` where it throws. */
function orderIn<Order>(params: unknown, read: (params: unknown) => Order): Order {
  try {
    return read(params);
  } catch (error) {
    throw notTaken(messageOf(error));
  }
}

function notTaken(why: string): GatewayError {
  return new GatewayError("control.call", why);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
