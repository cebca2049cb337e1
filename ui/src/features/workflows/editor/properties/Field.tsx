import type { ReactNode } from "react";
import type { Action } from "../../../../workflow/file";
import { insertion } from "../../../../workflow/path";
import { useChecks, useDraft, useSelection, useTarget } from "../EditorContext";
import { taken } from "./taken";

/** Marks a field so that a problem can lead to it. */
export function Field({ name, children }: { name: string; children: ReactNode }) {
  return <div data-field={name}>{children}</div>;
}

/** The first problem of this field of the selected step. */
export function useProblem(field: string): string | undefined {
  const { problems } = useChecks();
  const { selected } = useSelection();
  const plain = (name: string) => name.toLowerCase().replaceAll(/[\s_]/g, "");
  return problems.find(
    (problem) =>
      problem.step === selected &&
      problem.field !== undefined &&
      plain(problem.field) === plain(field),
  )?.message;
}

/** Sets members of an action. */
export function useSet(action: Action) {
  const { edit } = useDraft();
  return (changes: Record<string, unknown>) => {
    edit({ kind: "action", id: action.id, changes });
  };
}

/** A plain text field that takes clicked values of the payload at its end. */
export function useTakeInto(value: string, onChange: (value: string) => void) {
  const { takeInto } = useTarget();
  return () => {
    takeInto((path) => {
      onChange(value + taken(insertion(path, value)));
    });
  };
}
