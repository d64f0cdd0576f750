import type { ErrorEntry } from "./errors.ts";

const WAIT = {
  en: "it is tried again by itself; lifeline status says what stands",
  "zh-CN": "稍后会自动重试；用 lifeline status 查看当前状态",
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
