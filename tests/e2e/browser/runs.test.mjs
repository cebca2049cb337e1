// The list of runs: a group of failures leads to exactly its runs; several that wait are cancelled at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers, firstWorkflow, picture, post, sample, settled, stage } from "../harness.mjs";
import { until } from "../waiting.mjs";

const set = stage();

test("a cause on the dashboard leads to exactly its runs", async () => {
  const { url } = await firstWorkflow(set.server);
  for (const memberId of ["99999", "88888", "77777"]) {
    const { body } = await post(url, { ...sample, memberId });
    await settled(set.server, body.id);
  }
  // Another cause with the same status, and one of the first that was run again.
  const long = await post(url, { ...sample, eventCode: "X".repeat(300) });
  await settled(set.server, long.body.id);
  const { runs } = await set.rpc("run_list", { errorCode: "unknownMember" });
  const again = await set.rpc("run_release", { id: runs[0].id, payload: sample });
  await settled(set.server, again.id);
  await set.look({ at: "/" }, async (page) => {
    const group = page.getByRole("listitem").filter({ hasText: "iMIS has no member" });
    await group.getByText("2", { exact: false }).first().waitFor();
    await group.getByRole("link", { name: /^See runs/ }).click();
    const rows = page.getByRole("table", { name: "Runs, newest first" }).getByRole("row");
    await rows.nth(2).waitFor();
    assert.equal(await rows.count(), 3, "the heading and two runs");
    assert.deepEqual(await barriers(page), []);
    await picture(page, "group");
    await page.getByRole("button", { name: /^Stop showing only: iMIS has no member/ }).click();
    await rows.nth(4).waitFor();
    assert.equal(await rows.count(), 5, "all that failed");
  });
});

test("what a sender left out is put in from the place that says so", async () => {
  const { url } = await firstWorkflow(set.server);
  const { eventCode, ...rest } = sample;
  const refused = await post(url, rest);
  assert.equal(refused.status, 400);
  await set.look({ at: `/runs/${refused.body.id}` }, async (page) => {
    await page.getByRole("button", { name: "Correct the payload…" }).click();
    const payload = page.getByRole("dialog").getByRole("textbox", { name: "Payload" });
    await payload.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(JSON.stringify({ ...rest, eventCode }));
    await page.getByRole("dialog").getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: /^Done/ }).waitFor();
  });
});

test("runs that wait are chosen and cancelled together", async () => {
  const { id, url } = await firstWorkflow(set.server);
  await set.rpc("workflow_set_status", { id, status: "paused" });
  for (let at = 0; at < 3; at += 1) assert.equal((await post(url, sample)).status, 200);
  await set.look({ at: "/runs?status=queued" }, async (page) => {
    const rows = page.getByRole("table", { name: "Runs, newest first" }).getByRole("row");
    await rows.nth(3).waitFor();
    await rows.nth(1).getByRole("checkbox").check();
    await rows.nth(2).getByRole("checkbox").check();
    await page.getByRole("button", { name: "Cancel 2…" }).click();
    await page.getByRole("dialog").getByText("2 runs will be cancelled.").waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "cancel-many");
    await page.getByRole("button", { name: "Cancel them" }).click();
    await page.getByText("2 runs cancelled.").waitFor();
    await page.getByRole("button", { name: "More for all found" }).click();
    await page.getByRole("menuitem", { name: "Cancel all found…" }).click();
    await page.getByRole("dialog").getByText("1 run will be cancelled.").waitFor();
    await page.getByRole("button", { name: "Cancel them" }).click();
    await page.getByRole("heading", { name: "No run matches" }).waitFor();
    await until("all are cancelled", async () => {
      const { runs } = await set.rpc("run_list", { status: "cancelled" });
      return runs.length === 3;
    });
  });
});
