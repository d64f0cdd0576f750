// The page: asks the gateway again and again how it is, and shows what it says.

import { showAlarms } from "./alarms.js";
import { ask } from "./ask.js";
import { fetchCourses, forgetCourses } from "./courses.js";
import { byId, setText } from "./dom.js";
import { showFindings, showRest } from "./rest.js";
import { showValues } from "./values.js";
import { age, firstLanguage, keep, language, moment, say, speak, useTimeZone } from "./words.js";
import { beginWork, showSession } from "./work.js";

/** How long after an answer the next one is asked for, and the doctor, in milliseconds. */
const EVERY_MS = 2_000;
const DOCTOR_EVERY_MS = 60_000;
/** The doctor takes his time on a small machine. */
const DOCTOR_PATIENCE_MS = 90_000;

let shown = null;
let lastAt = null;
let isLost = false;
let wake = () => {};
let doctorDue = 0;

function show({ view, session }) {
  shown = { view, session };
  useTimeZone(view.timeZone);
  document.title = say("title", view);
  setText(byId("title"), say("title", view));
  setText(byId("site"), view.site ?? "");
  setText(byId("about"), aboutText(view, session));
  showAlarms(view, showSession(session));
  showValues(view);
  showRest(view);
  document.querySelector("main").hidden = false;
}

function aboutText({ since, at, clockText, release, configuration }, session) {
  const parts = [
    say("running", { age: age(at - since) }),
    say("clock", { state: clockText }),
    say("release", { release }),
    configuration,
    ...(session === "none" ? [say("readOnly")] : []),
  ];
  return parts.join(" · ");
}

/** Says whether the gateway answers. */
function showLink(isThere) {
  const link = byId("link");
  document.body.classList.toggle("lost", !isThere);
  if (isThere) {
    if (isLost) setText(byId("notice"), say("back"));
    setText(link, say("live"));
  } else {
    const time = lastAt === null ? "–" : moment(lastAt, Date.now());
    setText(link, lastAt === null ? say("connecting") : say("lost", { time }));
  }
  isLost = !isThere && lastAt !== null;
}

/** Looks once. */
async function look() {
  try {
    await speak(language());
    const told = await ask(`/api/state?lang=${language()}`);
    await fetchCourses(performance.now());
    show(told);
    showLink(true);
    lastAt = Date.now();
  } catch {
    // What answers next may be another run, with courses of its own.
    forgetCourses();
    showLink(false);
  }
}

/** Looks again and again while the page is seen: a phone in a pocket asks nothing. */
async function watch() {
  for (;;) {
    if (!document.hidden) {
      await look();
      void consult();
    }
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, EVERY_MS);
    });
  }
}

/** Asks the doctor, where it is time to. */
async function consult() {
  if (isLost || shown === null || performance.now() < doctorDue) return;
  doctorDue = performance.now() + DOCTOR_EVERY_MS;
  const lang = language();
  if (byId("doctor-note").textContent === "") setText(byId("doctor-note"), say("examining"));
  const failure = ({ message }) => ({ failed: message });
  const told = await ask(`/api/doctor?lang=${lang}`, DOCTOR_PATIENCE_MS).catch(failure);
  if (lang === language()) showFindings(told);
}

async function changeLanguage() {
  const lang = byId("language").value;
  keep(lang);
  try {
    await speak(lang);
  } catch {
    showLink(false);
    return;
  }
  setText(byId("notice"), "");
  setText(byId("doctor-note"), say("examining"));
  byId("findings").replaceChildren();
  doctorDue = 0;
  if (shown !== null) show(shown);
  wake();
}

async function begin() {
  const lang = firstLanguage();
  byId("language").value = lang;
  byId("language").addEventListener("change", changeLanguage);
  for (const id of ["filter", "only-bad"]) {
    byId(id).addEventListener("input", () => shown !== null && showValues(shown.view));
  }
  document.addEventListener("visibilitychange", () => wake());
  beginWork(() => wake());
  await speak(lang).catch(() => showLink(false));
  await watch();
}

void begin();
