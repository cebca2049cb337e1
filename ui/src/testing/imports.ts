/** Which files of ours each file imports, types too: names such as `./app/App.tsx`, as seen from `src/`. */
export type Imports = ReadonlyMap<string, readonly string[]>;

const specifier = /(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g;

/** Reads the imports out of the texts of files, by their name. */
export function importsOf(texts: Readonly<Record<string, string>>): Imports {
  const find = (path: string) =>
    [path, `${path}.ts`, `${path}.tsx`].find((name) => texts[name] !== undefined);
  return new Map(
    Object.entries(texts).map(([name, text]) => [
      name,
      [...text.matchAll(specifier)].flatMap(([, to = ""]) => find(resolved(name, to)) ?? []),
    ]),
  );
}

function resolved(from: string, to: string): string {
  const path = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part === "..") path.pop();
    else if (part !== ".") path.push(part);
  }
  return path.join("/");
}

/** The files of one circle in order, the first one again at the end; undefined where there is none. */
export function circle(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, way: string[]): string[] | undefined => {
    const at = way.indexOf(name);
    if (at >= 0) return [...way.slice(at), name];
    if (done.has(name)) return undefined;
    for (const next of imports.get(name) ?? []) {
      const found = walk(next, [...way, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of imports.keys()) {
    const found = walk(name, []);
    if (found) return found;
  }
  return undefined;
}
