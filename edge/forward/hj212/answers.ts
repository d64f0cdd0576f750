import { flagBits, flagOf, type Group, type Packet } from "./packet.ts";
import { INTERACTION } from "./systems.ts";

/** The edition of a packet that has no Flag to tell it. */
const VERSION_2017 = 1;

/** 9011 to a request: `qnRtn` is 1 where it will be carried out (HJ 212-2017, 6.6 and table 7). */
export function requestAnswer(request: Packet, qnRtn: string): Packet {
  return answerTo(request, "9011", [[{ name: "QnRtn", value: qnRtn }]]);
}

/** 9012 to a request, behind its data: what came of it (HJ 212-2017, table 6). */
export function executionResult(request: Packet, exeRtn: string): Packet {
  return answerTo(request, "9012", [[{ name: "ExeRtn", value: exeRtn }]]);
}

/** 9013 to a notice. */
export function noticeAnswer(notice: Packet): Packet {
  return answerTo(notice, "9013", []);
}

/** 9014 to data that was uploaded. */
export function dataAnswer(upload: Packet): Packet {
  return answerTo(upload, "9014", []);
}

/** Whether `packet` answers what was sent as `sent`: its QN names the exchange. */
export function isAnswerTo(packet: Packet, sent: Packet): boolean {
  const isAnswer = packet.cn !== null && /^901[1-4]$/.test(packet.cn);
  return isAnswer && packet.qn === sent.qn && packet.mn === sent.mn;
}

/** An answer repeats QN, PW, MN and edition, is of ST 91, and wants no answer itself. */
function answerTo(packet: Packet, cn: string, cp: readonly Group[]): Packet {
  const version = packet.flag === null ? VERSION_2017 : flagBits(packet.flag).version;
  return {
    qn: packet.qn,
    st: INTERACTION,
    cn,
    pw: packet.pw,
    mn: packet.mn,
    flag: flagOf({ version, isNumbered: false, wantsAnswer: false }),
    pnum: null,
    pno: null,
    isResent: false,
    cp,
  };
}
