// What whoever knows the PIN does: comes in, acknowledges, shelves, leaves.

import { shelfTimes } from "./alarms.js";
import { order } from "./ask.js";
import { byId, setText } from "./dom.js";
import { age, hasWord, say } from "./words.js";

let session = "closed";
let onDone = () => {};

/** Makes the dialogs and the button of the session work; `onChange` is called when something was done. */
export function beginWork(onChange) {
  onDone = onChange;
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.querySelector(".cancel").addEventListener("click", () => dialog.close());
  }
  byId("session").addEventListener("click", () => (session === "open" ? leave() : open("pin")));
  onSubmit("pin", async () => {
    const answer = await order("POST", "/api/session", { pin: byId("pin").value });
    byId("pin").value = "";
    return answer.isDone ? null : whyText(answer);
  });
}

/** Shows what the session allows; what may be done with an alarm, null where nothing may. */
export function showSession(state) {
  session = state;
  const button = byId("session");
  button.hidden = state === "none";
  setText(button, say(state === "open" ? "signOut" : "signIn"));
  return state === "none" ? null : act;
}

/** Does what is wanted with an alarm; who has not typed the PIN yet does so first. */
async function act(kind, alarm) {
  if (session !== "open") return open("pin");
  if (kind === "shelve") return openShelf(alarm);
  const why = await tell({ kind, alarm: alarm.alarm });
  if (why !== null) setText(byId("notice"), why);
}

function openShelf({ alarm, shelveMaxMs }) {
  byId("for-how").replaceChildren(...shelfTimes(shelveMaxMs));
  setText(byId("shelve-title"), say("shelveOf", { alarm }));
  byId("reason").value = "";
  onSubmit("shelve", () => {
    const time = byId("for-how").value;
    const forMs = time === "" ? null : Number(time);
    return tell({ kind: "shelve", alarm, reason: byId("reason").value, forMs });
  });
  open("shelve");
}

/** Gives an order about an alarm; why it was not done, null where it was. */
async function tell(what) {
  const { isDone, outcome, why, ...more } = await order("POST", "/api/alarms", what);
  if (why === "session") session = "closed";
  onDone();
  if (outcome === undefined) return whyText({ why, ...more });
  const key = hasWord(`out-${outcome}`) ? `out-${outcome}` : "out-refused";
  const text = say(key, { alarm: what.alarm, why: outcome });
  if (!isDone && outcome !== "not-stored") return text;
  setText(byId("notice"), text);
  return null;
}

async function leave() {
  await order("DELETE", "/api/session").catch(() => {});
  onDone();
}

function open(name) {
  const dialog = byId(`${name}-dialog`);
  setText(dialog.querySelector(".fault"), "");
  dialog.showModal();
}

/** Lets the form of a dialog do `what`, and stay open where it says why it is not done. */
function onSubmit(name, what) {
  const dialog = byId(`${name}-dialog`);
  dialog.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const submit = dialog.querySelector("[type=submit]");
    submit.disabled = true;
    const why = await what().catch((error) => say("why-other", { why: error.message }));
    submit.disabled = false;
    setText(dialog.querySelector(".fault"), why ?? "");
    if (why === null) dialog.close();
    onDone();
  };
}

function whyText({ why, forMs = 0 }) {
  const key = `why-${why}`;
  return hasWord(key) ? say(key, { age: age(forMs) }) : say("why-other", { why });
}
