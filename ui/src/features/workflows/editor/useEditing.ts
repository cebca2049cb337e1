import { useEffect, useReducer, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { WorkflowDetail } from "../../../api/bindings";
import { useRead } from "../../../api/queries";
import { toast } from "../../../components/toast";
import { workflows as words } from "../../../i18n/en";
import { allActions, type WorkflowFile } from "../../../workflow/file";
import { isDirty, newDraft, reduce, type Draft, type Edit } from "./draft";
import type { Editing, TakePath, Target } from "./EditorContext";
import { pipelineOf } from "./sample/samples";
import { useMade } from "./sample/useMade";
import { useProblems } from "./useProblems";
import { useSamples } from "./sample/useSamples";

type Start = { id: string | undefined; detail: WorkflowDetail | undefined; file: WorkflowFile };

/** What the editor's parts share, and what only the editor itself knows. */
export function useEditing({ id, detail, file: start }: Start): {
  editing: Editing;
  draft: Draft;
  dirty: boolean;
  checking: boolean;
} {
  const [draft, edit] = useReducer<Draft, WorkflowFile, [Edit]>(reduce, start, newDraft);
  const { file } = draft;
  const [base, setBase] = useState(detail?.workflow.latestVersion ?? 0);
  const { selected, select } = useSelecting(file, id === undefined ? "workflow" : "trigger");
  const { samples, sample, chooseSample, outputs } = useSamples(id, file);
  const metadata = useRead("connection_metadata", { name: file.connection });
  const { problems, checking } = useProblems(id, file, metadata.data?.fetchedAt);
  const target = useTakePath();
  const action = allActions(file.actions).find(({ id: each }) => each === selected);
  const scope = pipelineOf(file, sample?.payload, outputs);
  const made = useMade(file, action, sample, scope);
  return {
    draft,
    dirty: isDirty(draft),
    checking,
    editing: {
      opened: { id, detail, base, setBase },
      edited: { file, edit },
      selection: { selected, select, action },
      checks: { problems, metadata: metadata.data },
      trial: { samples, sample, chooseSample, ...scope, ...made },
      target,
    },
  };
}

function useTakePath(): Target {
  const into = useRef<TakePath>(undefined);
  return {
    takeInto: (take) => {
      into.current = take;
    },
    take: (path) => {
      if (into.current) into.current(path);
      else toast("idle", words.noTarget);
    },
  };
}

/** Which step's properties are shown: in the URL, so that Back works and a link can lead to a field. */
function useSelecting(file: WorkflowFile, otherwise: string) {
  const [params, setParams] = useSearchParams();
  // A new workflow begins with its name.
  const [sought, setSought] = useState(
    file.name === "" ? { step: "workflow", field: "name" } : undefined,
  );
  const wanted = params.get("step") ?? otherwise;
  const known =
    wanted === "workflow" ||
    wanted === "trigger" ||
    allActions(file.actions).some(({ id }) => id === wanted);
  const selected = known ? wanted : "trigger";
  useEffect(() => {
    // The properties of another step are there a moment later than the wish to see them.
    if (sought?.step !== selected) return;
    const frame = requestAnimationFrame(() => {
      focusField(sought.field);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [sought, selected]);
  return {
    selected,
    select: (step: string, field?: string) => {
      if (step !== selected) {
        setParams(
          (old) => {
            old.set("step", step);
            return old;
          },
          { replace: true },
        );
      }
      setSought(field === undefined ? undefined : { step, field });
    },
  };
}

function focusField(field: string) {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[\s_]/g, "");
  const all = [...document.querySelectorAll<HTMLElement>("[data-field]")];
  const found =
    all.find(({ dataset }) => plain(dataset.field ?? "") === plain(field)) ??
    all.find(({ dataset }) => dataset.field === "fields");
  found?.scrollIntoView({ block: "center" });
  found?.querySelector<HTMLElement>("input, textarea, .cm-content, button")?.focus();
}
