import type { ReactNode } from "react";
import { parts, type Editing } from "./EditorContext";

/** Gives the editor's parts what they share. */
export function EditorProvider({ editing, children }: { editing: Editing; children: ReactNode }) {
  return (
    <parts.opened value={editing.opened}>
      <parts.edited value={editing.edited}>
        <parts.selection value={editing.selection}>
          <parts.checks value={editing.checks}>
            <parts.trial value={editing.trial}>
              <parts.target value={editing.target}>{children}</parts.target>
            </parts.trial>
          </parts.checks>
        </parts.selection>
      </parts.edited>
    </parts.opened>
  );
}
