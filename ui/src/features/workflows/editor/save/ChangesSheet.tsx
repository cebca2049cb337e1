import type { Change } from "../../../../api/bindings";
import { Button } from "../../../../components/Button";
import { Sheet } from "../../../../components/ConfirmDialog";
import { common, workflows as words } from "../../../../i18n/en";
import styles from "../../list/Workflows.module.css";

/** What saving rewrote from the legacy syntax. */
export function ChangesSheet({ changes, onClose }: { changes: Change[]; onClose: () => void }) {
  return (
    <Sheet
      title={words.rewrittenTitle}
      wide
      isOpen={changes.length > 0}
      onClose={onClose}
      footer={
        <Button variant="primary" onPress={onClose}>
          {common.close}
        </Button>
      }
    >
      <ChangeList changes={changes} />
    </Sheet>
  );
}

export function ChangeList({ changes }: { changes: Change[] }) {
  return (
    <>
      <p className="muted">{words.rewritten(changes.length)}</p>
      <ul className={styles.changes}>
        {changes.map(({ path, from, to }) => (
          <li key={path}>
            <code>{from}</code> → <code>{to}</code> <span className="faint">{path}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
