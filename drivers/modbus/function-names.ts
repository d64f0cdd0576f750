import type { Text } from "../../edge/core/errors.ts";

/** The public functions by code (Modbus Application Protocol V1.1b3, 5.1 and 6). */
export const FUNCTION_NAMES: Readonly<Record<number, Text>> = {
  1: { en: "read coils", "zh-CN": "读线圈" },
  2: { en: "read discrete inputs", "zh-CN": "读离散输入" },
  3: { en: "read holding registers", "zh-CN": "读保持寄存器" },
  4: { en: "read input registers", "zh-CN": "读输入寄存器" },
  5: { en: "write single coil", "zh-CN": "写单个线圈" },
  6: { en: "write single register", "zh-CN": "写单个寄存器" },
  7: { en: "read exception status", "zh-CN": "读异常状态" },
  8: { en: "diagnostics", "zh-CN": "诊断" },
  11: { en: "get comm event counter", "zh-CN": "读通信事件计数" },
  12: { en: "get comm event log", "zh-CN": "读通信事件日志" },
  15: { en: "write multiple coils", "zh-CN": "写多个线圈" },
  16: { en: "write multiple registers", "zh-CN": "写多个寄存器" },
  17: { en: "report server ID", "zh-CN": "报告服务器标识" },
  20: { en: "read file record", "zh-CN": "读文件记录" },
  21: { en: "write file record", "zh-CN": "写文件记录" },
  22: { en: "mask write register", "zh-CN": "屏蔽写寄存器" },
  23: { en: "read/write multiple registers", "zh-CN": "读写多个寄存器" },
  24: { en: "read FIFO queue", "zh-CN": "读 FIFO 队列" },
  43: { en: "encapsulated interface transport", "zh-CN": "封装接口传输" },
};

/** What each exception code means (Modbus Application Protocol V1.1b3, 7). */
export const EXCEPTION_NAMES: Readonly<Record<number, Text>> = {
  1: {
    en: "illegal function: the device does not know this function, or not now",
    "zh-CN": "非法功能：设备不支持该功能，或当前不可用",
  },
  2: {
    en: "illegal data address: the device has no such address, or not so many from there on",
    "zh-CN": "非法数据地址：设备没有该地址，或自该地址起没有这么多",
  },
  3: {
    en: "illegal data value: the device takes no such value or count",
    "zh-CN": "非法数据值：设备不接受该值或数量",
  },
  4: {
    en: "server device failure: the device tried and failed",
    "zh-CN": "服务器设备故障：设备执行时出错",
  },
  5: {
    en: "acknowledge: the device has begun and needs long; ask again later",
    "zh-CN": "确认：设备已开始执行，需较长时间；请稍后再问",
  },
  6: {
    en: "server device busy: ask again later",
    "zh-CN": "服务器设备忙：请稍后再问",
  },
  7: {
    en: "negative acknowledge: the device cannot do this",
    "zh-CN": "否定确认：设备无法执行",
  },
  8: {
    en: "memory parity error: the device cannot read its own memory",
    "zh-CN": "存储奇偶校验错误：设备无法读取自身存储",
  },
  10: {
    en: "gateway path unavailable: a gateway on the way has no line to the device",
    "zh-CN": "网关路径不可用：途中的网关没有通向该设备的线路",
  },
  11: {
    en: "gateway target device failed to respond: the device behind a gateway is silent",
    "zh-CN": "网关目标设备无应答：网关后面的设备没有应答",
  },
};

/** What function 8 can be asked for (Modbus Application Protocol V1.1b3, 6.8.1). */
export const DIAGNOSTICS: Readonly<Record<number, Text>> = {
  0: { en: "return query data", "zh-CN": "返回询问数据" },
  1: { en: "restart communications", "zh-CN": "重启通信" },
  2: { en: "return diagnostic register", "zh-CN": "返回诊断寄存器" },
  3: { en: "change ASCII input delimiter", "zh-CN": "更改 ASCII 输入分隔符" },
  4: { en: "force listen only mode", "zh-CN": "强制只听模式" },
  10: { en: "clear counters and diagnostic register", "zh-CN": "清除计数器和诊断寄存器" },
  11: { en: "return bus message count", "zh-CN": "返回总线报文计数" },
  12: { en: "return bus communication error count", "zh-CN": "返回总线通信错误计数" },
  13: { en: "return bus exception error count", "zh-CN": "返回总线异常计数" },
  14: { en: "return server message count", "zh-CN": "返回服务器报文计数" },
  15: { en: "return server no response count", "zh-CN": "返回服务器无应答计数" },
  16: { en: "return server NAK count", "zh-CN": "返回服务器否定确认计数" },
  17: { en: "return server busy count", "zh-CN": "返回服务器忙计数" },
  18: { en: "return bus character overrun count", "zh-CN": "返回总线字符溢出计数" },
  20: { en: "clear overrun counter and flag", "zh-CN": "清除溢出计数和标志" },
};

/** The objects of a device's identification (Modbus Application Protocol V1.1b3, 6.21). */
export const IDENTIFICATION: Readonly<Record<number, Text>> = {
  0: { en: "vendor name", "zh-CN": "厂商名称" },
  1: { en: "product code", "zh-CN": "产品代码" },
  2: { en: "revision", "zh-CN": "版本" },
  3: { en: "vendor URL", "zh-CN": "厂商网址" },
  4: { en: "product name", "zh-CN": "产品名称" },
  5: { en: "model name", "zh-CN": "型号名称" },
  6: { en: "user application name", "zh-CN": "用户应用名称" },
};
