import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { showAt } from "../testing/fake";
import { toast } from "./toast";

test("what is said two hundred times is one message with a count", async () => {
  showAt(<p>a screen</p>);
  act(() => {
    for (let at = 0; at < 200; at += 1) toast("busy", `VIP: Guest ${at}`, undefined, "VIP");
  });
  expect(await screen.findByText(/VIP: Guest 199/)).toBeVisible();
  expect(screen.getAllByText(/VIP:/)).toHaveLength(1);
  expect(screen.getByText("200 ×")).toBeVisible();
});
