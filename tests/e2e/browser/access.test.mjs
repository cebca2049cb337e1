// Everybody: by keyboard alone, enlarged, without motion, with the system's own colours, and what opens over screens.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barriers,
  firstWorkflow,
  picture,
  post,
  sample,
  settled,
  stage,
  tabTo,
  visit,
} from "../harness.mjs";
import { until } from "../waiting.mjs";

let workflow;

const set = stage(async () => {
  workflow = await firstWorkflow(set.server);
  const { body } = await post(workflow.url, { ...sample, memberId: "99999" });
  await settled(set.server, body.id);
});
const { look } = set;

for (const theme of ["light", "dark"]) {
  test(`what opens over a screen is usable by everybody, ${theme}`, async () => {
    await look({ theme, at: "/runs" }, async (page) => {
      await page.keyboard.press("Control+k");
      const palette = page.getByRole("dialog", { name: "Find or do something" });
      await palette.waitFor();
      await page.keyboard.type("99999");
      await palette.getByRole("option", { name: /Member 99999/ }).waitFor();
      assert.deepEqual(await barriers(page), []);
      await picture(page, `palette-${theme}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await palette.waitFor({ state: "detached" });
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      assert.deepEqual(await barriers(page), []);
      await picture(page, `shortcuts-${theme}`);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Export…" }).click();
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await barriers(page), []);
    });
  });
}

test("at twice the size nothing is cut off sideways", async () => {
  const viewport = { width: 640, height: 400 };
  await look({ viewport }, async (page) => {
    const at = [
      "/",
      "/runs",
      "/workflows",
      `/workflows/${workflow.id}/handoff`,
      "/sender",
      "/sandbox?member=12345",
      "/runs?view=refused",
      "/connections",
      "/connections?secrets=1",
      "/settings",
      "/guide",
    ];
    for (const screen of at) {
      await visit(page, screen);
      const over = await page.evaluate(() =>
        [document.documentElement, document.querySelector("main")]
          .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
          .reduce((most, each) => Math.max(most, each)),
      );
      assert.ok(over <= 0, `${screen} is ${over} pixels too wide`);
      await picture(page, `zoomed-${screen.replaceAll(/\W+/g, "") || "dashboard"}`);
    }
  });
});

test("at twice the size titles and names have room to be read", async () => {
  const viewport = { width: 640, height: 400 };
  await look({ viewport }, async (page) => {
    const width = async (locator) => (await locator.boundingBox())?.width ?? 0;
    await visit(page, `/workflows/${workflow.id}/handoff`);
    const title = page.getByRole("main").getByRole("heading", { level: 1 });
    assert.ok((await width(title)) > 150, "the title is not squeezed by the buttons beside it");
    await visit(page, "/workflows");
    // The page before may still be there, with a table of its own.
    const table = page.getByRole("table", { name: "Workflows", exact: true });
    const name = table.getByRole("rowheader").first();
    assert.ok((await width(name)) > 150, "the names of workflows are in sight");
    await visit(page, "/connections?name=sandbox");
    const list = await page.getByRole("link", { name: /^sandbox/ }).boundingBox();
    assert.ok(list.width > 400, "the chosen connection stands below the list, not beside it");
  });
});

test("with the system's own colours bars, switches and choices can be distinguished", async () => {
  await look({ at: "/" }, async (page) => {
    await page.emulateMedia({ forcedColors: "active" });
    const style = (locator, name) =>
      locator.first().evaluate((element, key) => getComputedStyle(element)[key], name);
    const bar = page.getByRole("toolbar").getByRole("link");
    assert.notEqual(await style(bar, "borderBottomWidth"), "0px", "a run is drawn");
    await visit(page, `/workflows/${workflow.id}?step=trigger`);
    const track = page.locator("label > span[aria-hidden]");
    assert.notEqual(await style(track, "borderTopWidth"), "0px", "a switch is drawn");
    const view = page.getByRole("radio", { name: "Canvas" });
    assert.equal(await style(view, "outlineStyle"), "solid", "what is chosen is marked");
    const card = page.locator('[data-card="trigger"]');
    assert.equal(await style(card, "outlineStyle"), "solid", "the step that is open is marked");
    await picture(page, "forced-colours-editor");
  });
});

test("without motion nothing moves, and the system's own colours are kept", async () => {
  await look({ at: "/" }, async (page) => {
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) =>
          getComputedStyle(element)
            .transitionDuration.split(", ")
            .some((time) => parseFloat(time) > 0),
        ).length,
    );
    assert.equal(moving, 0, "reduced motion is honoured");
    await page.emulateMedia({ forcedColors: "active" });
    await visit(page, "/runs");
    await page.getByRole("table").getByText("Failed", { exact: true }).first().waitFor();
    await picture(page, "forced-colours");
    const bar = await page.evaluate(() => {
      const box = document.querySelector('[role="row"] [class*="pill"]');
      return getComputedStyle(box).forcedColorAdjust;
    });
    assert.equal(bar, "auto", "nothing opts out of the chosen colours");
  });
});

test("send, find and rerun without a mouse", async () => {
  await look({ at: "/" }, async (page) => {
    const press = (key) => page.keyboard.press(key);
    const tab = (role, name) => tabTo(page, role, name);
    await press("g");
    await press("s");
    await page.getByRole("heading", { name: "Sender" }).waitFor();
    await tab("button", "Send");
    await press("Enter");
    await page.getByText("As expected").waitFor();
    await until("the payload is in the index", async () => {
      const { runs } = await set.rpc("run_list", { search: "KEYNOTE" });
      return runs.some(({ status }) => status === "succeeded");
    });
    await press("Control+k");
    await page.getByRole("dialog", { name: "Find or do something" }).waitFor();
    await page.keyboard.type("12345");
    await page.getByRole("option", { name: /with “12345”/ }).waitFor();
    await press("Enter");
    const table = page.getByRole("table", { name: "Runs, newest first" });
    await table.getByRole("row").nth(1).waitFor();
    await tab("link", /Event Check-In/);
    await press("Enter");
    await page.getByRole("heading", { level: 1, name: /^Done/ }).waitFor();
    const before = page.url();
    await tab("button", "Rerun");
    await press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await tab("button", "Rerun");
    await press("Enter");
    await page.waitForURL((url) => url.hash.startsWith("#/runs/") && url.href !== before);
    await page.getByRole("heading", { level: 1 }).waitFor();
  });
});
