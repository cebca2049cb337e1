import { lazy, Suspense, useState } from "react";
import { RouterProvider } from "react-aria-components";
import { Outlet, useHref, useNavigate, type NavigateOptions } from "react-router";
import { needsToken, useRead } from "../api/queries";
import { Skeleton } from "../components/Notes";
import { ToastRegion } from "../components/ToastRegion";
import { shell } from "../i18n/en";
import { useLive } from "./live";
import styles from "./Shell.module.css";
import { ShortcutsSheet, useShortcuts } from "./Shortcuts";
import { SideNav } from "./SideNav";
import { TokenGate } from "./TokenGate";
import { TopBar } from "./TopBar";

declare module "react-aria-components" {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged into the library's own
  interface RouterConfig {
    routerOptions: NavigateOptions;
  }
}

const Palette = lazy(() => import("./Palette").then(({ Palette: it }) => ({ default: it })));

/** The frame around every screen. */
export function Shell() {
  const navigate = useNavigate();
  const info = useRead("app_info", {});
  const lost = useLive() === "lost";
  const [open, setOpen] = useState<"palette" | "sheet">();
  const close = () => {
    setOpen(undefined);
  };
  const showPalette = () => {
    setOpen("palette");
  };
  const showSheet = () => {
    setOpen("sheet");
  };
  useShortcuts({ palette: showPalette, sheet: showSheet });
  return (
    <RouterProvider
      navigate={(path, options) => void navigate(path, options ?? {})}
      useHref={useHref}
    >
      <div className={styles.shell}>
        <a className={styles.skip} href="#main" onClick={focusMain}>
          {shell.skip}
        </a>
        <TopBar onFind={showPalette} />
        <SideNav />
        <main id="main" className={styles.main} tabIndex={-1}>
          {lost && !needsToken(info.error) && (
            <p className={styles.lost} role="alert">
              {shell.lostLong}
            </p>
          )}
          {needsToken(info.error) ? (
            <TokenGate />
          ) : (
            <div className={styles.screen}>
              <Suspense fallback={<Skeleton />}>
                <Outlet />
              </Suspense>
            </div>
          )}
        </main>
      </div>
      {open === "palette" && (
        <Suspense>
          <Palette onClose={close} onShortcuts={showSheet} />
        </Suspense>
      )}
      {open === "sheet" && <ShortcutsSheet onClose={close} />}
      <ToastRegion />
    </RouterProvider>
  );
}

/** The hash belongs to the router, so the skip link moves the focus itself. */
function focusMain(event: React.MouseEvent) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
