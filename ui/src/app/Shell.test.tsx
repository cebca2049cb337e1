import { act, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeServer, showAt } from "../testing/fake";
import { workflow } from "../testing/samples";
import { Shell } from "./Shell";

const answers = {
  app_info: { version: "1", hooks: "http://127.0.0.1:1", dataDir: "/d", notices: [] },
  failure_groups: { groups: [] },
  workflow_list: { workflows: [workflow()] },
  run_list: { runs: [] },
};

test("a few letters and Enter lead to a workflow", async () => {
  fakeServer(answers);
  const { user, router } = showAt(<Shell />, "/", "/");
  await user.keyboard("{Control>}k{/Control}");
  await screen.findByRole("dialog", { name: "Find or do something" });
  await user.keyboard("event ch");
  await screen.findByRole("option", { name: /^Event check-in/ });
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/workflows/w1");
  });
});

test("the question mark shows every key, and not while somebody types", async () => {
  fakeServer(answers);
  const { user } = showAt(<Shell />, "/", "/");
  await user.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});

test("Esc goes back from a run to the list as it was", async () => {
  fakeServer(answers);
  const { user, router } = showAt(<Shell />, "/runs?status=failed", "*");
  await act(() => router.navigate("/runs/r1"));
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(router.state.location).toMatchObject({ pathname: "/runs", search: "?status=failed" });
  });
  await user.keyboard("{Escape}");
  expect(router.state.location.pathname).toBe("/runs");
});
