// What may not break a screen: a server that is gone, payloads made to harm, a slow start.
import assert from "node:assert/strict";
import { mkdtemp, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  barriers,
  firstWorkflow,
  openBrowser,
  openPage,
  picture,
  post,
  sample,
  serve,
  settled,
  visit,
  withPage,
} from "../harness.mjs";

let server, browser;

before(async () => {
  server = await serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the first screen needs less than 250 kB of scripts and styles", async (t) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const parts = [];
  page.on("response", (response) => {
    const kind = response.request().resourceType();
    if (kind === "script" || kind === "stylesheet") parts.push(response);
  });
  await page.addInitScript(() => localStorage.setItem("ihook.welcome", "seen"));
  await page.goto(`${server.admin}/#token=${server.adminToken}`);
  await page.getByRole("heading", { name: "The workflow is receiving." }).waitFor();
  // What is fetched ahead for other screens comes later.
  const first = [...parts];
  const sizes = await Promise.all(
    first.map(async (response) => gzipSync(await response.body()).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  t.diagnostic(`${total.toFixed(1)} kB gzip in ${first.length} files`);
  assert.ok(total < 250, `${total} kB`);
  await context.close();
});

test("a database that is lost while it is used is no longer called receiving", async () => {
  const server = await serve();
  const { url } = await firstWorkflow(server);
  await withPage(browser, server, { at: "/" }, async (page) => {
    await page.getByRole("heading", { level: 1, name: "The workflow is receiving." }).waitFor();
    await unlink(join(server.dataDir, "ihook.db"));
    assert.equal((await post(url, sample)).status, 503);
    await page.getByRole("heading", { level: 1, name: "Nothing is being received." }).waitFor();
    await page.getByText("Not receiving", { exact: true }).waitFor();
    await page.getByText("Every check-in is refused.").waitFor();
    await page
      .getByText("No check-in is received: Open the dashboard to see why.", { exact: true })
      .waitFor();
    assert.equal(await page.getByText("The database is damaged").count(), 1, "said once");
    assert.deepEqual(await barriers(page), []);
    await picture(page, "refusing");
    await page.getByRole("link", { name: "Open the settings" }).click();
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  });
  await server.stop();
});

test("a workflow that cannot judge its sender is not called receiving", async () => {
  const server = await serve();
  const { id } = await firstWorkflow(server);
  const { file } = await server.rpc("workflow_export", { id });
  file.name = "Signed";
  file.trigger.authentication = { kind: "header", header: "X-Door" };
  const signed = await server.rpc("workflow_import", { file, activate: true });
  await withPage(browser, server, { at: "/" }, async (page) => {
    await page.getByRole("heading", { level: 1, name: "Both workflows are receiving." }).waitFor();
    assert.equal((await post(signed.url, sample)).status, 503);
    await page.getByRole("heading", { name: "1 of 2 workflows is receiving." }).waitFor();
    await page.getByText("Signed refuses every delivery with 503.").waitFor();
    await page.getByText("Refuses", { exact: true }).waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "refusing-one");
    await page.getByRole("link", { name: "Open the workflow" }).click();
    await page.getByLabel("Beside the URL, the sender proves itself with").waitFor();
    await server.rpc("workflow_set_secret", { id: signed.id, secret: "sesame-street" });
    await visit(page, "/");
    await page.getByRole("heading", { name: "Both workflows are receiving." }).waitFor();
  });
  await server.stop();
});

test("a server that is gone is said so, and back without anybody doing anything", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "ihook-gone-"));
  const first = await serve({ dataDir, token: "a".repeat(43) });
  const page = await openPage(browser, first, { at: "/runs" });
  const ports = [first.hooks, first.admin, first.sandbox].map((url) => new URL(url).host);
  await first.stop();
  await page.getByText("iHook is not answering. What you see may be old").waitFor();
  await page.evaluate(() => (window.location.hash = "/connections"));
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await page.getByRole("heading", { level: 1, name: "This screen could not be loaded." }).waitFor();
  await picture(page, "server-gone");
  const second = await serve({ dataDir, ports, token: "a".repeat(43) });
  await page.getByText("Live", { exact: true }).waitFor({ timeout: 20_000 });
  await page
    .getByText("iHook is not answering. What you see may be old")
    .waitFor({ state: "detached" });
  await page.getByRole("heading", { name: /connection/ }).waitFor();
  await page
    .getByRole("link", { name: /sandbox/ })
    .first()
    .waitFor();
  await page.context().close();
  await second.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Payloads that other people's screens choke on. */
const hostile = {
  script: { note: "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>" },
  markup: { "<b>key</b>": "{{ 7 | times: 6 }} ${alert(1)} javascript:alert(1)" },
  long: { note: "x".repeat(1_000_000) },
  keys: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key ${at}`, at])),
  turned: { note: "\u202Etxet desrever\u202C שלום \u200F end" },
  control: { note: "\u0000\u0007\u001b[31m\u0085 bell" },
  deep: JSON.parse(`${'{"a":'.repeat(50)}1${"}".repeat(50)}`),
};

test("payloads made to harm are shown as text and freeze nothing", async (t) => {
  const { id } = await server.rpc("workflow_import", {
    activate: true,
    file: {
      format: "ihook.workflow/1",
      name: "Takes <i>anything</i> \u202Eдам",
      connection: "sandbox",
      trigger: { type: "webhook", maxBodyBytes: 4_000_000 },
      actions: [],
    },
  });
  const { localUrl } = await server.rpc("workflow_url", { id });
  await withPage(browser, server, { at: "/" }, async (page) => {
    for (const [name, payload] of Object.entries(hostile)) {
      const { status, body } = await post(localUrl, payload);
      assert.equal(status, 200, name);
      await settled(server, body.id);
      await visit(page, `/runs/${body.id}`);
      const begun = Date.now();
      await page.getByRole("button", { name: "Received and accepted" }).click();
      await page.getByRole("tab", { name: "Payload" }).waitFor();
      await page.locator("pre").first().waitFor();
      await page.getByRole("button", { name: "Raw" }).first().click();
      await page.getByRole("button", { name: "Pretty" }).first().click();
      const took = Date.now() - begun;
      t.diagnostic(`${name}: ${took} ms`);
      assert.ok(took < 3000, `${name} took ${took} ms`);
      assert.equal(await page.evaluate(() => window.hit), undefined, `${name} ran`);
      const drawn = await page.locator("pre").first().textContent();
      assert.ok(!/[\u202a-\u202e\u0000\u0007\u001b]/.test(drawn), `${name} draws hidden signs`);
    }
    await visit(page, "/runs");
    await page.getByRole("table").getByText("Takes <i>anything</i>").first().waitFor();
  });
});

test("a payload is corrected beside what the workflow expects, and run again", async () => {
  const { url } = await firstWorkflow(server);
  const { body } = await post(url, { memberId: "12345", checkInTime: sample.checkInTime });
  await withPage(browser, server, { at: `/runs/${body.id}` }, async (page) => {
    await page.getByRole("button", { name: "Edit and rerun" }).click();
    const wanted = page.getByRole("region", { name: "What the workflow expects" });
    await wanted.getByText("is missing").waitFor();
    const editor = page.getByRole("dialog").getByRole("textbox", { name: "Payload" });
    await editor.fill(JSON.stringify(sample));
    await wanted.getByText("is missing").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: /^Done/ }).waitFor();
    assert.ok(!page.url().includes(body.id), "the new run is shown");
  });
});
