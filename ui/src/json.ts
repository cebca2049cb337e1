/** JSON whose numbers keep their digits: what is shown and sent again is what came. */

/** A number that JavaScript's own would change: `123456789012345678901`, `1.50`. */
export class ExactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  /** Lets JSON.stringify write the digits as they came. */
  toJSON(): unknown {
    return json.rawJSON?.(this.source) ?? Number(this.source);
  }
}

/** Newer members of JSON that the language's own types do not know yet. */
const json = JSON as typeof JSON & { rawJSON?: (text: string) => unknown };

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { source?: string },
) => unknown;

/**
 * Only a text that holds such a number is read the slow way: one with many digits, a last 0 behind the point, an
 * exponent, or -0. It must stand where a value stands, since ids and times are full of the like.
 */
const suspicious =
  /(?:^|[:[,])\s*(?:-0|-?(?:[\d.]{16,}|\d+\.\d*0|[\d.]+[eE][-+]?\d+))\s*(?:[,}\]]|$)/;

const keepDigits: Reviver = (_key, value, context) =>
  typeof value === "number" && context?.source !== undefined && String(value) !== context.source
    ? new ExactNumber(context.source)
    : value;

/** Throws SyntaxError as JSON.parse does. */
export function parseExact(text: string): unknown {
  return suspicious.test(text)
    ? (JSON.parse(text, keepDigits) as unknown)
    : (JSON.parse(text) as unknown);
}

/** The value, or the words of what is wrong with the text. */
export function tryParse(text: string): { value: unknown } | { fault: string } {
  try {
    return { value: parseExact(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Whether two values are written as the same JSON, the order of members too. What both share is not looked into: an
 * edit that copies only what it changes is compared in the time of what it changed.
 */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isComposite(a) || !isComposite(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [mine, other] = [written(a), written(b)];
  return (
    mine.length === other.length &&
    mine.every(([name, value], at) => name === other[at]?.[0] && same(value, other[at][1]))
  );
}

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function written(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, each]) => each !== undefined);
}
