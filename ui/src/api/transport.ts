import type { AppEvent } from "./bindings";

export type EventSink = {
  event: (event: AppEvent) => void;
  /** `true` once connected: everything may have changed meanwhile. */
  connected: (connected: boolean) => void;
};

/** What a host offers: one command call and one stream of events. */
export type Transport = {
  send: (command: string, request: unknown) => Promise<unknown>;
  listen: (sink: EventSink) => () => void;
};
