import type { Hj212Equipment } from "../../../config/centre-config.ts";
import type { Batch } from "../../core/batch.ts";
import type { LedgerState } from "../../core/ledger.ts";
import type { UptimeMs } from "../../core/time.ts";
import type { Recorded } from "../../recorded.ts";
import { AlarmBits } from "../alarm-bits.ts";
import { LatestReadings } from "../periods/latest.ts";
import type { EquipmentState } from "./messages.ts";

/** The states of equipment: what its points say, and its alarms before that. */
export class EquipmentStates {
  readonly #equipment: readonly Hj212Equipment[];
  readonly #latest: LatestReadings;
  readonly #alarms: AlarmBits;
  #told: ReadonlyMap<string, EquipmentState> = new Map();

  constructor(equipment: readonly Hj212Equipment[], ledgerState: LedgerState, name: string) {
    this.#equipment = equipment;
    const holds = equipment.map(({ point, holdMs }) => [point ?? "", holdMs] as const);
    this.#latest = new LatestReadings(new Map(holds));
    const bits = equipment.flatMap(({ alarms }, bit) =>
      alarms.length > 0 ? [{ bit, alarms }] : [],
    );
    this.#alarms = new AlarmBits(bits, ledgerState, name);
  }

  /** How many events are owed: those from the first on that changed a state. */
  get owed(): number {
    return this.#alarms.owed;
  }

  /** The highest seq of an event that need not be told any more, where states `areTold`. */
  toldTo(areTold: boolean): number {
    return areTold ? this.#alarms.toldTo : this.#alarms.head;
  }

  add(batch: Batch, now: UptimeMs): void {
    this.#latest.add(batch, now);
  }

  onRecorded(recorded: Recorded): void {
    this.#alarms.onRecorded(recorded);
  }

  /** The states, where they are to be told: one of them is another, or an alarm came or went. */
  news(now: UptimeMs): ReadonlyMap<string, EquipmentState> | null {
    const states = this.#states(now);
    const isChanged = Array.from(states).some(([code, state]) => this.#told.get(code) !== state);
    return states.size > 0 && (isChanged || this.#alarms.isPending) ? states : null;
  }

  /** What `news` says now; the function returned is to be called when the centre has it. */
  telling(states: ReadonlyMap<string, EquipmentState>): () => void {
    const { head } = this.#alarms;
    return () => {
      this.#told = states;
      this.#alarms.told(head);
    };
  }

  /** All is told anew: the centre may have asked for it. */
  forget(): void {
    this.#told = new Map();
  }

  #states(now: UptimeMs): ReadonlyMap<string, EquipmentState> {
    const active = this.#alarms.set;
    const states = this.#equipment.flatMap(({ code, point }, bit) => {
      const state = active.includes(bit) ? "4" : this.#running(point, now);
      return state === null ? [] : [[code, state] as const];
    });
    return new Map(states);
  }

  /** By its point; without one it runs while there is no alarm. */
  #running(point: string | null, now: UptimeMs): EquipmentState | null {
    if (point === null) return "1";
    const { value } = this.#latest.of(point, now);
    return value === null ? null : value === 0 ? "0" : "1";
  }
}
