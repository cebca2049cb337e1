import {
  Button,
  ComboBox as AriaComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from "react-aria-components";
import { Icon } from "./Icon";
import type { Option } from "./Select";
import select from "./Select.module.css";
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
      <Popover className={select.popover ?? ""}>
        <ListBox<Option<string>> className={select.list ?? ""}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.id} className={select.item ?? ""}>
              <Text slot="label">{option.label}</Text>
              {option.description !== undefined && (
                <Text slot="description" className={select.note ?? ""}>
                  {option.description}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
