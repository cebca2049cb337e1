import { expect, test } from "vitest";
import { circle, importsOf } from "./testing/imports";

const sources = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

test("a circle is found and named, also one of types alone or of a lazy import", () => {
  const files = {
    "./a.ts": 'import type { B } from "./sub/b";',
    "./sub/b.tsx": 'export { c } from "../c";',
    "./c.ts": 'const lazily = () => import("./a");',
    "./d.ts": 'import "./styles.css";\nimport { a } from "./a";',
  };
  expect(circle(importsOf(files))).toEqual(["./a.ts", "./sub/b.tsx", "./c.ts", "./a.ts"]);
  expect(circle(importsOf({ ...files, "./c.ts": "" }))).toBeUndefined();
});

test("no files import one another in a circle", () => {
  const imports = importsOf(sources);
  expect([...imports.values()].flat().length).toBeGreaterThan(1000);
  expect(circle(imports)).toBeUndefined();
});

test("no two modules of a folder differ by case or by ts and tsx alone", () => {
  // Where case does not count (Windows, macOS), the import of one would find the other.
  const names = Object.keys(sources).map((name) => name.replace(/\.tsx?$/, "").toLowerCase());
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
