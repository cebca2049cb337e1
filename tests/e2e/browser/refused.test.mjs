// A request that made no run: found with its reason, looked at, mended, and run after all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers, firstWorkflow, picture, post, sample, stage } from "../harness.mjs";

const set = stage();

const send = (url, body, headers = { "content-type": "application/json" }) =>
  fetch(url, { method: "POST", headers, body });

test("a body that is no JSON is mended and run", async () => {
  const { url } = await firstWorkflow(set.server);
  await set.look({ at: "/runs?view=refused", expected: /status of 400/ }, async (page) => {
    await page.getByRole("heading", { name: "Nothing was refused" }).waitFor();
    // It appears by itself.
    const text = JSON.stringify(sample).replace('"12345"', "12345,,");
    assert.equal((await send(url, text)).status, 400);
    const table = page.getByRole("table", { name: "Refused requests, newest first" });
    await table.getByRole("link", { name: /Invalid JSON body/ }).click();
    await page.getByRole("heading", { level: 1, name: /^Refused with 400/ }).waitFor();
    await page.getByText('"memberId":12345,,').waitFor();
    await page.getByText("application/json", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Run it as it is" }).click();
    await page.getByText(/Give a mended payload/).waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Mend and run" }).click();
    const dialog = page.getByRole("dialog", { name: "Mend the payload and run it" });
    await dialog.getByText("This is not JSON").waitFor();
    assert.deepEqual(await barriers(page), []);
    await dialog.getByRole("textbox", { name: "Payload" }).fill(JSON.stringify(sample));
    await dialog.getByText("is there").first().waitFor();
    await dialog.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: /^Done/ }).waitFor();
    await page.goBack();
    await page.getByText("It was run later as").waitFor();
    await page.getByRole("link", { name: "All refused requests" }).click();
    await table.getByText("Run", { exact: true }).waitFor();
  });
});

test("the list is narrowed down by answer and workflow, and both stand in the address", async () => {
  const { url } = await firstWorkflow(set.server);
  const stranger = url.replace(/[^/]+$/, "x".repeat(43));
  assert.equal((await post(stranger, sample)).status, 401);
  await set.look({ at: "/runs?view=refused" }, async (page) => {
    const table = page.getByRole("table", { name: "Refused requests, newest first" });
    const rows = table.getByRole("row");
    await rows.nth(2).waitFor();
    await page.getByRole("button", { name: /Answer/ }).click();
    await page.getByRole("option", { name: /^401/ }).click();
    await rows.nth(2).waitFor({ state: "detached" });
    assert.match(page.url(), /answer=401/);
    assert.equal(await rows.count(), 2, "the heading and one request");
    await picture(page, "refused-filtered");
    await page.goBack();
    await rows.nth(2).waitFor();
  });
});

test("the dashboard tells that requests were refused, as it happens, and leads to them", async () => {
  const { url } = await firstWorkflow(set.server);
  await set.look({ at: "/" }, async (page) => {
    const stranger = url.replace(/[^/]+$/, "y".repeat(43));
    const before = await set.rpc("delivery_list", { status: 401 });
    assert.equal((await post(stranger, sample)).status, 401);
    const count = before.deliveries.length + 1;
    const row = page.getByRole("listitem").filter({ hasText: "answered 401" });
    await row.getByText(`${count} refused requests`).waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "refused-dashboard");
    await row.getByRole("link", { name: /^See requests that .* answered 401/ }).click();
    const table = page.getByRole("table", { name: "Refused requests, newest first" });
    await table.getByRole("row").nth(count).waitFor();
    assert.equal(await table.getByRole("row").count(), count + 1, "the heading and these alone");
  });
});
