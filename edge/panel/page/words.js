// The words of the page in the language that is set, and how numbers and times are written in it.

import { ask } from "./ask.js";

const LANGUAGES = ["en", "zh-CN"];
const KEPT = "lifeline-language";

let words = {};
/** The language that is wanted, and the one that the words are of. */
let current = "en";
let spoken = null;
let timeZone;

/** The language that was chosen, or else the first of the browser's that is known. */
export function firstLanguage() {
  const chosen = kept();
  if (LANGUAGES.includes(chosen)) return chosen;
  const known = navigator.languages.map((wanted) => {
    if (/^zh\b/i.test(wanted)) return "zh-CN";
    return /^en\b/i.test(wanted) ? "en" : null;
  });
  return known.find((lang) => lang !== null) ?? "en";
}

/** Takes up the words of `lang`. Rejects where the gateway does not give them. */
export async function speak(lang) {
  current = lang;
  if (spoken === lang) return;
  words = (await ask(`/api/words?lang=${lang}`)).words;
  spoken = lang;
  document.documentElement.lang = lang;
  for (const each of document.querySelectorAll("[data-say]")) {
    each.textContent = say(each.dataset.say);
  }
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", say(each.dataset.label));
  }
}

/** Keeps `lang` for the next visit; a browser that keeps nothing asks anew. */
export function keep(lang) {
  try {
    localStorage.setItem(KEPT, lang);
  } catch {
    // Private windows of some browsers refuse.
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** The language that is set. */
export function language() {
  return current;
}

/** How the browser's own country writes the language that is set; a browser of another says less. */
function locale() {
  const own = navigator.languages.find((each) => each.slice(0, 2) === current.slice(0, 2));
  return own ?? current;
}

/** Times are those of the site. */
export function useTimeZone(name) {
  timeZone = name;
}

/** The sentence `key`, with its parameters filled in. */
export function say(key, parameters = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole);
}

/** Whether there is a sentence `key`. */
export function hasWord(key) {
  return Object.hasOwn(words, key);
}

/** A number for a person. */
export function number(value, options = { maximumSignificantDigits: 6 }) {
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** A share from 0 to 1. */
export function share(value) {
  return number(value, { style: "percent", maximumFractionDigits: 0 });
}

const BYTES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** A number of bytes, in powers of 1000. */
export function bytes(value) {
  const power = value < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(value) / 3));
  const unit = BYTES[power];
  const options = { style: "unit", unit, unitDisplay: "short", maximumSignificantDigits: 3 };
  return number(value / 1000 ** power, options);
}

const UNITS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
];

/** A length of time in its largest unit. */
export function age(ms) {
  const [size, unit] = UNITS.find(([size]) => ms >= size) ?? [1_000, "second"];
  const count = Math.max(0, Math.floor(ms / size));
  return number(count, { style: "unit", unit, unitDisplay: "short" });
}

/** The value of a point: a number, a text, or whether it is so. */
export function valueText(value) {
  if (value === null) return "–";
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return typeof value === "number" ? number(value) : String(value);
}

/** A moment at the site; of today its time alone. */
export function moment(at, now) {
  const day = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone });
  const isToday = day.format(at) === day.format(now);
  const style = isToday ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(locale(), { ...style, timeZone }).format(at);
}
