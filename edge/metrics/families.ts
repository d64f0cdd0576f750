import type { Status } from "../control/status.ts";

/** One figure, told apart from the others of its family by labels. */
export type Sample = {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/**
 * Figures of one kind. `counter`: only grows while the process runs; `gauge`: is what it is now. The
 * name holds the unit, without the `_total` of a counter (OpenMetrics 1.0, 4.2).
 */
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** UCUM code; left out for a count and for a truth. */
  readonly unit?: string;
  readonly samples: readonly Sample[];
};

/** What the process takes of the machine. */
export type ProcessUse = { readonly rssBytes: number; readonly cpuS: number };

/** What `status` and `use` tell as figures. There are as many as the configuration has parts. */
export function familiesOf(status: Omit<Status, "pid">, use: ProcessUse): readonly Family[] {
  return [
    ...ofGateway(status, use),
    ...ofBuses(status),
    ...ofAlarms(status),
    ...ofBuffer(status),
    ...ofDestinations(status),
  ];
}

type Told = Omit<Status, "pid">;

const gauge = (name: string, help: string, samples: readonly Sample[], unit?: string): Family => {
  return { name, help, type: "gauge", samples, ...(unit !== undefined && { unit }) };
};
const counter = (name: string, help: string, samples: readonly Sample[], unit?: string): Family => {
  return { name, help, type: "counter", samples, ...(unit !== undefined && { unit }) };
};
const one = (value: number): readonly Sample[] => [{ labels: {}, value }];

function ofGateway(status: Told, { rssBytes, cpuS }: ProcessUse): readonly Family[] {
  const { gateway, release, configuration, at, since, start, loops, clock } = status;
  const hung = loops.map(({ kind, name, state }) => {
    return { labels: { loop: kind, name }, value: Number(state === "hung") };
  });
  return [
    gauge("lifeline_info", "The gateway and what it runs.", [
      { labels: { gateway, release, configuration }, value: 1 },
    ]),
    gauge("lifeline_uptime_seconds", "Since when it runs.", one((at - since) / 1_000), "s"),
    gauge(
      "lifeline_starts_last_hour",
      "Starts within the last hour before this one, it included.",
      one(start?.inLastHour ?? 1),
    ),
    gauge("lifeline_clock_synced", "Whether its clock is right.", one(Number(clock === "synced"))),
    gauge("lifeline_loop_hung", "Whether a loop does not go on.", hung),
    gauge("lifeline_resident_memory_bytes", "Memory of the process.", one(rssBytes), "By"),
    counter("lifeline_cpu_seconds", "Time of processors used by the process.", one(cpuS), "s"),
  ];
}

function ofBuses({ buses, points }: Told): readonly Family[] {
  const each = (value: (bus: Told["buses"][number]) => number) =>
    buses.map((bus) => ({ labels: { bus: bus.bus }, value: value(bus) }));
  const counted = buses.flatMap(({ bus, counters }) =>
    Object.entries(counters).map(([kind, value]) => ({ labels: { bus, kind }, value })),
  );
  const loads = buses.flatMap(({ bus, use }) =>
    use === null ? [] : [{ labels: { bus }, value: use.load }],
  );
  const qualities = ["good", "uncertain", "bad"].map((quality) => ({
    labels: { quality },
    value: points.filter((point) => point.quality.split(":")[0] === quality).length,
  }));
  return [
    gauge(
      "lifeline_bus_open",
      "Whether the line is open.",
      each(({ state }) => Number(state === "open")),
    ),
    gauge("lifeline_bus_load_ratio", "The share of time in which the line is in use.", loads, "1"),
    gauge(
      "lifeline_bus_silent_devices",
      "Devices that do not answer.",
      each(({ silent }) => silent.length),
    ),
    counter("lifeline_bus_events", "What happened on the line, by kind.", counted),
    counter(
      "lifeline_bus_missed_readings",
      "Due times that passed unread.",
      each((bus) => bus.missed),
    ),
    gauge("lifeline_points", "Points by the quality of their newest reading.", qualities),
  ];
}

function ofAlarms({ alarms, interlocks }: Told): readonly Family[] {
  const active = alarms.map(({ alarm, severity, active }) => {
    return { labels: { alarm, severity }, value: Number(active) };
  });
  const troubled = interlocks.map(({ interlock, trouble }) => {
    return { labels: { interlock }, value: Number(trouble !== null) };
  });
  return [
    gauge("lifeline_alarm_active", "Whether its condition is present.", active),
    gauge("lifeline_interlock_disobeyed", "Whether its output does not obey.", troubled),
  ];
}

function ofBuffer({ buffer }: Told): readonly Family[] {
  const { bytes, maxBytes, commits, waiting, refused, refusedEvents, failing } = buffer;
  return [
    gauge("lifeline_buffer_size_bytes", "What the buffer takes on its disk.", one(bytes), "By"),
    gauge("lifeline_buffer_limit_bytes", "What it may take.", one(maxBytes), "By"),
    gauge("lifeline_buffer_waiting_readings", "Readings that are not stored yet.", one(waiting)),
    gauge("lifeline_buffer_failing", "Whether its disk refuses.", one(Number(failing !== null))),
    counter("lifeline_buffer_commits", "Commits.", one(commits)),
    counter("lifeline_buffer_refused_readings", "Readings given up in memory.", one(refused)),
    counter("lifeline_buffer_refused_events", "Events given up in memory.", one(refusedEvents)),
  ];
}

function ofDestinations({ destinations }: Told): readonly Family[] {
  const each = (value: (destination: Told["destinations"][number]) => number) =>
    destinations.map((one) => ({ labels: { destination: one.destination }, value: value(one) }));
  const owed = destinations.flatMap(({ destination, owed }) =>
    Object.entries(owed).map(([stream, value]) => ({ labels: { destination, stream }, value })),
  );
  return [
    gauge(
      "lifeline_destination_connected",
      "Whether it is reached.",
      each(({ state }) => Number(state === "connected")),
    ),
    gauge("lifeline_destination_owed_messages", "Stored and not acknowledged.", owed),
    gauge(
      "lifeline_destination_in_flight_messages",
      "Sent and not answered.",
      each(({ inFlight }) => inFlight),
    ),
    counter(
      "lifeline_destination_acknowledged_messages",
      "Acknowledged since the start.",
      each(({ acknowledged }) => acknowledged),
    ),
  ];
}
