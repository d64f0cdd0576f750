import { speaker } from "../../edge/cli/language.ts";
import type { Text } from "../../edge/core/errors.ts";

/** Every sentence of the fleet's command line. `{name}` stands for a parameter. */
const FLEET_TEXT = {
  usage: {
    en: `usage: lifeline fleet COMMAND [--dir DIR] [--json] [--lang en|zh-CN]
  list                     every gateway, and what it proved
  versions                 how many run which release
  show GATEWAY             all that is known of one
  rollout start PLAN.json [--canaries N]   N canaries of every kind of board
  rollout status [ID] | pause ID | resume ID | abort ID
  run --broker URL --key FILE.pem          the centre: to be left running`,
    "zh-CN": `用法：lifeline fleet 命令 [--dir 目录] [--json] [--lang en|zh-CN]
  list                     列出所有网关及其已证明的版本
  versions                 各版本的网关数量
  show 网关                某一网关的全部信息
  rollout start 计划.json [--canaries N]   每种板卡选 N 台先行
  rollout status [编号] | pause 编号 | resume 编号 | abort 编号
  run --broker 地址 --key 文件.pem         中心程序，需保持运行`,
  },
  noCentre: {
    en: "there is no centre in {dir}: name its folder with --dir, or begin it: lifeline fleet run",
    "zh-CN": "{dir} 中没有中心：请用 --dir 指定其目录，或启动：lifeline fleet run",
  },
  unproved: { en: "not proved", "zh-CN": "未证明" },
  trial: { en: "{release} (on trial)", "zh-CN": "{release}（试运行）" },
  says: { en: "says {release}", "zh-CN": "自称 {release}" },
  online: { en: "online", "zh-CN": "在线" },
  offline: { en: "offline", "zh-CN": "离线" },
  unknown: { en: "there is no {name}", "zh-CN": "没有 {name}" },
  waits: {
    en: "it is noted, and done as soon as the centre runs: lifeline fleet run",
    "zh-CN": "已记录；中心程序（lifeline fleet run）运行后立即执行",
  },
  done: { en: "done", "zh-CN": "已完成" },
  refused: { en: "not done: {why}", "zh-CN": "未执行：{why}" },
  badPlan: { en: "this is no plan: {why}", "zh-CN": "不是有效的计划：{why}" },
  rollout: {
    en: "{id}: {state}, ring {ring} of {rings}{why}",
    "zh-CN": "{id}：{state}，第 {ring} 环，共 {rings} 环{why}",
  },
  ring: {
    en: "  ring {ring}: {proved} of {members} proved, {inFlight} under way ({dark} dark), {failed} failed, {cancelled} cancelled, {waiting} waiting",
    "zh-CN":
      "  第 {ring} 环：{members} 台中 {proved} 台已证明，{inFlight} 台进行中（{dark} 台失联），{failed} 台失败，{cancelled} 台已取消，{waiting} 台等待",
  },
  running: { en: "running", "zh-CN": "进行中" },
  paused: { en: "paused", "zh-CN": "已暂停" },
  stopped: { en: "STOPPED", "zh-CN": "已停止" },
  aborted: { en: "aborted", "zh-CN": "已中止" },
  over: { en: "done", "zh-CN": "已完成" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says a sentence of them. */
export const sayFleet = speaker<keyof typeof FLEET_TEXT>(FLEET_TEXT);
