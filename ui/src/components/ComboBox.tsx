import {
  Button,
  ComboBox as AriaComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
} from "react-aria-components";
import { Icon } from "./Icon";
import type { Option } from "./Select";
import { OptionText, Popover } from "./Popover";
import lists from "./Popover.module.css";
import styles from "./ComboBox.module.css";
import fields from "./TextField.module.css";

/** A text field that suggests known values and takes any other one too. */
export function ComboBox({
  label,
  hint,
  options,
  value,
  onChange,
  error,
}: {
  label: string;
  hint?: string;
  options: Option<string>[];
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}) {
  return (
    <AriaComboBox
      className={fields.field ?? ""}
      allowsCustomValue
      menuTrigger="focus"
      inputValue={value}
      onInputChange={onChange}
      defaultItems={options}
      isInvalid={error !== undefined}
    >
      <Label className={fields.label ?? ""}>
        {label}
        {hint !== undefined && <span className={fields.hint}>{hint}</span>}
      </Label>
      <div className={styles.box}>
        <Input className={fields.input ?? ""} spellCheck={false} />
        <Button className={styles.open ?? ""}>
          <Icon name="chevronDown" size={14} />
        </Button>
      </div>
      <FieldError className={fields.error ?? ""}>{error}</FieldError>
      <Popover>
        <ListBox<Option<string>> className={lists.list ?? ""}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.id} className={lists.item ?? ""}>
              <OptionText label={option.label} description={option.description} />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
