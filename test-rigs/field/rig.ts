import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import type { ReadingsMessage } from "../receiver/message.ts";
import { openReceiver, type Receiver } from "../receiver/receiver.ts";
import { Random } from "../sim/random.ts";

/** What is needed of ava's `t`. */
type Test = { teardown(end: () => Promise<void>): void; log(...values: unknown[]): void };

type Closable = { close(): void | Promise<void> };

/** What stands in the field, a broker, and a home for the gateway between them. */
export type FieldRig<Plant, Broker> = {
  readonly plant: Plant;
  readonly broker: Broker;
  readonly home: GatewayHome;
  /** Starts the gateway. */
  start(): Promise<Child>;
  /** Opens a centre at the broker. */
  receive(): Promise<Receiver>;
};

/**
 * Builds a rig, all of which is taken down at the end of the test, the newest part first, also
 * where a later part could not be started. `yaml` is the configuration of buses and devices.
 */
export async function fieldRig<
  Plant extends Closable,
  Broker extends Closable & { readonly port: number },
>(
  t: Test,
  parts: {
    readonly plant: () => Plant | Promise<Plant>;
    readonly broker: () => Promise<Broker>;
    readonly yaml: (plant: Plant) => string;
    /** The gateway's interval of group commits. */
    readonly commit: string;
  },
): Promise<FieldRig<Plant, Broker>> {
  const stack = new AsyncDisposableStack();
  t.teardown(() => stack.disposeAsync());
  const plant = await parts.plant();
  stack.defer(() => plant.close());
  const broker = await parts.broker();
  stack.defer(() => broker.close());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const destinations = `destinations: { centre: { kind: mqtt, url: "${url}" } }`;
  const { commit } = parts;
  const home = gatewayHome(`${parts.yaml(plant)}\n${destinations}`, { commit });
  return {
    plant,
    broker,
    home,
    start: async () => {
      const gateway = await home.start();
      stack.defer(() => gateway.end("SIGKILL"));
      return gateway;
    },
    receive: async () => {
      const receiver = await openReceiver(url);
      stack.defer(() => receiver.close());
      return receiver;
    },
  };
}

/** Random numbers whose seed the test logs; FIELD_SEED makes it draw the same ones again. */
export function randomOf(t: Pick<Test, "log">): Random {
  const seed = Number(process.env.FIELD_SEED ?? Date.now() % 2 ** 32);
  t.log(`to draw the same delays again: FIELD_SEED=${seed}`);
  return new Random(seed);
}

/** One reading as the centre got it. */
export type Got = {
  readonly point: string;
  readonly at: number;
  readonly value: unknown;
  readonly quality: string;
};

/** Collects every reading that `receiver` gets, repeated messages left out. */
export function collect(receiver: Receiver): readonly Got[] {
  const got: Got[] = [];
  receiver.onMessage = (verdict) => {
    if (verdict.kind !== "new" || verdict.message.kind !== "readings") return;
    got.push(...readingsIn(verdict.message));
  };
  return got;
}

function readingsIn({ at, series }: ReadingsMessage): readonly Got[] {
  return series.flatMap(({ point, t, v, q }) =>
    t.map((offset, i) => ({
      point,
      at: at + offset,
      value: v[i],
      quality: q?.[i] ?? "good",
    })),
  );
}

/** Looks every 20 ms until `condition` holds; throws, saying `what`, after `ms`. */
export async function until(
  what: string,
  ms: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
    await sleep(20);
  }
}

/** A value that tells when it was true: tenths of a second since `start`, as 16 bits hold it. */
export function truthAt(start: number, at: number): number {
  return Math.floor((at - start) / 100) % 60_000;
}
