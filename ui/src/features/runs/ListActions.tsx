import { useState, type ReactNode } from "react";
import type { Run } from "../../api/bindings";
import type { Request } from "../../api/call";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Menu";
import { runs as words } from "../../i18n/en";
import { isFinal } from "./around";
import { CancelDialog } from "./CancelDialog";
import { ExportDialog } from "./ExportDialog";
import { RerunDialog, type Target } from "./RerunDialog";

type Open = { what: "rerun" | "cancel"; target: Target } | { what: "export" };

/** What can be done with the chosen runs, or with all that are found. */
export function ListActions({
  rows,
  found,
  isFiltered,
  selection,
  onSelect,
  view,
}: {
  rows: Run[];
  found: Request<"run_list">;
  isFiltered: boolean;
  selection: Set<string>;
  onSelect: (ids: Set<string>) => void;
  /** At the end, while nothing is chosen. */
  view: ReactNode;
}) {
  const [open, setOpen] = useState<Open>();
  const chosen = selection.size === 0 ? undefined : rows.filter(({ id }) => selection.has(id));
  const clear = () => {
    onSelect(new Set());
  };
  const close = () => {
    setOpen(undefined);
  };
  return (
    <>
      {chosen ? (
        <Chosen ids={[...selection]} chosen={chosen} onClear={clear} onOpen={setOpen} />
      ) : (
        <>
          {rows.length > 0 && <Found found={found} isFiltered={isFiltered} onOpen={setOpen} />}
          {view}
        </>
      )}
      {open?.what === "rerun" && (
        <RerunDialog target={open.target} onClose={close} onDone={clear} />
      )}
      {open?.what === "cancel" && (
        <CancelDialog target={open.target} onClose={close} onDone={clear} />
      )}
      {open?.what === "export" && <ExportDialog request={found} chosen={chosen} onClose={close} />}
    </>
  );
}

function Chosen({
  ids,
  chosen,
  onClear,
  onOpen,
}: {
  ids: string[];
  /** Those of them that are in the list. */
  chosen: Run[];
  onClear: () => void;
  onOpen: (open: Open) => void;
}) {
  const target = { ids };
  return (
    <>
      <Button variant="quiet" onPress={onClear}>
        {words.clearSelection}
      </Button>
      <Button
        onPress={() => {
          onOpen({ what: "export" });
        }}
      >
        {words.export.button}
      </Button>
      {chosen.some((run) => !isFinal(run)) && (
        <Button
          variant="danger"
          onPress={() => {
            onOpen({ what: "cancel", target });
          }}
        >
          {words.cancelMany.button(ids.length)}
        </Button>
      )}
      <Button
        variant="primary"
        icon="rerun"
        onPress={() => {
          onOpen({ what: "rerun", target });
        }}
      >
        {words.rerunSelected(ids.length)}
      </Button>
    </>
  );
}

function Found({
  found,
  isFiltered,
  onOpen,
}: {
  found: Request<"run_list">;
  isFiltered: boolean;
  onOpen: (open: Open) => void;
}) {
  const target = { filter: found };
  return (
    <>
      {isFiltered && (
        <Menu
          label={words.moreFound}
          entries={[
            {
              id: "cancel",
              label: words.cancelMany.found,
              danger: true,
              onAction: () => {
                onOpen({ what: "cancel", target });
              },
            },
          ]}
        />
      )}
      <Button
        variant="quiet"
        onPress={() => {
          onOpen({ what: "export" });
        }}
      >
        {words.export.button}
      </Button>
      {isFiltered && (
        <Button
          onPress={() => {
            onOpen({ what: "rerun", target });
          }}
        >
          {words.rerunFound}
        </Button>
      )}
    </>
  );
}
