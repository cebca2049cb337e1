import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeServer, Refusal, showAt } from "../../testing/fake";
import { SecretsCard } from "./SecretsCard";

test("secrets are moved after a question, and the page then says where they are", async () => {
  const notice = "The keyring of this computer could not be used. Secrets are kept in a file.";
  const fake = fakeServer({
    secrets_kept: { place: "file", notice },
    secrets_move: { kept: { place: "keyring" }, count: 7, left: 0 },
  });
  const { user } = showAt(<SecretsCard />);
  expect(await screen.findByText("An encrypted file of the data directory")).toBeVisible();
  expect(screen.getByText(notice)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Move to the keyring" }));
  const dialog = within(screen.getByRole("dialog", { name: "Move all secrets to the keyring?" }));
  expect(dialog.getByText(/all stay in the file/)).toBeVisible();
  fake.answers.secrets_kept = { place: "keyring" };
  await user.click(dialog.getByRole("button", { name: "Move to the keyring" }));
  expect(await screen.findByText(/^7 secrets moved\. Kept in: The keyring/)).toBeVisible();
  expect(fake.asked).toContainEqual({ command: "secrets_move", request: { to: "keyring" } });
  expect(await screen.findByRole("button", { name: "Move to an encrypted file" })).toBeVisible();
});

test("a place that refuses is shown in the question, and nothing has changed", async () => {
  const message = "the keyring is locked. Nothing was moved: all secrets are where they were.";
  fakeServer({
    secrets_kept: { place: "file" },
    secrets_move: () => {
      throw new Refusal(503, { code: "secrets", message });
    },
  });
  const { user } = showAt(<SecretsCard />);
  await user.click(await screen.findByRole("button", { name: "Move to the keyring" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Move to the keyring" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent(message);
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("An encrypted file of the data directory")).toBeVisible();
});

test("what the old place does not let go of is shown", async () => {
  fakeServer({
    secrets_kept: { place: "keyring" },
    secrets_move: { kept: { place: "file" }, count: 3, left: 1 },
  });
  const { user } = showAt(<SecretsCard />);
  await user.click(await screen.findByRole("button", { name: "Move to an encrypted file" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Move to an encrypted file" }));
  expect(await screen.findByText(/does not let go of 1 secret\./)).toBeVisible();
});

test("where the start named the place, the page says so", async () => {
  const cannotMove = "iHook was started with --secrets file, which decides where secrets are kept.";
  fakeServer({ secrets_kept: { place: "file", cannotMove } });
  showAt(<SecretsCard />);
  expect(await screen.findByText(cannotMove)).toBeVisible();
  expect(screen.getByRole("button", { name: "Move to the keyring" })).toBeDisabled();
});
