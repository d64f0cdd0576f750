// The points with what they are now, how good that is, and how it came about.

import { courseMark, plotOf } from "./courses.js";
import { byId, element, renew, setText } from "./dom.js";
import { age, language, say, valueText } from "./words.js";

/** Shows the points of `view` that the filter lets through. */
export function showValues({ points }) {
  const wanted = byId("filter").value.trim().toLowerCase();
  const isOnlyBad = byId("only-bad").checked;
  const shown = points.filter(({ point, unit, level, qualityText }) => {
    if (isOnlyBad && level === "good") return false;
    return `${point} ${unit ?? ""} ${qualityText}`.toLowerCase().includes(wanted);
  });
  renew(byId("point-rows"), shown, {
    key: ({ point }) => point,
    state: (each) => [stateOf(each), courseMark(each.point), language()],
    build: rowOf,
  });
  byId("no-points").hidden = shown.length > 0;
  setText(byId("no-points"), say(points.length === 0 ? "noValues" : "noMatch"));
}

/** What of a point is seen: its age only as far as it is written. */
function stateOf({ value, unit, level, qualityText, ageMs }) {
  return [value, unit, level, qualityText, ageText(ageMs)];
}

function ageText(ageMs) {
  return ageMs === null ? say("never") : age(ageMs);
}

function rowOf({ point, value, unit, level, qualityText, ageMs }) {
  const cell = (attributes, ...children) =>
    element("td", { role: "cell", ...attributes }, ...children);
  return element(
    "tr",
    { role: "row", class: level },
    element("th", { role: "rowheader", scope: "row" }, point),
    cell(
      { class: "number value" },
      valueText(value),
      unit === null || value === null ? null : element("span", { class: "unit" }, ` ${unit}`),
    ),
    cell({ class: "trend" }, plotOf(point)),
    cell({ class: "quality" }, element("span", { class: `mark ${level}` }, qualityText)),
    cell({ class: "number age" }, ageText(ageMs)),
  );
}
