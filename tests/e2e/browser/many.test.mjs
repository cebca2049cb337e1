// A long history: screens are there at once and scroll smoothly. IHOOK_STORED_DIR names a data directory that
// `cargo xtask bench --only history --keep DIR` filled; without one a short history is made here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { firstWorkflow, openBrowser, post, sample, serve, visit, withPage } from "../harness.mjs";

const dataDir = process.env.IHOOK_STORED_DIR;
/** The bars, in milliseconds; a machine that also does other things is allowed more, unless figures are asked for. */
const slack = dataDir === undefined ? 4 : 1;
const navigation = 300 * slack;
const task = 50 * slack;

let server, browser;

before(async () => {
  server = await serve(dataDir === undefined ? {} : { dataDir });
  browser = await openBrowser();
  if (dataDir === undefined) {
    const { url } = await firstWorkflow(server);
    await Promise.all(
      Array.from({ length: 8 }, async (_, sender) => {
        for (let at = 0; at < 100; at += 1) {
          const memberId = String(10001 + ((sender * 100 + at) % 500));
          await post(url, { ...sample, memberId });
        }
      }),
    );
  }
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Milliseconds from the click on a section to its content being drawn. */
async function opens(page, to, content) {
  return page.evaluate(
    ([hash, selector]) =>
      new Promise((done) => {
        const begun = performance.now();
        const look = () => {
          if (document.querySelector(selector)) done(performance.now() - begun);
          else requestAnimationFrame(look);
        };
        window.location.hash = hash;
        look();
      }),
    [to, content],
  );
}

test("dashboard and runs are there at once", async (t) => {
  await withPage(browser, server, { at: "/settings" }, async (page) => {
    const times = { "/": [], "/runs": [] };
    for (let round = 0; round < 5; round += 1) {
      times["/"].push(await opens(page, "/", 'main section [role="toolbar"] a'));
      await visit(page, "/settings");
      times["/runs"].push(await opens(page, "/runs", '[aria-rowindex="2"]'));
      await visit(page, "/settings");
    }
    for (const [screen, found] of Object.entries(times)) {
      const sorted = found.map(Math.round).sort((a, b) => a - b);
      t.diagnostic(`${screen}: ${sorted.join(", ")} ms`);
      assert.ok(sorted[2] < navigation, `${screen} took ${sorted[2]} ms`);
    }
  });
});

test("scrolling through the runs never stops the page", async (t) => {
  await withPage(browser, server, { at: "/runs" }, async (page) => {
    const row = page.locator('[role="row"][aria-rowindex="5"]');
    await row.waitFor();
    await page.evaluate(() => {
      window.long = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.long.push(Math.round(duration));
      }).observe({ type: "longtask" });
    });
    const box = await row.boundingBox();
    await page.mouse.move(box.x + 200, box.y + 10);
    for (let at = 0; at < 80; at += 1) {
      await page.mouse.wheel(0, 600);
      await page.waitForTimeout(25);
    }
    const seen = await page.evaluate(() => ({
      longest: Math.max(0, ...window.long),
      tasks: window.long.length,
      row: Number(
        [...document.querySelectorAll("[aria-rowindex]")].at(-1)?.getAttribute("aria-rowindex"),
      ),
    }));
    t.diagnostic(JSON.stringify(seen));
    assert.ok(seen.row > 500, `row ${seen.row} was reached`);
    assert.ok(seen.longest <= task, `a task took ${seen.longest} ms`);
  });
});
