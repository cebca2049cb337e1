// Every screen with a day's work in it, in light and dark: without barriers, without faults, and as a picture.
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
  visit,
} from "../harness.mjs";

/** Pictures of these go into docs/ when they are asked for. */
const inReadme = ["dashboard", "editor", "run-failed"];

let screens;

const set = stage(async () => {
  const { failed, rejected, broken } = await aDaysWork();
  const { id } = await firstWorkflow(set.server);
  screens = [
    ["welcome", "/welcome"],
    ["workflows", "/workflows"],
    ["editor", `/workflows/${id}`],
    ["runs", "/runs"],
    ["run-failed", `/runs/${failed}`],
    ["run-rejected", `/runs/${rejected}`],
    ["runs-refused", "/runs?view=refused"],
    ["refused", `/runs/refused/${broken}`],
    ["sender", "/sender"],
    ["sender-all", "/sender?mode=all"],
    ["sender-batch", "/sender?mode=batch"],
    ["sandbox", "/sandbox?member=10007"],
    ["connections", "/connections"],
    ["secrets", "/connections?secrets=1"],
    ["settings", "/settings"],
    ["handoff", `/workflows/${id}/handoff`],
    ["guide", "/guide"],
    ["dashboard", "/"],
  ];
});

/** Check-ins as they come, some of which go wrong, and a second workflow that waits. */
async function aDaysWork() {
  const { url } = await firstWorkflow(set.server);
  const ids = [];
  for (let at = 0; at < 58; at += 1) {
    const memberId = String(10001 + ((at * 37) % 500));
    ids.push((await post(url, { ...sample, memberId })).body.id);
  }
  const unknown = ["99999", "10x44", "00000"];
  const failures = [];
  for (const memberId of unknown) {
    failures.push((await post(url, { ...sample, memberId })).body.id);
  }
  const refused = await post(url, { memberId: "12345", checkInTime: sample.checkInTime });
  for (let at = 0; at < 12; at += 1) {
    ids.push((await post(url, { ...sample, memberId: String(10001 + at) })).body.id);
  }
  const broken = await refusals(url);
  await waitingWorkflow();
  await Promise.all([...ids, ...failures].map((id) => settled(set.server, id)));
  return { failed: failures[0], rejected: refused.body.id, broken };
}

/** Requests that make no run; the id of one whose body was kept. */
async function refusals(url) {
  await post(url.replace(/[^/]+$/, "x".repeat(43)), sample);
  await post(url.replace(/hooks.*/, "hooks/nobody/nobody"), sample);
  const headers = { "content-type": "application/json" };
  await fetch(url, {
    method: "POST",
    headers,
    body: '{"memberId": 12345,, "eventCode": "CONF2026"}',
  });
  const { deliveries } = await set.rpc("delivery_list", {});
  return deliveries.find(({ bodyKept }) => bodyKept).id;
}

async function waitingWorkflow() {
  const { id } = await set.rpc("workflow_import", {
    activate: true,
    file: {
      format: "ihook.workflow/1",
      name: "Session scan > Panel record",
      description: "Each scan at a session's door becomes a row of the attendance panel.",
      connection: "sandbox",
      trigger: { type: "webhook" },
      actions: [
        {
          id: "panel",
          type: "insertPanelRecord",
          panel: "Event_Attendance",
          fields: { ID: "{{ input.memberId }}", Session: "{{ input.sessionCode }}" },
        },
      ],
    },
  });
  const { localUrl } = await set.rpc("workflow_url", { id });
  const scan = (at) => post(localUrl, { memberId: String(10001 + at), sessionCode: "KEYNOTE" });
  for (let at = 0; at < 24; at += 1) await settled(set.server, (await scan(at)).body.id);
  await set.rpc("workflow_set_status", { id, status: "paused" });
  for (let at = 24; at < 38; at += 1) await scan(at);
}

for (const theme of ["light", "dark"]) {
  test(`every screen is usable by everybody, ${theme}`, async (t) => {
    await set.look({ theme }, async (page) => {
      for (const [name, at] of screens) {
        await t.test(name, async () => {
          await visit(page, at);
          assert.deepEqual(await barriers(page), []);
          await picture(page, `${name}-${theme}`, { readme: inReadme.includes(name) });
        });
      }
    });
  });
}

test("the smallest window shows every screen without scrolling sideways", async () => {
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
      await picture(page, `${name}-small`);
    }
  });
});
