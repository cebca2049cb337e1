/** Signs that a screen does not draw, or that turn the text around them: they are shown as what they are. */
const hidden = /(?![\t\n\r])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text that came from outside, as it may be drawn: at most `limit` characters, nothing invisible in it. */
export function visible(text: string, limit = 300): string {
  const front = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return front.replaceAll(
    hidden,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
