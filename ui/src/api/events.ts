import type { QueryClient } from "@tanstack/react-query";
import type { AppEvent } from "./bindings";
import { transport } from "./call";
import { invalidate, topics, type Topic } from "./topics";
import type { EventSink } from "./transport";

/** At most four refreshes a second, and never one before the last has been answered. */
const gap = 250;

/** Collects events and turns them into invalidations at a bearable rate. */
export function throttledSink(
  client: QueryClient,
  connected: (connected: boolean) => void,
): EventSink & { stop: () => void } {
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

  function add({ topic, id }: AppEvent): void {
    const ids = waiting.get(topic);
    if (id === undefined || (waiting.has(topic) && ids === undefined)) {
      waiting.set(topic, undefined);
    } else {
      waiting.set(topic, (ids ?? new Set<string>()).add(id));
    }
  }

  return {
    event(event) {
      add(event);
      void drain();
    },
    connected(now) {
      connected(now);
      if (!now) return;
      for (const topic of topics) add({ topic });
      void drain();
    },
    stop() {
      stopped = true;
    },
  };
}

/** Keeps the cache fresh until stopped. */
export function followEvents(
  client: QueryClient,
  connected: (connected: boolean) => void,
): () => void {
  const sink = throttledSink(client, connected);
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
