import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttledSink } from "./events";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const client = new QueryClient();
  const told: unknown[] = [];
  const refreshes = vi.spyOn(client, "invalidateQueries");
  const sink = throttledSink(client, {
    connected: (now) => told.push(now),
    notice: (notice) => told.push(notice),
  });
  return { client, sink, refreshes, told };
}

test("a flood of events makes at most four refreshes a second", async () => {
  const { sink, refreshes } = start();
  for (let run = 0; run < 1000; run++) {
    sink.event({ topic: "runs", id: String(run) });
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(refreshes.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(refreshes.mock.calls.length).toBeLessThanOrEqual(5);
});

test("an event about one run leaves the pages of other runs alone", async () => {
  const { client, sink } = start();
  client.setQueryData(["run_get", { id: "a" }], 1);
  client.setQueryData(["run_get", { id: "b" }], 1);
  client.setQueryData(["run_list", {}], 1);
  sink.event({ topic: "runs", id: "a" });
  await vi.advanceTimersByTimeAsync(300);
  const stale = (key: unknown[]) => client.getQueryState(key)?.isInvalidated;
  expect(stale(["run_get", { id: "a" }])).toBe(true);
  expect(stale(["run_get", { id: "b" }])).toBe(false);
  expect(stale(["run_list", {}])).toBe(true);
});

test("an event without an id after one with an id refreshes everything of its topic", async () => {
  const { client, sink } = start();
  client.setQueryData(["run_get", { id: "b" }], 1);
  sink.event({ topic: "workflows" });
  sink.event({ topic: "runs", id: "a" });
  sink.event({ topic: "runs" });
  await vi.advanceTimersByTimeAsync(600);
  expect(client.getQueryState(["run_get", { id: "b" }])?.isInvalidated).toBe(true);
});

test("a connection that comes back refreshes all topics", async () => {
  const { client, sink, told } = start();
  client.setQueryData(["settings_get", {}], 1);
  client.setQueryData(["connection_list", {}], 1);
  sink.connected(false);
  sink.connected(true);
  await vi.advanceTimersByTimeAsync(300);
  expect(client.getQueryState(["settings_get", {}])?.isInvalidated).toBe(true);
  expect(client.getQueryState(["connection_list", {}])?.isInvalidated).toBe(true);
  expect(told).toEqual([false, true]);
});

test("events that were lost refresh all topics", async () => {
  const { client, sink } = start();
  client.setQueryData(["run_get", { id: "a" }], 1);
  client.setQueryData(["settings_get", {}], 1);
  sink.event({ topic: "runs", id: "b" });
  sink.event({ topic: "all" });
  await vi.advanceTimersByTimeAsync(600);
  expect(client.getQueryState(["run_get", { id: "a" }])?.isInvalidated).toBe(true);
  expect(client.getQueryState(["settings_get", {}])?.isInvalidated).toBe(true);
});

test("a notice is told and refreshes nothing", async () => {
  const { sink, refreshes, told } = start();
  const notice = { title: "Doors", message: "are open" };
  sink.event({ topic: "notice", notice });
  await vi.advanceTimersByTimeAsync(300);
  expect(told).toEqual([notice]);
  expect(refreshes).not.toHaveBeenCalled();
});
