// The tutorial, step by step, by somebody who reads only what is on the screen: counted, and with the keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, picture, sample, serve, tabTo, withPage } from "../harness.mjs";
import { until } from "../waiting.mjs";

/** As the tutorial gives it. */
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    memberId: { type: "string" },
    eventCode: { type: "string" },
    checkInTime: { type: "string", format: "date-time" },
    sessionCode: { type: "string" },
  },
  required: ["memberId", "eventCode", "checkInTime"],
};
const name = "Conference Check-In > Insert Attendance Activity";
const mostActions = 40;

let server, browser;

before(async () => {
  server = await serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the tutorial takes at most 40 actions, each by a label on the screen", async (t) => {
  await withPage(browser, server, { at: "/" }, async (page) => {
    let actions = 0;
    /** A click on what has this label. */
    const press = async (role, label, within = page) => {
      actions += 1;
      await within
        .getByRole(role, { name: label, exact: typeof label === "string" })
        .first()
        .click();
    };
    /** Text typed or pasted into the field with this label: one action more than the click into it. */
    const write = async (label, text) => {
      actions += 2;
      const field = page
        .getByRole("textbox", { name: label })
        .or(page.getByRole("combobox", { name: label }));
      await field.first().click();
      await field.first().fill(text);
    };

    // Steps 1 to 3: a blank workflow with a name; its trigger is a webhook. Saved, it has a URL.
    await press("link", "New workflow");
    await write(/^Name/, name);
    await press("button", "Save");
    await press("button", /^Webhook/);
    await page
      .getByText(/\/hooks\//)
      .first()
      .waitFor();

    // Step 4: JSON Schema Validation, with the tutorial's schema pasted.
    await press("button", "Add a step here");
    await press("menuitem", /^JSON Schema Validation/);
    await write(/^Schema/, JSON.stringify(schema, null, 4));

    // Step 5: Insert Activity with its three fields.
    await press("button", "Add a step after step 1");
    await press("menuitem", /^Insert Activity/);
    await write(/^ID/, "{{ input.memberId }}");
    await write(/^Activity Type/, "ATTEND");
    await press("option", /^ATTEND/);
    await write(/^Transaction Date/, "{{ input.checkInTime }}");

    // Step 7: save and activate.
    await press("button", "Save and activate");
    await page.getByText(/^Active · v/).waitFor();

    // Testing: a known member, the run, and the record on the member.
    await press("button", "More for this workflow");
    await press("menuitem", /test/i);
    await page.getByRole("heading", { name: "Sender" }).waitFor();
    await write(/^Payload/, JSON.stringify(sample));
    await press("button", "Send");
    await page.getByText("Succeeded", { exact: true }).waitFor();
    await press("link", "Open the run");
    await page.getByRole("heading", { level: 1, name: "Done: all 2 steps succeeded" }).waitFor();
    await picture(page, "tutorial");
    t.diagnostic(`${actions} actions`);
    assert.ok(actions <= mostActions, `${actions} actions`);
  });
});

test("the tutorial's workflow is built, tried, found and run again without a mouse", async () => {
  await withPage(browser, server, { at: "/" }, async (page) => {
    const press = (key) => page.keyboard.press(key);
    const tab = (role, label) => tabTo(page, role, label);
    /** Chooses from an open menu by the beginning of its words. */
    const pick = async (words) => {
      await page.getByRole("menu").waitFor();
      await page.keyboard.type(words);
      await press("Enter");
      await page.getByRole("menu").waitFor({ state: "detached" });
    };
    const write = async (label, text) => {
      await tab("textbox", label);
      await page.keyboard.insertText(text);
    };
    await press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("new workflow");
    await page.getByRole("option", { name: "New workflow", exact: true }).waitFor();
    await press("Enter");
    await write(/^Name/, "By keyboard");
    await tab("button", "Add a step here");
    await press("Enter");
    await pick("JSON Sch");
    await write(/^Schema/, JSON.stringify(schema));
    await tab("button", "Add a step after step 1");
    await press("Enter");
    await pick("Insert Act");
    await write(/^ID/, "{{ input.memberId }}");
    await tab("combobox", /^Activity Type/);
    await page.keyboard.insertText("ATTEND");
    await press("Escape");
    await write(/^Transaction Date/, "{{ input.checkInTime }}");
    await tab("button", "Save and activate");
    await press("Enter");
    await page.getByText(/^Active · v/).waitFor();
    await tab("button", "More for this workflow");
    await press("Enter");
    await pick("Send a test");
    await page.getByRole("heading", { name: "Sender" }).waitFor();
    await tab("textbox", "Payload");
    await press("Control+a");
    await page.keyboard.insertText(JSON.stringify({ ...sample, eventCode: "BYKEYS26" }));
    await tab("button", "Send");
    await press("Enter");
    await page.getByText("Succeeded", { exact: true }).waitFor();
    await until("the payload is in the index", async () => {
      const { runs } = await server.rpc("run_list", { search: "BYKEYS26" });
      return runs.some(({ status }) => status === "succeeded");
    });
    await press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("BYKEYS26");
    await page.getByRole("option", { name: /^Succeeded: By keyboard/ }).waitFor();
    await press("ArrowDown");
    await press("Enter");
    await page.getByRole("heading", { level: 1, name: /^Done/ }).waitFor();
    const before = page.url();
    await tab("button", "Rerun");
    await press("Enter");
    await page.getByRole("dialog").waitFor();
    await tab("button", "Rerun");
    await press("Enter");
    await page.waitForURL((url) => url.hash.startsWith("#/runs/") && url.href !== before);
    await page.getByText("Rerun of an earlier run").waitFor();
  });
});
