// What is stored: a backup looked into and restored while the page is open, one person's data erased.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  barriers,
  firstWorkflow,
  picture,
  post,
  sample,
  settled,
  stage,
  visit,
} from "../harness.mjs";
import { until } from "../waiting.mjs";

const set = stage();

test("a backup is made, looked into and restored; the page comes back by itself", async () => {
  const { url } = await firstWorkflow(set.server);
  const first = await post(url, sample);
  await settled(set.server, first.body.id);
  const path = join(set.server.dataDir, "kept.db");
  // While the program starts anew nobody answers.
  await set.look({ at: "/settings", expected: /Failed to load resource|ERR_/ }, async (page) => {
    await page.getByLabel("File to write").fill(path);
    await page.getByRole("button", { name: "Back up now" }).click();
    await page.getByText("Backup written").waitFor();
    const { body } = await post(url, { ...sample, memberId: "10001" });
    await settled(set.server, body.id);
    await page.getByLabel("Backup to restore").fill(join(set.server.dataDir, "none.db"));
    await page.getByRole("button", { name: "Look into it" }).click();
    await page.getByRole("alert").filter({ hasText: "none.db" }).waitFor();
    await page.getByLabel("Backup to restore").fill(path);
    await page.getByRole("button", { name: "Look into it" }).click();
    const dialog = page.getByRole("dialog", { name: "Restore this backup?" });
    await dialog.getByText("named ihook.replaced-").waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "restore");
    await dialog.getByRole("button", { name: "Restore and start again" }).click();
    await page.getByText("This page comes back by itself").waitFor();
    await until("the newer run is gone", async () => {
      const { runs } = await set.rpc("run_list");
      return runs.length === 1 && runs[0].id === first.body.id;
    });
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByText("Replaced by a restore").waitFor();
    await picture(page, "restored");
    await visit(page, "/runs");
    await page.getByRole("row", { name: /Event Check-In/ }).waitFor();
  });
});

test("the settings say where secrets are kept, and why they stay there", async () => {
  await set.look({ at: "/settings" }, async (page) => {
    await page.getByText("An encrypted file of the data directory").waitFor();
    await page.getByText(/started with --secrets file, which decides/).waitFor();
    const move = page.getByRole("button", { name: "Move to the keyring" });
    assert.ok(await move.isDisabled());
  });
});

test("one person's data is counted, erased, and its run says so", async () => {
  const { url } = await firstWorkflow(set.server);
  const { body } = await post(url, { ...sample, memberId: "10077" });
  await settled(set.server, body.id);
  await set.look({ at: "/settings" }, async (page) => {
    await page.getByLabel("Value that only this person has").fill("10077");
    await page.getByRole("button", { name: "See what would go" }).click();
    const dialog = page.getByRole("dialog", { name: "Erase everything with “10077”?" });
    await dialog.getByText("1 run and 0 refused requests lose their content.").waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "erase");
    await dialog.getByRole("button", { name: "Erase for good" }).click();
    await page.getByText("Erased in 1 run").waitFor();
    await visit(page, `/runs/${body.id}`);
    await page.getByText(/^Content erased/).waitFor();
    await picture(page, "erased");
    const { payload } = await set.rpc("run_get", { id: body.id });
    assert.ok(!JSON.stringify(payload).includes("10077"));
  });
});
