import type { AlarmEvent } from "../edge/core/event.ts";
import { eventOf } from "./event-text.ts";
import type { Reader } from "./reader.ts";
import { walk } from "./walk.ts";

/** Every event of an alarm that is stored, in order; what is damaged is left out. */
export function* alarmHistory(reader: Reader): Generator<AlarmEvent, void> {
  for (const { rows } of walk(reader, "events", reader.span("events"))) {
    for (const { row } of rows) {
      const event = row === null ? null : eventOf(row.body);
      if (event?.kind === "alarm") yield event;
    }
  }
}
