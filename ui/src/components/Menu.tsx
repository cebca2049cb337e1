import { Menu as AriaMenu, MenuItem, MenuTrigger } from "react-aria-components";
import { Button } from "./Button";
import { cx } from "./cx";
import { Popover } from "./Popover";
import styles from "./Popover.module.css";

export type MenuEntry = {
  id: string;
  label: string;
  onAction: () => void;
  danger?: boolean;
  isDisabled?: boolean;
};

/** The rest of what can be done, behind "⋯" (or a word). `label` names the button. */
export function Menu({
  label,
  entries,
  text,
}: {
  label: string;
  entries: MenuEntry[];
  text?: string;
}) {
  return (
    <MenuTrigger>
      <Button variant="quiet" icon="more" aria-label={label}>
        {text}
      </Button>
      <Popover placement="bottom end">
        <AriaMenu className={styles.list ?? ""} items={entries}>
          {(entry) => (
            <MenuItem
              id={entry.id}
              className={cx(styles.item, entry.danger === true && styles.danger)}
              onAction={entry.onAction}
              isDisabled={entry.isDisabled === true}
            >
              {entry.label}
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
