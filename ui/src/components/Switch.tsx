import type { ReactNode } from "react";
import { SwitchButton, SwitchField, Text } from "react-aria-components";
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
