import { useState } from "react";
import { call } from "../../api/call";
import { asApiError } from "../../api/errors";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Sheet } from "../../components/ConfirmDialog";
import { DataTable } from "../../components/DataTable";
import { ErrorNote, Note, Skeleton } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { Select } from "../../components/Select";
import { toast } from "../../components/toast";
import { common, workflows as words } from "../../i18n/en";
import { formatDateTime } from "../../i18n/format";
import { asFile } from "../../workflow/file";
import { Differences } from "./Differences";
import { useEditor } from "./EditorContext";

/** Every version that was saved: compared in words, and taken into the editor again. */
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
  const { detail, edit } = useEditor();
  const [busy, setBusy] = useState<number>();
  const [pair, setPair] = useState<{ before: number; after: number }>();
  const versions = detail?.versions ?? [];
  async function restore(version: number) {
    setBusy(version);
    try {
      const { file } = await call("workflow_get", { id, version });
      edit({ kind: "restore", file: asFile(file) });
      toast("ok", words.restored(version));
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
        <Compared id={id} pair={pair} onPair={setPair} />
      ) : (
        <>
          {dirty && <Note tone="idle">{words.versionsDirty}</Note>}
          <DataTable
            label={words.versions}
            columns={[
              {
                id: "version",
                title: words.version,
                width: "80px",
                isRowHeader: true,
                cell: ({ version }) => `v${version}`,
              },
              { id: "saved", title: words.savedAt, cell: ({ savedAt }) => formatDateTime(savedAt) },
              {
                id: "live",
                title: words.live,
                width: "130px",
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
                width: "260px",
                align: "end",
                cell: ({ version }) => (
                  <span className="row">
                    <Button
                      variant="quiet"
                      aria-label={words.compareVersion(version)}
                      onPress={() => {
                        setPair({ before: version, after: editorVersion });
                      }}
                    >
                      {words.compare}
                    </Button>
                    <Button
                      aria-label={words.restoreVersion(version)}
                      isPending={busy === version}
                      onPress={() => void restore(version)}
                    >
                      {words.takeBack}
                    </Button>
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

/** Stands for what is in the editor, where a version's number is asked for. */
const editorVersion = 0;

type Pair = { before: number; after: number };

function Compared({ id, pair, onPair }: { id: string; pair: Pair; onPair: (pair: Pair) => void }) {
  const { detail } = useEditor();
  const before = useVersion(id, pair.before);
  const after = useVersion(id, pair.after);
  const name = (version: number) => (version === editorVersion ? words.yours : `v${version}`);
  const options = [editorVersion, ...(detail?.versions ?? []).map(({ version }) => version)].map(
    (version) => ({ id: String(version), label: name(version) }),
  );
  const error = before.error ?? after.error;
  return (
    <div className="stack">
      <div className="row">
        <Select
          label={words.before}
          options={options}
          value={String(pair.before)}
          onChange={(version) => {
            onPair({ ...pair, before: Number(version) });
          }}
        />
        <Select
          label={words.after}
          options={options}
          value={String(pair.after)}
          onChange={(version) => {
            onPair({ ...pair, after: Number(version) });
          }}
        />
      </div>
      {error ? (
        <ErrorNote error={error} />
      ) : before.file && after.file ? (
        <Differences
          before={before.file}
          after={after.file}
          label={words.compareOf(name(pair.before), name(pair.after))}
        />
      ) : (
        <Skeleton lines={4} />
      )}
    </div>
  );
}

function useVersion(id: string, version: number) {
  const { file } = useEditor();
  const wanted = version !== editorVersion;
  const { data, error } = useRead("workflow_get", { id, version }, { enabled: wanted });
  return wanted ? { file: data && asFile(data.file), error } : { file, error: null };
}
