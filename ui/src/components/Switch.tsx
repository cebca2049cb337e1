import type { ReactNode } from "react";
import {
  Label,
  SwitchButton,
  SwitchField,
  Text,
  ToggleButton,
  ToggleButtonGroup,
  type Key,
} from "react-aria-components";
import fields from "./TextField.module.css";
import styles from "./Switch.module.css";

export function Switch({
  children,
  description,
  value,
  onChange,
  isDisabled = false,
}: {
  children: ReactNode;
  description?: ReactNode;
  value: boolean;
  onChange: (value: boolean) => void;
  isDisabled?: boolean;
}) {
  return (
    <SwitchField isSelected={value} onChange={onChange} isDisabled={isDisabled}>
      <SwitchButton className={styles.switch ?? ""}>
        <span className={styles.track} aria-hidden="true" />
        {children}
      </SwitchButton>
      {description !== undefined && (
        <Text slot="description" className={styles.note ?? ""}>
          {description}
        </Text>
      )}
    </SwitchField>
  );
}

/** Two to four choices side by side. `bare` hides the label's text. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
  bare = false,
}: {
  label: string;
  options: { id: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  bare?: boolean;
}) {
  return (
    <div>
      {!bare && <Label className={fields.label ?? ""}>{label}</Label>}
      <ToggleButtonGroup
        aria-label={label}
        className={styles.group ?? ""}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[value]}
        onSelectionChange={(keys: Set<Key>) => {
          const [key] = keys;
          if (key !== undefined) onChange(key as T);
        }}
      >
        {options.map((option) => (
          <ToggleButton key={option.id} id={option.id} className={styles.segment ?? ""}>
            {option.label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}
