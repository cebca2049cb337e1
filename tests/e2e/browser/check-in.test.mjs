// The tutorial's way, in a browser: a check-in arrives, becomes an activity, and its address can be changed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  firstWorkflow,
  openBrowser,
  openPage,
  picture,
  post,
  sample,
  serve,
  settled,
} from "../harness.mjs";

let server, browser;

before(async () => {
  server = await serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, "the server ends in order");
});

test("a first start shows the tutorial's workflow as active", async () => {
  const page = await openPage(browser, server);
  await page.getByRole("link", { name: "Dashboard" }).waitFor();
  await page.getByText("Event Check-In > Insert Attendance Activity").first().waitFor();
  await page.getByText("Active", { exact: true }).first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a check-in from the event app becomes an activity on the member", async () => {
  const workflow = await firstWorkflow(server);
  const { status, body } = await post(workflow.url, sample);
  assert.equal(status, 200);
  assert.equal(body.error, false);
  const { run } = await settled(server, body.id);
  assert.equal(run.status, "succeeded");
});

test("a new address makes the old one answer 401", async () => {
  const { id, url: old } = await firstWorkflow(server);
  await server.rpc("workflow_regenerate_url", { id });
  assert.equal((await post(old, sample)).status, 401);
  const { url } = await firstWorkflow(server);
  assert.equal((await post(url, sample)).status, 200);
});
