// What the doctor found, the destinations, the buffer, the lines and the interlocks.

import { byId, element, renew, setText } from "./dom.js";
import { bytes, language, moment, number, say, share } from "./words.js";

/** Shows what the doctor found. */
export function showFindings(told) {
  const findings = told.findings ?? [];
  setText(byId("doctor-note"), noteOf(told, findings));
  renew(byId("findings"), findings, {
    key: ({ code, subject }) => `${code} ${subject}`,
    state: (finding) => [finding, language()],
    build: (finding) => findingCard(finding, told.at),
  });
}

function noteOf({ failed, at }, findings) {
  if (failed !== undefined) return say("doctorFailed", { why: failed });
  const examined = say("examinedAt", { time: moment(at, at) });
  return findings.length === 0 ? `${say("nothingWrong")} ${examined}` : examined;
}

function findingCard(finding, now) {
  const { severity, sure, subject, meaning, since, cause, remedy, evidence } = finding;
  const row = (key, text) => [element("dt", {}, say(key)), element("dd", {}, text)];
  const sinceText = since === null ? [] : [say("since", { time: moment(since, now) })];
  return element(
    "li",
    { class: `card finding ${severity}` },
    element(
      "div",
      { class: "head" },
      element("span", { class: `badge ${severity}` }, say(severity)),
      element("strong", {}, subject),
      element("span", { class: "note" }, [say(sure), ...sinceText].join(" · ")),
    ),
    element("p", {}, meaning),
    element(
      "dl",
      {},
      ...row("cause", cause),
      ...row("remedy", remedy),
      ...evidence.flatMap((text) => row("evidence", text)),
    ),
  );
}

/** Shows where data goes, what waits, and what it goes over. */
export function showRest(view) {
  const { destinations, buses, interlocks, at } = view;
  showList("destinations", destinations, at, (each) => destinationCard(each, at));
  showList("buses", buses, at, (each) => busCard(each, at));
  showList("interlocks", interlocks, at, (each) => interlockCard(each, at));
  byId("interlocks-title").hidden = interlocks.length === 0;
  setText(byId("no-destinations"), destinations.length === 0 ? say("noDestinations") : "");
  showBuffer(view.buffer);
}

function showList(id, items, at, build) {
  const key = ({ destination, bus, interlock }) => destination ?? bus ?? interlock;
  const state = (item) => [item, language(), moment(item.since ?? at, at)];
  renew(byId(id), items, { key, state, build });
}

function card(name, { stateText, isWell, since }, at, ...lines) {
  return element(
    "li",
    { class: "card" },
    element(
      "div",
      { class: "head" },
      element("strong", {}, name),
      element("span", { class: `mark ${isWell ? "good" : "bad"}` }, stateText),
      since === null
        ? null
        : element("span", { class: "note" }, say("since", { time: moment(since, at) })),
    ),
    ...lines.filter((line) => line !== null).map((line) => element("p", { class: "note" }, line)),
  );
}

function destinationCard({ destination, owed, acknowledged, trouble, ...each }, at) {
  const isWell = each.state === "connected" && trouble === null;
  const counts = { readings: number(owed.readings), events: number(owed.events) };
  const taken = say("acknowledged", { count: number(acknowledged) });
  return card(destination, { ...each, isWell }, at, trouble, `${say("owed", counts)} · ${taken}`);
}

function busCard({ bus, trouble, silent, load, ...each }, at) {
  const isWell = each.state === "open";
  const mute = silent.length === 0 ? null : say("silent", { devices: silent.join(", ") });
  const used = load === null ? null : say("load", { share: share(load) });
  return card(bus, { ...each, isWell }, at, trouble, mute, used);
}

function interlockCard({ interlock, point, ...each }, at) {
  return card(interlock, { ...each, isWell: each.state === "idle" }, at, point);
}

function showBuffer({ bytes: used, maxBytes, heads, refused, failing, lifeText }) {
  const text = say("used", { used: bytes(used), max: bytes(maxBytes) });
  const meter = element("meter", { max: maxBytes, value: used, "aria-label": text });
  const stored = { readings: number(heads.readings), events: number(heads.events) };
  const lines = [
    text,
    say("stored", stored),
    ...(lifeText === null ? [] : [say("life", { age: lifeText })]),
  ];
  const faults = [
    ...(failing === null ? [] : [failing]),
    ...(refused === 0 ? [] : [say("refused", { count: number(refused) })]),
  ];
  byId("buffer").replaceChildren(
    meter,
    ...lines.map((line) => element("p", { class: "note" }, line)),
    ...faults.map((line) => element("p", { class: "fault" }, line)),
  );
}
