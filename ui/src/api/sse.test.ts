import { expect, test } from "vitest";
import { sseReader } from "./sse";

function messages(chunks: string[]): string[] {
  const found: string[] = [];
  const read = sseReader((data) => found.push(data));
  chunks.forEach(read);
  return found;
}

test.each([
  ["one message", ["event: message\ndata: a\n\n"], ["a"]],
  ["a comment is no message", [": still here\n\n"], []],
  ["cut anywhere", ["da", 'ta: {"a":', "1}\n", "\ndata: b\n\n"], ['{"a":1}', "b"]],
  ["lines joined", ["data: a\ndata: b\n\n"], ["a\nb"]],
  ["carriage returns, also cut between", ["data: a\r", "\n\r\ndata: b\r\n\r\n"], ["a", "b"]],
  ["unfinished", ["data: a\n"], []],
])("server-sent events: %s", (_name, chunks, expected) => {
  expect(messages(chunks)).toEqual(expected);
});
