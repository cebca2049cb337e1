/** Every word on screen. One file per area; sentence case, verbs on buttons, what happened and what to do. */
export { common } from "./en/common";
export { connections } from "./en/connections";
export { dashboard } from "./en/dashboard";
export { deliveries } from "./en/deliveries";
export { guide } from "./en/guide";
export { handoff } from "./en/handoff";
export { palette } from "./en/palette";
export { progress } from "./en/progress";
export { runs } from "./en/runs";
export { sandbox } from "./en/sandbox";
export { schemaWords } from "./en/schemaWords";
export { sender } from "./en/sender";
export { settings } from "./en/settings";
export { shell } from "./en/shell";
export { shortcuts } from "./en/shortcuts";
export { welcome } from "./en/welcome";
export { workflows } from "./en/workflows";
