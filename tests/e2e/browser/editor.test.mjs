// The workflow editor in a browser: by mouse and by keyboard, with a crash, a second window and hostile payloads.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import {
  barriers,
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
import { until } from "../waiting.mjs";

const validate = {
  id: "validate",
  type: "jsonSchemaValidation",
  schema: { type: "object", required: ["memberId"] },
};
const gate = {
  id: "gate",
  type: "gate",
  expression: "input.sessionCode == 'CLOSED'",
  outcome: { goTo: "note" },
};
const activity = {
  id: "activity",
  type: "insertActivity",
  fields: {
    ID: "{{ input.memberId }}",
    "Activity Type": "ATTEND",
    "Transaction Date": "{{ input.checkInTime }}",
    Description: "{{ input.sessionCode }}",
  },
};
const loop = {
  id: "each",
  type: "forEach",
  list: "/guests",
  as: "guest",
  actions: [{ id: "panel", type: "notify", title: "{{ guest.name }}", message: "" }],
};
const note = { id: "note", type: "notify", title: "Done", message: "" };

let server, browser;

before(async () => {
  server = await serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  // The server that was started again leaves the directory it was given.
  if (server) await rm(server.dataDir, { recursive: true, force: true });
});

/** A workflow of its own for each test, active and with one delivery. */
async function imported(name, actions, payload = sample) {
  const file = {
    format: "ihook.workflow/1",
    name,
    connection: "sandbox",
    trigger: { type: "webhook" },
    actions,
  };
  const { id } = await server.rpc("workflow_import", { file, activate: true });
  const { localUrl } = await server.rpc("workflow_url", { id });
  const { body } = await post(localUrl, payload);
  await settled(server, body.id);
  return { id, url: localUrl };
}

const stored = async (id) => (await server.rpc("workflow_get", { id })).file;
const ids = (actions) => actions.map((each) => each.id);
const open = (at, look) => withPage(browser, server, { at, viewport: wide }, look);
const wide = { width: 1680, height: 1050 };

async function save(page, id, version) {
  await page.keyboard.press("Control+s");
  await page.getByText(`Saved as version ${version}.`).waitFor();
  return stored(id);
}

const card = (page, step) => page.locator(`[data-card="${step}"]`);

async function middleOf(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width / 2, y + height / 2];
}

async function drag(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(from[0] + 6, from[1] + 8, { steps: 3 });
  await page.mouse.move(...to, { steps: 12 });
  await page.mouse.up();
}

test("steps are added, moved, switched off, duplicated and deleted by keyboard", async () => {
  const { id } = await imported("By keyboard", [validate, activity]);
  await open(`/workflows/${id}?view=canvas`, async (page) => {
    await page.getByRole("button", { name: "Add a step after step 1" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: /^Gate/ }).waitFor();
    await page.keyboard.type("Gate");
    await page.keyboard.press("Enter");
    await card(page, "gate").waitFor();
    await card(page, "gate").focus();
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("Control+/");
    await page.getByText("Off", { exact: true }).waitFor();
    await page.keyboard.press("ArrowUp");
    assert.equal(
      await page.evaluate(() => document.activeElement.dataset.card),
      "activity",
      "arrows walk over the canvas",
    );
    await page.keyboard.press("Control+d");
    await card(page, "activity2").waitFor();
    await card(page, "validate").focus();
    await page.keyboard.press("Delete");
    const { actions } = await save(page, id, 2);
    assert.deepEqual(ids(actions), ["activity", "activity2", "gate"]);
    assert.equal(actions[2].enabled, false);
    await page.keyboard.press("Control+z");
    await card(page, "validate").waitFor();
  });
});

test("steps and jumps are dragged on the canvas", async () => {
  const { id } = await imported("By mouse", [validate, gate, activity, loop, note]);
  await open(`/workflows/${id}?view=canvas`, async (page) => {
    await page.getByRole("button", { name: "Show everything" }).click();
    await page.getByRole("button", { name: "Way out, true: go on at Notify" }).waitFor();
    const slots = page.locator('.react-flow__node[data-id="slot::0"]');
    await drag(page, await middleOf(card(page, "gate")), await middleOf(slots));
    const handle = page.locator(
      '.react-flow__node[data-id="exit:gate:outcome"] .react-flow__handle-right',
    );
    await page.getByRole("button", { name: /Way out/ }).waitFor();
    const target = await card(page, "activity").boundingBox();
    await drag(page, await middleOf(handle), [
      target.x + target.width,
      target.y + target.height / 2,
    ]);
    await page.getByRole("button", { name: "Way out, true: go on at Insert Activity" }).waitFor();
    const inside = page.locator('.react-flow__node[data-id="slot:each:1"]');
    await drag(page, await middleOf(card(page, "note")), await middleOf(inside));
    const { actions } = await save(page, id, 2);
    assert.deepEqual(ids(actions), ["gate", "validate", "activity", "each"]);
    assert.deepEqual(actions[0].outcome, { goTo: "activity" });
    assert.deepEqual(ids(actions[3].actions), ["panel", "note"]);
  });
});

test("a click chooses a card that is only half in sight", async () => {
  const small = { width: 1024, height: 640 };
  await withPage(browser, server, { at: "/workflows", viewport: small }, async (page) => {
    await visit(page, "/workflows/new?from=eventbrite");
    await page.getByRole("textbox", { name: /^Name/ }).click();
    const canvas = await page.getByRole("application", { name: "Canvas" }).boundingBox();
    const bottom = canvas.y + canvas.height;
    await page.mouse.move(canvas.x + 20, canvas.y + 20);
    const [x, y] = await until("the card lies across the edge", async () => {
      const [x, y] = await middleOf(card(page, "gate"));
      if (Math.abs(y - bottom) < 12) return [x, y];
      await page.mouse.wheel(0, y - bottom);
      return undefined;
    });
    await page.mouse.click(x - 60, Math.min(y, bottom) - 16);
    await page.getByRole("textbox", { name: "Condition" }).waitFor();
  });
});

test("the list orders steps by keyboard alone, with what a screen reader announces", async () => {
  const { id } = await imported("As a list", [validate, activity, note]);
  await open(`/workflows/${id}?view=list`, async (page) => {
    await page.getByRole("row", { name: "Notify" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(
      await page.evaluate(() => document.activeElement.getAttribute("aria-label")),
      "Move Notify",
    );
    await page.keyboard.press("Enter");
    await page.locator("[data-drop-target]").waitFor({ state: "attached" });
    await until("the first place is reached", async () => {
      await page.keyboard.press("ArrowUp");
      const place = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
      return place === "Insert before JSON Schema Validation";
    });
    await page.keyboard.press("Enter");
    await page.getByText("Unsaved changes").waitFor();
    const { actions } = await save(page, id, 2);
    assert.deepEqual(ids(actions), ["note", "validate", "activity"]);
  });
});

test("a template is completed, underlined where a name is unknown, and shows what it makes", async () => {
  const { id } = await imported("Templates", [activity]);
  await open(`/workflows/${id}?step=activity`, async (page) => {
    const field = page.getByRole("textbox", { name: "Description" });
    await field.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("{{ input.sesion");
    await page.keyboard.press("Escape");
    await page.keyboard.type("Code }}");
    await page
      .getByText(/did you mean “sessionCode”/)
      .first()
      .waitFor();
    assert.equal(await page.locator(".cm-unknown").innerText(), "input.sesionCode");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("At {{ input.eve");
    await page.getByRole("option", { name: /input\.eventCode/ }).waitFor();
    // The list takes no key in its first moments, so that nothing is chosen by accident.
    await until("the completion is taken", async () => {
      await page.keyboard.press("Enter");
      return (await field.innerText()).includes("input.eventCode");
    });
    await page.keyboard.type(" }}");
    await page.getByText("At CONF2026").first().waitFor();
    assert.equal(await page.locator(".cm-unknown").count(), 0);
  });
});

test("a validation shows what it would say of the sample, to its depth", async () => {
  const email = { type: "string", format: "email" };
  const attendee = { type: "object", required: ["email"], properties: { email } };
  const schema = { type: "object", required: ["attendee"], properties: { attendee } };
  const payload = { attendee: { email: "not an address" } };
  const { id } = await imported("Depth", [{ ...validate, schema }], payload);
  await open(`/workflows/${id}?step=validate`, async (page) => {
    const made = page.getByRole("region", { name: "What this step would make" });
    await made.getByText("The sample would not pass:").waitFor();
    await made
      .getByRole("listitem")
      .filter({ hasText: "email is not an e-mail address" })
      .waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "editor-schema-refused");
  });
  const good = await imported("No fault", [{ ...validate, schema }], {
    attendee: { email: "a@b.example" },
  });
  await open(`/workflows/${good.id}?step=validate`, async (page) => {
    await page.getByText("The sample passes.").waitFor();
  });
});

test("a value of the payload is taken by click, by key and by dragging", async () => {
  const { id } = await imported("Payload", [activity]);
  await open(`/workflows/${id}?step=activity`, async (page) => {
    const field = page.getByRole("textbox", { name: "Description" });
    const empty = async () => {
      await field.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Delete");
    };
    const value = page.getByRole("row", { name: /input\.eventCode/ });
    const takes = async (how) => {
      await page.getByText("CONF2026").nth(1).waitFor();
      assert.equal((await field.innerText()).trim(), "{{ input.eventCode }}", how);
    };
    await empty();
    await value.click();
    await takes("by click");
    await empty();
    await value.focus();
    await page.keyboard.press("Enter");
    await takes("by key");
    await empty();
    await value.locator("[draggable]").dragTo(field);
    await takes("by dragging");
  });
});

test("a problem leads to its field", async () => {
  const broken = { ...activity, fields: { ...activity.fields, "Activity Type": "NOSUCHTYPE" } };
  const { id } = await imported("Problems", [validate, broken]);
  await open(`/workflows/${id}?step=trigger`, async (page) => {
    await page.getByRole("region", { name: "Problems" }).getByRole("button").first().click();
    await page.getByRole("combobox", { name: /Activity Type/ }).waitFor();
    await until("the field has the focus", () =>
      page.evaluate(() => document.activeElement?.getAttribute("role") === "combobox"),
    );
  });
});

test("what is unsaved outlives a kill of the program, and nothing is taken unasked", async () => {
  const { id } = await imported("A crash", [activity]);
  const before = await openPage(browser, server, { at: `/workflows/${id}?step=activity` });
  await before.getByText("Check the member first", { exact: true }).click();
  await before.getByText("kept").waitFor();
  await server.crash();
  await before.context().close();
  server = await serve({ dataDir: server.dataDir });
  assert.equal((await stored(id)).actions[0].checkMember, undefined, "nothing was saved");
  await open(`/workflows/${id}?step=activity`, async (page) => {
    await page.getByText(/Unsaved changes from .* were kept/).waitFor();
    assert.ok(await page.getByRole("switch", { name: "Check the member first" }).isChecked());
    await page.getByRole("button", { name: "Restore them" }).click();
    assert.ok(!(await page.getByRole("switch", { name: "Check the member first" }).isChecked()));
    const { actions } = await save(page, id, 2);
    assert.equal(actions[0].checkMember, false);
  });
  await open(`/workflows/${id}`, async (page) => {
    await page.getByText("Active · v1").waitFor();
    assert.equal(await page.getByText(/were kept/).count(), 0, "what was saved is offered no more");
  });
});

test("the second of two windows is notified, sees what differs, and decides", async () => {
  const { id } = await imported("Two windows", [activity]);
  await open(`/workflows/${id}?step=trigger`, async (mine) => {
    await open(`/workflows/${id}?step=trigger`, async (theirs) => {
      await theirs.getByText("Return 202 Accepted", { exact: true }).click();
      await mine.getByText("Omit Response Body", { exact: true }).click();
      await save(theirs, id, 2);
    });
    await mine.getByText("Version 2 was saved in another window.").waitFor();
    await mine.keyboard.press("Control+s");
    const dialog = mine.getByRole("dialog", { name: "Version 2 was saved meanwhile" });
    await dialog.getByText("Return 202 Accepted").waitFor();
    assert.deepEqual(await barriers(mine), []);
    await picture(mine, "editor-conflict");
    assert.equal((await stored(id)).trigger.return202Accepted, true, "theirs is not overwritten");
    await dialog.getByRole("button", { name: "Take version 2" }).click();
    await mine.getByText("Unsaved changes").waitFor({ state: "detached" });
    assert.ok(await mine.getByRole("switch", { name: "Return 202 Accepted" }).isChecked());
    await mine.getByRole("button", { name: "Undo" }).click();
    assert.ok(await mine.getByRole("switch", { name: "Omit Response Body" }).isChecked());
    // The refusal is what the test is about.
    mine.faults = mine.faults.filter((fault) => !fault.includes("409"));
  });
});

test("publishing first shows what the last payloads would do otherwise", async () => {
  const { id, url } = await imported("Publish", [activity]);
  const ids = [];
  for (let at = 0; at < 5; at += 1) {
    const sessionCode = at === 2 ? "X".repeat(300) : `S${at}`;
    ids.push((await post(url, { ...sample, sessionCode })).body.id);
  }
  await Promise.all(ids.map((run) => settled(server, run)));
  await open(`/workflows/${id}?step=activity`, async (page) => {
    const field = page.getByRole("textbox", { name: "Description" });
    await field.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("{{ input.sessionCode | slice: 0, 20 }} {{ input.eventCode }}");
    await page.getByRole("button", { name: "Publish v2" }).click();
    const sheet = page.getByRole("dialog", { name: "Publish version 2" });
    const table = sheet.getByRole("table", { name: "What would come out differently" });
    await table.getByText("S4 CONF2026").waitFor();
    await table.getByText("Goes well now").waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "editor-publish");
    await sheet.getByRole("button", { name: "Publish version 2" }).click();
    await page.getByText("Version 2 is live.").waitFor();
    await page.getByRole("button", { name: "More for this workflow" }).click();
    await page.getByRole("menuitem", { name: "Versions" }).click();
    await page.getByRole("button", { name: "Compare version 1 with the editor" }).click();
    await page.getByRole("table", { name: /^Differences between v1/ }).waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "editor-compare");
    await page.getByRole("button", { name: "All versions" }).click();
    await page.getByRole("button", { name: "Restore version 1" }).click();
    await page.getByText("Version 1 is back, saved as version 3.", { exact: false }).waitFor();
    const { actions } = await stored(id);
    assert.equal(actions[0].fields.Description, activity.fields.Description);
    await page.getByText("v3 not published").waitFor();
  });
});

test("before a workflow moves to a real site, what is missing there is shown and led to", async () => {
  const baseUrl = server.sandbox;
  const live = {
    name: "Main iMIS",
    baseUrl,
    username: "sandbox",
    password: "sandbox",
    kind: "live",
  };
  await server.rpc("connection_save", live);
  const missing = { id: "row", type: "insertPanelRecord", panel: "Elsewhere", fields: { ID: "1" } };
  const { id } = await imported("To live", [activity, { ...missing, enabled: false }]);
  await open(`/workflows/${id}?step=workflow`, async (page) => {
    await page.getByRole("button", { name: "Writes to sandbox" }).waitFor();
    await page.getByRole("button", { name: "Connection", exact: false }).last().click();
    await page.getByRole("option", { name: /Main iMIS/ }).click();
    await page.getByText("Main iMIS has everything this workflow writes.").waitFor();
    await page.getByRole("button", { name: "Writes to Main iMIS" }).waitFor();
    await card(page, "row").focus();
    await page.keyboard.press("Control+/");
    await page.getByRole("button", { name: "Publish v2" }).click();
    const sheet = page.getByRole("dialog", { name: "Publish version 2" });
    await sheet.getByText("1 thing to look at before this writes to Main iMIS.").waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "editor-to-live");
    await sheet.getByRole("button", { name: /no panel/ }).click();
    const panel = page.getByRole("combobox", { name: /Panel Name/ });
    await until("the field has the focus", () =>
      panel.evaluate((element) => element === document.activeElement),
    );
    await panel.fill("Event_Attendance");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Publish v2" }).click();
    await sheet.getByText("Main iMIS has everything this workflow writes.").waitFor();
    await sheet.getByRole("button", { name: "Publish version 2" }).click();
    await page.getByText("Version 2 is live.").waitFor();
    assert.equal((await stored(id)).connection, "Main iMIS");
  });
});

test("a sender's secret is set by keyboard, and only what is signed is let in", async () => {
  const { id, url } = await imported("Signed", [activity]);
  await open(`/workflows/${id}?step=trigger`, async (page) => {
    await page.getByRole("button", { name: /proves itself with/ }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("A fixed");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Header" }).waitFor();
    const problems = page.getByRole("region", { name: "Problems" });
    await problems.getByRole("button", { name: /No secret is set yet/ }).press("Enter");
    await until("the field of the secret has the focus", () =>
      page.evaluate(() => document.activeElement?.getAttribute("type") === "password"),
    );
    await page.keyboard.type("open sesame");
    await page.keyboard.press("Enter");
    await page.getByText("A secret is set", { exact: true }).waitFor();
    await page.getByText("No problems found.").waitFor();
    await page.getByRole("textbox", { name: /Only from these addresses/ }).fill("10.0.0.0/33");
    await problems.getByRole("button", { name: /is not an address block/ }).waitFor();
    await page.getByRole("textbox", { name: /Only from these addresses/ }).fill("127.0.0.0/8");
    await page.getByText("No problems found.").waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, "editor-secret");
    await page.getByRole("button", { name: "Publish v2" }).click();
    await page.getByRole("button", { name: "Publish version 2" }).click();
    await page.getByText("Version 2 is live.").waitFor();
  });
  assert.ok(!JSON.stringify(await stored(id)).includes("sesame"), "the file has no secret");
  const send = (proof) =>
    fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": proof },
      body: JSON.stringify(sample),
    });
  assert.equal((await send("close sesame")).status, 401);
  const taken = await send("open sesame");
  assert.equal(taken.status, 200);
  await settled(server, (await taken.json()).id);
});

test("hostile payloads are shown as text and freeze nothing", async () => {
  const hostile = {
    ...sample,
    sessionCode: "<img src=x onerror=\"document.title='broken in'\"><script>alert(1)</script>",
    big: "x".repeat(800_000),
    turned: "abc\u202edef\u0007\u0000",
    arabic: "مرحبا بالعالم",
    many: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key ${at}`, at])),
  };
  const { id } = await imported("Hostile", [activity], hostile);
  await open(`/workflows/${id}?step=activity`, async (page) => {
    await page.evaluate(() => {
      window.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries())
          window.longest = Math.max(window.longest, duration);
      }).observe({ type: "longtask" });
    });
    await page.getByRole("row", { name: /input\.big/ }).waitFor();
    await page.getByText("800,000 characters").waitFor();
    await page.getByText("abc\\u202edef").first().waitFor();
    await page.getByText("<script>alert(1)</script>", { exact: false }).first().waitFor();
    const many = page.getByRole("row", { name: /input\.many/ });
    await many.getByRole("button").click();
    await page.getByText("Show more (9,900 left)").waitFor();
    const field = page.getByRole("textbox", { name: "Description" });
    await field.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("{{ input.big }}");
    await page
      .getByText(/longer than 64 KiB/)
      .first()
      .waitFor();
    await page.getByRole("searchbox", { name: "Find in the payload" }).fill("key 9999");
    await page.getByRole("row", { name: /key 9999/ }).waitFor();
    assert.notEqual(await page.title(), "broken in");
    const longest = await page.evaluate(() => window.longest);
    console.log(`    longest task ${Math.round(longest)} ms`);
    assert.ok(longest < 1000, `the page stood still for ${longest} ms`);
    await picture(page, "editor-hostile");
  });
});

const starters = [
  "check-in",
  "registration",
  "session-attendance",
  "ceu-credit",
  "panel-record",
  "cvent",
  "eventbrite",
  "swapcard",
  "generic",
];

test("every starter is offered, and opens without problems", async () => {
  await server.rpc("connection_metadata", { name: "sandbox" });
  await withPage(browser, server, { at: "/workflows", viewport: wide }, async (page) => {
    await page.getByRole("button", { name: "New workflow" }).click();
    const offered = await page.getByRole("menuitem").allInnerTexts();
    assert.equal(offered.length, starters.length + 1);
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.press("Escape");
    for (const name of starters) {
      await visit(page, `/workflows/new?from=${name}`);
      await page.getByText("No problems found.").waitFor();
      assert.ok((await page.locator("[data-card]").count()) > 1, `${name} has steps`);
      await visit(page, "/workflows");
    }
  });
});

test("every starter is activated, takes its own sample, and its run is green", async () => {
  await withPage(browser, server, { at: "/workflows", viewport: wide }, async (page) => {
    // Eventbrite's sample leads to Eventbrite: tests/it tries it with a stand-in for that.
    for (const name of starters.filter((each) => each !== "eventbrite")) {
      await visit(page, `/workflows/new?from=${name}`);
      await page.getByRole("button", { name: "Save and activate" }).click();
      await page.getByText("Active · v1").waitFor();
      await page.getByRole("link", { name: "Send a test" }).click();
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("main").getByText("Succeeded", { exact: true }).first().waitFor();
      await picture(page, `starter-${name}`);
      await visit(page, "/workflows");
    }
  });
});

for (const theme of ["light", "dark"]) {
  test(`the editor has no barriers, ${theme}`, async () => {
    const { id } = await imported(`Barriers ${theme}`, [validate, gate, activity, loop, note]);
    const small = { width: 1024, height: 640 };
    await withPage(browser, server, { theme, viewport: small }, async (page) => {
      for (const view of ["canvas", "list"]) {
        for (const step of [
          "workflow",
          "trigger",
          "validate",
          "gate",
          "activity",
          "each",
          "note",
        ]) {
          await visit(page, `/workflows/${id}?step=${step}&view=${view}`);
          assert.deepEqual(await barriers(page), [], `${view}, ${step}`);
        }
        await picture(page, `editor-${view}-${theme}`);
      }
      await visit(page, `/workflows/${id}?step=validate`);
      await page.getByRole("radio", { name: "In words" }).click();
      await page.getByRole("button", { name: "From samples…" }).click();
      await page.getByRole("button", { name: "Look at them" }).click();
      await page.getByRole("button", { name: "Use this schema" }).waitFor();
      assert.deepEqual(await barriers(page), []);
      await picture(page, `editor-samples-${theme}`);
    });
  });
}
