import { useState } from "react";
import { useNavigate } from "react-router";
import { Button, LinkButton } from "../../../components/Button";
import { Menu, type MenuEntry } from "../../../components/Menu";
import { StatusBadge } from "../../../components/Pill";
import { workflows as words } from "../../../i18n/en";
import { ConnectionPill } from "../../../workflow/ConnectionPill";
import type { Draft } from "./draft";
import styles from "./Editor.module.css";
import { useDraft, useOpened, useSelection, type Opened } from "./EditorContext";
import { ExportSheet } from "./save/ExportSheet";
import { MainButton } from "./save/MainButton";
import { PublishSheet, type Purpose } from "./save/PublishSheet";
import { SavedState } from "./save/SavedState";
import type { Saving } from "./save/useSaving";
import { VersionsSheet } from "./save/VersionsSheet";

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
  const { id, detail } = useOpened();
  const { file, edit } = useDraft();
  const { select, selected } = useSelection();
  const navigate = useNavigate();
  const [sheet, setSheet] = useState<"versions" | "export" | Purpose>();
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
      <Button
        variant="quiet"
        aria-label={words.writesToNamed(file.connection)}
        onPress={() => {
          select("workflow", "connection");
        }}
      >
        <ConnectionPill name={file.connection} />
      </Button>
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
      <MainButton saving={saving} next={next} onLook={setSheet} />
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
                    setSheet({ kind: "try" });
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
        purpose={typeof sheet === "object" ? sheet : { kind: "try" }}
        isOpen={typeof sheet === "object"}
        onClose={close}
        saving={saving}
      />
      <ExportSheet file={file} isOpen={sheet === "export"} onClose={close} />
    </div>
  );
}

type Status = NonNullable<Opened["detail"]>["workflow"]["status"];

function statusEntries(status: Status | undefined, saving: Saving): MenuEntry[] {
  return words.statusEntries
    .filter((entry) => status !== undefined && entry.from.includes(status))
    .map((entry) => ({
      id: entry.to,
      label: entry.label,
      onAction: () => void saving.setStatus(entry.to),
    }));
}
