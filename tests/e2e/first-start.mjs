// The first start on computers that lack something: a session bus, a keyring that was set up, a driver that draws.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { openWindow } from "./real-window.mjs";
import { until } from "./waiting.mjs";

const program =
  process.env.IHOOK_DESKTOP ?? resolve(import.meta.dirname, "../../target/debug/ihook-desktop");

let place;

before(async () => {
  place = await mkdtemp(join(tmpdir(), "ihook-first-"));
});

after(() => rm(place, { recursive: true, force: true }));

/** A user without a session bus and without anything that an earlier session left. */
async function newcomer(name) {
  const home = join(place, name);
  const [runtime, dataDir] = [join(home, "run"), join(home, "data")];
  await mkdir(runtime, { recursive: true, mode: 0o700 });
  const { DBUS_SESSION_BUS_ADDRESS, XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME, ...rest } =
    process.env;
  return { env: { ...rest, HOME: home, XDG_RUNTIME_DIR: runtime }, dataDir };
}

/** Sends the tutorial's check-in as a newcomer does, to the green run. */
async function sendsTheFirstCheckIn(desktop) {
  await desktop.shows("Event Check-In > Insert Attendance Activity");
  await desktop.run(() => (window.location.hash = "/sender"));
  await desktop.press("Send");
  await desktop.shows("Succeeded");
}

test("without a session bus the window opens and the first check-in turns green", async () => {
  const user = await newcomer("no-bus");
  const desktop = await openWindow({ program, ...user });
  try {
    await sendsTheFirstCheckIn(desktop);
    assert.ok(await stat(join(user.dataDir, "secrets.json")), "secrets went to the file");
  } finally {
    await desktop.close();
  }
});

test("with a keyring that was never set up the first check-in turns green, and it says so", async () => {
  const user = await newcomer("no-collection");
  const desktop = await openWindow({ program, ...user, within: ["dbus-run-session", "--"] });
  try {
    await sendsTheFirstCheckIn(desktop);
    const { notices } = await desktop.rpc("app_info");
    assert.match(notices.join(" "), /keyring .* could not be used.*encrypted file/s);
  } finally {
    await desktop.close();
  }
});

test("a page that is never drawn is tried once more, then offered in a browser", async () => {
  const user = await newcomer("no-picture");
  const bin = join(place, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" > "${place}/opened"\n`);
  await chmod(join(bin, "xdg-open"), 0o755);
  const env = { ...user.env, IHOOK_DATA_DIR: user.dataDir, PATH: `${bin}:${user.env.PATH}` };
  delete env.TAURI_WEBVIEW_AUTOMATION;
  const child = spawn(program, [], { env, stdio: ["ignore", "inherit", "inherit"] });
  const frozen = new Set();
  const ended = new Promise((done) => child.once("exit", done));
  try {
    // A web process that never gets to run draws nothing and reports nothing.
    const opened = await until(
      "the browser is opened",
      async () => {
        for (const pid of await webProcesses(child.pid)) {
          if (!frozen.has(pid)) process.kill(pid, "SIGSTOP");
          frozen.add(pid);
        }
        return readFile(join(place, "opened"), "utf8").catch(() => undefined);
      },
      { limit: 90_000, pause: 5 },
    );
    assert.ok(frozen.size >= 2, "the window was tried once more before");
    const html = await readFile(opened.trim(), "utf8");
    const [, admin, token] = html.match(/url=(http:[^#]+)\/#token=([\w-]+)/);
    const page = await fetch(admin);
    assert.match(await page.text(), /<div id="root">/, "the same user interface");
    const answer = await fetch(`${admin}/rpc/workflow_list`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{}",
    });
    assert.equal((await answer.json()).workflows.length, 1, "and the program behind it");
    assert.equal((await stat(opened.trim())).mode & 0o077, 0, "which nobody else can read");
  } finally {
    child.kill("SIGTERM");
    for (const pid of frozen) end(pid);
    await ended;
  }
});

/** The web processes of the program with this id. */
async function webProcesses(parent) {
  const found = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const [, name, , ppid] = line.match(/\((.*)\) (\S) (\d+)/) ?? [];
    if (name?.startsWith("WebKitWebProces") && Number(ppid) === parent) found.push(Number(entry));
  }
  return found;
}

function end(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with the program.
  }
}
