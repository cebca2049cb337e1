import { createHashRouter, redirect } from "react-router";
import { markSeen, wasSeen } from "../features/welcome/seen";
import { NotFound, RouteError } from "./RouteError";
import { screens } from "./screens";
import { Shell } from "./Shell";

/** The first start shows the tour, once on this computer. */
function tourOnce() {
  if (wasSeen()) return null;
  markSeen();
  return redirect("/welcome?first=1");
}

/**
 * Hash routing: works from tauri://, from any host and without server routes. Each screen has its own
 * error boundary: one broken page leaves the rest usable.
 */
export function newRouter() {
  return createHashRouter([
    {
      Component: Shell,
      ErrorBoundary: RouteError,
      HydrateFallback: () => null,
      children: [
        ...screens.map(({ path, Component }) => ({
          path,
          Component,
          ErrorBoundary: RouteError,
          ...(path === "/" && { loader: tourOnce }),
        })),
        { path: "*", Component: NotFound },
      ],
    },
  ]);
}
