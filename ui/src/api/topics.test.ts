import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { newQueryClient } from "./queries";
import { invalidate } from "./topics";

test("a change that comes before the first answer is not lost", async () => {
  const client = newQueryClient();
  const answers: ((status: string) => void)[] = [];
  const observer = new QueryObserver<string>(client, {
    queryKey: ["run_get", { id: "r1" }],
    queryFn: () => new Promise((done) => answers.push(done)),
  });
  const stop = observer.subscribe(() => undefined);
  const changed = invalidate(client, "runs", new Set(["r1"]));
  answers[0]?.("running");
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.("succeeded");
  await changed;
  expect(observer.getCurrentResult().data).toBe("succeeded");
  stop();
});
