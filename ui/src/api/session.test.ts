import { beforeEach, expect, test } from "vitest";
import { takeToken, token } from "./session";

beforeEach(() => {
  sessionStorage.clear();
});

test("the token leaves the address, so that it is neither copied nor kept in history", () => {
  window.location.hash = "#token=abc%2B1";
  takeToken();
  expect(token()).toBe("abc+1");
  expect(window.location.hash).toBe("#/");
});

test("an ordinary address stays as it is", () => {
  window.location.hash = "#/runs?search=token";
  takeToken();
  expect(token()).toBe("");
  expect(window.location.hash).toBe("#/runs?search=token");
});
