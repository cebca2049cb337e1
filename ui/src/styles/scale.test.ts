import { expect, test } from "vitest";

const sheets = import.meta.glob<string>("../**/*.css", {
  query: "?raw",
  import: "default",
  eager: true,
});
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const tokens = "./tokens.css";

type Rule = {
  what: string;
  wrong: RegExp;
};

/** What is said by a token of the scale, in every style but the tokens themselves. */
const rules: Rule[] = [
  { what: "a length", wrong: /\d(?:px|pt|rem)\b/ },
  { what: "a font size", wrong: /font-size:(?!\s*(?:var\(--fs-|inherit))/ },
  { what: "a font weight", wrong: /font-weight:(?!\s*(?:var\(--weight|inherit))/ },
  { what: "a font", wrong: /font:(?!\s*inherit)(?!.*var\(--fs-\w+\))/ },
  {
    what: "a line height",
    wrong: /line-height:(?!\s*(?:var\(|inherit))|\/\s*[\d.]+\s+var\(--font/,
  },
];

/** `file:line: text` of what breaks a rule. Of a condition such as `@media (width < 900px)` no token can be part. */
function broken({ wrong }: Rule, file: string, text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (note) => note.replace(/[^\n]/g, ""));
  return code
    .split("\n")
    .map((line, at) => ({ line, at: at + 1 }))
    .filter(({ line }) => !/^\s*@(?:media|container|page)\b/.test(line) && wrong.test(line))
    .map(({ line, at }) => `${file}:${at}: ${line.trim()}`);
}

test.each([
  ["  gap: 10px;", "a length", true],
  ["  gap: var(--s2);", "a length", false],
  ["  @media (width < 900px) {", "a length", false],
  ["  /* 10px */", "a length", false],
  ["  font-size: 1.2em;", "a font size", true],
  ["  font-size: var(--fs-s);", "a font size", false],
  ["  font-weight: 650;", "a font weight", true],
  ["  font: 1em/1.6 var(--font-code);", "a font", true],
  ["  font: var(--fs-s)/1.6 var(--font-code);", "a line height", true],
  ["  font: var(--fs-s) / var(--lh-code) var(--font-code);", "a line height", false],
])("%s: %s is wrong there: %s", (line, what, is) => {
  const rule = rules.find((one) => one.what === what);
  expect(rule && broken(rule, "x", line).length > 0).toBe(is);
});

test.each(rules)("$what is one of the scale in every style", (rule) => {
  const all = Object.entries(sheets).filter(([name]) => name !== tokens);
  expect(all.length).toBeGreaterThan(40);
  expect(all.flatMap(([name, text]) => broken(rule, name, text))).toEqual([]);
});

test("no component writes a length of its own", () => {
  const lines = Object.entries(sources).flatMap(([name, text]) =>
    broken({ what: "a length", wrong: /["'` ]\d+px\b/ }, name, text),
  );
  expect(lines).toEqual([]);
});

test("every token that a style uses is there, and every one of the scale is used", () => {
  const texts = [...Object.values(sheets), ...Object.values(sources)].join("\n");
  const own = sheets[tokens] ?? "";
  const given = [...own.matchAll(/^\s*(--[\w-]+):/gm)].map(([, name = ""]) => name);
  const unused = given.filter((name) => !texts.includes(`var(${name})`));
  expect([given.length > 60, unused]).toEqual([true, []]);
  const set = new Set(
    [...texts.matchAll(/["'`]?(--[\w-]+)["'`]?\s*(?:as string\])?\]?:/g)].map(
      ([, name = ""]) => name,
    ),
  );
  const used = [...texts.matchAll(/var\((--[\w-]+)\)/g)].map(([, name = ""]) => name);
  const foreign = /^--(?:tree-item-level|trigger-width)$/;
  expect([...new Set(used)].filter((name) => !set.has(name) && !foreign.test(name))).toEqual([]);
});
