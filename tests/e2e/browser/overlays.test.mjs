// What opens over a screen: every menu, dialog and sheet, in light and dark, without barriers, and as a picture.
import assert from "node:assert/strict";
import { test } from "node:test";
import { aDaysWork } from "../day.mjs";
import { barriers, firstWorkflow, picture, pictured, stage, visit } from "../harness.mjs";

/** A name, the screen, and what is pressed there one after the other: a role and a name. */
let overlays;

const set = stage(async () => {
  const { server, rpc } = set;
  const { done, failed, rejected, waiting } = await aDaysWork(set);
  const { id } = await firstWorkflow(server);
  const site = { username: "sandbox", password: "sandbox", kind: "live", baseUrl: server.sandbox };
  await rpc("connection_save", { ...site, name: "Annual iMIS" });
  await rpc("secret_set", { name: "crm", value: "a secret" });
  const more = ["button", "More for Event Check-In > Insert Attendance Activity"];
  const editor = (step) => `/workflows/${id}?step=${step}`;
  overlays = [
    ["card-menu", "/", more],
    ["new-workflow", "/workflows", ["button", "New workflow"]],
    ["import", "/workflows", ["button", "Import…"]],
    ["row-menu", "/workflows", more],
    ["export", "/workflows", more, ["menuitem", "Export…"]],
    ["delete-workflow", "/workflows", more, ["menuitem", "Delete"]],
    ["editor-menu", editor("trigger"), ["button", "More for this workflow"]],
    ["versions", editor("trigger"), ["button", "More for this workflow"], ["menuitem", "Versions"]],
    ["try", editor("trigger"), ["button", "More for this workflow"], ["menuitem", /^Try on/]],
    ["regenerate", editor("trigger"), ["button", "Regenerate URL"]],
    ["add-step", editor("trigger"), ["button", "Add a step after step 1"]],
    ["views", "/runs", ["button", "Views"]],
    ["save-view", "/runs?status=failed", ["button", "Views"], ["menuitem", "Save this view…"]],
    ["export-runs", "/runs", ["button", "Export…"]],
    ["rerun-found", "/runs?status=failed", ["button", "Rerun all found…"]],
    [
      "cancel-found",
      "/runs?status=going",
      ["button", "More for all found"],
      ["menuitem", "Cancel all found…"],
    ],
    ["run-menu", `/runs/${failed}`, ["button", "More for this run"]],
    ["rerun", `/runs/${failed}`, ["button", /^Rerun from step/]],
    ["edit-and-rerun", `/runs/${rejected}`, ["button", "Edit and rerun"]],
    [
      "keep-case",
      `/runs/${failed}`,
      ["button", "More for this run"],
      ["menuitem", "Keep as a test case…"],
    ],
    ["cancel-run", `/runs/${waiting}`, ["button", "Cancel run"]],
    ["undo", `/runs/${done}`, ["button", /Insert Activity/], ["button", "Undo in iMIS…"]],
    ["keep-scenario", "/sender", ["button", "Keep as a scenario…"]],
    ["delete-connection", "/connections?name=Annual%20iMIS", ["button", "Delete this connection…"]],
    ["forget-secret", "/connections?secrets=1", ["button", "Forget crm"]],
    ["remove-sample", "/guide", ["button", "Remove the sample data"]],
  ];
});

for (const theme of ["light", "dark"]) {
  test(`what opens over a screen is usable by everybody, ${theme}`, async (t) => {
    await set.look({ theme }, async (page) => {
      for (const [name, at, ...presses] of overlays) {
        await t.test(name, () =>
          pictured(page, async () => {
            await visit(page, at);
            for (const [role, called] of presses) {
              const exact = typeof called === "string";
              await page.getByRole(role, { name: called, exact }).first().click();
            }
            await page.locator('[role="dialog"], [role="menu"]').first().waitFor();
            assert.deepEqual(await barriers(page), []);
            await picture(page, `over-${name}-${theme}`);
            await page.keyboard.press("Escape");
          }),
        );
      }
    });
  });
}
