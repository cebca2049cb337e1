/** A width for a style: so many steps of the grid that everything lies on (`--grid` in tokens.css). */
export function grid(steps: number): string {
  return `calc(${steps} * var(--grid))`;
}

/** The height of a code editor that shows so many lines. */
export function linesHigh(lines: number): string {
  return `calc(${lines} * var(--fs-s) * var(--lh-loose) + 2 * var(--s1))`;
}
