import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { server, show } from "../editor/testEditor";

async function choose(user: ReturnType<typeof show>["user"], name: RegExp, option: RegExp) {
  await user.click(await screen.findByRole("button", { name }));
  await user.click(await screen.findByRole("option", { name: option }));
}

const saved = (fake: ReturnType<typeof server>) =>
  fake.asked.findLast(({ command }) => command === "workflow_save")?.request as {
    file: { trigger: unknown };
  };

test("a sender proves itself with a signature, and its secret goes to the keyring alone", async () => {
  const fake = server();
  fake.answers.workflow_secret = { isSet: false };
  fake.answers.workflow_set_secret = {};
  const { user } = show("/workflows/w1?step=trigger");
  await choose(user, /proves itself with/, /^Another signature/);
  const problems = screen.getByRole("region", { name: "Problems" });
  await user.click(await within(problems).findByRole("button", { name: /No secret is set yet/ }));
  await user.type(screen.getByLabelText(/^Signing secret/, { selector: "input" }), "open sesame");
  await user.click(screen.getByRole("button", { name: "Set the secret" }));
  expect(await screen.findByText("The secret is set. It counts from now on.")).toBeVisible();
  const set = fake.asked.find(({ command }) => command === "workflow_set_secret");
  expect(set?.request).toEqual({ id: "w1", secret: "open sesame", usedAs: "signature" });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(saved(fake).file.trigger).toMatchObject({
    authentication: { kind: "hmac", scheme: "custom", header: "X-Signature" },
  });
  expect(JSON.stringify(saved(fake))).not.toContain("sesame");
});

test("a secret in use is rotated with a time in which both count", async () => {
  const fake = server();
  fake.answers.workflow_secret = { isSet: true, beforeUntil: "2026-05-28T09:00:00Z" };
  fake.answers.workflow_set_secret = {};
  const { user } = show("/workflows/w1?step=trigger");
  await choose(user, /proves itself with/, /^User name/);
  expect(await screen.findByText(/The one before works until/)).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: /^User name/ }), "bob");
  await user.type(screen.getByLabelText(/^Password/, { selector: "input" }), "builder");
  await choose(user, /The secret before/, /1 more day/);
  await user.click(screen.getByRole("button", { name: "Set the secret" }));
  const set = fake.asked.find(({ command }) => command === "workflow_set_secret");
  expect(set?.request).toEqual({
    id: "w1",
    secret: "bob:builder",
    usedAs: "basic",
    overlapHours: 24,
  });
});

test("what is wrong is said at its field, and the list of problems leads there", async () => {
  const fake = server();
  fake.answers.workflow_check = ({ file }) => {
    const { trigger } = file as { trigger: { rateLimit?: { perSecond: unknown } } };
    return typeof trigger.rateLimit?.perSecond === "string"
      ? { problems: [], fault: { path: "/trigger/rateLimit/perSecond", message: "no number" } }
      : { problems: [] };
  };
  const { user } = show("/workflows/w1?step=trigger");
  const rate = await screen.findByRole("textbox", { name: /At most this many a second/ });
  await user.type(rate, "five");
  const problems = screen.getByRole("region", { name: "Problems" });
  await user.click(await within(problems).findByRole("button", { name: /a number above 0/ }));
  expect(await screen.findAllByText(/Give a number above 0/)).toHaveLength(2);
  expect(rate).toBeInvalid();
  await user.clear(rate);
  await user.type(rate, "0.5");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(saved(fake).file.trigger).toMatchObject({ rateLimit: { perSecond: 0.5 } });
});

test("addresses are typed a line each, and a repeated delivery is known by a value", async () => {
  const fake = server();
  const { user } = show("/workflows/w1?step=trigger");
  await user.type(
    await screen.findByRole("textbox", { name: /Only from these addresses/ }),
    "10.0.0.0/8{Enter}{Enter}192.0.2.7",
  );
  await choose(user, /is known by/, /A value of the payload/);
  await user.type(screen.getByRole("textbox", { name: /Place in the payload/ }), "messageId");
  await user.type(screen.getByRole("textbox", { name: /Hours it is remembered/ }), "72");
  await user.click(screen.getByRole("switch", { name: "Take a list" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(saved(fake).file.trigger).toMatchObject({
    allowAddresses: ["10.0.0.0/8", "192.0.2.7"],
    idempotency: { from: "pointer:/messageId", windowHours: 72 },
    wrapArray: true,
  });
});
