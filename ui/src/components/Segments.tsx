import { Label, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import fields from "./TextField.module.css";
import styles from "./Segments.module.css";

/** One of a few ways to look at the same thing. */
export function Segments<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { id: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={styles.group ?? ""}
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find(({ id }) => keys.has(id));
        if (chosen) onChange(chosen.id);
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.id} id={option.id} className={styles.segment ?? ""}>
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** The same in a form, with its label above. */
export function Segmented<T extends string>(props: Parameters<typeof Segments<T>>[0]) {
  return (
    <div>
      <Label className={fields.label ?? ""}>{props.label}</Label>
      <Segments {...props} />
    </div>
  );
}
