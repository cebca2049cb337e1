// scratch: not committed
import { serve, openBrowser, openPage, visit, post, sample, firstWorkflow, settled, barriers } from "./harness.mjs";
import { readFileSync } from "node:fs";
const server = await serve();
const browser = await openBrowser();
const out = "/tmp/team/editor-look";
try {
  const file = JSON.parse(readFileSync("/tmp/team/editor-look/flow.json", "utf8"));
  const { id } = await server.rpc("workflow_import", { file, activate: true });
  const { localUrl } = await server.rpc("workflow_url", { id });
  const r = await post(localUrl, { ...sample, attendees: [{ id: "10001", email: "a@b.c" }, { id: "10002" }] });
  await settled(server, r.body.id);
  const script = await import(process.argv[2]);
  await script.default({ server, browser, id, out, openPage, visit, post, sample, firstWorkflow, settled, barriers, localUrl });
} finally {
  await browser.close();
  await server.stop();
}
