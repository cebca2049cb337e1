// A day's work: check-ins of which some go wrong, requests that are refused, a workflow that is paused.
import { firstWorkflow, post, sample, settled } from "./harness.mjs";

/** Check-ins as they come, some of which go wrong, and a second workflow that waits. */
export async function aDaysWork({ server }) {
  const { url } = await firstWorkflow(server);
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
  const broken = await refusals(server, url);
  const waiting = await waitingWorkflow(server);
  await Promise.all([...ids, ...failures].map((id) => settled(server, id)));
  return { done: ids[0], failed: failures[0], rejected: refused.body.id, broken, waiting };
}

/** Requests that make no run; the id of one whose body was kept. */
async function refusals(server, url) {
  await post(url.replace(/[^/]+$/, "x".repeat(43)), sample);
  await post(url.replace(/hooks.*/, "hooks/nobody/nobody"), sample);
  const headers = { "content-type": "application/json" };
  await fetch(url, {
    method: "POST",
    headers,
    body: '{"memberId": 12345,, "eventCode": "CONF2026"}',
  });
  const { deliveries } = await server.rpc("delivery_list", {});
  return deliveries.find(({ bodyKept }) => bodyKept).id;
}

async function waitingWorkflow(server) {
  const { id } = await server.rpc("workflow_import", {
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
  const { localUrl } = await server.rpc("workflow_url", { id });
  const scan = (at) => post(localUrl, { memberId: String(10001 + at), sessionCode: "KEYNOTE" });
  for (let at = 0; at < 24; at += 1) await settled(server, (await scan(at)).body.id);
  await server.rpc("workflow_set_status", { id, status: "paused" });
  let last;
  for (let at = 24; at < 38; at += 1) last = await scan(at);
  return last.body.id;
}
