import { lazy, type ComponentType } from "react";

type Load = () => Promise<{ default: ComponentType }>;

/** Each screen is its own chunk. */
const loads = {
  "/": () => import("../features/dashboard/DashboardPage").then(as("DashboardPage")),
  "/workflows": () => import("../features/workflows/list/WorkflowsPage").then(as("WorkflowsPage")),
  "/workflows/:id": () => import("../features/workflows/editor/EditorPage").then(as("EditorPage")),
  "/workflows/:id/handoff": () => import("../features/handoff/HandoffPage").then(as("HandoffPage")),
  "/runs": () => import("../features/runs/RunsPage").then(as("RunsPage")),
  "/runs/refused/:id": () => import("../features/runs/refused/RefusedPage").then(as("RefusedPage")),
  "/runs/:id": () => import("../features/runs/RunPage").then(as("RunPage")),
  "/sender": () => import("../features/sender/SenderPage").then(as("SenderPage")),
  "/sandbox": () => import("../features/sandbox/SandboxPage").then(as("SandboxPage")),
  "/connections": () =>
    import("../features/connections/ConnectionsPage").then(as("ConnectionsPage")),
  "/settings": () => import("../features/settings/SettingsPage").then(as("SettingsPage")),
  "/guide": () => import("../features/guide/GuidePage").then(as("GuidePage")),
  "/welcome": () => import("../features/welcome/WelcomePage").then(as("WelcomePage")),
} satisfies Record<string, Load>;

export const screens = Object.entries(loads).map(([path, load]) => ({
  path,
  Component: lazy(load),
}));

/** Once the first screen stands, the others are fetched too: they then open at once, and without a server. */
export async function fetchScreens(): Promise<void> {
  for (const load of Object.values(loads)) {
    // What cannot be fetched now is tried again, and said, when somebody goes there.
    await load().catch(() => undefined);
  }
}

/** Gives a module's one screen the name that `lazy` looks for. */
function as<Name extends string>(name: Name) {
  return (module: Record<Name, ComponentType>) => ({ default: module[name] });
}
