import { act, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeServer, showAt } from "../../testing/fake";
import { workflow } from "../../testing/samples";
import { WelcomePage } from "./WelcomePage";

const used = {
  workflow_list: { workflows: [workflow({ lastReceivedAt: "2026-05-27T09:15:00Z" })] },
};

test("leads to the dashboard by itself where a server is in use already", async () => {
  fakeServer(used);
  showAt(<WelcomePage />, "/welcome?first=1", "/welcome");
  expect(await screen.findByText("elsewhere")).toBeVisible();
});

test("stays for somebody who opens it while it leads away", async () => {
  fakeServer(used);
  // A screen that takes its time: the way there is given up by the next one.
  const slow = { loader: () => new Promise<null>(() => undefined), element: <p>elsewhere</p> };
  const { router } = showAt(<WelcomePage />, "/welcome?first=1", "/welcome", slow);
  await waitFor(() => {
    expect(router.state.navigation.location?.pathname).toBe("/");
  });
  await act(() => router.navigate("/welcome"));
  expect(await screen.findByRole("heading", { level: 1 })).toBeVisible();
});
