import type { ReactNode } from "react";
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Select as AriaSelect,
  SelectValue,
  Text,
} from "react-aria-components";
import { Icon } from "./Icon";
import fields from "./TextField.module.css";
import { OptionText, Popover } from "./Popover";
import lists from "./Popover.module.css";
import styles from "./Select.module.css";

export type Option<T extends string> = { id: T; label: string; description?: string };

/** One of a few known values. `label` is shown above unless `bare`. */
export function Select<T extends string>({
  label,
  hint,
  options,
  value,
  onChange,
  bare = false,
  description,
  isDisabled = false,
}: {
  label: string;
  hint?: string;
  options: Option<T>[];
  value: T;
  onChange: (value: T) => void;
  bare?: boolean;
  description?: ReactNode;
  isDisabled?: boolean;
}) {
  return (
    <AriaSelect
      className={fields.field ?? ""}
      value={value}
      onChange={(key) => {
        onChange(key as T);
      }}
      isDisabled={isDisabled}
      {...(bare && { "aria-label": label })}
    >
      {!bare && (
        <Label className={fields.label ?? ""}>
          {label}
          {hint !== undefined && <span className={fields.hint}>{hint}</span>}
        </Label>
      )}
      <Button className={styles.trigger ?? ""}>
        <SelectValue className={styles.value ?? ""} />
        <Icon name="chevronDown" size={14} />
      </Button>
      {description !== undefined && (
        <Text slot="description" className={fields.description ?? ""}>
          {description}
        </Text>
      )}
      <Popover>
        <ListBox className={lists.list ?? ""} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={lists.item ?? ""}>
              <OptionText label={option.label} description={option.description} />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
