import type { AppEvent } from "./bindings";
import { parseExact } from "../json";
import { ApiError, isWireError, unauthorized, unreachable } from "./errors";
import { token } from "./session";
import { sseReader } from "./sse";
import type { EventSink, Transport } from "./transport";

const firstPause = 500;
const longestPause = 5000;
/** The server sends a comment well within this time; silence means a dead connection. */
const silence = 45_000;

export const http: Transport = { send, listen };

async function send(command: string, request: unknown): Promise<unknown> {
  const response = await reach(`rpc/${command}`, {
    method: "POST",
    headers: { ...bearer(), "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const answer = await readJson(response);
  if (response.ok) return answer;
  throw refusal(response.status, answer);
}

/** `undefined` where the answer is no JSON: then only its status counts. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return parseExact(await response.text());
  } catch {
    return undefined;
  }
}

function refusal(status: number, answer: unknown): ApiError {
  const wire = isWireError(answer)
    ? answer
    : { code: "internal", message: `The server answered ${status}.` };
  return new ApiError(status === 401 ? { ...wire, code: unauthorized } : wire);
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, cache: "no-store" });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError({ code: unreachable, message: "iHook is not answering." });
  }
}

function bearer(): Record<string, string> {
  return { authorization: `Bearer ${token()}` };
}

function listen(sink: EventSink): () => void {
  const stop = new AbortController();
  void stayConnected(sink, stop.signal);
  return () => {
    stop.abort();
  };
}

async function stayConnected(sink: EventSink, stop: AbortSignal): Promise<void> {
  let pause = firstPause;
  for (;;) {
    const connected = await readOnce(sink, stop);
    if (stop.aborted) return;
    sink.connected(false);
    pause = connected ? firstPause : Math.min(pause * 2, longestPause);
    await sleep(pause, stop);
  }
}

/** Reads until the connection ends; true if there was one. */
async function readOnce(sink: EventSink, stop: AbortSignal): Promise<boolean> {
  const quiet = new AbortController();
  const signal = AbortSignal.any([stop, quiet.signal]);
  let timer = setTimeout(() => {
    quiet.abort();
  }, silence);
  let connected = false;
  try {
    const response = await reach("events", { headers: bearer(), signal });
    if (!response.ok || response.body === null) return false;
    connected = true;
    sink.connected(true);
    const read = sseReader((data) => {
      const event = parseEvent(data);
      if (event) sink.event(event);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        quiet.abort();
      }, silence);
      read(value);
    }
  } catch {
    return connected;
  } finally {
    clearTimeout(timer);
  }
}

function parseEvent(data: string): AppEvent | undefined {
  try {
    return JSON.parse(data) as AppEvent;
  } catch {
    return undefined;
  }
}

function sleep(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
