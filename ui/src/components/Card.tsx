import { useId, type ReactNode } from "react";
import styles from "./Card.module.css";

/** A framed section with a heading. `aside` stands after the title, `actions` at the end. */
export function Card({
  title,
  aside,
  actions,
  children,
  flush = false,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  /** No padding around the children: for tables and lists that reach the edge. */
  flush?: boolean;
}) {
  const heading = useId();
  return (
    <section className={styles.card} aria-labelledby={title === undefined ? undefined : heading}>
      {title !== undefined && (
        <header className={styles.header}>
          <div className={styles.name}>
            <h2 id={heading}>{title}</h2>
            {aside}
          </div>
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}

/** The top of a screen: the answer in words, why, and what can be done. */
export function PageHeader({
  title,
  lead,
  actions,
}: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className={styles.page}>
      <div className={styles.top}>
        <h1>{title}</h1>
        {lead !== undefined && <div className={styles.lead}>{lead}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
    </header>
  );
}

/** The scrolling body of an ordinary screen. */
export function Page({ children }: { children: ReactNode }) {
  return <div className={styles.scroll}>{children}</div>;
}

/** A screen of which one part fills what is left of the window and scrolls by itself: `main`. */
export function FillPage({ children, main }: { children: ReactNode; main: ReactNode }) {
  return (
    <div className={styles.fill}>
      {children}
      <div className={styles.main}>{main}</div>
    </div>
  );
}
