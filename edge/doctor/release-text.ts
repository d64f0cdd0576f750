import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about what became of releases. */
export const RELEASE_FINDINGS = {
  "update.on-trial": {
    meaning: {
      en: "release {subject} is on trial and not kept yet",
      "zh-CN": "版本 {subject} 正在试运行，尚未保留",
    },
    cause: {
      en: "it was installed, and is being watched",
      "zh-CN": "已安装，正在观察其运行情况",
    },
    remedy: {
      en: "wait until its time is over (update.healthWindow); then type: lifeline update status",
      "zh-CN": "等待观察期（update.healthWindow）结束，再执行：lifeline update status",
    },
  },
  "update.rolled-back": {
    meaning: {
      en: "release {subject} did not do well here and was given up",
      "zh-CN": "版本 {subject} 在此运行不正常，已放弃",
    },
    cause: {
      en: "the release does not fit this gateway, or something else failed while it was tried",
      "zh-CN": "该版本不适合本网关，或试运行期间另有故障",
    },
    remedy: {
      en: "tell the publisher the reason below; where a wire or line failed then, install it again",
      "zh-CN": "将下列原因告知版本发布方；若当时线路有故障，可重新安装",
    },
  },
  "update.stale": {
    meaning: {
      en: "for a month nobody has told this gateway which releases there are",
      "zh-CN": "一个月以来未获知可用版本",
    },
    cause: {
      en: "the repository is out of reach, its signatures have run out, or the timer is off",
      "zh-CN": "版本仓库无法访问、签名已过期，或定时器未启用",
    },
    remedy: {
      en: "type: lifeline update check; and: systemctl status lifeline-update.timer",
      "zh-CN": "执行：lifeline update check；以及：systemctl status lifeline-update.timer",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const RELEASE_EVIDENCE = {
  releaseTried: {
    en: "started {tries} times; {previous} comes back where it fails",
    "zh-CN": "已启动 {tries} 次；失败则恢复 {previous}",
  },
  releaseRunsAgain: { en: "release {release} runs again", "zh-CN": "已恢复版本 {release}" },
  releasesFrom: { en: "looked for at {url}", "zh-CN": "查询地址 {url}" },
} as const satisfies Record<string, Text>;
