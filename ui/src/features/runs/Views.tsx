import { useState } from "react";
import { useNavigate } from "react-router";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Menu } from "../../components/Menu";
import { TextField } from "../../components/TextField";
import { runs as words } from "../../i18n/en";
import { dropView, saveView, useViews } from "./savedViews";

/** Filters by name: some that everybody needs, and those that somebody saved. `query`: the one shown now. */
export function Views({ query }: { query: string }) {
  const views = useViews();
  const navigate = useNavigate();
  const [isSaving, setIsSaving] = useState(false);
  const go = (to: string) => () => void navigate(to === "" ? "/runs" : `/runs?${to}`);
  const shown = views.find((view) => view.query === query);
  return (
    <>
      <Menu
        label={words.saved.label}
        text={shown?.name ?? words.saved.label}
        entries={[
          ...words.saved.builtIn.map(({ name, query: to }) => ({
            id: `built-in ${to}`,
            label: name,
            onAction: go(to),
          })),
          ...views.map(({ name, query: to }) => ({ id: name, label: name, onAction: go(to) })),
          {
            id: "save",
            label: words.saved.save,
            isDisabled: query === "",
            onAction: () => {
              setIsSaving(true);
            },
          },
          ...(shown
            ? [
                {
                  id: "drop",
                  label: words.saved.drop(shown.name),
                  danger: true,
                  onAction: () => {
                    dropView(shown.name);
                  },
                },
              ]
            : []),
        ]}
      />
      {isSaving && (
        <SaveDialog
          query={query}
          onClose={() => {
            setIsSaving(false);
          }}
        />
      )}
    </>
  );
}

function SaveDialog({ query, onClose }: { query: string; onClose: () => void }) {
  const [name, setName] = useState("");
  const [asked, setAsked] = useState(false);
  const trimmed = name.trim();
  return (
    <ConfirmDialog
      title={words.saved.title}
      confirm={words.saved.confirm}
      isOpen
      onClose={onClose}
      onConfirm={() => {
        setAsked(true);
        if (trimmed === "") return;
        saveView({ name: trimmed, query });
        onClose();
      }}
    >
      <TextField
        label={words.saved.name}
        description={words.saved.note}
        value={name}
        onChange={setName}
        error={asked && trimmed === "" ? words.saved.missing : undefined}
      />
    </ConfirmDialog>
  );
}
