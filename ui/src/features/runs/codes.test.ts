import { expect, test } from "vitest";
import { owners, type StepErrorCode } from "../../api/bindings";
import { runs as words } from "../../i18n/en";

test.each(Object.keys(owners) as StepErrorCode[])("%s has an owner and says what to do", (code) => {
  expect(words.owner[owners[code]]).toMatch(/\S/);
  expect(words.advice(code)).toMatch(/\.$/);
});

test("a code of an earlier version is shown without either", () => {
  expect(words.advice("panelUnsupported" as StepErrorCode)).toBeUndefined();
});
