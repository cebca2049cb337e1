import { useState } from "react";
import { call } from "../../api/call";
import { asApiError } from "../../api/errors";
import { Button } from "../../components/Button";
import { Sheet } from "../../components/ConfirmDialog";
import { DataTable } from "../../components/DataTable";
import { Note } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { toast } from "../../components/toast";
import { common, workflows as words } from "../../i18n/en";
import { formatDateTime } from "../../i18n/format";
import { asFile } from "../../workflow/file";
import { useEditor } from "./EditorContext";

/** Every version that was saved; any of them can be taken into the draft again. */
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
  return (
    <Sheet
      title={words.versions}
      wide
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <Button variant="quiet" onPress={onClose}>
          {common.close}
        </Button>
      }
    >
      {dirty && <Note tone="idle">{words.versionsDirty}</Note>}
      <DataTable
        label={words.versions}
        columns={[
          {
            id: "version",
            title: words.version,
            width: "110px",
            isRowHeader: true,
            cell: ({ version }) => `v${version}`,
          },
          { id: "saved", title: words.savedAt, cell: ({ savedAt }) => formatDateTime(savedAt) },
          {
            id: "live",
            title: words.live,
            width: "140px",
            cell: ({ published }) =>
              published && (
                <Pill tone="ok" icon="check">
                  {words.isLive}
                </Pill>
              ),
          },
          {
            id: "restore",
            title: words.restore,
            width: "170px",
            align: "end",
            cell: ({ version }) => (
              <Button
                aria-label={words.restoreVersion(version)}
                isPending={busy === version}
                onPress={() => void restore(version)}
              >
                {words.takeBack}
              </Button>
            ),
          },
        ]}
        rows={versions.map((version) => ({ ...version, id: String(version.version) }))}
      />
    </Sheet>
  );
}
