import test from "ava";
import { DESTINATION } from "../../test-rigs/sim/forwarder-rig.ts";
import type { Bundled } from "./bundle.ts";
import { formOf } from "./form.ts";

const EVENT: Bundled = {
  kind: "events",
  isBacklog: false,
  messages: 1,
  readings: 0,
  topic: "t",
  key: "gw/E/1",
  json: '{"gateway":"gw","stream":"E","seq":1,"kind":"gateway","at":0}',
  settle: () => {},
};

test("why a template fails is news once, not at each try", async (t) => {
  const text = { topic: "t", isJson: true };
  const template = {
    readings: { ...text, body: "{{ seq }}" },
    events: { ...text, body: "{{ alarm | json }}" },
  };
  const form = await formOf({ ...DESTINATION, template });
  t.like(form(EVENT), { kind: "fault", isNews: true });
  t.like(form(EVENT), { kind: "fault", isNews: false });
});

test("without a template a message goes as it is, with its key", async (t) => {
  const form = await formOf(DESTINATION);
  t.deepEqual(form(EVENT), {
    kind: "message",
    message: { topic: "t", key: "gw/E/1", payload: EVENT.json, retain: false },
  });
});
