import { z } from "zod";
import type { EntryKind, Expected } from "./expected.ts";
import { describeExpected } from "./expected.ts";
import { nearest } from "./nearest.ts";
import type { ProblemCode, ProblemParams } from "./problems.ts";
import { DURATION_PATTERN, parseDurationMs, parseSizeBytes, SIZE_PATTERN } from "./quantity.ts";

/**
 * The leaves of the schema. What zod calls the message of an issue is, in this folder, a row of
 * the catalogue and its parameters as JSON: `refuse` writes it, `decodeIssue` reads it.
 */
export type CodedIssue = {
  readonly [Code in ProblemCode]: readonly [code: Code, params: ProblemParams<Code>];
}[ProblemCode];

/** The row of the catalogue that a leaf of the schema put into the message of an issue. */
export function decodeIssue(message: string): CodedIssue {
  return JSON.parse(message) as CodedIssue;
}

/** What is needed of an issue as zod raises it. */
type RawIssue = { readonly code?: string | undefined; readonly input?: unknown };

/** A text of 1 to `max` characters. */
export function text(max = 200) {
  const expected = { kind: "text", max } as const;
  const error = refuse(expected);
  return z.string(error).min(1, error).max(max, error).meta(allowed(expected));
}

/** A reference to a secret. What else stands there is refused, and never repeated. */
export function secret() {
  const expected = { kind: "secret" } as const;
  return z.string(refuse(expected)).meta({ ...allowed(expected), pattern: "^(\\$\\{[^}]+\\})+$" });
}

/** A text that follows `pattern`, called `kind` in messages. */
export function textLike(
  kind:
    | "name"
    | "gateway-id"
    | "host"
    | "ip"
    | "listen"
    | "hex"
    | "point-id"
    | "port"
    | "gpio-chip"
    | "sparkplug-id"
    | "url"
    | "bytes"
    | "sentence"
    | "alarm-input"
    | "point-reference"
    | "pattern"
    | "mn"
    | "system"
    | "station"
    | "time-zone"
    | "time-of-day"
    | "web-url"
    | "tls-url"
    | "release-word",
  pattern: RegExp,
) {
  const error = refuse({ kind });
  return z.string(error).regex(pattern, error).meta(allowed({ kind }));
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
  const error = refuse({ kind: "whole", min, max });
  return z.int(error).min(min, error).max(max, error);
}

/** A PDU address. */
export function pduAddress() {
  const error = refuse({ kind: "address" });
  return z.int(error).min(0, error).max(65_535, error);
}

/** A number from `min` to `max`, or any finite one. */
export function real(min?: number, max?: number) {
  if (min === undefined || max === undefined) return z.number(refuse({ kind: "any-number" }));
  const error = refuse({ kind: "number", min, max });
  return z.number(error).min(min, error).max(max, error);
}

/** A number, 0 or more. */
export function notNegative() {
  const error = refuse({ kind: "not-negative" });
  return z.number(error).min(0, error);
}

/** `true` or `false`. */
export function flag() {
  return z.boolean(refuse({ kind: "flag" }));
}

/** One of `values`. */
export function choice<const Values extends readonly [string | number, ...(string | number)[]]>(
  values: Values,
) {
  return z.literal(values, refuse({ kind: "choice", values }));
}

/** A duration such as `5s`, from `min` to `max`; milliseconds once read. */
export function duration(min: string, max: string) {
  return quantity({ kind: "duration", min, max }, DURATION_PATTERN, parseDurationMs);
}

/** A size such as `2GB`, from `min` to `max`; bytes once read. */
export function size(min: string, max: string) {
  return quantity({ kind: "size", min, max }, SIZE_PATTERN, parseSizeBytes);
}

/** A mapping with these keys and no others. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, refuse({ kind: "section", keys }));
}

/** A mapping from names that the installer chooses to `value`. */
export function entries<Value extends z.core.SomeType>(of: EntryKind, value: Value) {
  return z.record(name(), value, refuse({ kind: "entries", of }));
}

/** A name of a bus, device, point, alarm, interlock or destination. */
export function name() {
  return textLike("name", /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u);
}

/** How a leaf refuses what does not fit: the catalogue's row for the kind of misfit. */
export function refuse(expected: Expected): { readonly error: (issue: RawIssue) => string } {
  return { error: (issue) => JSON.stringify(coded(expected, issue)) };
}

function coded(expected: Expected, issue: RawIssue): CodedIssue {
  if (issue.code === "unrecognized_keys" && expected.kind === "section") {
    // Which key it is, and the nearest one, is added where the issue is split by key.
    return ["unknown-key", { nearest: null, allowed: expected.keys }];
  }
  const input: unknown = issue.input;
  if (input === undefined) return ["missing-key", { expected }];
  if (input === null) return ["empty-value", { expected }];
  if (expected.kind === "secret") return ["secret-in-file", null];
  const leaf = { expected, found: quote(input) };
  switch (expected.kind) {
    case "duration":
      return issue.code === "custom" ? ["out-of-range", leaf] : ["bad-duration", leaf];
    case "size":
      return issue.code === "custom" ? ["out-of-range", leaf] : ["bad-size", leaf];
    case "choice": {
      const known = expected.values.map(String);
      const word = typeof input === "string" || typeof input === "number" ? String(input) : "";
      return ["not-a-choice", { ...leaf, nearest: nearest(word, known) }];
    }
    case "entries":
      // The fault of a key comes with its name's own message, one level down.
      return ["wrong-type", leaf];
    case "text":
    case "port":
    case "gpio-chip":
    case "sparkplug-id":
    case "url":
    case "urls":
    case "name":
    case "gateway-id":
    case "host":
    case "ip":
    case "listen":
    case "hex":
    case "bytes":
    case "sentence":
    case "point-id":
    case "point-reference":
    case "alarm-input":
    case "pattern":
    case "day":
    case "mn":
    case "system":
    case "station":
    case "time-zone":
    case "time-of-day":
    case "web-url":
    case "tls-url":
    case "release-word":
      if (typeof input === "number" || typeof input === "boolean") return ["needs-quotes", leaf];
      if (typeof input !== "string") return ["wrong-type", leaf];
      return misfitOfText(expected, leaf);
    default:
      return issue.code === "too_big" || issue.code === "too_small"
        ? ["out-of-range", leaf]
        : ["wrong-type", leaf];
  }
}

/** A text was expected and a text came, but not one that fits. */
function misfitOfText(
  { kind }: Expected,
  leaf: { readonly expected: Expected; readonly found: string },
): CodedIssue {
  if (kind === "name" || kind === "gateway-id") return ["bad-name", leaf];
  return kind === "text" ? ["out-of-range", leaf] : ["wrong-type", leaf];
}

function quantity(
  expected: Expected & { readonly kind: "duration" | "size" },
  pattern: RegExp,
  parse: (text: string) => number,
) {
  const error = refuse(expected);
  const least = parse(expected.min);
  const most = parse(expected.max);
  const fits = (text: string) => parse(text) >= least && parse(text) <= most;
  return z
    .string(error)
    .regex(pattern, { ...error, abort: true })
    .refine(fits, error)
    .transform(parse)
    .meta(allowed(expected));
}

/**
 * What is allowed, in words, for readers of the JSON Schema and for the reference page, where the
 * schema's own keywords do not say it.
 */
export function allowed(expected: Expected): { readonly $comment: string } {
  const isQuantity = expected.kind === "duration" || expected.kind === "size";
  return {
    $comment: isQuantity ? `${expected.min} to ${expected.max}` : describeExpected(expected).en,
  };
}

/** A value as a person would quote it, short, and without control characters. */
function quote(value: unknown): string {
  if (Array.isArray(value)) return "[…]";
  if (typeof value === "object") return "{…}";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/** The mapping of `options` that its `kind` names. */
export function byKind<
  const Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(kinds: readonly string[], options: Options) {
  const kind = refuse({ kind: "choice", values: kinds });
  const other = refuse({ kind: "section", keys: ["kind", "…"] });
  return z.discriminatedUnion("kind", options, {
    error: (issue) => {
      if (issue.code !== "invalid_union") return other.error(issue);
      return kind.error({ code: issue.code, input: (issue.input as { kind?: unknown }).kind });
    },
  });
}
