import { useState } from "react";
import { useNavigate } from "react-router";
import { Button, LinkButton } from "../../components/Button";
import { Menu, type MenuEntry } from "../../components/Menu";
import { Pill, StatusBadge } from "../../components/Pill";
import { workflows as words } from "../../i18n/en";
import type { Draft } from "./draft";
import styles from "./Editor.module.css";
import { useEditor, type Editing } from "./EditorContext";
import { ExportSheet } from "./ExportSheet";
import { PublishSheet } from "./PublishSheet";
import type { Saving } from "./useSaving";
import { VersionsSheet } from "./VersionsSheet";

/** What it is called, what state it is in, and what can be done with the whole. */
export function EditorBar({
  draft,
  dirty,
  saving,
  kept,
  failed,
}: {
  draft: Draft;
  dirty: boolean;
  saving: Saving;
  /** Whether what is unsaved would outlive a crash, and whether keeping it went wrong. */
  kept: boolean;
  failed: boolean;
}) {
  const { id, detail, file, edit, select, selected } = useEditor();
  const navigate = useNavigate();
  const [sheet, setSheet] = useState<"versions" | "export" | "publish" | "try">();
  const workflow = detail?.workflow;
  const locked = workflow?.status === "archived";
  const changed = dirty || (workflow && workflow.latestVersion !== workflow.version);
  const next = workflow && changed ? workflow.latestVersion + (dirty ? 1 : 0) : undefined;
  const close = () => {
    setSheet(undefined);
  };
  return (
    <div className={styles.bar}>
      <LinkButton href="/workflows" variant="quiet" icon="chevronLeft" aria-label={words.toList} />
      <h1 className={styles.title}>
        <Button
          variant="quiet"
          aria-label={words.editName(file.name)}
          aria-pressed={selected === "workflow"}
          onPress={() => {
            select("workflow", "name");
          }}
        >
          <span className={styles.name}>{file.name || words.unnamed}</span>
        </Button>
      </h1>
      {workflow && (
        <StatusBadge
          status={workflow.status}
          {...(workflow.version > 0 && { detail: `v${workflow.version}` })}
        />
      )}
      <SavedState dirty={dirty} kept={kept} failed={failed} />
      <span className="grow" />
      <Button
        variant="quiet"
        icon="undo"
        aria-label={words.undo}
        isDisabled={draft.past.length === 0}
        onPress={() => {
          edit({ kind: "undo" });
        }}
      />
      <Button
        variant="quiet"
        icon="redo"
        aria-label={words.redo}
        isDisabled={draft.future.length === 0}
        onPress={() => {
          edit({ kind: "redo" });
        }}
      />
      <Button
        isDisabled={locked || (!dirty && id !== undefined)}
        isPending={saving.busy}
        onPress={() => void saving.save(false)}
      >
        {words.save}
      </Button>
      <MainButton
        saving={saving}
        next={next}
        onPublish={() => {
          setSheet("publish");
        }}
      />
      <Menu
        label={words.more}
        entries={[
          ...(id === undefined
            ? []
            : [
                {
                  id: "test",
                  label: words.test,
                  onAction: () => void navigate(`/sender?workflow=${id}`),
                },
                {
                  id: "try",
                  label: words.tryFile,
                  onAction: () => {
                    setSheet("try");
                  },
                },
                {
                  id: "versions",
                  label: words.versions,
                  onAction: () => {
                    setSheet("versions");
                  },
                },
                ...statusEntries(workflow?.status, saving),
              ]),
          {
            id: "export",
            label: words.exportFile,
            onAction: () => {
              setSheet("export");
            },
          },
        ]}
      />
      {id !== undefined && (
        <VersionsSheet id={id} isOpen={sheet === "versions"} onClose={close} dirty={dirty} />
      )}
      <PublishSheet
        isOpen={sheet === "publish" || sheet === "try"}
        onClose={close}
        saving={saving}
        next={sheet === "publish" ? next : undefined}
      />
      <ExportSheet file={file} isOpen={sheet === "export"} onClose={close} />
    </div>
  );
}

function SavedState({ dirty, kept, failed }: { dirty: boolean; kept: boolean; failed: boolean }) {
  const { id, detail } = useEditor();
  const workflow = detail?.workflow;
  if (failed) {
    return (
      <Pill tone="warn" icon="hand">
        {words.notKept}
      </Pill>
    );
  }
  if (dirty || id === undefined) {
    return (
      <Pill {...(id !== undefined && { tone: "busy" })} icon="pencil">
        {id === undefined ? words.notSaved : words.unsaved}
        {kept && <span className={styles.kept}> · {words.kept}</span>}
      </Pill>
    );
  }
  if (workflow && workflow.version > 0 && workflow.latestVersion > workflow.version) {
    return (
      <Pill tone="busy" icon="pencil">
        {words.unpublished(workflow.latestVersion)}
      </Pill>
    );
  }
  return null;
}

/** The next sensible thing: activate a draft, else publish what the endpoint does not run yet. */
function MainButton({
  saving,
  next,
  onPublish,
}: {
  saving: Saving;
  next: number | undefined;
  onPublish: () => void;
}) {
  const { detail } = useEditor();
  const workflow = detail?.workflow;
  if (workflow?.status === "archived") return null;
  if (!workflow || workflow.status === "draft") {
    return (
      <Button
        variant="primary"
        isPending={saving.busy}
        onPress={() => void saving.setStatus("active", true)}
      >
        {words.activate}
      </Button>
    );
  }
  return (
    <Button
      variant="primary"
      isPending={saving.busy}
      isDisabled={next === undefined}
      onPress={onPublish}
    >
      {next === undefined ? words.isPublished : words.publish(next)}
    </Button>
  );
}

type Status = NonNullable<Editing["detail"]>["workflow"]["status"];

function statusEntries(status: Status | undefined, saving: Saving): MenuEntry[] {
  return words.statusEntries
    .filter((entry) => status !== undefined && entry.from.includes(status))
    .map((entry) => ({
      id: entry.to,
      label: entry.label,
      onAction: () => void saving.setStatus(entry.to),
    }));
}
