import { useState } from "react";
import { common } from "../i18n/en";
import { Button, type ButtonVariant } from "./Button";
import { toast } from "./toast";

/** Puts text on the clipboard and says so. `icon` alone where `label` would be noise. */
export function CopyButton({
  text,
  label = common.copy,
  variant = "quiet",
  iconOnly = false,
}: {
  /** The text, or how to get it (a secret that is asked for only now). */
  text: string | (() => Promise<string>);
  label?: string;
  variant?: ButtonVariant;
  iconOnly?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : await text());
      setCopied(true);
      setTimeout(() => {
        setCopied(false);
      }, 1500);
    } catch (error) {
      const denied = error instanceof DOMException || error instanceof TypeError;
      toast("bad", denied || !(error instanceof Error) ? common.copyFailed : error.message);
    }
  }
  const icon = copied ? "check" : "copy";
  return iconOnly ? (
    <Button
      variant={variant}
      icon={icon}
      aria-label={copied ? common.copied : label}
      onPress={() => void copy()}
    />
  ) : (
    <Button variant={variant} icon={icon} onPress={() => void copy()}>
      {copied ? common.copied : label}
    </Button>
  );
}
