import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { common } from "../i18n/en";
import { Button } from "./Button";
import { cx } from "./cx";
import styles from "./ConfirmDialog.module.css";

/** A sheet over the screen; Escape and a click outside close it. Never nest two. */
export function Sheet({
  title,
  isOpen,
  onClose,
  children,
  footer,
  wide = false,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  footer: ReactNode;
  wide?: boolean;
}) {
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={cx(styles.modal, wide && styles.wide)}>
        <Dialog className={styles.dialog ?? ""}>
          <Heading slot="title" level={2} className={styles.title ?? ""}>
            {title}
          </Heading>
          <div className={styles.body}>{children}</div>
          <div className={styles.footer}>{footer}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before something that cannot be undone; the button says what it does. */
export function ConfirmDialog({
  title,
  confirm,
  isOpen,
  onClose,
  onConfirm,
  danger = false,
  isPending = false,
  children,
}: {
  title: string;
  confirm: string;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  danger?: boolean;
  isPending?: boolean;
  children: ReactNode;
}) {
  return (
    <Sheet
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {common.cancel}
          </Button>
          <Button variant={danger ? "danger" : "primary"} isPending={isPending} onPress={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Sheet>
  );
}
