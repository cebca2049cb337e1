import { schemaWords as words } from "../i18n/en";
import { list } from "../i18n/format";
import { asList, asObject, type Json } from "./file";
import { formatOf } from "./schemaFormat";

/** One place that a schema describes, in plain language. */
export type Described = {
  /** `attendee.email`, `items[].sku`. */
  path: string;
  required: boolean;
  /** "text, a date and time", "one of A, B or C". */
  what: string;
};

const deepest = 6;

/** What a schema asks for, place by place, in the order in which it is written. */
export function describe(schema: Json, front = "", depth = 0): Described[] {
  const required = new Set(asList(schema.required));
  const known = Object.entries(asObject(schema.properties));
  const rows = known.flatMap(([name, value]) => {
    const member = asObject(value);
    const path = front === "" ? name : `${front}.${name}`;
    const own = { path, required: required.has(name), what: whatOf(member) };
    return depth >= deepest ? [own] : [own, ...below(member, path, depth)];
  });
  const unnamed = [...required]
    .filter((name): name is string => typeof name === "string")
    .filter((name) => !known.some(([other]) => other === name))
    .map((name) => ({
      path: front === "" ? name : `${front}.${name}`,
      required: true,
      what: words.anything,
    }));
  return [...rows, ...unnamed];
}

function below(member: Json, path: string, depth: number): Described[] {
  const items = asObject(member.items);
  return Object.keys(items).length > 0
    ? describe(items, `${path}[]`, depth + 1)
    : describe(member, path, depth + 1);
}

function whatOf(member: Json): string {
  if (member.const !== undefined) return words.exactly(JSON.stringify(member.const));
  const choices = asList(member.enum);
  if (choices.length > 0) return words.oneOf(choices.map((choice) => JSON.stringify(choice)));
  const types = (Array.isArray(member.type) ? member.type : [member.type]).filter(
    (type): type is string => typeof type === "string",
  );
  const kinds = types.map((type) => words.types[type] ?? type);
  const { format, orBlank } = formatOf(member);
  const details = [
    kinds.length === 0 ? words.anything : list(kinds, "or"),
    ...(format === "" ? [] : [words.formats[format] ?? format]),
    ...(orBlank ? [words.orBlank] : []),
    ...limits(member),
  ];
  return details.join(", ");
}

function limits(member: Json): string[] {
  return (Object.entries(words.limits) as [string, (value: string) => string][]).flatMap(
    ([keyword, say]) => {
      const value = member[keyword];
      return typeof value === "number" || typeof value === "string" ? [say(String(value))] : [];
    },
  );
}
