import type { ReactNode } from "react";
import { Button as AriaButton, Menu, MenuItem, MenuTrigger } from "react-aria-components";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { OptionText, Popover } from "./Popover";
import lists from "./Popover.module.css";
import styles from "./PickMenu.module.css";

/** A button that offers things to add, each with a line of what it is. Without `children` it is a small +. */
export function PickMenu({
  label,
  options,
  onPick,
  primary = false,
  children,
}: {
  label: string;
  options: { id: string; label: string; description: string }[];
  onPick: (id: string) => void;
  primary?: boolean;
  children?: ReactNode;
}) {
  return (
    <MenuTrigger>
      {children === undefined ? (
        <AriaButton className={styles.add ?? ""} aria-label={label}>
          <Icon name="plus" size={13} />
        </AriaButton>
      ) : (
        <Button icon="plus" variant={primary ? "primary" : "secondary"} aria-label={label}>
          {children}
        </Button>
      )}
      <Popover wide>
        <Menu
          className={lists.list ?? ""}
          items={options}
          onAction={(key) => {
            onPick(String(key));
          }}
        >
          {(option) => (
            <MenuItem id={option.id} textValue={option.label} className={lists.item ?? ""}>
              <OptionText label={option.label} description={option.description} />
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
