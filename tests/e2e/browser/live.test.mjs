// Screens under a stream of deliveries: nothing jumps, nothing is drawn anew, nothing grows without end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { firstWorkflow, openBrowser, post, sample, serve, withPage } from "../harness.mjs";
import { until } from "../waiting.mjs";

let server, browser, url;

before(async () => {
  server = await serve();
  browser = await openBrowser();
  ({ url } = await firstWorkflow(server));
  await deliver(150);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Sends so many check-ins, up to `perSecond`, from several senders at once. */
async function deliver(count, perSecond = 1000) {
  const begun = Date.now();
  let next = 0;
  const sender = async () => {
    for (let at = next++; at < count; at = next++) {
      const due = begun + (at / perSecond) * 1000;
      const early = due - Date.now();
      if (early > 0) await new Promise((done) => setTimeout(done, early));
      const memberId = String(10001 + (at % 500));
      assert.equal((await post(url, { ...sample, memberId })).status, 200);
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  return (Date.now() - begun) / 1000;
}

test("a thousand new runs move nothing that is being read", async () => {
  await withPage(browser, server, { at: "/runs" }, async (page) => {
    const table = page.getByRole("table", { name: "Runs, newest first" });
    await table.getByRole("row").nth(20).waitFor();
    await page.evaluate(() => {
      document.querySelector('[role="table"]').parentElement.scrollTop = 1500;
    });
    await page.waitForFunction(() => document.querySelector('[aria-rowindex="50"]') !== null);
    const before = await page.evaluate(() => {
      const scroller = document.querySelector('[role="table"]').parentElement;
      const row = document.querySelector('[aria-rowindex="50"]');
      row.querySelector("a").focus({ preventScroll: true });
      window.watched = row;
      return { top: scroller.scrollTop, id: row.dataset.id, y: row.getBoundingClientRect().y };
    });
    await deliver(1000, 200);
    await page.getByRole("button", { name: /new runs$/ }).waitFor();
    const now = await page.evaluate(() => {
      const scroller = document.querySelector('[role="table"]').parentElement;
      const row = document.activeElement.closest('[role="row"]');
      return {
        top: scroller.scrollTop,
        id: row?.dataset.id,
        y: row?.getBoundingClientRect().y,
        isSame: row === window.watched,
      };
    });
    assert.deepEqual(now, { ...before, isSame: true });
    await page.getByRole("button", { name: /new runs$/ }).click();
    await page.getByRole("button", { name: "Up to date" }).waitFor();
    assert.equal(
      await page.evaluate(() => document.querySelector('[role="table"]').parentElement.scrollTop),
      0,
    );
  });
});

test("the dashboard stays where it is while deliveries stream in", async (t) => {
  await withPage(browser, server, { at: "/" }, async (page) => {
    const card = page.getByRole("region", { name: /Event Check-In/ });
    await card.getByText("recorded today").waitFor();
    await page.getByText("answers in").waitFor();
    await page.evaluate(() => {
      window.shift = 0;
      window.moved = new Set();
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          window.shift += entry.value;
          for (const { node } of entry.sources) {
            window.moved.add(node?.textContent?.slice(0, 40) ?? node?.nodeName);
          }
        }
      }).observe({ type: "layout-shift", buffered: false });
      window.regions = [...document.querySelectorAll("main section")];
      window.long = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.long.push(Math.round(duration));
      }).observe({ type: "longtask" });
    });
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/rpc/workflow_list")) asked += 1;
    });
    const count = Number(process.env.IHOOK_STREAM ?? 1000);
    const seconds = await deliver(count, 200);
    await until("the newest count is shown", async () => {
      const { workflows } = await server.rpc("workflow_list");
      const shown = await card.getByText(/recorded today/).textContent();
      return shown?.replaceAll(/\D/g, "") === String(workflows[0].today.succeeded);
    });
    const seen = await page.evaluate(() => ({
      shift: window.shift,
      moved: [...window.moved],
      remounted: window.regions.filter((region) => !region.isConnected).length,
      longest: Math.max(0, ...window.long),
    }));
    t.diagnostic(`${Math.round(count / seconds)}/s, ${JSON.stringify(seen)}, ${asked} refreshes`);
    assert.equal(seen.shift, 0, "nothing moves");
    assert.equal(seen.remounted, 0, "no card is drawn anew");
    assert.ok(asked <= seconds * 5 + 10, `${asked} refreshes in ${seconds} s`);
  });
});

test("a page left open does not grow", async (t) => {
  await withPage(browser, server, { at: "/runs" }, async (page) => {
    const devtools = await page.context().newCDPSession(page);
    const measure = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      const { metrics } = await devtools.send("Performance.getMetrics");
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return {
        heap: of("JSHeapUsedSize") / 1024 / 1024,
        nodes: of("Nodes"),
        listeners: of("JSEventListeners"),
      };
    };
    await devtools.send("Performance.enable");
    await page.locator('[aria-rowindex="20"]').waitFor();
    const first = await measure();
    const seconds = Number(process.env.IHOOK_SOAK_SECONDS ?? 10);
    await deliver(seconds * 50, 50);
    const last = await measure();
    const perThousand = ((last.heap - first.heap) / (seconds * 50)) * 1000;
    t.diagnostic(
      `${JSON.stringify(first)} before, ${JSON.stringify(last)} after ${seconds} s at 50/s: ` +
        `${perThousand.toFixed(2)} MB for each 1,000 deliveries`,
    );
    assert.ok(last.heap < 200, `${last.heap} MB`);
    assert.ok(last.heap - first.heap < 20, `grew by ${last.heap - first.heap} MB`);
    assert.ok(last.nodes - first.nodes < 1000, `${last.nodes - first.nodes} more nodes`);
    assert.ok(last.listeners - first.listeners < 100, "listeners are taken off again");
  });
});
