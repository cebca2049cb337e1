import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import type { Notice } from "../api/bindings";
import { followEvents } from "../api/events";
import { toast } from "../components/toast";

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
    const connected = (now: boolean) => {
      if (now) {
        clearTimeout(timer);
        timer = undefined;
        setLive("live");
      } else {
        timer ??= setTimeout(() => {
          setLive("lost");
        }, patience);
      }
    };
    const notice = ({ title, message }: Notice) => {
      // A workflow may say the same of every delivery: one message, with the newest words and a count.
      toast("busy", `${title}: ${message}`, undefined, title);
    };
    const stop = followEvents(client, { connected, notice });
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
