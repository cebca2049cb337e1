import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { Icon } from "../../components/Icon";
import styles from "./Run.module.css";

/** A step's line that opens to what it did. `above` is shown open or not. */
export function Opening({
  title,
  note,
  aside,
  above,
  initiallyOpen,
  children,
}: {
  title: string;
  note: ReactNode;
  aside: ReactNode;
  above?: ReactNode;
  initiallyOpen: boolean;
  children: ReactNode;
}) {
  return (
    <Disclosure defaultExpanded={initiallyOpen}>
      <div className={styles.head}>
        <Heading level={2} className={styles.title ?? ""}>
          <Button slot="trigger" className={styles.trigger ?? ""}>
            {title}
            <Icon name="chevronRight" size={14} />
          </Button>
        </Heading>
        <span className="faint">{aside}</span>
      </div>
      {note != null && note !== "" && <div className="muted">{note}</div>}
      {above}
      <DisclosurePanel className={styles.panel ?? ""}>{children}</DisclosurePanel>
    </Disclosure>
  );
}
