import type { Commands } from "../../../../api/bindings";
import { useRead } from "../../../../api/queries";
import { Icon, type IconName } from "../../../../components/Icon";
import { ErrorNote, Skeleton } from "../../../../components/Notes";
import { visible } from "../../../../components/visible";
import { workflows as words } from "../../../../i18n/en";
import { allActions } from "../../../../workflow/file";
import { BeforeAfter } from "./BeforeAfter";
import styles from "./BeforeAfter.module.css";
import { inWords, type Difference } from "./compare";
import { useDraft, useOpened } from "../EditorContext";

type Asked = Commands["workflow_compare"]["request"];

const icons: Record<Difference["what"], IconName> = {
  added: "plus",
  removed: "minus",
  changed: "pencil",
  moved: "up",
};

/** What differs between a version and another one, or what is in the editor, in words. */
export function Differences({ a, b, label }: { a: number; b?: number; label: string }) {
  const { id = "" } = useOpened();
  const { file } = useDraft();
  const asked: Asked = b === undefined ? { id, a, file } : { id, a, b };
  const { data, error, refetch } = useRead("workflow_compare", asked);
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} />;
  const found = inWords(data.differences, allActions(file.actions));
  if (found.length === 0) return <p className="muted">{words.noDifferences}</p>;
  return (
    <BeforeAfter
      label={label}
      about={words.place}
      groups={found.map(({ step, title, what, cells }) => ({
        id: step,
        head: (
          <>
            <b>{visible(title)}</b>
            <span className={styles[what]}>
              <Icon name={icons[what]} size={13} /> {words.whats[what]}
            </span>
          </>
        ),
        cells,
      }))}
    />
  );
}
