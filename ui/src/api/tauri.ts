import { invoke } from "@tauri-apps/api/core";
import { listen as listenTo } from "@tauri-apps/api/event";
import { parseExact } from "../json";
import type { AppEvent } from "./bindings";
import { asApiError } from "./errors";
import type { EventSink, Transport } from "./transport";

/** Tells the program that its page was drawn. */
export async function painted(): Promise<void> {
  await invoke("painted");
}

/** The desktop window: same commands, no HTTP. Loaded only where the window offers them. */
export const tauri: Transport = {
  async send(command, request) {
    try {
      const answer = await invoke<string>("rpc", { command, request: JSON.stringify(request) });
      return parseExact(answer);
    } catch (error) {
      throw asApiError(error);
    }
  },
  listen(sink: EventSink) {
    const unlisten = listenTo<AppEvent>("ihook", ({ payload }) => {
      sink.event(payload);
    });
    unlisten.then(
      () => {
        sink.connected(true);
      },
      () => {
        sink.connected(false);
      },
    );
    return () => {
      unlisten.then(
        (stop) => {
          stop();
        },
        () => undefined,
      );
    };
  },
};
