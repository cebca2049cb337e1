import type { ReactNode } from "react";
import { common } from "../i18n/en";
import { Button, LinkButton } from "./Button";
import { Icon, type IconName } from "./Icon";
import styles from "./Notes.module.css";
import { cx } from "./cx";
import type { Tone } from "./status";

/** Nothing here yet: what this is, and the one sensible next thing. */
export function EmptyState({
  icon,
  title,
  children,
  link,
  action,
  heading: Heading = "h2",
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  /** Where to do the next thing; `action` where that is no link. */
  link?: { href: string; text: string; primary?: boolean };
  action?: ReactNode;
  /** `h1` where it is the whole screen. */
  heading?: "h1" | "h2";
}) {
  return (
    <div className={styles.empty}>
      <span className={styles.badge}>
        <Icon name={icon} size={22} />
      </span>
      <Heading>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {link && (
        <LinkButton href={link.href} variant={link.primary ? "primary" : "secondary"}>
          {link.text}
        </LinkButton>
      )}
      {action}
    </div>
  );
}

/** What happened and what to do. `title` in bold, the rest after it, technical details smaller. */
export function Note({
  tone = "bad",
  title,
  children,
  detail,
  actions,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  detail?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={cx(styles.note, styles[tone])} role={tone === "bad" ? "alert" : "status"}>
      {title !== undefined && <b>{title}</b>} {children}
      {detail !== undefined && <div className={styles.detail}>{detail}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** An error that a query or a command answered, with a way to try again. */
export function ErrorNote({
  error,
  onRetry,
}: {
  error: { message: string };
  onRetry?: (() => void) | undefined;
}) {
  return (
    <Note
      title={error.message}
      {...(onRetry && { actions: <Button onPress={onRetry}>{common.tryAgain}</Button> })}
    />
  );
}

/** Grey bars where something will be; `lines` of about the coming height. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={common.loading}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} style={{ inlineSize: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
