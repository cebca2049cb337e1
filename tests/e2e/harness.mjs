// Starts `ihook serve` in a directory of its own and a browser that looks at it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { until } from "./waiting.mjs";

const root = resolve(import.meta.dirname, "../..");

/** Pictures of every test that takes one; those of the README only when they are asked for. */
export const output = join(import.meta.dirname, "output");
export const docs = process.env.IHOOK_UPDATE_PICTURES ? join(root, "docs") : undefined;

/** The tutorial's own sample. */
export const sample = {
  memberId: "12345",
  eventCode: "CONF2026",
  checkInTime: "2026-05-27T09:15:00",
  sessionCode: "KEYNOTE",
};

const key = randomBytes(32).toString("hex");

const finalStatuses = ["succeeded", "failed", "rejected", "stopped", "cancelled"];

/**
 * A running server with the tutorial's workflow, on free ports and in a directory of its own, unless `dataDir`
 * (which is then left there), `ports` (of hooks, admin and sandbox) and `token` say otherwise.
 */
export async function serve({ dataDir: given, ports = [], token } = {}) {
  const program = process.env.IHOOK_PROGRAM ?? join(root, "target/debug/ihook");
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), "ihook-e2e-")));
  const [listen, admin, sandbox] = [0, 1, 2].map((at) => ports[at] ?? "127.0.0.1:0");
  const args = ["serve", "--seed", "--data-dir", dataDir, "--secrets", "file"];
  const addresses = ["--listen", listen, "--admin", admin, "--sandbox", sandbox];
  if (token !== undefined) {
    await writeFile(join(dataDir, "token"), token);
    addresses.push("--admin-token-file", join(dataDir, "token"));
  }
  const child = spawn(program, [...args, ...addresses], {
    stdio: ["ignore", "pipe", "inherit"],
    // A directory that was filled elsewhere has its key in it.
    env: existsSync(join(dataDir, "secrets.key"))
      ? process.env
      : { ...process.env, IHOOK_SECRETS_KEY: key },
  });
  const ended = new Promise((done) => {
    child.once("exit", (code, signal) => done(code ?? signal));
    child.once("error", (error) => done(error.message));
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const line = await Promise.race([firstLine(child.stdout), ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`${program} did not start: ${await ended}`);
  const ready = JSON.parse(line);
  return {
    ...ready,
    dataDir,
    rpc: (command, request) => rpc(ready, command, request),
    /** Ends it as a power cut would; its directory stays. */
    async crash() {
      kill();
      await ended;
      process.removeListener("exit", kill);
    },
    /** Ends it as the system does and answers its exit code. */
    async stop() {
      child.kill("SIGTERM");
      const code = await ended;
      process.removeListener("exit", kill);
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

function firstLine(stream) {
  return new Promise((done) => {
    // The rest is read too, so that the program never waits for us.
    createInterface(stream)
      .once("line", done)
      .on("line", () => undefined);
  });
}

async function rpc(server, command, request = {}) {
  const response = await fetch(`${server.admin}/rpc/${command}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.adminToken}`, "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${command}: ${answer.code}: ${answer.message}`);
  return answer;
}

/** What a sender does. */
export async function post(url, payload) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** The one workflow of a first start, with its address on this computer. */
export async function firstWorkflow(server) {
  const { workflows } = await server.rpc("workflow_list");
  const { localUrl } = await server.rpc("workflow_url", { id: workflows[0].id });
  return { ...workflows[0], url: localUrl };
}

/** A run, once it has come to its end. */
export function settled(server, id) {
  return until(
    `run ${id} ends`,
    async () => {
      const found = await server.rpc("run_get", { id });
      return finalStatuses.includes(found.run.status) && found;
    },
    { limit: 30_000 },
  );
}

const browsers = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export function openBrowser() {
  const executablePath = browsers.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error(`no browser found at ${browsers.join(", ")}`);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * The server and the browser of one file of tests: there while they run, ended in good order after them. `prepare`
 * is done once both are there. `look` is a page at an address, as in `withPage`.
 */
export function stage(prepare) {
  const set = {
    look: (at, see) => withPage(set.browser, set.server, at, see),
    rpc: (command, request) => set.server.rpc(command, request),
  };
  before(async () => {
    set.server = await serve();
    set.browser = await openBrowser();
    await prepare?.();
  });
  after(async () => {
    await set.browser?.close();
    assert.equal((await set.server?.stop()) ?? 0, 0, "the server ends in order");
  });
  return set;
}

/**
 * The user interface of a server, at one of its addresses such as `/runs`; without one, as on a first visit.
 * What goes wrong in the page is kept in `page.faults`.
 */
export async function openPage(browser, server, { theme = "light", viewport, at } = {}) {
  const context = await browser.newContext({
    colorScheme: theme,
    reducedMotion: "reduce",
    viewport: viewport ?? { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.faults.push(message.text());
  });
  // A screen asked for is not to be overtaken by the tour of a first visit.
  if (at !== undefined)
    await page.addInitScript(() => localStorage.setItem("ihook.welcome", "seen"));
  await page.goto(`${server.admin}/#token=${server.adminToken}`);
  await page.getByRole("navigation").waitFor();
  if (at !== undefined) await visit(page, at);
  return page;
}

/**
 * Looks at a page of its own, which must end without a fault but those that `expected` matches; what does not is
 * kept as a picture.
 */
export async function withPage(browser, server, { expected, ...options }, look) {
  const page = await openPage(browser, server, options);
  try {
    await pictured(page, async () => {
      await look(page);
      const faults = page.faults.filter((fault) => expected?.test(fault) !== true);
      assert.deepEqual(faults, [], "the page's console is clean");
    });
  } finally {
    await page.context().close();
  }
}

/**
 * Does `work`, and keeps a picture of the page where it fails. Of use by itself in a test within a test, whose
 * failure does not reach the one around it.
 */
export async function pictured(page, work) {
  try {
    await work();
  } catch (error) {
    await picture(page, `failed-${Date.now()}`).catch(() => undefined);
    throw error;
  }
}

/** Goes to a screen and waits until it shows what it has to show, and the screen before is gone. */
export async function visit(page, at) {
  await page.evaluate((to) => {
    const path = (hash) => hash.split("?")[0];
    if (path(window.location.hash) !== path(`#${to}`))
      window.titleBefore = document.querySelector("h1");
    window.location.hash = to;
  }, at);
  await page.waitForURL((url) => url.hash === `#${at}`);
  await page.waitForFunction(() => window.titleBefore?.isConnected !== true);
  await page.getByRole("main").getByRole("heading").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading…"]') === null);
}

/** Tab until something has the focus, as somebody would who listens to the names. */
export async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let at = 0; at < 150; at += 1) {
    await page.keyboard.press("Tab");
    for (const each of await wanted.all()) {
      if (await each.evaluate((element) => element === document.activeElement)) return;
    }
  }
  throw new Error(`Tab does not lead to the ${role} ${name}`);
}

/** What a page does to keep people out who do not see it or do not use a mouse, as far as a program can tell. */
export async function barriers(page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `  ${node.target}  ${node.failureSummary}`).join("\n")}`,
  );
}

/** A picture for a person to look at, and for the README when it is asked for. */
export async function picture(page, name, { readme = false } = {}) {
  const directories = readme && docs !== undefined ? [output, docs] : [output];
  for (const directory of directories) {
    await mkdir(directory, { recursive: true });
    await page.screenshot({ path: join(directory, `${name}.png`) });
  }
}
