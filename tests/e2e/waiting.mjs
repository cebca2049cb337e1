// Waiting for something to become true, and ports for what is waited for.
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is neither false nor an error, and answers it; fails with the last error. */
export async function until(what, ask, { limit = 15_000, pause = 50 } = {}) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${limit / 1000} s: ${what}`, { cause: last });
    }
    await sleep(pause);
  }
}

/** A port that nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
