/** Cuts a server-sent event stream, whatever its chunks, into the `data` of its messages. */
export function sseReader(message: (data: string) => void): (chunk: string) => void {
  let rest = "";
  let data: string[] = [];
  const line = (text: string) => {
    if (text === "") {
      if (data.length > 0) message(data.join("\n"));
      data = [];
    } else if (text.startsWith("data:")) {
      data.push(text.slice(5).replace(/^ /, ""));
    }
  };
  return (chunk) => {
    rest += chunk;
    // A lone \r at the end may be the first half of \r\n: keep it for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    lines.forEach(line);
  };
}
