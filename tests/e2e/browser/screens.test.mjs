// Every screen with a day's work in it, in light and dark: without barriers, without faults, and as a picture.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { aDaysWork } from "../day.mjs";
import { barriers, firstWorkflow, picture, pictured, stage, visit } from "../harness.mjs";

/** Pictures of these go into docs/ when they are asked for. */
const inReadme = ["dashboard", "editor", "run-failed"];

let screens;

const set = stage(async () => {
  const { done, failed, rejected, broken, waiting } = await aDaysWork(set);
  const { id } = await firstWorkflow(set.server);
  screens = [
    ["welcome", "/welcome"],
    ["workflows", "/workflows"],
    ["workflow-new", "/workflows/new?from=blank"],
    ["editor", `/workflows/${id}`],
    ["runs", "/runs"],
    ["runs-none", "/runs?search=nobody"],
    ["run-done", `/runs/${done}`],
    ["run-failed", `/runs/${failed}`],
    ["run-waiting", `/runs/${waiting}`],
    ["run-rejected", `/runs/${rejected}`],
    ["runs-refused", "/runs?view=refused"],
    ["refused", `/runs/refused/${broken}`],
    ["sender", "/sender"],
    ["sender-all", "/sender?mode=all"],
    ["sender-batch", "/sender?mode=batch"],
    ["sandbox-start", "/sandbox"],
    ["sandbox", "/sandbox?member=10007"],
    ["connections", "/connections"],
    ["connection-new", "/connections?add=1"],
    ["connection", "/connections?name=sandbox"],
    ["secrets", "/connections?secrets=1"],
    ["settings", "/settings"],
    ["handoff", `/workflows/${id}/handoff`],
    ["guide", "/guide"],
    ["missing", "/nowhere"],
    ["dashboard", "/"],
  ];
});

for (const theme of ["light", "dark"]) {
  test(`every screen is usable by everybody, ${theme}`, async (t) => {
    await set.look({ theme }, async (page) => {
      for (const [name, at] of screens) {
        await t.test(name, () =>
          pictured(page, async () => {
            await visit(page, at);
            assert.deepEqual(await barriers(page), []);
            await picture(page, `${name}-${theme}`, { readme: inReadme.includes(name) });
          }),
        );
      }
    });
  });
}

test("the smallest window shows every screen without scrolling sideways, and never scrolls itself", async () => {
  const viewport = { width: 1024, height: 640 };
  await set.look({ viewport }, async (page) => {
    for (const [name, at] of screens) {
      await visit(page, at);
      const over = await page.evaluate(() =>
        [document.documentElement, document.querySelector("main")]
          .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
          .reduce((most, each) => Math.max(most, each)),
      );
      assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
      const below = await page.evaluate(
        () => document.documentElement.scrollHeight - window.innerHeight,
      );
      assert.ok(below <= 0, `${name} reaches ${below} pixels below the window`);
      await picture(page, `${name}-small`);
    }
  });
});

test("the hand-off sheet goes onto one page of paper, printed and as a file", async () => {
  const { id } = await firstWorkflow(set.server);
  await set.look({ at: `/workflows/${id}/handoff` }, async (page) => {
    const pages = async () => {
      const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
      return pdf.toString("latin1").match(/\/Type \/Page\b/g).length;
    };
    assert.equal(await pages(), 1, "as printed from the screen");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as HTML" }).click();
    const path = await (await saved).path();
    await page.setContent(await readFile(path, "utf8"));
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await pages(), 1, "as printed from the file");
  });
});
