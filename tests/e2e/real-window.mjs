// Drives the real desktop window through WebKitWebDriver, with plain W3C WebDriver calls.
import { spawn } from "node:child_process";
import { readFile, readdir, readlink, writeFile } from "node:fs/promises";
import { freePort, until } from "./waiting.mjs";

const start = 30_000;
const patience = 35_000;

/**
 * Opens the program's window on a data directory of its own; `within` is a command that the driver is started by, and
 * `env` what surrounds it.
 */
export async function openWindow({ program, dataDir, within = [], env = process.env }) {
  const port = await freePort();
  const [command, ...args] = [...within, "WebKitWebDriver", `--port=${port}`];
  const driver = spawn(command, args, {
    env: { ...env, TAURI_WEBVIEW_AUTOMATION: "true", IHOOK_DATA_DIR: dataDir },
    stdio: ["ignore", "inherit", "pipe"],
  });
  let words = "";
  driver.stderr.setEncoding("utf8").on("data", (part) => {
    words += part;
    process.stderr.write(part);
  });
  const ask = (method, path, body) => request(`http://127.0.0.1:${port}${path}`, method, body);
  try {
    await until("the driver answers", () => ask("GET", "/status"), { limit: start });
    const { sessionId } = await ask("POST", "/session", {
      capabilities: {
        alwaysMatch: { "webkitgtk:browserOptions": { binary: program, args: [] } },
      },
    });
    await ask("POST", `/session/${sessionId}/timeouts`, { script: start });
    const window = session(driver, program, (method, path, body) =>
      ask(method, `/session/${sessionId}${path}`, body),
    );
    return { ...window, said: () => words };
  } catch (error) {
    driver.kill();
    throw error;
  }
}

async function request(url, method, body) {
  const response = await fetch(url, {
    method,
    // A page that goes away while it is asked may leave the driver without an answer.
    signal: AbortSignal.timeout(patience),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${value.message}`);
  return value;
}

function session(driver, program, ask) {
  /** Runs an async function of the page with JSON arguments and answers what it returns. */
  async function run(page, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${page})(...Array.from(arguments).slice(0, -1)))
        .then((value) => done({ value }), (error) => done({ error: String(error?.message ?? JSON.stringify(error)) }));`;
    const { value, error } = await ask("POST", "/execute/async", { script, args });
    if (error !== undefined) throw new Error(error);
    return value;
  }
  // Not by `run`: a page that is just being left would never be done.
  const text = () =>
    ask("POST", "/execute/sync", { script: "return document.body?.innerText ?? ''", args: [] });
  return {
    run,
    text,
    /** Waits until the page shows a text. */
    shows: (words, options) =>
      until(`the window shows "${words}"`, async () => (await text()).includes(words), options),
    /** One command of the program, as the user interface sends it. */
    rpc: (command, payload = {}) =>
      run(
        async (name, body) =>
          JSON.parse(
            await window.__TAURI_INTERNALS__.invoke("rpc", {
              command: name,
              request: JSON.stringify(body),
            }),
          ),
        command,
        payload,
      ),
    /** Presses a button with the words, as a mouse does. */
    async press(words) {
      const value = `//button[normalize-space()="${words}"]`;
      const element = await until(`there is a button "${words}"`, () =>
        ask("POST", "/element", { using: "xpath", value }),
      );
      await ask("POST", `/element/${Object.values(element)[0]}/click`, {});
    },
    async screenshot(file) {
      // Before two frames were drawn the picture may be blank.
      await run(
        () =>
          new Promise((drawn) =>
            requestAnimationFrame(() => requestAnimationFrame(() => drawn(1))),
          ),
      );
      await writeFile(file, Buffer.from(await ask("GET", "/screenshot"), "base64"));
    },
    /** Asks the program to end, as the system does, and answers once it is gone. */
    async close() {
      const started = Date.now();
      const programs = () => running((path) => path === program, driver.pid);
      const pids = await programs();
      for (const pid of pids) process.kill(pid, "SIGTERM");
      try {
        await until("the program has ended", async () => (await programs()).length === 0);
      } finally {
        for (const pid of await programs()) process.kill(pid, "SIGKILL");
        // The driver itself, not what it was started by: that ends with it, and takes its session along.
        const isDriver = (path) => path.endsWith("/WebKitWebDriver");
        for (const pid of await running(isDriver, driver.pid)) process.kill(pid);
      }
      return { programs: pids.length, ms: Date.now() - started };
    },
  };
}

/** Processes of a program, by its path, that descend from this one. */
async function running(isWanted, ancestor) {
  const found = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const exe = await readlink(`/proc/${name}/exe`).catch(() => "");
    if (isWanted(exe) && (await descends(name, ancestor))) found.push(Number(name));
  }
  return found;
}

async function descends(pid, ancestor) {
  for (let at = Number(pid); at > 1;) {
    if (at === ancestor) return true;
    const stat = await readFile(`/proc/${at}/stat`, "utf8").catch(() => "");
    // The name in parentheses may hold anything; the parent is the second field after it.
    at = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
  }
  return false;
}
