/** A command that sends the payload again. The token is a secret: it is left out. */
export function asCurl(url: string, payload: unknown): string {
  const shown = url.replace(/\/[^/]*$/, "/…");
  return [
    `curl -X POST ${quote(shown)}`,
    `-H 'Content-Type: application/json'`,
    `--data ${quote(JSON.stringify(payload))}`,
  ].join(" \\\n  ");
}

/** For a POSIX shell: nothing inside is special. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
