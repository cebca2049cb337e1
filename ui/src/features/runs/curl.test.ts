import { expect, test } from "vitest";
import { asCurl } from "./curl";

test("the token is left out and quotes do not end the payload", () => {
  const url = "https://hooks.example.org/hooks/k7Qe/0123456789";
  const text = asCurl(url, { name: "O'Brien; rm -rf /" });
  expect(text).not.toContain("0123456789");
  expect(text).toBe(
    [
      "curl -X POST 'https://hooks.example.org/hooks/k7Qe/…' \\",
      "  -H 'Content-Type: application/json' \\",
      `  --data '{"name":"O'\\''Brien; rm -rf /"}'`,
    ].join("\n"),
  );
});
