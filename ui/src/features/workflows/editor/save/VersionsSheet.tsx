import { useState } from "react";
import { asApiError } from "../../../../api/errors";
import { useWrite } from "../../../../api/queries";
import { Button } from "../../../../components/Button";
import { Sheet } from "../../../../components/ConfirmDialog";
import { DataTable } from "../../../../components/DataTable";
import { grid } from "../../../../components/grid";
import { Note } from "../../../../components/Notes";
import { Pill } from "../../../../components/Pill";
import { Select } from "../../../../components/Select";
import { toast } from "../../../../components/toast";
import { common, workflows as words } from "../../../../i18n/en";
import { formatDateTime } from "../../../../i18n/format";
import { Differences } from "./Differences";
import { useLoadVersion } from "./DraftNotes";
import { useOpened } from "../EditorContext";

/** Every version that was saved: compared in words, and restored. */
export function VersionsSheet({
  id,
  isOpen,
  onClose,
  dirty,
}: {
  id: string;
  isOpen: boolean;
  onClose: () => void;
  dirty: boolean;
}) {
  const { detail, setBase } = useOpened();
  const write = useWrite("workflow_restore");
  const load = useLoadVersion();
  const [busy, setBusy] = useState<number>();
  const [pair, setPair] = useState<Pair>();
  const versions = detail?.versions ?? [];
  async function restore(version: number) {
    setBusy(version);
    try {
      const saved = await write.mutateAsync({ id, version });
      setBase(saved.version);
      await load(saved.version);
      toast("ok", words.restored(version, saved.version));
      onClose();
    } catch (error) {
      toast("bad", asApiError(error).message);
    }
    setBusy(undefined);
  }
  const close = () => {
    setPair(undefined);
    onClose();
  };
  return (
    <Sheet
      title={words.versions}
      wide
      isOpen={isOpen}
      onClose={close}
      footer={
        <>
          {pair && (
            <Button
              variant="quiet"
              icon="chevronLeft"
              onPress={() => {
                setPair(undefined);
              }}
            >
              {words.allVersions}
            </Button>
          )}
          <Button variant="quiet" onPress={close}>
            {common.close}
          </Button>
        </>
      }
    >
      {pair ? (
        <Compared pair={pair} onPair={setPair} />
      ) : (
        <>
          {dirty ? (
            <Note tone="idle">{words.versionsDirty}</Note>
          ) : (
            <p className="muted">{words.restoreLead}</p>
          )}
          <DataTable
            label={words.versions}
            columns={[
              {
                id: "version",
                title: words.version,
                width: grid(20),
                isRowHeader: true,
                cell: ({ version }) => `v${version}`,
              },
              { id: "saved", title: words.savedAt, cell: ({ savedAt }) => formatDateTime(savedAt) },
              {
                id: "live",
                title: words.live,
                width: grid(33),
                cell: ({ published }) =>
                  published && (
                    <Pill tone="ok" icon="check">
                      {words.isLive}
                    </Pill>
                  ),
              },
              {
                id: "restore",
                title: words.actions,
                width: grid(65),
                align: "end",
                cell: ({ version }) => (
                  <span className="row">
                    <Button
                      variant="quiet"
                      aria-label={words.compareVersion(version)}
                      onPress={() => {
                        setPair({ before: version, after: undefined });
                      }}
                    >
                      {words.compare}
                    </Button>
                    {(dirty || version !== detail?.workflow.latestVersion) && (
                      <Button
                        aria-label={words.restoreVersion(version)}
                        isPending={busy === version}
                        onPress={() => void restore(version)}
                      >
                        {words.takeBack}
                      </Button>
                    )}
                  </span>
                ),
              },
            ]}
            rows={versions.map((version) => ({ ...version, id: String(version.version) }))}
          />
        </>
      )}
    </Sheet>
  );
}

/** `after` undefined: what is in the editor. */
type Pair = { before: number; after: number | undefined };

const editor = "editor";

function Compared({ pair, onPair }: { pair: Pair; onPair: (pair: Pair) => void }) {
  const { detail } = useOpened();
  const versions = (detail?.versions ?? []).map(({ version }) => ({
    id: String(version),
    label: `v${version}`,
  }));
  const after = pair.after === undefined ? words.yours : `v${pair.after}`;
  return (
    <div className="stack">
      <div className="row">
        <Select
          label={words.before}
          options={versions}
          value={String(pair.before)}
          onChange={(version) => {
            onPair({ ...pair, before: Number(version) });
          }}
        />
        <Select
          label={words.after}
          options={[{ id: editor, label: words.yours }, ...versions]}
          value={pair.after === undefined ? editor : String(pair.after)}
          onChange={(version) => {
            onPair({ ...pair, after: version === editor ? undefined : Number(version) });
          }}
        />
      </div>
      <Differences
        a={pair.before}
        {...(pair.after !== undefined && { b: pair.after })}
        label={words.compareOf(`v${pair.before}`, after)}
      />
    </div>
  );
}
