import { z } from "zod";
import * as field from "./field-json.ts";
import * as paper from "./paper-json.ts";
import * as own from "./provision-json.ts";
import * as sign from "./release-json.ts";
import * as site from "./site-json.ts";
import { alarm, interlock, status } from "./status-json.ts";
import * as store from "./store-json.ts";
import * as update from "./update-json.ts";

/** What a command prints with `--json`. */
export type Output = {
  /** The command line. */
  readonly typed: string;
  readonly what: string;
  /** Whether it prints one of these a line, and not just one. */
  readonly isEachLine?: true;
  readonly schema: z.ZodType;
};

/** Every output that programs may read, by its name. */
export const OUTPUTS = {
  failure: {
    typed: "(any command)",
    what: "It failed, was refused, or was used wrongly; the exit code is 1 or 2.",
    schema: site.failure,
  },
  run: { typed: "run, log", what: "The log.", isEachLine: true, schema: site.logLine },
  check: {
    typed: "check",
    what: "What is wrong with the configuration, and what its buses have to carry; also what any command prints whose configuration cannot be used.",
    schema: site.checked,
  },
  status: { typed: "status", what: "All that the gateway tells of itself.", schema: status },
  offline: {
    typed: "status, alarms (of a gateway that does not run)",
    what: "What its database knows; the exit code is 1.",
    schema: store.offline,
  },
  doctor: { typed: "doctor", what: "What is wrong, and why.", schema: site.diagnosis },
  events: {
    typed: "events",
    what: "Events that are stored, with the keys of contract v1.",
    isEachLine: true,
    schema: store.storedEvent,
  },
  calibrate: {
    typed: "calibrate POINT",
    what: "The certificate of what was done.",
    schema: site.certificate,
  },
  calibrations: {
    typed: "calibrate POINT --history",
    what: "What was done at the point.",
    schema: site.calibrations,
  },
  watch: {
    typed: "watch",
    what: "The same, again and again; a failure while the gateway does not answer.",
    isEachLine: true,
    schema: status,
  },
  alarms: { typed: "alarms", what: "The alarms.", schema: z.array(alarm) },
  alarmAct: {
    typed: "alarms ack|reset|shelve|unshelve|out-of-service|in-service ALARM",
    what: "What came of it.",
    schema: site.alarmAct,
  },
  alarmHistory: {
    typed: "alarms history [ALARM]",
    what: "Transitions that are stored, the oldest first.",
    schema: store.alarmHistory,
  },
  alarmStats: {
    typed: "alarms stats",
    what: "The load of the alarms (ISA-18.2 clause 16).",
    schema: store.alarmStats,
  },
  chainAudit: {
    typed: "alarms audit, interlock audit",
    what: "Whether what interlocks did is stored as it was.",
    schema: store.chainAudit,
  },
  interlocks: { typed: "interlock", what: "The interlocks.", schema: z.array(interlock) },
  interlockAct: {
    typed: "interlock test|override|release NAME",
    what: "What came of it.",
    schema: site.interlockAct,
  },
  buffer: {
    typed: "buffer",
    what: "What is stored, and owed to whom.",
    schema: store.bufferSurvey,
  },
  bufferVerify: {
    typed: "buffer verify",
    what: "Whether what is stored is whole.",
    schema: store.bufferVerified,
  },
  bufferExport: {
    typed: "buffer export --out FILE",
    what: "What was written to the file.",
    schema: store.bufferExported,
  },
  config: { typed: "config", what: "Configurations that were replaced.", schema: site.configList },
  configDiff: {
    typed: "config diff [N]",
    what: "What differs, as a unified diff.",
    schema: site.configDiff,
  },
  carriedOut: {
    typed: "command FILE, config rollback|confirm",
    what: "What came of it.",
    schema: site.carriedOut,
  },
  provision: {
    typed: "provision [status|enrol|install|replace|reset]",
    what: "How it stands with the gateway's identity.",
    schema: own.standing,
  },
  provisionCsr: {
    typed: "provision csr",
    what: "The request to have signed.",
    schema: own.request,
  },
  provisionBatch: {
    typed: "provision batch SITES.csv",
    what: "What was made; the claims themselves are only in their files.",
    schema: own.batch,
  },
  flash: {
    typed: "flash IMAGE CARD, flash IMAGE --batch DIR",
    what: "What was written and read back.",
    isEachLine: true,
    schema: own.flashed,
  },
  flashCards: { typed: "flash", what: "The cards that are there.", schema: own.cards },
  update: {
    typed: "update install|download|commit|rollback|run [RELEASE]",
    what: "What came of it.",
    schema: update.brought,
  },
  updateCheck: {
    typed: "update check [RELEASE]",
    what: "What is published.",
    schema: update.published,
  },
  updateStatus: { typed: "update", what: "What is installed.", schema: update.installed },
  updateHistory: {
    typed: "update history",
    what: "The journal, the newest last.",
    schema: update.history,
  },
  updateConfig: {
    typed: "update config FILE",
    what: "What came of its trial.",
    schema: update.configured,
  },
  updatePreflight: {
    typed: "update preflight",
    what: "That this release can run here.",
    schema: update.preflight,
  },
  releaseKey: { typed: "release key NAME", what: "Where the key is.", schema: sign.madeKey },
  releaseDrafts: {
    typed: "release root|delegate|renew|add|sign|drafts",
    what: "What waits for signatures.",
    schema: sign.drafts,
  },
  releasePublished: {
    typed: "release publish|timestamp",
    what: "What is published now.",
    schema: sign.published,
  },
  releaseVerified: {
    typed: "release verify [TREE], release stick DIR",
    what: "What a gateway would find.",
    schema: sign.verified,
  },
  keyPair: { typed: "command keygen NAME", what: "Where the keys are.", schema: site.keyPair },
  read: { typed: "read", what: "What was read.", schema: field.readings },
  readPdu: {
    typed: "read BUS UNIT --pdu HEX",
    what: "What was sent and what came.",
    schema: field.exchanged,
  },
  write: { typed: "write POINT VALUE", what: "What came of it.", schema: field.written },
  writeRaw: {
    typed: "write BUS UNIT AREA ADDRESS VALUE",
    what: "What came of it.",
    schema: field.rawWritten,
  },
  trace: {
    typed: "trace [BUS]",
    what: "What went over the line.",
    isEachLine: true,
    schema: field.wireRecord,
  },
  scan: { typed: "scan [BUS]", what: "Who answers.", schema: field.scanned },
  identify: {
    typed: "identify BUS UNIT",
    what: "What may stand where, the likeliest first.",
    schema: paper.identified,
  },
  report: {
    typed: "report commissioning",
    what: "What was written and recorded, and what is open.",
    schema: paper.handedOver,
  },
  reportVerify: {
    typed: "report verify FILE",
    what: "Whether a file is one that was recorded.",
    schema: paper.verified,
  },
  bundle: { typed: "bundle", what: "What was packed.", schema: paper.bundled },
  decode: {
    typed: "decode FRAMING HEX",
    what: "What a frame says; of Modbus with the keys of `frames` in `trace`.",
    isEachLine: true,
    schema: field.decoded,
  },
  profiles: {
    typed: "profiles [WORD]",
    what: "The device models that fit.",
    schema: field.profileList,
  },
  profile: {
    typed: "profiles NAME",
    what: "The profile itself.",
    schema: field.profileDetail,
  },
  nodeFlash: { typed: "node flash PORT", what: "What was written.", schema: field.flashed },
  demo: { typed: "demo", what: "How the story goes.", isEachLine: true, schema: site.demoLine },
  fleet: {
    typed: "fleet",
    what: "What the centre knows, or what became of what was asked of it.",
    schema: site.fleetJson,
  },
  completion: {
    typed: "completion SHELL",
    what: "The script.",
    schema: site.completionJson,
  },
  completionWords: {
    typed: "completion --words KINDS",
    what: "Names in the configuration.",
    schema: site.namesJson,
  },
  man: { typed: "man", what: "The manual page.", schema: site.manJson },
} as const satisfies Readonly<Record<string, Output>>;

/** The name of an output. */
export type OutputName = keyof typeof OUTPUTS;

/** Their names. */
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as OutputName[];
