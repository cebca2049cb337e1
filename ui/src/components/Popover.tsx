import { Popover as AriaPopover, Text, type PopoverProps } from "react-aria-components";
import { cx } from "./cx";
import styles from "./Popover.module.css";

/** What opens over the page beside a control: a list of choices, its lines made with `styles` of Popover.module.css. */
export function Popover({ wide = false, ...props }: PopoverProps & { wide?: boolean }) {
  return <AriaPopover {...props} className={cx(styles.popover, wide && styles.wide)} />;
}

/** A choice in words, with what it means under it. */
export function OptionText({
  label,
  description,
}: {
  label: string;
  description?: string | undefined;
}) {
  return (
    <>
      <Text slot="label">{label}</Text>
      {description !== undefined && description !== "" && (
        <Text slot="description">{description}</Text>
      )}
    </>
  );
}
