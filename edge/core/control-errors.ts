import type { ErrorEntry } from "./errors.ts";

/** Why a call of the local control socket is not taken, by code. */
export const CONTROL_ERRORS = {
  "control.who": {
    meaning: {
      en: "the gateway does not know who calls; nothing was done",
      "zh-CN": "网关无法确认调用者身份；未执行任何操作",
    },
    remedy: "operator",
    advice: {
      en: "name the file that the gateway runs with: --config FILE; or sudo",
      "zh-CN": "用 --config 指定网关所用的配置文件；或用 sudo 执行",
    },
  },
  "control.silent": {
    meaning: {
      en: "a gateway runs, but does not answer: it hangs or is overloaded",
      "zh-CN": "网关在运行但无应答：已卡死或过载",
    },
    remedy: "operator",
    advice: {
      en: "try again; if it stays so: systemctl restart lifeline",
      "zh-CN": "稍后重试；若仍如此：systemctl restart lifeline",
    },
  },
  "control.version": {
    meaning: {
      en: "lifeline and the gateway are of releases that do not understand each other",
      "zh-CN": "lifeline 与网关的版本互不兼容",
    },
    remedy: "operator",
    advice: {
      en: "use the gateway's lifeline, or restart the gateway after an update",
      "zh-CN": "请使用与网关同版本的 lifeline；更新后请重启网关",
    },
  },
  "control.teller": {
    meaning: {
      en: "this user may not tell values of points on that bus",
      "zh-CN": "此用户无权上报该总线上的测点",
    },
    remedy: "operator",
    advice: {
      en: "run the program as the user that the bus names: buses.NAME.user",
      "zh-CN": "请以总线配置 buses.NAME.user 指定的用户运行程序",
    },
  },
  "control.group": {
    meaning: {
      en: "the control socket cannot be given to its group",
      "zh-CN": "控制套接字无法归属指定的组",
    },
    remedy: "halt",
    advice: {
      en: "make the group, with the gateway's user, or change control.group",
      "zh-CN": "创建该组并加入网关用户，或修改 control.group",
    },
  },
} as const satisfies Record<string, ErrorEntry>;
