import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { RunDetail } from "../../api/bindings";
import { fakeServer, Refusal, showAt } from "../../testing/fake";
import { run, step, workflow } from "../../testing/samples";
import { RunPage } from "./RunPage";

const file = {
  actions: [
    { id: "validate", type: "jsonSchemaValidation" },
    { id: "activity", type: "insertActivity" },
    { id: "off", type: "notify", enabled: false },
    { id: "panel", type: "insertPanelRecord", name: "Badge" },
  ],
};
const around = {
  workflow_get: { workflow: workflow(), file, versions: [], problems: [] },
};

function detail(given: Partial<RunDetail>): RunDetail {
  return {
    run: run(),
    payload: { memberId: "99999" },
    metadata: null,
    steps: [],
    reruns: [],
    ...given,
  };
}

const validated = step({ actionId: "validate", name: "JSON Schema Validation" });
const message = "iMIS has no member with ID 99999. Nothing was written.";
const failed = detail({
  run: run("failed", {
    finishedAt: "2026-05-27T09:15:05Z",
    error: { step: "activity", code: "unknownMember", message },
  }),
  metadata: { remoteIp: "203.0.113.9", contentLength: 182 },
  steps: [
    validated,
    step({
      index: 1,
      status: "failed",
      error: { code: "unknownMember", message },
      request: { method: "GET", url: "http://imis/api/Party/99999", headers: { accept: "a/b" } },
      response: { status: 404, headers: {}, body: { Message: "Party not found" }, ms: 84 },
    }),
  ],
});

test("a failed run says where, why, what was sent and what was not reached", async () => {
  fakeServer({ ...around, run_get: failed });
  showAt(<RunPage />, "/runs/r1", "/runs/:id");
  expect(
    await screen.findByRole("heading", { level: 1, name: /^Failed at step 2 of 3: iMIS has no/ }),
  ).toBeVisible();
  expect(screen.getByText(/from 203.0.113.9/)).toBeVisible();
  expect(screen.getByText("182 bytes, on disk before the answer.")).toBeVisible();
  const box = screen.getByRole("alert");
  expect(within(box).getByText(message)).toBeVisible();
  expect(within(box).getByText(/ask its operator/)).toBeVisible();
  expect(within(box).getAllByText(/Nothing was written/)).toHaveLength(1);
  expect(screen.getByText("GET http://imis/api/Party/99999")).toBeVisible();
  expect(screen.getByText('"Party not found"')).toBeVisible();
  expect(screen.getByText("Badge")).toBeVisible();
  expect(screen.getByText("not reached")).toBeVisible();
});

test("every violation is in plain words, the technical line beside it", async () => {
  const violations = [
    { path: "/eventCode", keyword: "required", message: "eventCode is missing." },
    { path: "/checkInTime", keyword: "format", message: "checkInTime is not a time." },
  ];
  fakeServer({
    ...around,
    run_get: detail({
      run: run("rejected"),
      steps: [
        step({
          status: "failed",
          error: { code: "schema", message: "Many faults.", violations, more: 149_900 },
        }),
      ],
    }),
  });
  showAt(<RunPage />, "/runs/r1", "/runs/:id");
  expect(await screen.findByText(/eventCode is missing\./)).toBeVisible();
  expect(screen.getByText("And 149,900 more.")).toBeVisible();
  expect(screen.getByText(/in 149,902 places/)).toBeVisible();
  expect(screen.getByText("/checkInTime · format")).toBeVisible();
});

test("a step opens to the object before and after it", async () => {
  fakeServer({
    ...around,
    run_get: detail({
      steps: [step({ input: { a: 1 }, output: { a: 1, activity: { SEQN: 7 } }, recordKey: "7" })],
    }),
  });
  const { user } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  expect(await screen.findByText("Recorded in iMIS as 7.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Insert Activity" }));
  await user.click(screen.getByRole("tab", { name: "After" }));
  expect(screen.getByText('"activity":')).toBeVisible();
});

test("rerun from the failed step leads to the new run", async () => {
  const fake = fakeServer({
    ...around,
    run_get: failed,
    run_rerun: ({ preview }) => ({
      counts: { willWrite: 1, alreadyWritten: 0, needLook: 0, willFail: 0, wasRefused: 1 },
      left: [],
      runs: preview === true ? [] : [{ id: "r2", rerunOf: "r1" }],
    }),
  });
  const { user, router } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await user.click(await screen.findByRole("button", { name: "Rerun from step 2" }));
  expect(await screen.findByText(/iMIS refused it the last time/)).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Rerun" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/runs/r2");
  });
  expect(fake.asked).toContainEqual({
    command: "run_rerun",
    request: { ids: ["r1"], version: "current", from: "failed" },
  });
});

test("a run that waits can be cancelled, after a question", async () => {
  const fake = fakeServer({
    ...around,
    run_get: detail({ run: run("waiting", { waitingReason: "iMIS is away." }) }),
    run_cancel: { run: run("cancelled") },
  });
  const { user } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await user.click(await screen.findByRole("button", { name: "Cancel run" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Cancel run" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({ command: "run_cancel", request: { id: "r1" } });
  });
});

test("a payload that is gone offers no rerun", async () => {
  fakeServer({ ...around, run_get: detail({ payload: null }) });
  showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await screen.findByRole("heading", { level: 1 });
  expect(screen.queryByRole("button", { name: "Edit and rerun" })).toBeNull();
});

test("a payload that ran before runs again only on a person's word", async () => {
  const before = "It was run again before: run r2 (succeeded).";
  const fake = fakeServer({
    ...around,
    run_get: failed,
    run_release: ({ again }) => {
      if (again !== true) {
        throw new Refusal(409, { code: "conflict", message: before, details: { again: true } });
      }
      return { id: "r3", rerunOf: "r1" };
    },
  });
  const { user, router } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await user.click(await screen.findByRole("button", { name: "Edit and rerun" }));
  await user.click(await screen.findByRole("button", { name: "Run" }));
  expect(await screen.findByText(before)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Run it again" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/runs/r3");
  });
  const asked = fake.asked.filter(({ command }) => command === "run_release");
  expect(asked.map(({ request }) => Object.keys(request as object))).toEqual([
    ["id", "payload"],
    ["id", "payload", "again"],
  ]);
});

test("a person decides whether a record in doubt is there", async () => {
  const fake = fakeServer({
    ...around,
    run_get: detail({ run: run("held"), steps: [step({ index: 1, status: "held" })] }),
    run_resolve: { run: run("waiting") },
  });
  const { user } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await user.click(await screen.findByRole("button", { name: "The record is there" }));
  await user.type(await screen.findByLabelText("Number of the record in iMIS"), "1042");
  await user.click(screen.getByRole("button", { name: "Go on" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "run_resolve",
      request: { id: "r1", index: 1, as: "written", attempts: 1, recordKey: "1042" },
    });
  });
});

test("undoing a record asks for a reason", async () => {
  const fake = fakeServer({
    ...around,
    run_get: detail({ steps: [step({ recordKey: "1042" })] }),
    run_undo: { run: run() },
  });
  const { user } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await user.click(await screen.findByRole("button", { name: "Undo in iMIS…" }));
  await user.click(await screen.findByRole("button", { name: "Delete in iMIS" }));
  expect(await screen.findByText(/Say why/)).toBeVisible();
  await user.type(screen.getByLabelText(/^Reason/), "a test");
  await user.click(screen.getByRole("button", { name: "Delete in iMIS" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "run_undo",
      request: { id: "r1", index: 0, reason: "a test" },
    });
  });
});

test("what waits can be tried again at once", async () => {
  const fake = fakeServer({
    ...around,
    run_get: detail({ run: run("waiting", { waitingReason: "iMIS is away." }) }),
    run_retry_now: { run: run("running") },
  });
  const { user } = showAt(<RunPage />, "/runs/r1", "/runs/:id");
  await user.click(await screen.findByRole("button", { name: "Try again now" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({ command: "run_retry_now", request: { id: "r1" } });
  });
});
