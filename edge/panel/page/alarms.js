// The alarms: what needs somebody first, and what may be done about it.

import { byId, element, renew, setText } from "./dom.js";
import { age, language, moment, number, say, valueText } from "./words.js";

/** What was unanswered when the page last looked; null before it has looked. */
let unanswered = null;

/** Shows the alarms of `view`; `act` is called with what is to be done, null where nothing may be. */
export function showAlarms(view, act) {
  const { alarms } = view;
  const rest = alarms.filter(({ state }) => state === "normal");
  const stirred = alarms.filter(({ state }) => state !== "normal");
  const calling = alarms.filter(({ needsSomebody }) => needsSomebody).length;
  setText(byId("alarms-count"), countText(alarms.length, calling));
  byId("alarms-count").classList.toggle("calm", calling === 0);
  const parts = {
    key: ({ alarm }) => alarm,
    state: (alarm) => [alarm, act !== null, language()],
    build: (alarm) => alarmCard(alarm, view.at, act),
  };
  renew(byId("alarm-list"), stirred, parts);
  renew(byId("alarm-rest"), rest, parts);
  byId("alarms-rest").hidden = rest.length === 0;
  const count = say("atRest", { count: number(rest.length) });
  setText(byId("alarms-rest").firstElementChild, count);
  tellNew(alarms);
}

function countText(all, calling) {
  if (all === 0) return say("noAlarms");
  return calling === 0 ? say("allWell") : say("needs", { count: number(calling) });
}

/** Tells whoever listens to the page of what calls now and did not before. */
function tellNew(alarms) {
  const now = new Set(alarms.filter(({ isUnanswered }) => isUnanswered).map(({ alarm }) => alarm));
  const fresh = alarms.filter(({ alarm }) => now.has(alarm) && unanswered?.has(alarm) === false);
  unanswered = now;
  if (fresh.length === 0) return;
  const text = fresh.map((each) => `${each.alarm}: ${each.severityText}, ${each.stateText}`);
  setText(byId("news"), text.join("; "));
}

function alarmCard(alarm, now, act) {
  const { severity, state } = alarm;
  const isCalm = state === "normal" || !alarm.needsSomebody;
  const buttons = act === null ? [] : buttonsOf(alarm, act);
  return element(
    "li",
    { class: `card alarm ${isCalm ? "quiet" : severity}`, "data-alarm": alarm.alarm },
    element(
      "div",
      { class: "head" },
      element("span", { class: `badge ${severity}` }, alarm.severityText),
      element("strong", {}, alarm.alarm),
      element("span", { class: "state" }, alarm.stateText),
    ),
    element("p", {}, figures(alarm)),
    element("p", { class: "note" }, notes(alarm, now).join(" · ")),
    buttons.length === 0 ? null : element("div", { class: "buttons" }, ...buttons),
  );
}

function figures({ point, value, unit, limitText }) {
  const text = value === null ? "" : ` ${valueText(value)}`;
  return `${point}${text} (${[limitText, unit ?? ""].join(" ").trim()})`;
}

function notes({ since, until, active, first, by, needsSomebody, state }, now) {
  const isHidden = active && !needsSomebody && state !== "normal";
  return [
    ...(since === null ? [] : [say("since", { time: moment(since, now) })]),
    ...(until === null ? [] : [say("until", { time: moment(until, now) })]),
    ...(isHidden ? [say("present")] : []),
    ...(first ? [say("first")] : []),
    ...(by === null ? [] : [say("by", by), ...(by.reason === undefined ? [] : [by.reason])]),
  ];
}

function buttonsOf(alarm, act) {
  const button = (kind, label) =>
    element(
      "button",
      {
        type: "button",
        "data-act": kind,
        "aria-label": say(label, alarm),
        onclick: () => act(kind, alarm),
      },
      say(kind),
    );
  return [
    ...(alarm.isUnanswered ? [button("acknowledge", "acknowledgeOf")] : []),
    ...(alarm.shelveMaxMs > 0 ? [button("shelve", "shelveOf")] : []),
  ];
}

const HOUR = 3_600_000;
const TIMES = [HOUR / 4, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR];

/** For how long an alarm may be shelved that may be so for `mostMs`: choices of a select. */
export function shelfTimes(mostMs) {
  const fitting = TIMES.filter((ms) => ms <= mostMs);
  const times = fitting.length === 0 ? [mostMs] : fitting;
  const options = times.map((ms) => element("option", { value: String(ms) }, age(ms)));
  return [...options, element("option", { value: "" }, say("once"))];
}
