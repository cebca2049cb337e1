import type { IconName } from "./Icon";

export type Tone = "ok" | "bad" | "warn" | "busy" | "idle";

type Look = { tone: Tone; icon: IconName };

/** Colour and icon of every status; its word is in i18n. */
export const statusLooks = {
  queued: { tone: "busy", icon: "clock" },
  running: { tone: "busy", icon: "dot" },
  waiting: { tone: "warn", icon: "clock" },
  inDoubt: { tone: "warn", icon: "question" },
  held: { tone: "warn", icon: "hand" },
  succeeded: { tone: "ok", icon: "check" },
  failed: { tone: "bad", icon: "cross" },
  rejected: { tone: "bad", icon: "shield" },
  stopped: { tone: "idle", icon: "gate" },
  cancelled: { tone: "idle", icon: "minus" },
  skipped: { tone: "idle", icon: "minus" },
  /** Done by the run that this one repeats. */
  carried: { tone: "ok", icon: "undo" },
  notReached: { tone: "idle", icon: "minus" },
  draft: { tone: "idle", icon: "pencil" },
  active: { tone: "ok", icon: "check" },
  paused: { tone: "warn", icon: "pause" },
  disabled: { tone: "idle", icon: "cross" },
  archived: { tone: "idle", icon: "box" },
} as const satisfies Record<string, Look>;

export type AnyStatus = keyof typeof statusLooks;
