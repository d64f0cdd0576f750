/** The name of the namespace that stands before every topic (Sparkplug B 3.0, 4.1.1). */
const NAMESPACE = "spBv1.0";

/** The messages of an edge node and of its devices (4.1.3). */
export const NODE_MESSAGES = ["NBIRTH", "NDEATH", "NDATA", "NCMD"] as const;
/** Likewise of a device. */
export const DEVICE_MESSAGES = ["DBIRTH", "DDEATH", "DDATA", "DCMD"] as const;

export type NodeMessage = (typeof NODE_MESSAGES)[number];
export type DeviceMessage = (typeof DEVICE_MESSAGES)[number];
export type MessageType = NodeMessage | DeviceMessage;

/** An edge node: the two names together are unique in a whole system (4.1.2, 4.1.4). */
export type EdgeNode = { readonly group: string; readonly node: string };

/** What a topic of Sparkplug says. */
export type Topic =
  | ({ readonly kind: "node"; readonly type: NodeMessage } & EdgeNode)
  | ({ readonly kind: "device"; readonly type: DeviceMessage; readonly device: string } & EdgeNode)
  | { readonly kind: "state"; readonly type: "STATE"; readonly host: string };

/** Whether `id` may name a group, a node, a device or a host: no `+`, `/` or `#` (4.1.2). */
export function isId(id: string): boolean {
  return id !== "" && !/[+/#]/.test(id);
}

/** The topic of a message of the edge node itself. */
export function nodeTopic({ group, node }: EdgeNode, type: NodeMessage): string {
  return `${NAMESPACE}/${group}/${type}/${node}`;
}

/** The topic of a message of its device. */
export function deviceTopic(edge: EdgeNode, type: DeviceMessage, device: string): string {
  return `${NAMESPACE}/${edge.group}/${type}/${edge.node}/${device}`;
}

/** The topic on which the host `host` says whether it is there (4.2). */
export function stateTopic(host: string): string {
  return `${NAMESPACE}/STATE/${host}`;
}

/** What `topic` says; null where it is none of Sparkplug B 3.0. */
export function topicOf(topic: string): Topic | null {
  const [namespace, group = "", type, node = "", device, ...more] = topic.split("/");
  if (namespace !== NAMESPACE || more.length > 0) return null;
  if (group === "STATE" && node === "" && type !== undefined && isId(type)) {
    return { kind: "state", type: "STATE", host: type };
  }
  if (!isId(group) || !isId(node)) return null;
  const nodeType = NODE_MESSAGES.find((each) => each === type);
  if (nodeType !== undefined && device === undefined) {
    return { kind: "node", type: nodeType, group, node };
  }
  const deviceType = DEVICE_MESSAGES.find((each) => each === type);
  if (deviceType === undefined || device === undefined || !isId(device)) return null;
  return { kind: "device", type: deviceType, group, node, device };
}
