import { z } from "zod";
import { WEEKDAYS } from "../edge/core/maintenance.ts";
import {
  allowed,
  choice,
  duration,
  flag,
  refuse,
  section,
  size,
  text,
  textLike,
} from "./fields.ts";

/** The most places that releases are fetched from. */
const URLS_MAX = 8;
const URLS = { kind: "web-urls", max: URLS_MAX } as const;
const DAYS = { kind: "choices", values: WEEKDAYS } as const;
const WINDOWS = { kind: "windows" } as const;

/** A time of day as it is written. */
const TIME = /^([01]?[0-9]|2[0-3]):[0-5][0-9]$/;

const window = section({
  days: z
    .array(choice(WEEKDAYS), refuse(DAYS))
    .min(1, refuse(DAYS))
    .meta(allowed(DAYS))
    .optional()
    .describe("The days on which it begins. Default: every day."),
  from: textLike("time-of-day", TIME).describe("When it begins, by the clock of site.timeZone."),
  to: textLike("time-of-day", TIME).describe(
    "When it ends: on the next day where that is not behind from.",
  ),
}).meta({ title: "window" });

function urls() {
  const url = textLike("web-url", /^\S{1,1000}$/);
  return z
    .array(url, refuse(URLS))
    .min(1, refuse(URLS))
    .max(URLS_MAX, refuse(URLS))
    .meta(allowed(URLS));
}

/** Where new releases come from, and when they may be installed. */
export const updateSchema = section({
  urls: urls()
    .optional()
    .describe(
      "Where the repository of releases is, mirrors behind it: the first that serves is used. Who signs is what counts, not who serves. Default: none, releases come by USB stick alone.",
    ),
  hardware: textLike("release-word", /^[a-z0-9][a-z0-9._-]{0,63}$/)
    .optional()
    .describe("Hardware class of this gateway. Default: the one of the release that runs."),
  channel: textLike("release-word", /^[a-z0-9][a-z0-9._-]{0,63}$/)
    .default("stable")
    .describe("The channel that is followed."),
  auto: choice(["off", "download", "install"])
    .default("off")
    .describe(
      "What is done without being told: `off`, nothing; `download`, a new release is fetched and waits; `install`, it is tried too, inside a window.",
    ),
  windows: z
    .array(window, refuse(WINDOWS))
    .max(16, refuse(WINDOWS))
    .meta(allowed(WINDOWS))
    .default([])
    .describe(
      "When the gateway may be restarted for a release: by the clock of site.timeZone, to on the next day where it is not behind from; days are those on which it begins, by default all. Default: at any time.",
    ),
  healthWindow: duration("10s", "1h")
    .prefault("2m")
    .describe(
      "How long a new release must do well before it is kept; where it does not the one before comes back.",
    ),
  rate: size("1kB", "1GB")
    .optional()
    .describe("The most that is fetched in a second. Default: as fast as the line takes it."),
  metered: flag()
    .default(false)
    .describe(
      "Whether the line costs by what goes over it: then nothing is fetched but what somebody ordered, or what `budget` allows.",
    ),
  budget: size("1MB", "1TB")
    .optional()
    .describe(
      "After so much in a calendar month (UTC) only what somebody ordered is fetched, which counts too. Default: nothing on a metered line, as much as is needed elsewhere.",
    ),
  jitter: duration("0ms", "7d")
    .prefault("1h")
    .describe(
      "Each look for a new release waits for a random time up to this, so that not all gateways come at once.",
    ),
  ca: text(1000)
    .optional()
    .describe("PEM file with the authorities to trust there. Default: the system's."),
}).meta({ title: "update" });
