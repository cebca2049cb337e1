import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { showAt } from "../testing/fake";
import { DataTable, type Column } from "./DataTable";

type Row = { id: string; name: string };
const rows: Row[] = ["one", "two", "three"].map((name) => ({ id: name, name: `row ${name}` }));
const columns: Column<Row>[] = [
  { id: "name", title: "Name", isRowHeader: true, cell: ({ name }) => name },
  { id: "id", title: "Id", cell: ({ id }) => id },
];

function Selecting() {
  const [selection, setSelection] = useState(new Set<string>());
  return (
    <>
      <DataTable
        label="Things"
        columns={columns}
        rows={rows}
        href={({ id }) => `/things/${id}`}
        selection={selection}
        onSelect={setSelection}
      />
      <p data-testid="selection">{[...selection].join(" ")}</p>
    </>
  );
}

test("Tab enters once, arrows move between rows, Enter opens", async () => {
  const { user, router } = showAt(<Selecting />, "/", "/");
  await user.tab();
  await user.tab();
  await user.tab();
  expect(screen.getByRole("link", { name: "row one" })).toHaveFocus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
  expect(screen.getByRole("link", { name: "row two" })).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(router.state.location.pathname).toBe("/things/two");
});

test("a click anywhere in a row opens it, a click on its box selects it", async () => {
  const { user, router } = showAt(<Selecting />, "/", "/");
  const [all, first] = screen.getAllByRole("checkbox");
  if (first) await user.click(first);
  expect(screen.getByTestId("selection")).toHaveTextContent("one");
  expect(router.state.location.pathname).toBe("/");
  if (all) await user.click(all);
  expect(screen.getByTestId("selection")).toHaveTextContent("one two three");
  await user.click(screen.getByRole("cell", { name: "three" }));
  expect(router.state.location.pathname).toBe("/things/three");
});

test("without rows it says what the page wants said", () => {
  showAt(<DataTable label="Things" columns={columns} rows={[]} empty="Nothing here" />);
  expect(screen.getByText("Nothing here")).toBeVisible();
});
