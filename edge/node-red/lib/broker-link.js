import mqtt from "mqtt";
import { CallError } from "./control-connection.js";
import { Link } from "./link.js";
import { matcherOf } from "./pattern.js";
import { signedCommand } from "./signed-command.js";

/** How long the answer to a command is waited for, in milliseconds. */
const ANSWER_MS = 60_000;
/** Not more commands than these wait for an answer at a time. */
const ASKED_MAX = 32;

/** A gateway behind a broker, by the messages that it sends there (contract v1). */
export class BrokerLink extends Link {
  #settings;
  #client;
  #wanted = new Map();
  /** The stream and the highest seq of each topic that was told. */
  #told = new Map();
  #asked = new Map();
  #status = null;

  /** `settings`: url, gateway, user, password, ca, keyName, keyPem; what is not needed is empty. */
  constructor(settings) {
    super();
    this.#settings = settings;
    const { url, user, password, ca } = settings;
    this.#client = mqtt.connect(url, {
      ...(user && { username: user }),
      ...(password && { password }),
      ...(ca && { ca }),
      clean: true,
      reconnectPeriod: 2_000,
    });
    this.#client.on("connect", () => this.#subscribe());
    this.#client.on("close", () => this.turned(false, "the broker is not in reach"));
    this.#client.on("error", (error) => this.turned(false, error.message));
    this.#client.on("message", (topic, payload) => this.#take(topic, payload));
  }

  want(patterns) {
    const key = Symbol("a node");
    this.#wanted.set(key, matcherOf(patterns));
    return () => this.#wanted.delete(key);
  }

  /** What the gateway said last of itself; null before it did. */
  status() {
    return Promise.resolve(this.#status);
  }

  async write(point, value) {
    return resultOf(await this.#order({ kind: "write", point, value }));
  }

  async acknowledge(alarm) {
    return resultOf(await this.#order({ kind: "acknowledge", alarm })).outcome;
  }

  tell() {
    const why = "a flow tells values to a gateway on its own machine only, by the control socket";
    return Promise.reject(new CallError("unsupported", why));
  }

  close() {
    for (const { reject } of this.#asked.values()) {
      reject(new CallError("unreachable", "the flow was stopped"));
    }
    this.#client.end(true);
  }

  #topic(name) {
    return `lifeline/v1/${this.#settings.gateway}/${name}`;
  }

  #subscribe() {
    const names = ["readings", "events", "status", "results"];
    this.#client.subscribe(
      names.map((name) => this.#topic(name)),
      { qos: 1 },
      (error, granted) => {
        const refused = granted?.find(({ qos }) => qos > 2);
        if (error) this.turned(false, error.message);
        else if (refused) this.turned(false, `the broker refuses ${refused.topic}`);
      },
    );
  }

  #take(topic, payload) {
    try {
      this.#takeMessage(topic.slice(this.#topic("").length), JSON.parse(payload.toString("utf8")));
    } catch {
      // Another format than JSON, or not from a gateway: it must not end the flows, and what stood
      // in it is missed.
      this.emit("missed", null);
    }
  }

  #takeMessage(name, message) {
    if (name === "status") this.#takeStatus(message);
    else if (name === "results") this.#takeResult(message);
    else if (this.#isNew(name, message)) {
      if (name === "readings") this.#takeReadings(message);
      else this.emit("event", message);
    }
  }

  #takeStatus(status) {
    this.#status = status;
    const isOnline = status.state === "online";
    this.turned(isOnline, isOnline ? "" : "the gateway is offline");
    this.emit("status", status);
  }

  /** Whoever drops a key that was told already has nothing twice. */
  #isNew(name, { stream, seq }) {
    const told = this.#told.get(name);
    if (told?.stream === stream && seq <= told.seq) return false;
    if (told?.stream === stream && seq > told.seq + 1) this.emit("missed", null);
    this.#told.set(name, { stream, seq });
    return true;
  }

  #takeReadings({ at, series = [] }) {
    const isWanted = (point) => [...this.#wanted.values()].some((wants) => wants(point));
    const readings = series.flatMap(({ point, unit = null, t, v, q }) =>
      isWanted(point)
        ? t.map((ms, i) => ({ point, unit, value: v[i], quality: q?.[i] ?? "good", at: at + ms }))
        : [],
    );
    if (readings.length > 0)
      this.emit(
        "readings",
        readings.sort((a, b) => a.at - b.at),
      );
  }

  #order(order) {
    const { gateway, keyName, keyPem } = this.#settings;
    if (!keyName || !keyPem) {
      const why = "writes over a broker need the name and the PEM of a command key";
      return Promise.reject(new CallError("unsigned", why));
    }
    if (this.#asked.size >= ASKED_MAX) {
      return Promise.reject(new CallError("busy", `${ASKED_MAX} commands wait for their answers`));
    }
    return new Promise((resolve, reject) => {
      // A key that is none rejects here.
      const { id, text, digest } = signedCommand(order, gateway, { key: keyName, pem: keyPem });
      const end = (settle) => (what) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        settle(what);
      };
      const fail = end(reject);
      const late = new CallError("silent", "no answer came; whether it was done is not known");
      const timer = setTimeout(() => fail(late), ANSWER_MS);
      this.#asked.set(id, { digest, resolve: end(resolve), reject: fail });
      this.#client.publish(this.#topic("commands"), text, { qos: 1 }, (error) => {
        if (error) fail(new CallError("unreachable", error.message));
      });
    });
  }

  #takeResult({ id, digest, ...result }) {
    // One that was not taken is answered by the digest of what came.
    const asked =
      this.#asked.get(id) ?? this.#asked.values().find((each) => each.digest === digest);
    asked?.resolve(result);
  }
}

function resultOf(result) {
  if (result.outcome === "done") return result;
  throw new CallError(
    result.code ?? result.outcome,
    result.detail ?? `the gateway says ${result.outcome}`,
  );
}
