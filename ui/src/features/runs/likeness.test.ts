import { expect, test } from "vitest";
import { likest } from "./likeness";

const row = (key: string, values: Record<string, string>) => ({
  key,
  values: Object.entries(values).map(([name, value]) => ({ name, value })),
});

test("the likest record comes first, whatever iMIS did to its case", () => {
  const sent = row("", { ACTIVITY_TYPE: "ATTEND", PRODUCT_CODE: "conf" }).values;
  const rows = [
    row("1", { ACTIVITY_TYPE: "CALL" }),
    row("2", { activity_type: "attend", PRODUCT_CODE: "CONF " }),
    row("3", { ACTIVITY_TYPE: "ATTEND" }),
  ];
  expect(likest(rows, sent).map(({ row: { key }, same }) => `${key}: ${same.size}`)).toEqual([
    "2: 2",
    "3: 1",
    "1: 0",
  ]);
});
