// The tutorial's way, in a browser: a check-in arrives, becomes an activity, and its address can be changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstWorkflow, picture, post, sample, settled, stage, visit } from "../harness.mjs";
import { until } from "../waiting.mjs";

const name = "Event Check-In > Insert Attendance Activity";

const set = stage();
const { look } = set;

test("a first start greets, and its last button makes an activity", async () => {
  await look({}, async (page) => {
    await page.getByRole("heading", { name: "Welcome to iHook" }).waitFor();
    await page.getByRole("button", { name: "Send a test check-in" }).click();
    await page.getByText("Succeeded", { exact: true }).waitFor();
    const activities = page.getByRole("table", { name: "Activities of member 12345" });
    await activities.getByText("CONF2026").waitFor();
    await picture(page, "welcome");
  });
});

test("the dashboard says that the workflow is receiving", async () => {
  await look({ at: "/" }, async (page) => {
    await page.getByRole("heading", { name: "The workflow is receiving." }).waitFor();
    await page.getByText(name).first().waitFor();
    await page.getByText("Active", { exact: true }).first().waitFor();
  });
});

test("the sender sends the tutorial's sample and its run turns green", async () => {
  await look({ at: "/sender" }, async (page) => {
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText(/^200 in /).waitFor();
    await page.getByText("Succeeded", { exact: true }).waitFor();
    await page.getByText("As expected").waitFor();
    await page.getByRole("link", { name: "See member 12345 in the sandbox" }).click();
    await page
      .getByRole("row", { name: /ATTEND.*CONF2026/ })
      .first()
      .waitFor();
  });
});

test("a check-in from outside appears by itself, whatever its text", async () => {
  await look({ at: "/sandbox?member=12345" }, async (page) => {
    await page.getByText("2 records").waitFor();
    const workflow = await firstWorkflow(set.server);
    const { status, body } = await post(workflow.url, { ...sample, sessionCode: "Zoë 🎫 会議" });
    assert.equal(status, 200);
    assert.equal(body.error, false);
    assert.equal((await settled(set.server, body.id)).run.status, "succeeded");
    await page.getByText("3 records").waitFor();
    await page.getByText("Zoë 🎫 会議").waitFor();
  });
});

test("a run is found by what is in its payload, and says in words what failed", async () => {
  const { url } = await firstWorkflow(set.server);
  const { body } = await post(url, { ...sample, memberId: "99999" });
  await settled(set.server, body.id);
  await until("the payload is in the index", async () => {
    const { runs } = await set.rpc("run_list", { search: "99999" });
    return runs.length > 0;
  });
  await look({ at: "/runs?search=99999" }, async (page) => {
    await page.getByRole("table").getByText(/99999/).first().waitFor();
    await visit(page, `/runs/${body.id}`);
    await page.getByRole("heading", { level: 1, name: /99999/ }).waitFor();
    await page.getByText("Not reached").or(page.getByText("Insert Activity")).first().waitFor();
  });
});

test("a missing field is refused with what is missing", async () => {
  const { url } = await firstWorkflow(set.server);
  const { status, body } = await post(url, { memberId: "12345", checkInTime: sample.checkInTime });
  assert.equal(status, 400);
  assert.deepEqual(
    body.validationErrors.map(({ path, keyword }) => [path, keyword]),
    [["/eventCode", "required"]],
  );
  await look({ at: `/runs/${body.id}` }, async (page) => {
    await page.getByText("Rejected", { exact: true }).first().waitFor();
    await page.getByText("/eventCode").first().waitFor();
  });
});

test("regenerating the URL makes the old one answer 401 at once", async () => {
  const { id, url: old } = await firstWorkflow(set.server);
  await look({ at: `/workflows/${id}` }, async (page) => {
    await page.getByRole("button", { name: "Regenerate URL" }).click();
    const dialog = page.getByRole("dialog", { name: "Regenerate the webhook URL?" });
    await dialog.getByRole("button", { name: "Regenerate URL" }).click();
    await page.getByText("There is a new URL.").waitFor();
  });
  assert.equal((await post(old, sample)).status, 401);
  const { url } = await firstWorkflow(set.server);
  assert.notEqual(url, old);
  assert.equal((await post(url, sample)).status, 200);
});
