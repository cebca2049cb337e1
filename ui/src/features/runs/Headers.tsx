import { ValueList } from "../../components/ValueList";
import { visible } from "../../components/visible";

/** The headers of a request or an answer. */
export function Headers({ headers }: { headers: Record<string, unknown> }) {
  return (
    <ValueList
      wide
      entries={Object.entries(headers).map(([name, value]) => ({
        id: name,
        name: visible(name),
        value: visible(typeof value === "string" ? value : JSON.stringify(value), 2000),
      }))}
    />
  );
}
