import { screen } from "@testing-library/react";
import type {
  Connection,
  ConnectionKind,
  WorkflowDetail,
  WorkflowSaved,
} from "../../../api/bindings";
import { fakeServer, showAt } from "../../../testing/fake";
import { checkInWorkflow } from "../../../workflow/samples";
import { EditorPage } from "./EditorPage";

export const detail: WorkflowDetail = {
  workflow: {
    id: "w1",
    key: "k",
    name: "Check-in",
    description: "",
    status: "active",
    connection: "sandbox",
    version: 3,
    latestVersion: 3,
    today: { received: 2, succeeded: 2, failed: 0, rejected: 0 },
    queued: 0,
    needsLook: 0,
    lastRuns: [],
    problems: 0,
  },
  file: checkInWorkflow("Check-in"),
  versions: [{ version: 3, savedAt: "2026-05-27T09:00:00Z", published: true }],
  problems: [],
};

export const saved = (version: number): WorkflowSaved => ({
  id: "w1",
  version,
  url: "http://h/hooks/k/t",
  problems: [],
  changes: [],
});

const site = (name: string, kind: ConnectionKind): Connection => ({
  name,
  kind,
  baseUrl: "https://imis.example.org",
  username: "ihook",
  timeZone: "Etc/UTC",
  dateOrder: "m/d",
  dateOrderChosen: false,
  maxConcurrent: 1,
  sandbox: kind === "sandbox",
  hasPassword: true,
  hasAnswered: true,
  warnings: [],
});

/** A server with one workflow, published as version 3. */
export function server() {
  return fakeServer({
    workflow_get: detail,
    workflow_check: { problems: [] },
    workflow_url: { url: "http://h/hooks/k/t", localUrl: "http://h/hooks/k/t" },
    workflow_save: { id: "w1", version: 4, url: "http://h/hooks/k/t", problems: [], changes: [] },
    workflow_set_status: { status: "active" },
    connection_list: { connections: [site("sandbox", "sandbox"), site("Main", "live")] },
    connection_metadata: { activityTypes: [], panels: [], fetchedAt: "2026-05-27T09:00:00Z" },
    run_list: { runs: [] },
    action_preview: { fields: [] },
    workflow_compare: {
      differences: [
        {
          path: "/trigger/return202Accepted",
          field: "return202Accepted",
          kind: "added",
          after: true,
        },
      ],
    },
    legacy_convert: ({ text }) => {
      const now = text.replaceAll(/\$\$(\w+)\$\$/g, "{{ input.$1 }}");
      return { text: now, changed: now !== text };
    },
    template_preview: { text: "12345", problems: [], unknown: [] },
  });
}

export const show = (address: string) => showAt(<EditorPage />, address, "/workflows/:id");
export const canvas = () => screen.findByRole("application", { name: "Canvas" });
