import { expect, test } from "vitest";
import { checkInWorkflow } from "../../workflow/samples";
import { asHtml } from "./asHtml";
import { asMarkdown } from "./asMarkdown";
import { sheetOf } from "./sheet";

const settings = {
  maxBodyBytes: 1_048_576,
  retentionDays: 90,
  retentionMaxMegabytes: 20000,
  trustedProxies: [],
  proxyHeader: "xForwardedFor" as const,
  allowPrivateAddresses: [],
  closeToTray: true,
  startAtLogin: false,
};
const url = "https://hooks.example.org/hooks/k/token";
const sheet = (change: object = {}) =>
  sheetOf({ ...checkInWorkflow("Check-in <b>"), ...change }, url, settings);

test("the sheet has the address, what the body must be, the answers and test values", () => {
  const { schema, answers, tests } = sheet();
  expect(schema[0]).toEqual({ path: "memberId", required: true, what: "text" });
  expect(answers.map(([status]) => status)).toContain("503");
  expect(tests[0]?.[0]).toBe("A check-in: 200");
});

test.each([
  [{ kind: "basic" }, "Authorization"],
  [{ kind: "header", header: "X-Key", prefix: "k " }, "X-Key"],
  [{ kind: "hmac", scheme: "github" }, "X-Hub-Signature-256"],
  [{ kind: "hmac", header: "X-Sum", algorithm: "SHA-512" }, "X-Sum"],
])("%j is asked for as %s, its secret another way", (authentication, header) => {
  const { headers, secret } = sheet({ trigger: { type: "webhook", authentication } });
  expect(headers[1]?.[0]).toBe(header);
  expect(secret).toContain("another way");
});

test("nothing in a name is markup", () => {
  expect(asHtml(sheet())).toContain("<h1>Check-in &lt;b&gt;</h1>");
  expect(asMarkdown(sheet())).toContain("# Check-in \\<b\\>");
  expect(asMarkdown(sheet())).toContain(`POST ${url}`);
});
