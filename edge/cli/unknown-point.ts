import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { nearest } from "../../config/nearest.ts";
import type { Lang } from "../core/errors.ts";
import { sayField } from "./field-text.ts";

/** That there is no point `id`, and which one was most likely meant, as a sentence. */
export function unknownPoint(config: GatewayConfig, id: string, lang: Lang): string {
  const meant = nearest(
    id,
    allPoints(config).map((point) => point.id),
  );
  if (meant === null) return sayField(lang, "unknownPoint", { point: id });
  return sayField(lang, "nearPoint", { point: id, nearest: meant });
}

/** That `name` is a device, and which points it has, as a sentence; null where it is none. */
export function deviceOnly(config: GatewayConfig, name: string, lang: Lang): string | null {
  const points = allPoints(config).flatMap(({ id }) => (id.startsWith(`${name}.`) ? [id] : []));
  if (points.length === 0) return null;
  return sayField(lang, "deviceOnly", { device: name, points: points.join(", ") });
}
