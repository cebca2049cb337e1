import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import styles from "./Tabs.module.css";

export type TabItem = { id: string; label: ReactNode; content: ReactNode };

/** Uncontrolled unless `selected` is given. Only the open panel is rendered. */
export function Tabs({
  label,
  items,
  selected,
  onSelect,
  initial,
}: {
  label: string;
  items: TabItem[];
  selected?: string;
  onSelect?: (id: string) => void;
  initial?: string;
}) {
  return (
    <AriaTabs
      className={styles.tabs ?? ""}
      {...(selected !== undefined && { selectedKey: selected })}
      {...(initial !== undefined && { defaultSelectedKey: initial })}
      onSelectionChange={(key) => onSelect?.(String(key))}
    >
      <TabList aria-label={label} className={styles.list ?? ""} items={items}>
        {(item) => <Tab className={styles.tab ?? ""}>{item.label}</Tab>}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={styles.panel ?? ""}>
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
