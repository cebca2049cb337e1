import { act, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { fakeServer, showAt } from "../../testing/fake";
import { run, workflow } from "../../testing/samples";
import { asCsv } from "./csv";
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

test("a search goes on by itself over pages that found nothing", async () => {
  const fake = fakeServer({
    ...workflows,
    run_list: ({ after }) => {
      if (after === undefined) return { runs: [], next: "one" };
      if (after === "one") return { runs: [], next: "two" };
      return { runs: [run("failed", { id: "old", workflowName: "An old one" })] };
    },
  });
  showAt(<RunsPage />, "/runs?search=999", "/runs");
  expect(await screen.findByText("An old one")).toBeVisible();
  expect(screen.queryByText(/Looking at older ones/)).toBeNull();
  const asked = fake.asked.filter(({ command }) => command === "run_list");
  expect(asked.map(({ request }) => (request as { after?: string }).after)).toEqual([
    undefined,
    "one",
    "two",
  ]);
});

test("the filter is in the address, and older runs come by themselves", async () => {
  const fake = fakeServer({
    ...workflows,
    run_list: ({ after }) =>
      after === undefined
        ? { runs: [run("failed")], next: "cursor" }
        : { runs: [run("failed", { id: "r0", workflowName: "An older one" })] },
  });
  const { user, router } = showAt(<RunsPage />, "/runs?status=failed&search=999", "/runs");
  expect(await screen.findByRole("heading", { name: "Runs: failed" })).toBeVisible();
  const filter = { status: ["failed"], search: "999" };
  expect(fake.asked).toContainEqual({ command: "run_list", request: { ...filter, limit: 100 } });
  expect(await screen.findByText("An older one")).toBeVisible();
  expect(fake.asked).toContainEqual({
    command: "run_list",
    request: { ...filter, limit: 100, after: "cursor" },
  });
  await user.click(screen.getByRole("button", { name: "Stop searching for 999" }));
  expect(router.state.location.search).toBe("?status=failed");
});

test("what comes while somebody reads is counted, and shown when they ask", async () => {
  const fake = fakeServer({ ...workflows, run_list: { runs: [run("succeeded", { id: "a" })] } });
  const { user, client } = showAt(<RunsPage />, "/runs", "/runs");
  const first = await screen.findByRole("link", { name: /Event check-in/ });
  act(() => {
    first.focus();
  });
  fake.answers.run_list = {
    runs: ["c", "b", "a"].map((id) => run("succeeded", { id, workflowName: `Run ${id}` })),
  };
  await act(() => client.invalidateQueries());
  const chip = await screen.findByRole("button", { name: "2 new runs" });
  expect(first).toHaveFocus();
  expect(screen.queryByText(/Run c/)).toBeNull();
  expect(screen.getByText(/Run a/)).toBeVisible();
  await user.click(chip);
  expect(await screen.findByText(/Run c/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Up to date" })).toHaveFocus();
});

test("a filter is kept under a name and found again", async () => {
  fakeServer({ ...workflows, run_list: { runs: [run()] } });
  const { user, router } = showAt(<RunsPage />, "/runs?search=12345", "/runs");
  await user.click(await screen.findByRole("button", { name: "Views" }));
  await user.click(await screen.findByRole("menuitem", { name: "Save this view…" }));
  await user.type(await screen.findByLabelText("Name"), "Ada");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await user.click(screen.getByRole("button", { name: "Stop searching for 12345" }));
  await user.click(screen.getByRole("button", { name: "Views" }));
  await user.click(await screen.findByRole("menuitem", { name: "Ada" }));
  expect(router.state.location.search).toBe("?search=12345");
});

test("what is chosen is saved for a spreadsheet", async () => {
  const saved = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue();
  fakeServer({ ...workflows, run_list: { runs: [run("failed", { id: "a" })] } });
  const { user } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
  await user.click(screen.getByRole("button", { name: "Export…" }));
  await user.click(await screen.findByRole("button", { name: "Save the file" }));
  expect(await screen.findByText("1 run saved.")).toBeVisible();
  const blob = saved.mock.calls[0]?.[0] as Blob;
  expect(blob.size).toBe(new Blob([`\uFEFF${asCsv([run("failed", { id: "a" })])}`]).size);
});

test("a rerun of several says first what it would do", async () => {
  const counts = { willWrite: 1, alreadyWritten: 1, needLook: 0, willFail: 0, wasRefused: 0 };
  const fake = fakeServer({
    ...workflows,
    run_list: { runs: [run("failed", { id: "a" }), run("failed", { id: "b" })] },
    run_rerun: ({ preview }) => ({
      counts,
      left: [],
      runs: preview === true ? [] : [{ id: "c", rerunOf: "a" }],
    }),
  });
  const { user } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
  await user.click(screen.getByRole("button", { name: "Rerun 2…" }));
  expect(await screen.findByText("1 record will be sent to iMIS.")).toBeVisible();
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

test("a group of failures is found by its cause, and left again", async () => {
  const fake = fakeServer({
    ...workflows,
    run_list: { runs: [run("failed")] },
    failure_groups: { groups: [] },
  });
  const { user, router } = showAt(
    <RunsPage />,
    "/runs?status=failed&cause=unknownMember&last=yes&from=2026-05-27T00%3A00%3A00Z",
    "/runs",
  );
  await screen.findByRole("link", { name: /Event check-in/ });
  expect(fake.asked).toContainEqual({
    command: "run_list",
    request: {
      status: ["failed"],
      errorCode: "unknownMember",
      notRerun: true,
      from: "2026-05-27T00:00:00Z",
      limit: 100,
    },
  });
  await user.click(screen.getByRole("button", { name: "Stop showing only: unknownMember" }));
  expect(router.state.location.search).toBe("?status=failed");
});

test("several runs are cancelled after saying what that does", async () => {
  const fake = fakeServer({
    ...workflows,
    run_list: { runs: [run("waiting", { id: "a" }), run("succeeded", { id: "b" })] },
    run_cancel_many: { cancelled: 1, underWay: 0, ended: 1 },
  });
  const { user } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
  await user.click(screen.getByRole("button", { name: "Cancel 2…" }));
  expect(await screen.findByText("1 run will be cancelled.")).toBeVisible();
  expect(screen.getByText("1 run has ended already.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Cancel them" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "run_cancel_many",
      request: { ids: ["a", "b"] },
    });
  });
  expect(await screen.findByText("1 run cancelled.")).toBeVisible();
});

test("where all chosen runs have ended there is nothing to cancel", async () => {
  fakeServer({ ...workflows, run_list: { runs: [run("failed")] } });
  const { user } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
  expect(screen.queryByRole("button", { name: /^Cancel/ })).toBeNull();
});
