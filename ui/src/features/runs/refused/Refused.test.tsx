import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Delivery, DeliveryDetail } from "../../../api/bindings";
import { fakeServer, Refusal, showAt } from "../../../testing/fake";
import { workflow } from "../../../testing/samples";
import { RunsPage } from "../RunsPage";
import { RefusedPage } from "./RefusedPage";

const workflows = { workflow_list: { workflows: [workflow()] } };
const refused: Delivery = {
  id: "d1",
  receivedAt: "2026-05-27T09:15:04Z",
  workflowId: "w1",
  status: 401,
  reason: "The webhook URL or its token is invalid.",
  remoteIp: "203.0.113.9",
  bytes: 182,
  times: 1,
  bodyKept: false,
};

function showList(deliveries: Delivery[], address = "/runs?view=refused", next?: string) {
  const fake = fakeServer({
    ...workflows,
    delivery_list: { deliveries, ...(next !== undefined && { next }) },
  });
  return { fake, ...showAt(<RunsPage />, address, "/runs") };
}

test("requests that made no run are listed with the reason, and open", async () => {
  fakeServer({ ...workflows, run_list: { runs: [] }, delivery_list: { deliveries: [refused] } });
  const { user, router } = showAt(<RunsPage />, "/runs", "/runs");
  await user.click(await screen.findByRole("radio", { name: "Refused requests" }));
  expect(await screen.findByText(refused.reason)).toBeVisible();
  expect(screen.getByTitle("Event check-in")).toBeVisible();
  expect(router.state.location.search).toBe("?view=refused");
  await user.click(screen.getByText(refused.reason));
  expect(router.state.location.pathname).toBe("/runs/refused/d1");
});

test("a flood is told of once, and what became of an entry is shown", async () => {
  showList([
    { ...refused, times: 240 },
    { ...refused, id: "d2", bodyKept: true, releasedRun: "r1" },
  ]);
  expect(await screen.findByText("240 times")).toBeVisible();
  expect(screen.getByText("Run")).toBeVisible();
  expect(screen.getByText("182 bytes, not kept")).toBeVisible();
});

test("the filter and the page are in the address", async () => {
  const { fake, user, router } = showList([refused], "/runs?view=refused&answer=401", "d0");
  await user.click(await screen.findByRole("button", { name: "Older" }));
  expect(router.state.location.search).toBe("?view=refused&answer=401&after=d0");
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "delivery_list",
      request: { limit: 100, status: 401, after: "d0" },
    });
  });
  await user.click(screen.getByRole("button", { name: /Answer/ }));
  await user.click(await screen.findByRole("option", { name: /^413/ }));
  expect(router.state.location.search).toBe("?view=refused&answer=413");
});

test.each([
  ["/runs?view=refused", "Nothing was refused"],
  ["/runs?view=refused&workflow=w9", "No refused request fits"],
])("nothing at %s: %s", async (address, title) => {
  showList([], address);
  expect(await screen.findByRole("heading", { name: title })).toBeVisible();
});

test("all that the filter finds are run after saying how many, and what could not be is told", async () => {
  const { fake, user } = showList(
    [{ ...refused, bodyKept: true }],
    "/runs?view=refused&answer=401",
  );
  fake.answers.delivery_release_many = (request) =>
    request.preview === true
      ? { count: 3, released: [], left: [] }
      : {
          count: 3,
          released: [{ id: "d1", runId: "r1" }],
          left: [
            { id: "d2", reason: "Not JSON." },
            { id: "d3", reason: "Not JSON." },
          ],
        };
  await user.click(await screen.findByRole("button", { name: "Run all that can be run" }));
  await user.click(await screen.findByRole("button", { name: "Run 3" }));
  expect(await screen.findByText("Not JSON. (2 times)")).toBeVisible();
  expect(fake.asked).toContainEqual({
    command: "delivery_release_many",
    request: { filter: { status: 401 } },
  });
});

function showOne(detail: Partial<DeliveryDetail>, delivery: Partial<Delivery> = {}) {
  const fake = fakeServer({
    ...workflows,
    delivery_get: { delivery: { ...refused, ...delivery }, ...detail },
    delivery_release: { id: "r9" },
    workflow_get: () => {
      throw new Refusal(404, { code: "notFound", message: "There is no such workflow." });
    },
  });
  return { fake, ...showAt(<RefusedPage />, "/runs/refused/d1", "/runs/refused/:id") };
}

test("what came is shown as text, with its headers, and is run as it is", async () => {
  const { fake, user, router } = showOne(
    { body: '{"memberId":"12345"}', metadata: { method: "POST", headers: { accept: "*/*" } } },
    { bodyKept: true },
  );
  const title = "Refused with 401: The webhook URL or its token is invalid.";
  expect(await screen.findByRole("heading", { level: 1, name: title })).toBeVisible();
  expect(screen.getByText(/"12345"/)).toBeVisible();
  expect(screen.getByText("*/*")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Run it as it is" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/runs/r9");
  });
  expect(fake.asked).toContainEqual({ command: "delivery_release", request: { id: "d1" } });
});

test("a body that is no JSON is mended first", async () => {
  const { user } = showOne({ body: "{memberId: 12345}" }, { bodyKept: true });
  expect(await screen.findByText("{memberId: 12345}")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Mend and run" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("This is not JSON");
  expect(screen.getByRole("button", { name: "Run" })).toBeDisabled();
});

test.each([
  ["it was run before", { releasedRun: "r1" }, "this run"],
  ["nobody knows whose it is", { workflowId: undefined }, /its address names no workflow/],
])("it cannot be run when %s", async (_why, delivery, said) => {
  showOne({}, delivery as Partial<Delivery>);
  expect(await screen.findByText(said)).toBeVisible();
  expect(screen.queryByRole("button", { name: /run/i })).toBeNull();
});

test("a request that is gone says so", async () => {
  fakeServer(workflows);
  showAt(<RefusedPage />, "/runs/refused/d1", "/runs/refused/:id");
  expect(await screen.findByText(/This request is not here/)).toBeVisible();
});
