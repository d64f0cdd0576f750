// The courses of the points over the last minutes, and the plots of them.

import { ask } from "./ask.js";
import { age, number, say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 32;
const EDGE = 3;
/** So many values of a course are kept, as many as the gateway does. */
const ROWS_MAX = 120;
/** A young course fills the plot all the same, once it has so many. */
const ROWS_MIN = 24;
/** Less than this part of its value is no movement: noise must not look like an alarm. */
const STILL = 0.01;

const courses = new Map();
let next = 0;
let due = 0;
let everyMs = 0;

/** Fetches what has come since the last time, no more often than the gateway has something new. */
export async function fetchCourses(now) {
  if (now < due) return;
  const page = await ask(`/api/trends?from=${next}`);
  everyMs = page.everyMs;
  due = now + everyMs;
  if (next === 0 || page.from !== next) courses.clear();
  next = page.next;
  page.points.forEach((point, column) => {
    const before = courses.get(point) ?? [];
    const more = page.rows.map((row) => row[column]);
    courses.set(point, [...before, ...more].slice(-ROWS_MAX));
  });
}

/** Lets all be fetched anew. */
export function forgetCourses() {
  next = 0;
  due = 0;
}

/** Tells one plot from the next: how far the course of `point` has come. */
export function courseMark(point) {
  return courses.has(point) ? next : 0;
}

/** The course of `point` as a plot with words for whoever does not see it. */
export function plotOf(point) {
  const values = courses.get(point) ?? [];
  const known = values.filter((value) => value !== null);
  const plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "plot" });
  if (known.length < 2) {
    plot.setAttribute("aria-label", say("noTrend"));
    return plot;
  }
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = age((values.length - 1) * everyMs);
  const range = { point, span, low: number(low), high: number(high) };
  plot.setAttribute("aria-label", say("trendOf", range));
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 2, (Math.abs(middle) * STILL) / 2, Number.MIN_VALUE);
  const rows = Math.max(ROWS_MIN, values.length);
  const x = (at) => EDGE + ((WIDTH - 2 * EDGE) * (at + rows - values.length)) / (rows - 1);
  const y = (value) => HEIGHT / 2 - ((value - middle) / half) * (HEIGHT / 2 - EDGE);
  plot.append(svg("path", { d: pathOf(values, x, y) }));
  const last = values.at(-1);
  if (last !== null) {
    plot.append(svg("circle", { cx: x(values.length - 1), cy: y(last).toFixed(1), r: 2.4 }));
  }
  return plot;
}

/** A line through `values`, broken where one was not known. */
function pathOf(values, x, y) {
  let isDown = false;
  return values
    .map((value, at) => {
      if (value === null) {
        isDown = false;
        return "";
      }
      const step = `${isDown ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
      return step;
    })
    .join("");
}

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
