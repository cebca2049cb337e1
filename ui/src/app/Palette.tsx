import { useEffect, useState } from "react";
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Modal,
  ModalOverlay,
  SearchField,
} from "react-aria-components";
import { useNavigate } from "react-router";
import { useRead, useWrite } from "../api/queries";
import { Icon } from "../components/Icon";
import { toast } from "../components/toast";
import { palette as words } from "../i18n/en";
import { setTheme, theme } from "../styles/theme";
import { entriesFor, type Act, type Entry } from "./paletteEntries";
import styles from "./Palette.module.css";

/** Ctrl or Command and K: any workflow, run, member and screen by a few letters. */
export function Palette({
  onClose,
  onShortcuts,
}: {
  onClose: () => void;
  onShortcuts: () => void;
}) {
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim());
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const runs = useRead("run_list", { search, limit: 5 }, { enabled: search.length > 1 });
  const navigate = useNavigate();
  const act = useAct(onShortcuts);
  const groups = entriesFor(
    typed,
    workflows,
    search === typed.trim() ? (runs.data?.runs ?? []) : [],
  );
  const choose = (entry: Entry | undefined) => {
    onClose();
    if (entry?.to !== undefined) void navigate(entry.to);
    if (entry?.act !== undefined) act(entry.act);
  };
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.dialog ?? ""} aria-label={words.title}>
          <Autocomplete inputValue={typed} onInputChange={setTyped}>
            <SearchField
              aria-label={words.label}
              className={styles.field ?? ""}
              // The one thing that this dialog is for.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
            >
              <Icon name="search" />
              <Input className={styles.input ?? ""} placeholder={words.label} spellCheck={false} />
            </SearchField>
            <ListBox
              aria-label={words.results}
              className={styles.list ?? ""}
              items={groups}
              selectionMode="none"
              onAction={(key) => {
                choose(groups.flatMap(({ entries }) => entries).find(({ id }) => id === key));
              }}
              renderEmptyState={() => <p className={styles.none}>{words.none}</p>}
            >
              {(group) => (
                <ListBoxSection id={group.id}>
                  <Header className={styles.title ?? ""}>{group.title}</Header>
                  <Collection items={group.entries}>
                    {({ id, label, icon, note }) => (
                      <ListBoxItem id={id} textValue={label} className={styles.item ?? ""}>
                        <Icon name={icon} />
                        <span className={styles.label}>{label}</span>
                        {note !== undefined && <span className={styles.note}>{note}</span>}
                      </ListBoxItem>
                    )}
                  </Collection>
                </ListBoxSection>
              )}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The text, once it has stayed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(text);
    }, 120);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return settled;
}

function useAct(onShortcuts: () => void): (act: Act) => void {
  const pause = useWrite("pause_all");
  return (act) => {
    if (act === "shortcuts") onShortcuts();
    else if (act === "theme") setTheme(nextTheme());
    else {
      const paused = act === "pause";
      pause.mutate(
        { paused },
        {
          onSuccess: ({ changed }) => {
            toast("ok", paused ? words.paused(changed) : words.resumed(changed));
          },
          onError: (error) => {
            toast("bad", error.message);
          },
        },
      );
    }
  };
}

function nextTheme(): "light" | "dark" {
  const now = theme();
  const isDark =
    now === "system" ? window.matchMedia("(prefers-color-scheme: dark)").matches : now === "dark";
  return isDark ? "light" : "dark";
}
