import type { ReactNode } from "react";
import {
  FieldError,
  Input,
  Label,
  SearchField as AriaSearchField,
  Text,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components";
import styles from "./TextField.module.css";
import { cx } from "./cx";
import { Icon } from "./Icon";

export type TextFieldProps = Omit<AriaTextFieldProps, "className" | "style" | "children"> & {
  label: string;
  /** Small and grey at the end of the label's line: "required · 10 characters". */
  hint?: string;
  description?: ReactNode;
  /** Shown in red and told to a screen reader; the field is then invalid. */
  error?: string | undefined;
  placeholder?: string;
  /** More than one line. */
  rows?: number;
  /** The code font. */
  mono?: boolean;
};

export function TextField({
  label,
  hint,
  description,
  error,
  placeholder = "",
  rows,
  mono = false,
  ...props
}: TextFieldProps) {
  const input = cx(styles.input, mono && styles.mono);
  return (
    <AriaTextField {...props} className={styles.field ?? ""} isInvalid={error !== undefined}>
      <Label className={styles.label ?? ""}>
        {label}
        {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      </Label>
      {rows === undefined ? (
        <Input className={input} placeholder={placeholder} spellCheck={false} />
      ) : (
        <TextArea className={input} rows={rows} placeholder={placeholder} spellCheck={false} />
      )}
      {description !== undefined && (
        <Text slot="description" className={styles.description ?? ""}>
          {description}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}

/** One line to search with; Enter submits, Escape clears. */
export function SearchField({
  label,
  value,
  onChange,
  onSubmit,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: (value: string) => void;
}) {
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      {...(onSubmit && { onSubmit })}
      onClear={() => onSubmit?.("")}
      className={styles.search ?? ""}
    >
      <Icon name="search" />
      <Input className={styles.bare ?? ""} placeholder={label} spellCheck={false} />
    </AriaSearchField>
  );
}
