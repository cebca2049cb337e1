import type { QueryClient } from "@tanstack/react-query";
import type { Notice } from "./bindings";
import { transport } from "./call";
import { invalidate, topics, type Topic } from "./topics";
import type { EventSink } from "./transport";

/** At most four refreshes a second, and never one before the last has been answered. */
const gap = 250;

export type Told = {
  connected: (connected: boolean) => void;
  /** Something a workflow or the program wants people to know. */
  notice: (notice: Notice) => void;
};

/** Collects events and turns them into invalidations at a bearable rate. */
export function throttledSink(client: QueryClient, tell: Told): EventSink & { stop: () => void } {
  /** `undefined`: no id was told, so everything of the topic. */
  let waiting = new Map<Topic, Set<string> | undefined>();
  let busy = false;
  let stopped = false;

  async function drain(): Promise<void> {
    if (busy) return;
    busy = true;
    while (waiting.size > 0 && !stopped) {
      const batch = waiting;
      waiting = new Map();
      const pause = new Promise((done) => setTimeout(done, gap));
      await Promise.allSettled([...batch].map(([topic, ids]) => invalidate(client, topic, ids)));
      await pause;
    }
    busy = false;
  }

  function add(topic: Topic, id?: string): void {
    const ids = waiting.get(topic);
    if (id === undefined || (waiting.has(topic) && ids === undefined)) {
      waiting.set(topic, undefined);
    } else {
      waiting.set(topic, (ids ?? new Set<string>()).add(id));
    }
  }

  function refreshAll(): void {
    for (const topic of topics) add(topic);
    void drain();
  }

  return {
    event({ topic, id, notice }) {
      if (notice) tell.notice(notice);
      if (topic === "notice") return;
      if (topic === "all") {
        refreshAll();
        return;
      }
      add(topic, id);
      void drain();
    },
    connected(now) {
      tell.connected(now);
      if (now) refreshAll();
    },
    stop() {
      stopped = true;
    },
  };
}

/** Keeps the cache fresh until stopped. */
export function followEvents(client: QueryClient, tell: Told): () => void {
  const sink = throttledSink(client, tell);
  let unlisten: (() => void) | undefined;
  let stopped = false;
  void transport().then((host) => {
    if (!stopped) unlisten = host.listen(sink);
  });
  return () => {
    stopped = true;
    sink.stop();
    unlisten?.();
  };
}
