import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Text,
} from "react-aria-components";
import { Button } from "./Button";
import { Icon } from "./Icon";
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
      <Popover className={styles.popover ?? ""}>
        <Menu
          className={styles.pick ?? ""}
          items={options}
          onAction={(key) => {
            onPick(String(key));
          }}
        >
          {(option) => (
            <MenuItem id={option.id} textValue={option.label} className={styles.option ?? ""}>
              <Text slot="label">{option.label}</Text>
              {option.description !== "" && <Text slot="description">{option.description}</Text>}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
