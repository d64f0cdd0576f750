import { CaptureTag, type Context, Liquid, type Template as Parsed } from "liquidjs";
import { messageOf } from "../edge/core/errors.ts";
import { toJson } from "../edge/core/json.ts";
import type { TemplateText } from "./http-config.ts";

/** What came of rendering: a message; nothing where the body is empty; or why it failed. */
export type Rendered =
  | { readonly kind: "message"; readonly topic: string; readonly body: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "fault"; readonly why: string };

/** A template that can be rendered of what it is to see. */
export type Template = (sight: object) => Rendered;

/** The longest template, in characters, and what rendering one may take: it is text of a stranger. */
const PARSE_MAX = 100_000;
const RENDER_MAX_MS = 2_000;
/** Liquid's own measure: about the characters that it makes, and the elements that it touches. */
const MEMORY_MAX = 2_000_000;
/** The longest body, in characters. */
const BODY_MAX = 4_000_000;
/** MQTT 5, 1.5.4: an UTF-8 string has at most so many bytes. */
const TOPIC_MAX_BYTES = 65_535;

/** Made when a template first needs it: that takes a start longer than all its checks of them. */
let engine: Liquid | null = null;

/**
 * No file is read and no code is run: Liquid knows values, loops and conditions only. A variable
 * or filter that does not exist is a fault, not an empty place in what a platform gets.
 */
function liquid(): Liquid {
  if (engine !== null) return engine;
  const made = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    // So that `{% if event.who %}` can ask for what may be missing.
    lenientIf: true,
    parseLimit: PARSE_MAX,
    renderLimit: RENDER_MAX_MS,
    memoryLimit: MEMORY_MAX,
    // Layouts and partials: none.
    templates: {},
  });
  // Its own cannot write whole numbers beyond 2^53.
  made.registerFilter("json", (value: unknown) => toJson(value ?? null));
  // These try an expression at each element of a list and heed no limit of time; `for` and `if` do.
  for (const name of Object.keys(made.filters))
    if (name.endsWith("_exp")) delete made.filters[name];
  made.registerTag("capture", BoundedCapture);
  engine = made;
  return made;
}

/** What is captured counts as made: else a few lines that double it fill the memory. */
class BoundedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    yield* super.render(context);
    const made = (context.bottom() as Readonly<Record<string, unknown>>)[this.identifier.content];
    context.memoryLimit.use(String(made).length);
  }
}

/** Parses `text`; returns the template, or why it is none. */
export function parseTemplate(text: TemplateText): Template | { readonly why: string } {
  try {
    const [topic, body] = [liquid().parse(text.topic), liquid().parse(text.body)];
    return (sight) => render(topic, body, text.isJson, sight);
  } catch (error) {
    return { why: messageOf(error) };
  }
}

function render(
  topic: readonly Parsed[],
  body: readonly Parsed[],
  isJson: boolean,
  sight: object,
): Rendered {
  try {
    const made = String(liquid().renderSync([...body], sight));
    if (made.length > BODY_MAX) {
      return { kind: "fault", why: `the body has more than ${BODY_MAX} characters` };
    }
    const said = made.trim();
    if (said === "") return { kind: "nothing" };
    const where = String(liquid().renderSync([...topic], sight)).trim();
    const why = topicFault(where) ?? (isJson ? jsonFault(said) : null);
    return why === null ? { kind: "message", topic: where, body: said } : { kind: "fault", why };
  } catch (error) {
    return { kind: "fault", why: messageOf(error) };
  }
}

/** What keeps `topic` from being published to (MQTT 5, 4.7); null where nothing does. */
function topicFault(topic: string): string | null {
  if (topic === "") return "the topic is empty";
  if (/[#+]/.test(topic)) return `the topic "${topic}" has # or + in it`;
  // A broker may hang up at what it need not take (MQTT 5, 1.5.4), again and again.
  if (/\p{Cc}/u.test(topic) || !topic.isWellFormed()) return "the topic has a control character";
  return new TextEncoder().encode(topic).length > TOPIC_MAX_BYTES ? "the topic is too long" : null;
}

function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `the body is no JSON: ${messageOf(error)}`;
  }
}
