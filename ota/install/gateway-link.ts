/** What a running gateway says of being restarted; its codes are those of `update.permit`. */
export type RestartAnswer = {
  readonly permitted: boolean;
  readonly code: string | null;
  /** What is in the way, in English; null where nothing is. */
  readonly reason: string | null;
};

/** The gateway that a release is installed for. Null is answered where none runs. */
export interface GatewayLink {
  /** Whether it may be restarted now. Where it may, it leaves what does well to be judged by. */
  permit(release: string, anyTime: boolean): Promise<RestartAnswer | null>;
  /** Restarts it in good order, where that is permitted still. */
  restart(release: string, anyTime: boolean): Promise<RestartAnswer | null>;
}
