import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeServer, showAt } from "../../testing/fake";
import { run, workflow } from "../../testing/samples";
import { RunsPage } from "./RunsPage";

const workflows = { workflow_list: { workflows: [workflow()] } };

test("lists runs with what happened and opens one", async () => {
  fakeServer({
    ...workflows,
    run_list: {
      runs: [
        run("failed", {
          id: "a",
          error: { step: "activity", code: "unknownMember", message: "No member 99999." },
        }),
        run("succeeded", { id: "b", durationMs: 310 }),
      ],
    },
  });
  const { user, router } = showAt(<RunsPage />, "/runs", "/runs");
  expect(await screen.findByText("No member 99999.")).toBeVisible();
  expect(screen.getByText("0.31 s")).toBeVisible();
  await user.click(screen.getByText("No member 99999."));
  expect(router.state.location.pathname).toBe("/runs/a");
});

test("the filter is in the address, and a page further back too", async () => {
  const fake = fakeServer({ ...workflows, run_list: { runs: [run("failed")], next: "cursor" } });
  const { user, router } = showAt(<RunsPage />, "/runs?status=failed&search=999", "/runs");
  expect(await screen.findByRole("heading", { name: "Runs: failed" })).toBeVisible();
  expect(fake.asked).toContainEqual({
    command: "run_list",
    request: { status: ["failed"], search: "999", limit: 100 },
  });
  await user.click(await screen.findByRole("button", { name: "Older" }));
  expect(router.state.location.search).toBe("?status=failed&search=999&after=cursor");
  await user.click(screen.getByRole("button", { name: "Stop searching for 999" }));
  expect(router.state.location.search).toBe("?status=failed");
});

test("a rerun of several says first what it would do", async () => {
  const counts = { willWrite: 1, alreadyWritten: 1, needLook: 0 };
  const fake = fakeServer({
    ...workflows,
    run_list: { runs: [run("failed", { id: "a" }), run("failed", { id: "b" })] },
    run_rerun: ({ preview }) => ({
      counts,
      runs: preview === true ? [] : [{ id: "c", rerunOf: "a" }],
    }),
  });
  const { user } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
  await user.click(screen.getByRole("button", { name: "Rerun 2…" }));
  expect(await screen.findByText("1 run will write to iMIS.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Rerun" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "run_rerun",
      request: { ids: ["a", "b"], version: "current", from: "failed" },
    });
  });
  expect(await screen.findByText(/1 rerun started/)).toBeVisible();
});

test.each([
  ["/runs", "No run yet"],
  ["/runs?search=x", "No run matches"],
])("nothing at %s: %s", async (address, title) => {
  fakeServer({ ...workflows, run_list: { runs: [] } });
  showAt(<RunsPage />, address, "/runs");
  expect(await screen.findByRole("heading", { name: title })).toBeVisible();
});

test("requests that made no run are listed with the reason", async () => {
  fakeServer({
    ...workflows,
    run_list: { runs: [] },
    delivery_list: {
      deliveries: [
        {
          id: "d1",
          receivedAt: "2026-05-27T09:15:04Z",
          workflowId: "w1",
          status: 401,
          reason: "The token is not this workflow's.",
          remoteIp: "203.0.113.9",
          bytes: 182,
        },
      ],
    },
  });
  const { user, router } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("radio", { name: "Refused requests" }));
  expect(await screen.findByText("The token is not this workflow's.")).toBeVisible();
  expect(screen.getByText("Event check-in")).toBeVisible();
  expect(router.state.location.search).toBe("?view=refused");
});
