import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Link as AriaLink,
  type ButtonProps as AriaButtonProps,
} from "react-aria-components";
import styles from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

type Look = { variant?: ButtonVariant; icon?: IconName; children?: ReactNode };

export type ButtonProps = Omit<AriaButtonProps, "className" | "style" | "children"> & Look;

/** `isPending` keeps it focusable and says so to a screen reader. Without children give `aria-label`. */
export function Button({ variant = "secondary", icon, children, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className={cx(styles.button, styles[variant], children === undefined && styles.square)}
    >
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}

/** A link that looks like a button: for going somewhere. */
export function LinkButton({
  href,
  variant = "secondary",
  icon,
  children,
  ...props
}: Look & { href: string; "aria-label"?: string }) {
  return (
    <AriaLink {...props} href={href} className={cx(styles.button, styles[variant])}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaLink>
  );
}

/** Text that goes somewhere: `href` is an app path such as `/runs/ID`. */
export function Link({
  href,
  children,
  ...props
}: {
  href: string;
  children: ReactNode;
  "aria-label"?: string;
}) {
  return (
    <AriaLink {...props} href={href} className={styles.link ?? ""}>
      {children}
    </AriaLink>
  );
}
