import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { followEvents } from "../api/events";

export type Live = "connecting" | "live" | "lost";

const LiveContext = createContext<Live>("connecting");

/** A reconnect this quick is no news. */
const patience = 2000;

/** Keeps the cache fresh from the server's events, and knows whether they come. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>("connecting");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = followEvents(client, (connected) => {
      if (connected) {
        clearTimeout(timer);
        timer = undefined;
        setLive("live");
      } else {
        timer ??= setTimeout(() => {
          setLive("lost");
        }, patience);
      }
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  return use(LiveContext);
}
