import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { DatabaseHealth, Restored } from "../../api/bindings";
import { fakeServer, Refusal, showAt } from "../../testing/fake";
import { DatabaseCard } from "./DatabaseCard";
import { EraseCard } from "./EraseCard";
import { RestoreCard } from "./RestoreCard";

const health: DatabaseHealth = {
  schema: 4,
  fileBytes: 50 * 1024 * 1024,
  logBytes: 0,
  usedBytes: 40 * 1024 * 1024,
  freeBytes: 0,
  runs: 1204,
  unfinished: 2,
  oldestUnfinishedAt: "2026-05-27T09:15:04Z",
  copies: [
    {
      path: "/data/ihook.replaced-1.db",
      kind: "replaced",
      bytes: 2048,
      at: "2026-05-27T09:15:04Z",
    },
  ],
};
const backup: Restored = {
  path: "/data/backup.db",
  schema: 4,
  workflows: 3,
  runs: 1200,
  unfinished: 1,
  newestRunAt: "2026-05-26T18:00:00Z",
  restarting: false,
};

test("the stored data is told in words, and damage first", async () => {
  const fake = fakeServer({ database_health: health });
  const { client } = showAt(<DatabaseCard />);
  expect(await screen.findByText(/1,204 runs, 2 of them not ended, the oldest/)).toBeVisible();
  expect(screen.getByText("50.0 MiB, of which 40.0 MiB hold something")).toBeVisible();
  expect(screen.getByText("No damage found")).toBeVisible();
  fake.answers.database_health = { ...health, damage: "page 7 is torn" };
  await client.invalidateQueries();
  expect(await screen.findByRole("alert")).toHaveTextContent("page 7 is torn");
});

test("a backup is looked into, asked about, and restored", async () => {
  const fake = fakeServer({
    database_health: health,
    restore: ({ check }) => ({ ...backup, restarting: check !== true }),
  });
  const { user } = showAt(<RestoreCard />);
  await user.type(await screen.findByLabelText("Backup to restore"), "/data/backup.db");
  await user.click(screen.getByRole("button", { name: "Look into it" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Restore this backup?" }));
  expect(dialog.getByText("1,200")).toBeVisible();
  expect(dialog.getByText(/1 run had not ended in the backup/)).toBeVisible();
  expect(dialog.getByText(/named ihook.replaced/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Restore and start again" }));
  expect(await screen.findByText(/This page comes back by itself/)).toBeVisible();
  const asked = fake.asked.filter(({ command }) => command === "restore");
  expect(asked.map(({ request }) => request)).toEqual([
    { path: "/data/backup.db", check: true },
    { path: "/data/backup.db" },
  ]);
});

test("a copy beside the database is a click away, and one that is no use says why", async () => {
  const fake = fakeServer({
    database_health: health,
    restore: () => {
      throw new Refusal(400, { code: "badRequest", message: "The file is damaged." });
    },
  });
  const { user } = showAt(<RestoreCard />);
  await user.click(await screen.findByRole("button", { name: /ihook.replaced-1.db/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The file is damaged.");
  expect(fake.asked).toContainEqual({
    command: "restore",
    request: { path: "/data/ihook.replaced-1.db", check: true },
  });
});

test("a person's data is counted first, then erased", async () => {
  const counts = { runs: 2, deliveries: 1, testCases: 0, drafts: 0, workflows: [], copies: [] };
  const fake = fakeServer({ member_erase: { ...counts, unfinished: ["r7"] } });
  const { user } = showAt(<EraseCard />);
  await user.type(screen.getByLabelText(/Value that only this person has/), "12345");
  await user.click(screen.getByRole("button", { name: "See what would go" }));
  const dialog = within(await screen.findByRole("dialog", { name: /12345/ }));
  expect(dialog.getByText(/2 runs and 1 refused request lose their content/)).toBeVisible();
  expect(dialog.getByRole("link", { name: "See them" })).toBeVisible();
  fake.answers.member_erase = { ...counts, unfinished: [] };
  await user.click(dialog.getByRole("button", { name: "Erase for good" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({ command: "member_erase", request: { value: "12345" } });
  });
  expect(await screen.findByText(/Erased in 2 runs and 1 refused request/)).toBeVisible();
});

test("nothing to erase is said as such", async () => {
  fakeServer({
    member_erase: {
      runs: 0,
      deliveries: 0,
      testCases: 0,
      drafts: 0,
      unfinished: [],
      workflows: [],
      copies: [],
    },
  });
  const { user } = showAt(<EraseCard />);
  await user.type(screen.getByLabelText(/Value that only this person has/), "nobody");
  await user.click(screen.getByRole("button", { name: "See what would go" }));
  expect(await screen.findByText("Nothing here has this value.")).toBeVisible();
});
