// Connections: passwords that cannot be read, secrets for other systems, and what goes when it is needed no more.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  barriers,
  openBrowser,
  picture,
  post,
  sample,
  serve,
  visit,
  withPage,
} from "../harness.mjs";
import { until } from "../waiting.mjs";

let dataDir, server, browser, workflow;

const site = (rest) => ({ username: "sandbox", password: "sandbox", kind: "test", ...rest });

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "ihook-sealed-"));
  const first = await serve({ dataDir });
  await first.rpc("connection_save", site({ name: "Annual iMIS", baseUrl: first.sandbox }));
  await first.rpc("connection_save", site({ name: "Old iMIS", baseUrl: first.sandbox }));
  const header = { authorization: "Bearer {{ secret.crm }}" };
  workflow = await first.rpc("workflow_import", {
    activate: true,
    file: {
      format: "ihook.workflow/1",
      name: "Annual check-in",
      connection: "Annual iMIS",
      trigger: { type: "webhook" },
      actions: [
        {
          id: "note",
          type: "insertActivity",
          fields: { ID: "{{ memberId }}", ActivityType: "ATTEND" },
        },
        {
          id: "tell",
          type: "httpRequest",
          method: "GET",
          url: "https://crm.example.org",
          headers: header,
        },
      ],
    },
  });
  await first.stop();
  await spoilPasswords();
  server = await serve({ dataDir });
  browser = await openBrowser();
});

/** Passwords that cannot be read: as good as a locked keyring. */
async function spoilPasswords() {
  const path = join(dataDir, "secrets.json");
  const sealed = JSON.parse(await readFile(path, "utf8"));
  for (const name of Object.keys(sealed)) {
    if (name.endsWith("iMIS")) sealed[name] = Buffer.alloc(40).toString("base64");
  }
  await writeFile(path, JSON.stringify(sealed));
}

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** A site that cannot be used, or was just deleted, answers nothing. */
const expected = /status of (502|404)/;
const look = (options, see) => withPage(browser, server, { expected, ...options }, see);

for (const theme of ["light", "dark"]) {
  test(`passwords that cannot be read are said where runs wait for them, ${theme}`, async () => {
    const { localUrl } = await server.rpc("workflow_url", { id: workflow.id });
    const { status, body } = await post(localUrl, sample);
    assert.equal(status, 200, "deliveries are taken all the same");
    await until("the run waits", async () => {
      const { run } = await server.rpc("run_get", { id: body.id });
      return run.status === "waiting";
    });
    await look({ at: "/", theme }, async (page) => {
      const banner = page.getByText("The passwords of Annual iMIS and Old iMIS cannot be read.");
      await banner.waitFor();
      assert.deepEqual(await barriers(page), []);
      await picture(page, `locked-dashboard-${theme}`);
      for (const [name, at] of [
        ["run", `/runs/${body.id}`],
        ["connection", "/connections?name=Annual%20iMIS"],
        ["secrets", "/connections?secrets=1"],
      ]) {
        await visit(page, at);
        await page
          .getByRole("button", { name: /^Try again now|^Forget|^Keep secret/ })
          .first()
          .waitFor();
        assert.deepEqual(await barriers(page), []);
        await picture(page, `locked-${name}-${theme}`);
      }
      await visit(page, "/");
      await page.getByRole("button", { name: "Try again now" }).click();
      await page
        .getByRole("status")
        .getByText(/sealed with another key/)
        .first()
        .waitFor();
    });
  });
}

test("a connection that a workflow writes to stays; another one goes", async () => {
  await look({ at: "/connections?name=Annual%20iMIS" }, async (page) => {
    await page.getByText("1 workflow writes there.").waitFor();
    const button = page.getByRole("button", { name: "Delete this connection…" });
    assert.ok(await button.isDisabled());
    await page.getByRole("link", { name: /Old iMIS/ }).click();
    await page.getByText("No workflow writes there.").waitFor();
    await button.click();
    const dialog = page.getByRole("dialog", { name: "Delete the connection Old iMIS?" });
    assert.deepEqual(await barriers(page), []);
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Old iMIS is deleted.").waitFor();
    await page.getByRole("link", { name: /Old iMIS/ }).waitFor({ state: "detached" });
  });
});

test("a secret that a workflow asks for is missing, then kept, then forgotten", async () => {
  await look({ at: "/connections" }, async (page) => {
    await page.getByRole("link", { name: /Secrets for other systems/ }).click();
    const row = page.getByRole("row", { name: /secret\.crm/ });
    await row.getByText("Missing").waitFor();
    await page.getByLabel("Name").fill("crm");
    await page.getByLabel("Value", { exact: true }).fill("top secret");
    await page.getByRole("button", { name: "Keep secret" }).click();
    await row.getByText("Kept").waitFor();
    await row.getByRole("button", { name: "Forget crm" }).click();
    await page.getByText("Still asked for by Annual check-in").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
    await row.getByText("Missing").waitFor();
  });
});
