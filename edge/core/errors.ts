import { CARD_ERRORS } from "./card-errors.ts";
import { COMMAND_ERRORS } from "./command-errors.ts";
import { CONTROL_ERRORS } from "./control-errors.ts";
import { ENROL_ERRORS } from "./enrol-errors.ts";
import { OTA_ERRORS } from "./ota-errors.ts";
import { HEALTH_ERRORS, UPDATE_ERRORS, UPDATE_ORDER_ERRORS } from "./update-errors.ts";
import { UPLINK_ERRORS } from "./uplink-errors.ts";

/** Languages that the program speaks. */
export type Lang = "en" | "zh-CN";

/** A text in every language. */
export type Text = Readonly<Record<Lang, string>>;

/**
 * What the program does about an error: try again, leave the item out, wait for a person, or
 * stop.
 */
export type Remedy = "retry" | "skip" | "operator" | "halt";

/** One row of the error table. */
export type ErrorEntry = {
  readonly meaning: Text;
  readonly remedy: Remedy;
  /** What a person types or does next. */
  readonly advice: Text;
};

/** Every operating error of the product, by code. Code branches on the remedy, never on text. */
export const ERRORS = {
  "link.refused": {
    meaning: { en: "the bus could not be opened", "zh-CN": "总线无法打开" },
    remedy: "retry",
    advice: {
      en: "check the plug, the port's name and rights, or the host's address",
      "zh-CN": "检查适配器插头、端口名称与权限，或主机地址",
    },
  },
  "link.closed": {
    meaning: { en: "the bus was open and is gone", "zh-CN": "总线曾打开，现已断开" },
    remedy: "retry",
    advice: {
      en: "check the plug and the power; the gateway reopens it by itself",
      "zh-CN": "检查适配器插头与电源；网关会自行重新打开",
    },
  },
  "bus.busy": {
    meaning: {
      en: "too many reads and writes wait for the bus",
      "zh-CN": "等待该总线的读写操作过多",
    },
    remedy: "retry",
    advice: {
      en: "try again in a few seconds",
      "zh-CN": "请几秒后重试",
    },
  },
  "field.unknown": {
    meaning: {
      en: "the gateway has no such point, device or bus",
      "zh-CN": "网关没有此测点、设备或总线",
    },
    remedy: "operator",
    advice: {
      en: "if gateway.yaml was changed, restart the gateway: it reads it then",
      "zh-CN": "若已修改 gateway.yaml，请重启网关，使其重新读取",
    },
  },
  "field.refused": {
    meaning: {
      en: "this is not read or written; nothing was sent",
      "zh-CN": "不允许此读写；未发送任何内容",
    },
    remedy: "operator",
    advice: {
      en: "ask for something else, or change gateway.yaml as the detail says",
      "zh-CN": "请改为其他读写，或在 gateway.yaml 中修改详情所述的内容",
    },
  },
  "control.call": {
    meaning: {
      en: "the gateway does not take this call; nothing was done",
      "zh-CN": "网关不接受此调用；未执行任何操作",
    },
    remedy: "operator",
    advice: {
      en: "mend it as the detail says; lifeline and gateway need one release",
      "zh-CN": "请按详情更正调用；并使用与网关同一版本的 lifeline",
    },
  },
  "calibration.refused": {
    meaning: {
      en: "this calibration is not taken; the one before stays in force",
      "zh-CN": "不接受此次校准；原有校准继续有效",
    },
    remedy: "operator",
    advice: {
      en: "do as the detail says, then: lifeline calibrate POINT",
      "zh-CN": "请按详情处理，然后运行：lifeline calibrate 测点",
    },
  },
  "calibration.unwritten": {
    meaning: {
      en: "the calibration could not be written; the one before stays in force",
      "zh-CN": "校准结果无法写入；原有校准继续有效",
    },
    remedy: "operator",
    advice: {
      en: "check the disk, and the rights of the configuration's folder",
      "zh-CN": "检查磁盘及配置文件旁文件夹的权限",
    },
  },
  "config.invalid": {
    meaning: { en: "the configuration is not usable", "zh-CN": "配置不可用" },
    remedy: "operator",
    advice: {
      en: "run: lifeline check --config FILE",
      "zh-CN": "运行：lifeline check --config 文件",
    },
  },
  "config.unreadable": {
    meaning: { en: "the configuration file cannot be read", "zh-CN": "配置文件无法读取" },
    remedy: "operator",
    advice: {
      en: "name the file with --config FILE and check its permissions",
      "zh-CN": "用 --config 指定文件，并检查其权限",
    },
  },
  "buffer.full": {
    meaning: { en: "the disk of the buffer is full", "zh-CN": "缓冲区所在磁盘已满" },
    remedy: "retry",
    advice: {
      en: "free space on buffer.dir's disk; readings wait in memory meanwhile",
      "zh-CN": "清理 buffer.dir 所在磁盘；在此之前读数暂存于内存",
    },
  },
  "buffer.io": {
    meaning: { en: "the buffer cannot be written or read", "zh-CN": "缓冲区无法读写" },
    remedy: "retry",
    advice: {
      en: "check the disk and the permissions of buffer.dir",
      "zh-CN": "检查磁盘及 buffer.dir 的权限",
    },
  },
  "buffer.read-only": {
    meaning: {
      en: "the file system of the buffer is read-only",
      "zh-CN": "缓冲区所在文件系统为只读",
    },
    remedy: "retry",
    advice: {
      en: "see dmesg; replace the card, or fsck it and mount it writable",
      "zh-CN": "查看 dmesg；更换存储卡，或 fsck 后以可写方式挂载",
    },
  },
  "buffer.damaged": {
    meaning: { en: "the database of the buffer is damaged", "zh-CN": "缓冲区数据库已损坏" },
    remedy: "halt",
    advice: {
      en: "start the gateway again: it begins a new buffer; check the disk",
      "zh-CN": "重新启动网关：它会在损坏的数据库旁新建缓冲区；并检查磁盘",
    },
  },
  "buffer.version": {
    meaning: {
      en: "the buffer was written by a newer release",
      "zh-CN": "缓冲区由更新的版本写入",
    },
    remedy: "halt",
    advice: {
      en: "install that release again, or name another buffer.dir",
      "zh-CN": "重新安装该版本，或指定另一个 buffer.dir",
    },
  },
  "buffer.busy": {
    meaning: {
      en: "another gateway process uses the same buffer",
      "zh-CN": "另一个网关进程正在使用同一缓冲区",
    },
    remedy: "halt",
    advice: {
      en: "stop the other process, or name another buffer.dir",
      "zh-CN": "停止另一个进程，或指定另一个 buffer.dir",
    },
  },
  ...UPLINK_ERRORS,
  ...COMMAND_ERRORS,
  ...OTA_ERRORS,
  ...UPDATE_ERRORS,
  ...HEALTH_ERRORS,
  ...UPDATE_ORDER_ERRORS,
  "control.unreachable": {
    meaning: {
      en: "no gateway answers on the control socket",
      "zh-CN": "控制套接字上没有网关应答",
    },
    remedy: "operator",
    advice: {
      en: "start it: lifeline run --config FILE; if it runs, use sudo",
      "zh-CN": "启动：lifeline run --config 文件；若已运行，请用 sudo 执行",
    },
  },
  "trace.bus": {
    meaning: {
      en: "the running gateway records no such bus",
      "zh-CN": "运行中的网关没有记录该总线",
    },
    remedy: "operator",
    advice: {
      en: "name the file that it runs with: --config FILE; or restart it",
      "zh-CN": "用 --config 指定网关所用的配置文件；或重启网关",
    },
  },
  "trace.unsaved": {
    meaning: { en: "the capture cannot be saved", "zh-CN": "无法保存抓包" },
    remedy: "operator",
    advice: {
      en: "name another file with --save, or check the directory's rights",
      "zh-CN": "用 --save 指定另一个文件，或检查目录权限",
    },
  },
  "web.unusable": {
    meaning: { en: "an address cannot be listened on", "zh-CN": "无法在该地址上监听" },
    remedy: "operator",
    advice: {
      en: "see what else uses the port (ss -ltnp), or configure another one",
      "zh-CN": "查看占用该端口的程序（ss -ltnp），或配置其他端口",
    },
  },
  "control.busy": {
    meaning: {
      en: "another gateway serves the control socket",
      "zh-CN": "另一个网关正在使用控制套接字",
    },
    remedy: "halt",
    advice: {
      en: "stop the other process, or name another control.socket",
      "zh-CN": "停止另一个进程，或指定另一个 control.socket",
    },
  },
  ...CONTROL_ERRORS,
  ...CARD_ERRORS,
  ...ENROL_ERRORS,
  "control.unusable": {
    meaning: { en: "the control socket cannot be made", "zh-CN": "控制套接字无法创建" },
    remedy: "halt",
    advice: {
      en: "check the directory and the permissions of control.socket",
      "zh-CN": "检查 control.socket 所在目录及其权限",
    },
  },
} as const satisfies Record<string, ErrorEntry>;

/** A row of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** A failure outside the program's control. `code` is stable; the message is for people. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get remedy(): Remedy {
    return ERRORS[this.code].remedy;
  }
}

/** What `error` says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
