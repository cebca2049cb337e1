import { useState } from "react";
import type { Run } from "../../api/bindings";
import type { Request } from "../../api/call";
import { asApiError, type ApiError } from "../../api/errors";
import { Button } from "../../components/Button";
import { Sheet } from "../../components/ConfirmDialog";
import { ErrorNote, Note } from "../../components/Notes";
import { download } from "../../download";
import { common, runs as words } from "../../i18n/en";
import { collect, mostRows } from "./collect";
import { asCsv } from "./csv";

type State =
  | { is: "ready" }
  | { is: "going"; count: number; stop: AbortController }
  | { is: "failed"; error: ApiError }
  | { is: "done"; count: number };

/** Saves the chosen runs, or all that are found, for a spreadsheet. */
export function ExportDialog({
  request,
  chosen,
  onClose,
}: {
  request: Request<"run_list">;
  /** Undefined: all that are found. */
  chosen: Run[] | undefined;
  onClose: () => void;
}) {
  const [state, setState] = useState<State>({ is: "ready" });
  const start = async () => {
    const stop = new AbortController();
    const tell = (count: number) => {
      setState({ is: "going", count, stop });
    };
    tell(0);
    try {
      const runs = chosen ?? (await collect(request, tell, stop.signal));
      // The mark tells spreadsheets that it is UTF-8.
      download(words.export.file(new Date()), "text/csv", `\uFEFF${asCsv(runs)}`);
      setState({ is: "done", count: runs.length });
    } catch (error) {
      setState(stop.signal.aborted ? { is: "ready" } : { is: "failed", error: asApiError(error) });
    }
  };
  const close = () => {
    if (state.is === "going") state.stop.abort();
    onClose();
  };
  return (
    <Sheet
      title={words.export.title}
      isOpen
      onClose={close}
      footer={
        <>
          <Button variant="quiet" onPress={close}>
            {state.is === "done" ? common.close : common.cancel}
          </Button>
          {state.is !== "done" && (
            <Button variant="primary" isPending={state.is === "going"} onPress={() => void start()}>
              {words.export.save}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <p>{words.export.lead(chosen?.length)}</p>
        <p className="muted">{words.export.note}</p>
        <div role="status">
          {state.is === "going" && words.export.going(state.count)}
          {state.is === "done" && (
            <Note tone="ok">{words.export.done(state.count, state.count >= mostRows)}</Note>
          )}
        </div>
        {state.is === "failed" && <ErrorNote error={state.error} />}
      </div>
    </Sheet>
  );
}
