import type { ComponentType } from "react";
import { createHashRouter, redirect, type RouteObject } from "react-router";
import { markSeen, wasSeen } from "../features/welcome/seen";
import { NotFound, RouteError } from "./RouteError";
import { Shell } from "./Shell";

type Screen = () => Promise<{ Component: ComponentType }>;

/** Each screen is its own chunk and has its own error boundary: one broken page leaves the rest usable. */
const screens: [path: string, screen: Screen][] = [
  [
    "/",
    async () => ({
      Component: (await import("../features/dashboard/DashboardPage")).DashboardPage,
    }),
  ],
  [
    "/workflows",
    async () => ({
      Component: (await import("../features/workflows/WorkflowsPage")).WorkflowsPage,
    }),
  ],
  [
    "/workflows/:id",
    async () => ({ Component: (await import("../features/workflows/EditorPage")).EditorPage }),
  ],
  ["/runs", async () => ({ Component: (await import("../features/runs/RunsPage")).RunsPage })],
  ["/runs/:id", async () => ({ Component: (await import("../features/runs/RunPage")).RunPage })],
  [
    "/sender",
    async () => ({ Component: (await import("../features/sender/SenderPage")).SenderPage }),
  ],
  [
    "/sandbox",
    async () => ({ Component: (await import("../features/sandbox/SandboxPage")).SandboxPage }),
  ],
  [
    "/connections",
    async () => ({
      Component: (await import("../features/connections/ConnectionsPage")).ConnectionsPage,
    }),
  ],
  [
    "/settings",
    async () => ({ Component: (await import("../features/settings/SettingsPage")).SettingsPage }),
  ],
  [
    "/welcome",
    async () => ({ Component: (await import("../features/welcome/WelcomePage")).WelcomePage }),
  ],
];

function route([path, lazy]: [string, Screen]): RouteObject {
  return { path, lazy, ErrorBoundary: RouteError, ...(path === "/" && { loader: tourOnce }) };
}

/** The first start shows the tour, once on this computer. */
function tourOnce() {
  if (wasSeen()) return null;
  markSeen();
  return redirect("/welcome?first=1");
}

/** Hash routing: works from tauri://, from any host and without server routes. */
export function newRouter() {
  return createHashRouter([
    {
      Component: Shell,
      ErrorBoundary: RouteError,
      HydrateFallback: () => null,
      children: [...screens.map(route), { path: "*", Component: NotFound }],
    },
  ]);
}
