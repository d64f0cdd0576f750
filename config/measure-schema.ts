import { z } from "zod";
import {
  allowed,
  byKind,
  choice,
  duration,
  notNegative,
  real,
  refuse,
  section,
  text,
  textLike,
  whole,
} from "./fields.ts";

const DEVICE_STATUSES = [
  "failure",
  "function-check",
  "warm-up",
  "calibration",
  "out-of-specification",
  "maintenance",
] as const;

const PRESSURE_UNITS = ["Pa", "hPa", "kPa", "MPa", "mbar", "bar", "m[H2O]"] as const;
const GAS_UNITS = ["%[LEL]", "%{vol}", "[ppm]", "[ppb]", "mg/m3"] as const;

/** A number of its kind, above 0. */
function positive() {
  const error = refuse({ kind: "positive" });
  return z
    .number(error)
    .positive(error)
    .meta(allowed({ kind: "positive" }));
}

/** `[low, high]`, rising. */
function range() {
  const error = refuse({ kind: "range" });
  return z
    .tuple([z.number(error), z.number(error)], error)
    .refine(([low, high]) => low < high, error)
    .meta(allowed({ kind: "range" }));
}

/** At least `min` of `[from, to]`, `from` rising. */
function pairs(min: number) {
  const error = refuse({ kind: "pairs", min });
  return z
    .array(z.tuple([z.number(error), z.number(error)], error), error)
    .min(min, error)
    .max(64, error)
    .refine(
      (list) => list.every(([from], i) => i === 0 || from > (list[i - 1]?.[0] ?? from)),
      error,
    )
    .meta(allowed({ kind: "pairs", min }));
}

/** Another point: its name alone on the same device, or `device.point`. */
export function pointReference() {
  return textLike(
    "point-reference",
    /^([\p{L}\p{N}][\p{L}\p{N}_-]*\.)?[\p{L}\p{N}][\p{L}\p{N}_-]*$/u,
  );
}

/** A number, or the point that tells it. */
function operand() {
  const error = refuse({ kind: "number-or-point" });
  return z
    .union(
      [
        z.number(),
        z.string().regex(/^([\p{L}\p{N}][\p{L}\p{N}_-]*\.)?[\p{L}\p{N}][\p{L}\p{N}_-]*$/u),
      ],
      error,
    )
    .meta(allowed({ kind: "number-or-point" }));
}

function day() {
  const error = refuse({ kind: "day" });
  return z
    .string(error)
    .pipe(z.iso.date(error))
    .meta(allowed({ kind: "day" }));
}

const loop = section({
  low: real().describe("What 4 mA stand for."),
  high: real().describe("What 20 mA stand for."),
  hold: duration("0ms", "1m")
    .prefault("4s")
    .describe(
      "A current between the measuring range (3.8 to 20.5 mA) and a failure signal (3.6 or less, 21 or more) is uncertain for so long, then bad.",
    ),
}).meta({ title: "current loop" });

const curve = byKind(
  ["polynomial", "table"],
  [
    section({
      kind: choice(["polynomial"]).describe("c0 + c1 x + c2 x² and so on."),
      coefficients: z
        .array(z.number(refuse({ kind: "coefficients" })), refuse({ kind: "coefficients" }))
        .min(2, refuse({ kind: "coefficients" }))
        .max(10, refuse({ kind: "coefficients" }))
        .meta(allowed({ kind: "coefficients" }))
        .describe("Lowest power first."),
    }).meta({ title: "polynomial" }),
    section({
      kind: choice(["table"]).describe(
        "Straight lines between pairs; beyond them the value is bad:out-of-range.",
      ),
      pairs: pairs(2).describe("What goes in and what comes out."),
    }).meta({ title: "table" }),
  ],
);

const physics = byKind(
  ["vibrating-wire", "strain-bridge", "thermistor", "depth", "distance", "gas"],
  [
    section({
      kind: choice(["vibrating-wire"]).describe(
        "Strain in um/m: factor * (f² - zero²) + thermalFactor * (T - zeroTemperature).",
      ),
      input: choice(["frequency", "digits"])
        .default("frequency")
        .describe("Hz, or digits: f² / 1000."),
      factor: real().describe("um/m for each Hz², or for each digit; of the sensor's sheet."),
      zero: notNegative().describe("The input at no strain, as read after mounting."),
      temperature: operand().optional().describe("In Cel: a number, or the point that tells it."),
      zeroTemperature: real().optional().describe("Temperature when zero was read, in Cel."),
      thermalFactor: real().optional().describe("um/m for each Cel."),
    }).meta({ title: "vibrating-wire" }),
    section({
      kind: choice(["strain-bridge"]).describe(
        "Strain in um/m of the bridge's output in mV/V: 4000 * (output - zero) * (1 + leads) / (gaugeFactor * activeArms).",
      ),
      gaugeFactor: positive().default(2).describe("Of the gauge's sheet."),
      activeArms: positive().describe(
        "1 for a quarter bridge, 2 for a half, 4 for a full one; with gauges across, 1 + nu or 2 (1 + nu).",
      ),
      zero: real().default(0).describe("Output at no strain, in mV/V."),
      leads: notNegative()
        .default(0)
        .describe("Resistance of the leads, as a share of the gauge's."),
    }).meta({ title: "strain-bridge" }),
    section({
      kind: choice(["thermistor"]).describe(
        "Temperature in Cel of a resistance in Ohm: 1 / (a + b ln R + c (ln R)³ + d (ln R)⁵) - 273.15.",
      ),
      a: real().describe("Of the thermistor's sheet."),
      b: real().describe("Likewise, of ln R."),
      c: real().describe("Likewise, of (ln R)³."),
      d: real().default(0).describe("Likewise, of (ln R)⁵."),
      valid: range()
        .default([150, 110_000])
        .describe("Beyond it the wire is short or broken, in Ohm: the value is bad:out-of-range."),
    }).meta({ title: "thermistor" }),
    section({
      kind: choice(["depth"]).describe(
        "Depth in m of a pressure: (pressure - atmosphere) / (density * 9.80665) + above.",
      ),
      pressure: choice(PRESSURE_UNITS).describe("Unit of the pressure."),
      density: positive().optional().describe("In kg/m3. Default: that of water at temperature."),
      temperature: operand()
        .default(4)
        .describe("Of the water, in Cel: a number, or the point that tells it."),
      atmosphere: operand()
        .optional()
        .describe(
          "Pressure of the air in the same unit, for a sensor that measures from vacuum: a number, or the point that tells it.",
        ),
      above: real()
        .default(0)
        .describe("How far the sensor is above the place that the depth is counted from, in m."),
    }).meta({ title: "depth" }),
    section({
      kind: choice(["distance"]).describe(
        "Level below a sensor that looks down: height - distance.",
      ),
      height: real().describe(
        "From the sensor to the place that the level is counted from, in the unit of the distance.",
      ),
    }).meta({ title: "distance" }),
    section({
      kind: choice(["gas"]).describe("A gas in another unit."),
      from: choice(GAS_UNITS).describe("What the device tells."),
      to: choice(GAS_UNITS).describe("What the point is to be."),
      lel: real(0.1, 100)
        .optional()
        .describe(
          "Lower explosive limit of the gas in %{vol}, needed from or to %[LEL]: methane 5 in Chinese practice, 4.4 in IEC 60079-20-1. Take what the detector counts with.",
        ),
      molarMass: positive().optional().describe("In g/mol, needed from or to mg/m3."),
      temperature: real(-100, 200)
        .default(20)
        .describe("Of the gas where mg/m3 are counted, in Cel."),
      pressure: positive().default(101.325).describe("Likewise, in kPa."),
    }).meta({ title: "gas" }),
  ],
);

/** What is to be kept to, whatever was found. */
const CARE = {
  every: duration("1d", "3650d")
    .optional()
    .describe("How often the point is to be calibrated; lifeline calibrate keeps the record."),
  tolerance: positive()
    .optional()
    .describe(
      "How far it may be off where it is found, in the point's unit. Default: 5 % of its range.",
    ),
};

const calibration = section({
  pairs: pairs(1)
    .optional()
    .describe(
      "What was indicated and what was true, [indicated, true]: one pair moves the zero, two give zero and span, more a line between each two. What lifeline calibrate has found goes before it, until it is changed here.",
    ),
  on: day().optional().describe("The day it was made; needed with pairs and due."),
  by: text(100).optional().describe("Who made it."),
  due: day()
    .optional()
    .describe(
      "The last day on which it holds: then the value is uncertain:calibration. Default: every, from the day it was made.",
    ),
  ...CARE,
}).meta({ title: "calibration" });

const filter = byKind(
  ["median", "mean", "lag"],
  [
    section({
      kind: choice(["median", "mean"]).describe("Of the newest good values."),
      of: whole(2, 99).describe("How many values."),
    }).meta({ title: "median or mean" }),
    section({
      kind: choice(["lag"]).describe("First order low-pass."),
      time: duration("100ms", "1d").describe(
        "Time constant. Make it no longer than a third of how fast an alarm must be.",
      ),
    }).meta({ title: "lag" }),
  ],
);

function statuses() {
  return z.record(
    z.string().regex(/^\d+$/, refuse({ kind: "value-number" })),
    choice(DEVICE_STATUSES),
    refuse({ kind: "entries", of: "value" }),
  );
}

const status = section({
  point: pointReference().describe("The point that tells it: of the same device, or device.point."),
  values: statuses().default({}).describe("What its values mean."),
  bits: statuses()
    .default({})
    .describe("What its bits mean, from 0, the lowest. The gravest counts."),
}).meta({ title: "status" });

/** The keys of a point that say how its number becomes a measurement. */
export const MEASURE_SHAPE = {
  sentinels: z
    .array(z.number(refuse({ kind: "sentinels" })), refuse({ kind: "sentinels" }))
    .max(16, refuse({ kind: "sentinels" }))
    .meta(allowed({ kind: "sentinels" }))
    .optional()
    .describe(
      "Raw numbers, before scale and offset, with which the device says that it has no value: bad:no-value.",
    ),
  loop: loop.optional().describe("The number is a current in mA, 4 to 20 mA stand for a range."),
  curve: curve.optional().describe("How a sensor that is not linear is made so."),
  physics: physics.optional().describe("What is to be known, of what the sensor feels."),
  filter: filter
    .optional()
    .describe(
      "What calms the value. Alarms are judged by what comes out of it. A jump beyond maxRate shows in it as uncertain:rate, and stays in it only when the next value does not go back.",
    ),
  range: range()
    .optional()
    .describe("What the instrument measures: beyond it the value is uncertain:out-of-range."),
  plausible: range()
    .optional()
    .describe("What can be at all: beyond it the value is bad:out-of-range. Choose it wide."),
  maxRate: section({
    change: positive().describe("In the point's unit."),
    in: duration("100ms", "1d").describe("In how long."),
  })
    .optional()
    .describe(
      "No real change is faster: a jump is uncertain:rate until the next value agrees with it. Judged before the filter.",
    ),
  stuck: section({
    for: duration("1s", "90d").describe("How long it may rest."),
    resolution: notNegative().default(0).describe("In the point's unit."),
  })
    .optional()
    .describe(
      "A value that has not moved by more than the resolution for so long is uncertain:stuck.",
    ),
  warmUp: duration("0ms", "1d")
    .optional()
    .describe(
      "After the device has begun to answer, at the start and after it has missed two readings or more for 10s or more, its value is bad:warm-up for so long. Default: 0ms.",
    ),
  status: status
    .optional()
    .describe("Another point that tells whether this one's value can be believed (NAMUR NE 107)."),
  report: section({
    deadband: notNegative().describe("In the point's unit."),
    maxSilence: duration("1s", "1d").prefault("10m").describe("At least so often."),
  })
    .optional()
    .describe(
      "Stored and sent only when it has moved by at least deadband or its quality has changed, and at least every maxSilence. Alarms are judged by every value all the same, and while one stands on the point everything is stored.",
    ),
} as const;

/** How often, and how well, every device of a model is to be calibrated. */
export const CARE_SHAPE = {
  calibration: section(CARE)
    .meta({ title: "calibration" })
    .optional()
    .describe("How often it is to be calibrated, and what it must keep to."),
} as const;

/** What only a single device's point has. */
export const CALIBRATION_SHAPE = {
  calibration: calibration.optional().describe("How this instrument was found to be off."),
} as const;
