import type { ErrorEntry } from "./errors.ts";

const WAIT = {
  en: "it is tried again by itself; lifeline status says what stands",
  "zh-CN": "稍后会自动重试；用 lifeline status 查看当前状态",
} as const;

const PREVIOUS = {
  en: "the release before runs again; tell who publishes releases",
  "zh-CN": "已恢复之前的版本；请告知版本发布方",
} as const;

/** Why a gateway is not to be restarted for a release now, by code. */
export const UPDATE_ERRORS = {
  "update.alarm": {
    meaning: {
      en: "an alarm stands: no release is installed meanwhile",
      "zh-CN": "有报警未消除：期间不安装新版本",
    },
    remedy: "retry",
    advice: WAIT,
  },
  "update.interlock": {
    meaning: {
      en: "an interlock acts: no release is installed meanwhile",
      "zh-CN": "有联锁正在动作：期间不安装新版本",
    },
    remedy: "retry",
    advice: WAIT,
  },
  "update.busy": {
    meaning: {
      en: "a test, a calibration or a trial runs: no release is installed meanwhile",
      "zh-CN": "测试、校准或试运行正在进行：期间不安装新版本",
    },
    remedy: "retry",
    advice: WAIT,
  },
  "update.window": {
    meaning: {
      en: "it is outside the maintenance windows",
      "zh-CN": "当前不在维护时段内",
    },
    remedy: "retry",
    advice: {
      en: "wait for the window (update.windows), or install it at the box",
      "zh-CN": "请等待维护时段（update.windows），或现场安装",
    },
  },
  "update.clock": {
    meaning: {
      en: "there are maintenance windows, and the time is not known",
      "zh-CN": "设有维护时段，但时间未知",
    },
    remedy: "retry",
    advice: {
      en: "set the clock (see lifeline status), or install it at the box",
      "zh-CN": "请校时（见 lifeline status），或现场安装",
    },
  },
} as const satisfies Record<string, ErrorEntry>;

/** What becomes of orders and notes of updates, by code. */
export const UPDATE_ORDER_ERRORS = {
  "update.unwritten": {
    meaning: {
      en: "what belongs to updates cannot be written beside the buffer",
      "zh-CN": "无法在缓冲区目录写入更新相关文件",
    },
    remedy: "retry",
    advice: {
      en: "check the disk and the rights of update in buffer.dir",
      "zh-CN": "检查磁盘，以及 buffer.dir 中 update 目录的权限",
    },
  },
  "update.superseded": {
    meaning: {
      en: "another release was ordered before this one had begun",
      "zh-CN": "该版本尚未开始安装，已被另一指令取代",
    },
    remedy: "skip",
    advice: { en: "nothing is to be done", "zh-CN": "无需处理" },
  },
  "update.taken-back": {
    meaning: {
      en: "the order was taken back before it had begun",
      "zh-CN": "指令在开始前已被撤回",
    },
    remedy: "skip",
    advice: { en: "nothing is to be done", "zh-CN": "无需处理" },
  },
  "update.by-hand": {
    meaning: { en: "somebody at the box decided so", "zh-CN": "由现场人员决定" },
    remedy: "skip",
    advice: { en: "nothing is to be done", "zh-CN": "无需处理" },
  },
  "update.too-late": {
    meaning: {
      en: "the order had not begun when its time was over",
      "zh-CN": "指令在有效期内未能开始",
    },
    remedy: "operator",
    advice: {
      en: "order it again, with a later until",
      "zh-CN": "请重新下达，并延长 until",
    },
  },
} as const satisfies Record<string, ErrorEntry>;

/** Why a new release does not do well on this gateway, by code. */
export const HEALTH_ERRORS = {
  "update.loop-hung": {
    meaning: {
      en: "with the new release a part of the gateway does not go on",
      "zh-CN": "新版本下网关的某一部分停止运行",
    },
    remedy: "operator",
    advice: PREVIOUS,
  },
  "update.buffer": {
    meaning: {
      en: "with the new release the buffer takes nothing, or had to begin anew",
      "zh-CN": "新版本下缓冲区无法写入，或被迫重新建立",
    },
    remedy: "operator",
    advice: PREVIOUS,
  },
  "update.bus-lost": {
    meaning: {
      en: "with the new release nothing good comes from a bus that did well before",
      "zh-CN": "新版本下，原先正常的总线读不到有效数据",
    },
    remedy: "operator",
    advice: {
      en: "the release before runs again; check the wire, or tell publishers",
      "zh-CN": "已恢复之前的版本；先检查线路，再告知版本发布方",
    },
  },
  "update.destination-lost": {
    meaning: {
      en: "with the new release a platform is not reached that was before",
      "zh-CN": "新版本下，原先可达的平台无法连接",
    },
    remedy: "operator",
    advice: {
      en: "the release before runs again; check the line, or tell publishers",
      "zh-CN": "已恢复之前的版本；先检查通信，再告知版本发布方",
    },
  },
  "update.memory": {
    meaning: {
      en: "the new release takes too much memory, or more and more of it",
      "zh-CN": "新版本占用内存过多，或持续增长",
    },
    remedy: "operator",
    advice: PREVIOUS,
  },
  "update.died": {
    meaning: {
      en: "the new release died of an error in it",
      "zh-CN": "新版本因程序错误而退出",
    },
    remedy: "operator",
    advice: PREVIOUS,
  },
  "update.unsteady": {
    meaning: {
      en: "with the new release what did well before comes and goes",
      "zh-CN": "新版本下，原先正常的部分时好时坏",
    },
    remedy: "operator",
    advice: PREVIOUS,
  },
} as const satisfies Record<string, ErrorEntry>;
