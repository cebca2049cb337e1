// The real window: what people start, driven as they would, with its own data and keyring.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { output, post, sample, settled } from "./harness.mjs";
import { openWindow } from "./real-window.mjs";
import { until } from "./waiting.mjs";

const program =
  process.env.IHOOK_DESKTOP ?? resolve(import.meta.dirname, "../../target/debug/ihook-desktop");

let dataDir, desktop;

before(async () => {
  await mkdir(output, { recursive: true });
  dataDir = await mkdtemp(join(tmpdir(), "ihook-window-"));
  desktop = await openWindow({ program, dataDir });
});

after(async () => {
  await desktop?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test("the window opens with the tutorial's workflow on the dashboard", async () => {
  await desktop.shows("Event Check-In > Insert Attendance Activity");
  await desktop.shows("Active");
});

test("text of every kind passes through the window whole, a megabyte of it too", async () => {
  const text = "🎫 Zoë, 会議, \u0000 ".repeat(60_000);
  const template = "{{ input.name }}";
  const answer = await desktop.rpc("template_preview", {
    template,
    payload: { name: "🎫 Zoë 会議" },
  });
  assert.equal(answer.text, "🎫 Zoë 会議");
  // The window compares, so that this does not depend on the driver's own transport.
  const same = await desktop.run(
    async (part, count) => {
      const name = part.repeat(count);
      const file = {
        format: "ihook.workflow/1",
        name: "Large",
        description: name,
        connection: "sandbox",
        trigger: { type: "webhook" },
        actions: [],
      };
      const invoke = async (command, request) =>
        JSON.parse(
          await window.__TAURI_INTERNALS__.invoke("rpc", {
            command,
            request: JSON.stringify(request),
          }),
        );
      const { id } = await invoke("workflow_import", { file, activate: false });
      const { file: back } = await invoke("workflow_export", { id });
      await invoke("workflow_delete", { id });
      return back.description === name;
    },
    text.slice(0, text.length / 60_000),
    60_000,
  );
  assert.ok(same, "what was sent comes back the same");
});

test("the sender sends the tutorial's sample and its run turns green", async () => {
  await desktop.run(() => (window.location.hash = "/sender"));
  await desktop.press("Send");
  await desktop.shows("Succeeded");
  await desktop.shows("As expected");
  await desktop.screenshot(join(output, "window-sender.png"));
});

test("a delivery from outside appears in the window with its text unharmed", async () => {
  const { workflows } = await desktop.rpc("workflow_list");
  const { localUrl } = await desktop.rpc("workflow_url", { id: workflows[0].id });
  const { status, body } = await post(localUrl, { ...sample, sessionCode: "KEYNOTE 🎫" });
  assert.equal(status, 200);
  const { run, payload } = await settled(desktop, body.id);
  assert.equal(run.status, "succeeded");
  assert.equal(payload.sessionCode, "KEYNOTE 🎫");
  await desktop.run(() => (window.location.hash = "/sandbox?member=12345"));
  await desktop.shows("KEYNOTE 🎫");
  await desktop.run(() => (window.location.hash = "/"));
  await desktop.shows("recorded today 2");
  await desktop.screenshot(join(output, "window.png"));
});

test("no screen needs more than the window's content policy allows", async () => {
  await desktop.run(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
    );
  });
  const { workflows } = await desktop.rpc("workflow_list");
  const screens = ["/workflows", "/runs", "/sender", "/sandbox", "/connections", "/settings"];
  for (const at of [...screens, `/workflows/${workflows[0].id}`, "/"]) {
    await desktop.run((to) => (window.location.hash = to), at);
    await until(`${at} is shown`, () =>
      desktop.run(() => document.querySelector("main h1, main h2") !== null),
    );
  }
  assert.deepEqual(await desktop.run(() => window.violations), []);
});

test("the start at sign-in follows the setting", async () => {
  await desktop.run(() => (window.location.hash = "/settings"));
  await desktop.shows("Start iHook when I sign in");
  const entries = async () => {
    const config = process.env.XDG_CONFIG_HOME ?? join(process.env.HOME, ".config");
    const files = await readdir(join(config, "autostart")).catch(() => []);
    return files.filter((file) => /ihook/i.test(file)).length;
  };
  await desktop.rpc("settings_save", { settings: { startAtLogin: true } });
  await until("it is entered", async () => (await entries()) === 1);
  await desktop.rpc("settings_save", { settings: { startAtLogin: false } });
  await until("it is taken out", async () => (await entries()) === 0);
});

test("a second start leaves everything to the first", async () => {
  const second = spawn(program, [], { env: { ...process.env, IHOOK_DATA_DIR: dataDir } });
  const code = await Promise.race([
    new Promise((done) => second.once("exit", done)),
    new Promise((done) => setTimeout(() => done("still there"), 15_000)),
  ]);
  second.kill("SIGKILL");
  assert.equal(code, 0);
  assert.equal((await desktop.rpc("workflow_list")).workflows.length, 1, "the first goes on");
});

test("asked to end, the program ends in order", async () => {
  const { programs, ms } = await desktop.close();
  assert.equal(programs, 1);
  assert.ok(ms < 11_000, `it took ${ms} ms`);
  assert.ok(!desktop.said().includes("panicked"), desktop.said());
  desktop = undefined;
});

test("what keeps iHook from starting is shown in the window, and can be tried again there", async () => {
  const other = createServer();
  await new Promise((ready) => other.listen(8787, "127.0.0.1", ready));
  desktop = await openWindow({ program, dataDir });
  await desktop.shows("iHook could not start");
  await desktop.shows("127.0.0.1:8787");
  await desktop.screenshot(join(output, "window-not-started.png"));
  await new Promise((closed) => other.close(closed));
  await desktop.run(() => setTimeout(() => document.querySelector("a").click(), 20));
  await desktop.shows("Event Check-In > Insert Attendance Activity");
});
