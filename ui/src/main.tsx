import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { reportPainted } from "./api/painted";
import { takeToken } from "./api/session";
import { App } from "./app/App";
import { applyTheme } from "./styles/theme";

takeToken();
applyTheme();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  reportPainted();
}
